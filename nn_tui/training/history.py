"""Losses and metrics of every evaluated epoch, in bounded memory.

The first epochs are kept exactly. Later ones share buckets that keep the smallest, a middle
and the largest value; when all buckets are used, neighbours are merged and each holds twice
as many epochs. Ten million epochs take no more memory than ten thousand.

The middle is an estimate of the median. That of two values is their mean; that of two
merged buckets is the mean of the third and fourth of their six: both lows, middles and
highs. So it follows a trend, lies between the two phases of an oscillation, and is
robust to a single spike among four or more values; for skewed values it lies between the
median and the mean. Buckets are merged in the order of a binary tree over the epochs, so
that the result does not depend on how many epochs are appended at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nn_tui.training.buckets import joined, tree
from nn_tui.training.curve import Band, Curve
from nn_tui.training.pages import Pages
from nn_tui.types import Array

EXACT = 2048
BUCKETS = 2048
_WAITING = 8192
"""Size of the buffer of epochs to be merged into buckets, which is faster for many at once."""

LOSSES = ("train_loss", "test_loss")


def most_bytes(columns: int) -> int:
    """The memory that a history of so many columns takes at most."""
    exact, buckets = EXACT * (1 + columns), BUCKETS * (2 + 3 * columns)
    return 8 * (exact + buckets + _WAITING * (1 + columns))


class LossHistory:
    """The values of evaluated epochs; ``append`` adds them, ``curve`` returns them.

    ``names`` are the recorded columns.
    """

    def __init__(self, names: Sequence[str] = LOSSES) -> None:
        self.names = tuple(names)
        count = len(self.names)
        self._exact = Pages(1 + count)
        self._buckets = Pages(2 + 3 * count)
        self._width = 1
        self._open: list[Array] = []
        """The incomplete bucket: parts of 2^i epochs, the largest and oldest first."""
        self._in_open = 0
        self._waiting = np.empty((0, 0))
        self._waits = 0

    def append(self, epochs: Array, values: Sequence[Array]) -> None:
        """Add evaluated epochs (epochs,), ascending, and the values (epochs,) of each name."""
        columns, start = (epochs, *values), EXACT - len(self._exact)
        if start:
            self._exact.append(np.column_stack([column[:start] for column in columns]))
        while start < len(epochs):
            if not self._waits:
                self._waiting = np.empty((len(columns), _WAITING))
            stop = min(len(epochs), start + _WAITING - self._waits)
            waits = self._waits + stop - start
            for kept, column in zip(self._waiting, columns, strict=True):
                kept[self._waits : waits] = column[start:stop]
            start, self._waits = stop, waits
            if waits == _WAITING:
                self._settle()

    def copy(self) -> "LossHistory":
        """An independent copy."""
        return self.with_names(self.names)

    def with_names(self, names: Sequence[str]) -> "LossHistory":
        """A copy with the columns ``names``; values not recorded so far are NaN."""
        self._settle()
        made = LossHistory(names)
        if made.names == self.names:
            made._exact, made._buckets = self._exact.copy(), self._buckets.copy()
            made._open = list(self._open)
        else:
            at = [self.names.index(n) if n in self.names else -1 for n in names]
            made._exact.append(_columns(self._exact.rows(), at, 1, 1))
            made._buckets.append(_columns(self._buckets.rows(), at, 2, 3))
            made._open = [_columns(row[None], at, 2, 3)[0] for row in self._open]
        made._width, made._in_open = self._width, self._in_open
        return made

    def curve(self) -> Curve:
        """A copy of all recorded values."""
        self._settle()
        exact, count = self._exact.rows(), len(self.names)
        buckets = np.vstack([self._buckets.rows(), *self._open])
        first = np.concatenate([exact[:, 0], buckets[:, 0]])
        last = np.concatenate([exact[:, 0], buckets[:, 1]])
        parts = (buckets[:, 2 + i * count : 2 + (i + 1) * count] for i in range(3))
        lows, middles, highs = (np.concatenate([exact[:, 1:], part]).T.copy() for part in parts)
        bands = dict(zip(self.names, zip(lows, middles, highs, strict=True), strict=True))
        return Curve(first, last, bands)

    def curve_of(self, name: str) -> Curve:
        """A copy of the recorded values of one column; see ``curve``."""
        self._settle()
        count, at = len(self.names), self.names.index(name)
        exact, buckets = self._exact.rows(), np.vstack([self._buckets.rows(), *self._open])
        single = exact[:, 1 + at]
        bands = (np.concatenate([single, buckets[:, 2 + i * count + at]]) for i in range(3))
        return Curve(
            np.concatenate([exact[:, 0], buckets[:, 0]]),
            np.concatenate([exact[:, 0], buckets[:, 1]]),
            {name: Band(*bands)},
        )

    def pages(self) -> Iterable[Array]:
        """The arrays that hold it; a history and its copies share most of them."""
        return (*self._exact.arrays, *self._buckets.arrays)

    # Saving

    def pack(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """Arrays and counts that ``unpacked`` restores it from."""
        self._settle()
        begun = np.array(self._open).reshape(len(self._open), self._buckets.columns)
        arrays = {"exact": self._exact.rows(), "buckets": self._buckets.rows(), "open": begun}
        counts = {"names": list(self.names), "width": self._width, "in_bucket": self._in_open}
        return arrays, counts

    @classmethod
    def unpacked(cls, arrays: Mapping[str, Array], counts: Mapping[str, Any]) -> "LossHistory":
        """The packed history; raises ValueError or KeyError for anything else."""
        names, width, in_bucket = counts["names"], int(counts["width"]), int(counts["in_bucket"])
        if not all(isinstance(name, str) for name in names) or len(set(names)) != len(names):
            raise ValueError("the columns of the history have no distinct names")
        made = cls(names)
        exact, buckets, begun = (arrays[name] for name in ("exact", "buckets", "open"))
        if exact.shape[1:] != (made._exact.columns,) or len(exact) > EXACT:
            raise ValueError("the history has another shape")
        if any(rows.shape[1:] != (made._buckets.columns,) for rows in (buckets, begun)):
            raise ValueError("the history has another shape")
        if len(buckets) > BUCKETS or (len(exact) < EXACT and (len(buckets) or len(begun))):
            raise ValueError("the history has another length")
        fits = width > 0 and width.bit_count() == 1 and 0 <= in_bucket < width
        if not fits or len(begun) != in_bucket.bit_count():
            raise ValueError("the counts of the history are inconsistent")
        _check_order(exact[:, :1], np.vstack([buckets, begun])[:, :2])
        made._exact.append(exact)
        made._buckets.append(buckets)
        made._open, made._width, made._in_open = [row.copy() for row in begun], width, in_bucket
        return made

    # Inside

    def _settle(self) -> None:
        """Merge the waiting epochs into buckets."""
        columns, self._waits = self._waiting[:, : self._waits], 0
        while columns.shape[1]:
            if len(self._buckets) == BUCKETS:
                self._merge_neighbours()
            if not self._in_open and columns.shape[1] >= self._width:
                whole = min(BUCKETS - len(self._buckets), columns.shape[1] // self._width)
                taken = whole * self._width
                self._buckets.append(tree(columns[:, :taken], whole))
            else:
                taken = self._add_to_open(columns)
            columns = columns[:, taken:]

    def _add_to_open(self, columns: Array) -> int:
        """Add epochs that make one part of the incomplete bucket; return how many."""
        most: int = min(columns.shape[1], self._width - self._in_open)
        taken: int = 1 << (most.bit_length() - 1)
        if self._in_open:
            taken = min(taken, self._in_open & -self._in_open)
        part, size = tree(columns[:, :taken], 1)[0], taken
        while self._open and self._in_open & size:
            part = joined(self._open.pop()[None], part[None])[0]
            self._in_open -= size
            size *= 2
        self._open.append(part)
        self._in_open += size
        if self._in_open == self._width:
            self._buckets.append(part[None])
            self._open, self._in_open = [], 0
        return taken

    def _merge_neighbours(self) -> None:
        rows = self._buckets.rows()
        self._buckets = Pages(self._buckets.columns)
        self._buckets.append(joined(rows[::2], rows[1::2]))
        self._width *= 2


def _columns(rows: Array, at: Sequence[int], epochs: int, each: int) -> Array:
    """Columns ``at`` of ``rows``, -1 for NaN, of ``each`` values after the epochs' columns."""
    held, groups = rows[:, :epochs], np.split(rows[:, epochs:], each, axis=1)
    unknown = np.full(len(rows), np.nan)
    kept = [group[:, i] if i >= 0 else unknown for group in groups for i in at]
    return np.column_stack([held, *kept])


def _check_order(exact: Array, shared: Array) -> None:
    """Raise ValueError unless epochs (points, 1 or 2) are ascending whole numbers."""
    epochs = np.concatenate([exact.ravel(), shared.ravel()])
    if not np.isfinite(epochs).all() or (epochs != np.rint(epochs)).any() or (epochs < 0).any():
        raise ValueError("the epochs of the history are not whole numbers")
    steps = np.diff(epochs)
    within = np.zeros(len(steps), bool)
    within[len(exact) :: 2] = True  # from a bucket's first epoch to its last
    if (steps < ~within).any():
        raise ValueError("the epochs of the history are not in ascending order")
