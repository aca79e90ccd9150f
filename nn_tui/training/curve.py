"""The recorded values of a run over its epochs, an immutable copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_tui.types import Array


class Band(NamedTuple):
    """The smallest, a middle and the largest value at every point, each (points,).

    They are equal for a point of a single epoch. ``middle`` estimates the median.
    """

    low: Array
    middle: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Curve:
    """Every array is (points,), oldest first; ``bands`` are the recorded values by name.

    A point covers the evaluated epochs from ``first`` to ``last``. Missing values are NaN.
    """

    first: Array
    last: Array
    bands: Mapping[str, Band | tuple[Array, Array, Array]]

    def __len__(self) -> int:
        return len(self.first)

    def band(self, name: str) -> Band:
        """The values of that name, all NaN if it is not recorded."""
        nothing = np.full(len(self), np.nan)
        return Band(*self.bands.get(name, (nothing, nothing, nothing)))

    def value(self, name: str, epoch: int) -> Array:
        """The value recorded at one epoch, (1,); NaN if missing or if the epoch shares a point."""
        at = int(np.searchsorted(self.first, epoch))
        if at == len(self) or not self.first[at] == self.last[at] == epoch:
            return np.full(1, np.nan)
        return self.band(name).middle[at : at + 1]

    @property
    def train_low(self) -> Array:
        """The smallest training losses."""
        return self.band("train_loss").low

    @property
    def train_middle(self) -> Array:
        """The middle training losses."""
        return self.band("train_loss").middle

    @property
    def train_high(self) -> Array:
        """The largest training losses."""
        return self.band("train_loss").high

    @property
    def test_low(self) -> Array:
        """The smallest test losses; NaN without a test set."""
        return self.band("test_loss").low

    @property
    def test_middle(self) -> Array:
        """The middle test losses."""
        return self.band("test_loss").middle

    @property
    def test_high(self) -> Array:
        """The largest test losses."""
        return self.band("test_loss").high

    @property
    def best(self) -> int:
        """The epoch of the lowest training loss, the first of its point; 0 if none is finite."""
        low = self.train_low
        known = np.isfinite(low)
        if not known.any():
            return 0
        return int(self.first[np.where(known, low, np.inf).argmin()])
