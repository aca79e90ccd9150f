"""The loss of every epoch in bounded memory.

The first epochs are kept exactly. Later ones share buckets that remember the smallest
and the largest loss in them; when the buckets run out, neighbours are merged and each
holds twice as many. Ten million epochs take no more room than ten thousand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

EXACT = 2048
BUCKETS = 2048
_FIRST, _LAST, _TRAIN_LOW, _TRAIN_HIGH, _TEST_LOW, _TEST_HIGH = range(6)


@dataclass(frozen=True, eq=False)
class Curve:
    """A copy of the history; every array is (points,), oldest first.

    A point covers the epochs ``first`` … ``last``. Where nothing was held back for
    testing, the test losses are NaN.
    """

    first: Array
    last: Array
    train_low: Array
    train_high: Array
    test_low: Array
    test_high: Array

    def __len__(self) -> int:
        return len(self.first)

    @property
    def best(self) -> int:
        """The epoch with the lowest training loss, the first of a point's; 0 where none is."""
        known = np.isfinite(self.train_low)
        if not known.any():
            return 0
        return int(self.first[np.where(known, self.train_low, np.inf).argmin()])


class History:
    """Losses go in by ``append`` and come out as a ``Curve``."""

    def __init__(self) -> None:
        self._rows = np.empty((EXACT + BUCKETS, 6))
        self._count = 0
        self._width = 1
        self._open: Array | None = None
        self._open_count = 0

    def append(self, epochs: Array, train: Array, test: Array) -> None:
        """Add evaluated epochs, ascending, with their losses; each array is (epochs,)."""
        rows = np.column_stack([epochs, epochs, train, train, test, test])
        exact = rows[: max(0, EXACT - self._count)]
        self._rows[self._count : self._count + len(exact)] = exact
        self._count += len(exact)
        self._fill_buckets(rows[len(exact) :])

    def copy(self) -> "History":
        """Another history of the same epochs, which goes its own way from here."""
        made = History()
        made._rows[: self._count] = self._rows[: self._count]
        made._count, made._width, made._open_count = self._count, self._width, self._open_count
        made._open = None if self._open is None else self._open.copy()
        return made

    def pack(self) -> tuple[dict[str, Array], dict[str, int]]:
        """All of it as arrays and counts, for ``unpacked``."""
        begun = np.empty((0, 6)) if self._open is None else self._open[None]
        arrays = {"points": self._rows[: self._count], "bucket": begun}
        return arrays, {"width": self._width, "in_bucket": self._open_count}

    @classmethod
    def unpacked(cls, arrays: Mapping[str, Array], counts: Mapping[str, int]) -> "History":
        """The history that was packed; raises ValueError for what never was one."""
        made, points, begun = cls(), arrays["points"], arrays["bucket"]
        if points.shape[1:] != (6,) or begun.shape[1:] != (6,) or len(points) > len(made._rows):
            raise ValueError("a history of another shape")
        made._rows[: len(points)] = points
        made._count, made._width = len(points), int(counts["width"])
        made._open_count = int(counts["in_bucket"])
        if made._width < 1 or (made._open_count > 0) != (len(begun) == 1):
            raise ValueError("a history that does not add up")
        made._open = begun[0].copy() if len(begun) else None
        return made

    @property
    def nbytes(self) -> int:
        """What a history takes, however long."""
        return self._rows.nbytes

    def curve(self) -> Curve:
        """A copy of everything so far."""
        rows = self._rows[: self._count]
        if self._open is not None:
            rows = np.vstack([rows, self._open])
        return Curve(*rows.T.copy())

    def _fill_buckets(self, rows: Array) -> None:
        while len(rows):
            if self._count == len(self._rows):
                self._merge_neighbours()
            if self._open is None and len(rows) >= self._width:
                room = len(self._rows) - self._count
                whole = min(room, len(rows) // self._width)
                taken = whole * self._width
                groups = rows[:taken].reshape(whole, self._width, 6)
                self._rows[self._count : self._count + whole] = _joined(groups)
                self._count += whole
            else:
                taken = min(len(rows), self._width - self._open_count)
                self._add_to_open(rows[:taken])
            rows = rows[taken:]

    def _add_to_open(self, rows: Array) -> None:
        group = rows if self._open is None else np.vstack([self._open, rows])
        self._open = _joined(group[None])[0]
        self._open_count += len(rows)
        if self._open_count == self._width:
            self._rows[self._count] = self._open
            self._count += 1
            self._open, self._open_count = None, 0

    def _merge_neighbours(self) -> None:
        buckets = self._rows[EXACT:].reshape(BUCKETS // 2, 2, 6)
        self._rows[EXACT : EXACT + BUCKETS // 2] = _joined(buckets)
        self._count = EXACT + BUCKETS // 2
        self._width *= 2


def _joined(groups: Array) -> Array:
    """(groups, members, 6) to (groups, 6): one point that covers each group."""
    result = np.empty((len(groups), 6))
    result[:, _FIRST] = groups[:, 0, _FIRST]
    result[:, _LAST] = groups[:, -1, _LAST]
    for low, high in ((_TRAIN_LOW, _TRAIN_HIGH), (_TEST_LOW, _TEST_HIGH)):
        result[:, low] = np.fmin.reduce(groups[:, :, low], axis=1)
        result[:, high] = np.fmax.reduce(groups[:, :, high], axis=1)
    return result
