"""Derivatives that the lines of a step compute beside the same taken from differences."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_tui.nn.step import StepLine
from nn_tui.types import Array

TOLERANCE = 1e-6
"""Largest relative error, ‖a - n‖ / (‖a‖ + ‖n‖), of derivatives that agree."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """An array of derivatives from the lines beside the same from differences.

    ``of`` is what the loss is derived by: ``W0``, ``l1`` or the pre-activation ``z1``.
    ``analytic`` and ``numeric`` have its shape; ``numeric`` is NaN where it was not
    taken. Of a parameter they are gradients; of ``l1_error`` and ``l1_delta`` *negative*
    derivatives of the sum of the losses, as the lines compute them. ``kinks`` marks entries
    where the loss has no derivative; they are not compared. ``line`` is the index in
    ``Step.lines`` of the line that computes it.
    """

    name: str
    of: str
    line: int
    analytic: Array
    numeric: Array
    kinks: Array
    noise: float

    @property
    def is_parameter(self) -> bool:
        return self.name == self.of

    @cached_property
    def compared(self) -> Array:
        """Which entries are compared."""
        taken: Array = ~np.isnan(self.numeric) & ~self.kinks
        return taken

    @property
    def norms(self) -> tuple[float, float]:
        """‖a‖ and ‖n‖ of the compared entries."""
        a, n = self.analytic[self.compared], self.numeric[self.compared]
        return float(np.linalg.norm(a)), float(np.linalg.norm(n))

    @property
    def _distance(self) -> float:
        difference = self.analytic[self.compared] - self.numeric[self.compared]
        return float(np.linalg.norm(difference))

    @property
    def relative_error(self) -> float:
        """‖a - n‖ / (‖a‖ + ‖n‖); 0 where both are 0."""
        return self._distance / (sum(self.norms) or 1.0)

    @property
    def agrees(self) -> bool:
        """Whether it agrees to ``TOLERANCE`` and the rounding of the differences."""
        rounding = self.noise * float(np.sqrt(self.compared.sum()))
        return math.isfinite(self._distance) and (
            self._distance <= TOLERANCE * sum(self.norms) + rounding
        )

    @property
    def too_small(self) -> bool:
        """Whether both are so small that rounding hides any difference."""
        rounding = self.noise * float(np.sqrt(self.compared.sum()))
        return 0 < max(self.norms) < 10 * rounding

    @cached_property
    def agreeing(self) -> Array:
        """Which of the compared entries agree by themselves, or beside the largest."""
        size = np.abs(self.analytic) + np.abs(self.numeric)
        largest = size[self.compared].max(initial=0.0)
        allowed = TOLERANCE * np.maximum(size, 0.01 * largest) + self.noise
        close = np.abs(self.analytic - self.numeric) <= allowed
        agreeing: Array = self.compared & np.isfinite(self.analytic) & close
        return agreeing


def weights_read(values: Mapping[str, Array], layer: int) -> str:
    """The name of the array that the weights of the next layer multiply."""
    named = (f"l{layer}_dropped", f"l{layer}_noisy")
    return next((name for name in named if name in values), f"l{layer}")


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The result: ``parameters`` last layer first, ``intermediates`` in the order of the lines.

    ``faults`` are comparisons that differ although everything they are computed from agrees,
    in the order of their lines; the others that differ follow from them.
    """

    lines: tuple[StepLine, ...]
    rows: int
    loss: float
    parameters: tuple[Comparison, ...]
    intermediates: tuple[Comparison, ...]
    faults: tuple[Comparison, ...]
    values: dict[str, Array]
    """The arrays of the step, by name, as the lines computed them."""

    @property
    def agrees(self) -> bool:
        """Whether everything that was compared agrees."""
        return all(entry.agrees for entry in (*self.parameters, *self.intermediates))
