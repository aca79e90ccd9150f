"""Detect a training loss that rises steadily or grows without bound.

A loss that grows without bound rises in every epoch until it is infinite, often hundreds of
epochs later. It is detected once it has risen at ``LEAST_RISES`` evaluations in a row and exceeds
``FACTOR`` times what it was at first. A noisy run or one that overshoots and returns does not
rise for so long; a loss that rises from 1e-12 does not exceed where it began.
"""

from typing import Self

import numpy as np

from nn_tui.nn.losses import LOSSES
from nn_tui.training.curve import Curve
from nn_tui.types import Array

LEAST_RISES = 10
"""Evaluations in a row at which the loss must rise."""
FACTOR = 1e6
"""How many times its initial value a loss must be to be called unbounded."""


class LossGrowth:
    """The last uninterrupted rise of the training loss: ``rises`` evaluations long.

    It began at epoch ``since`` with the loss ``low``; the latest loss is ``last``.
    """

    def __init__(self) -> None:
        self.rises = 0
        self.since = 0
        self.low = self.last = np.inf

    @classmethod
    def of(cls, curve: Curve, first_epoch: int) -> Self:
        """The rise at the end of ``curve``, counted from ``first_epoch`` at the earliest."""
        made = cls()
        later = curve.first >= first_epoch
        if later.any():
            made.append(curve.first[later], curve.train_high[later])
        return made

    def append(self, epochs: Array, train: Array) -> None:
        """Add evaluated epochs, ascending, with their losses; each is (epochs,), one or more."""
        before = train[-2] if len(train) > 1 else self.last
        rises = int(self._rises_at(train)[-1]) if train[-1] > before else 0
        began = len(train) - 1 - rises
        if began >= 0:
            self.since, self.low = int(epochs[began]), float(train[began])
        self.rises, self.last = rises, float(train[-1])

    def restart(self, epoch: int) -> None:
        """Count from ``epoch`` on, where something was changed."""
        self.rises, self.since, self.low = 0, epoch, self.last

    def exceeds(self, limit: float) -> bool:
        """Whether the loss has risen for long enough, and to more than ``limit``."""
        return self.rises >= LEAST_RISES and self.last > limit

    def would_exceed(self, train: Array, limit: float) -> bool:
        """Whether it would ``exceed`` anywhere in the losses ``train`` that come next."""
        if not len(train) or not train.max() > limit:
            return False
        return bool(((self._rises_at(train) >= LEAST_RISES) & (train > limit)).any())

    def __str__(self) -> str:
        return f"from {self.low:,.4g} at epoch {self.since:,} to {self.last:,.4g}"

    def _rises_at(self, train: Array) -> Array:
        """How many rises in a row end at each of the losses that come next (epochs,)."""
        steps = np.arange(1, len(train) + 1)
        rising = np.diff(train, prepend=self.last) > 0
        return steps - np.maximum.accumulate(np.where(rising, -self.rises, steps))


def natural_loss(loss: str, targets: Array) -> float:
    """The size of the loss named ``loss`` for a network that outputs zero or knows nothing.

    ``targets`` are (samples, outputs). It keeps a run that starts with a tiny loss, from
    trained weights, from being measured by that alone.
    """
    entry = LOSSES[loss]
    if entry.targets != "any":
        return 1.0
    sizes = np.abs(targets)
    costs = sizes**2 / 2 if entry.name == "half_squared_error" else sizes
    return float(costs.sum(axis=1).mean()) if len(targets) else 0.0
