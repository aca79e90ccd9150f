"""From raw columns to what the network sees: features chosen, then scaled.

It is kept with the dataset, so that a picture over the plane of the raw columns can ask
the network about points that are no samples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import Chosen, choose_features, compute_features
from nn_tui.data.scaling import fit_scaling
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Preparation:
    """An input is (what was chosen - shift) / size; ``shift`` and ``size`` are (inputs,)."""

    chosen: tuple[Chosen, ...]
    shift: Array
    size: Array

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs' names."""
        return tuple(name for _, name in self.chosen)

    def apply(self, raw: Array) -> Array:
        """``raw`` (points, raw columns) to inputs (points, inputs), a new array."""
        return self._scaled(compute_features(self.chosen, raw))

    def _scaled(self, inputs: Array) -> Array:
        with np.errstate(all="ignore"):
            inputs -= self.shift
            inputs /= self.size
        return inputs


def fit_preparation(
    raw: Array, columns: Sequence[str], train_count: int, features: Sequence[str], scale: str
) -> tuple[Preparation, Array] | None:
    """How to make the inputs, and the inputs themselves (samples, inputs).

    ``raw`` is (samples, columns), the training samples first: the scaling is measured on
    these alone. No ``features`` means every column as it is. None where nothing is to be
    done. Raises DataError for an unknown feature, and where an input would not be finite.
    """
    chosen = choose_features(features, columns) if features else tuple(enumerate(columns))
    if scale == "none" and tuple(name for _, name in chosen) == tuple(columns):
        return None
    inputs = compute_features(chosen, raw)
    preparation = Preparation(chosen, *fit_scaling(scale, inputs[:train_count]))
    _refuse_unmeasured(preparation, scale)
    preparation._scaled(inputs)
    finite = np.isfinite(inputs).all(axis=0)
    if not finite.all():
        name = preparation.names[int(np.argmin(finite))]
        raise DataError(f"the input {name} is infinite for some samples: its column is too large")
    return preparation, inputs


def _refuse_unmeasured(preparation: Preparation, scale: str) -> None:
    """Raises DataError where a column is so large that every value of it would become 0."""
    measured = np.isfinite(preparation.shift) & np.isfinite(preparation.size)
    if not measured.all():
        name = preparation.names[int(np.argmin(measured))]
        raise DataError(
            f"the input {name} cannot be scaled by data.scale = {scale}: its values are too large "
            "to be measured in float64; make them smaller in the file"
        )
