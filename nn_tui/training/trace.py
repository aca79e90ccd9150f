"""Figures that are looked at from time to time, as a screen does between two pictures."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Trace:
    """Each array is (looks,), oldest first, but ``gradient_norms`` (looks, layers).

    Where there is no such figure it is NaN. ``error`` is the mean absolute error.
    """

    epoch: Array
    train_accuracy: Array
    test_accuracy: Array
    train_error: Array
    test_error: Array
    gradient_norms: Array

    def __len__(self) -> int:
        return len(self.epoch)
