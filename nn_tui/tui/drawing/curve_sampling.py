"""Curves brought onto the dots of a picture, and smoothed there."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.tui.drawing.chart_axes import Frame

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Points:
    """A curve; every array is (points,), oldest first.

    A point covers the epochs ``first`` … ``last`` and the values ``low`` … ``high``, which
    are NaN where there is none.
    """

    first: Array
    last: Array
    low: Array
    high: Array

    @cached_property
    def middle(self) -> Array:
        """The epoch at which a point is drawn."""
        return (self.first + self.last) / 2

    def at(self, epoch: float) -> tuple[float, float] | None:
        """The smallest and largest value at ``epoch``; None where the curve is not."""
        if not len(self.first) or not self.first[0] <= epoch <= self.last[-1]:
            return None
        i = max(0, int(np.searchsorted(self.first, epoch, "right")) - 1)
        if epoch > self.last[i] and self.first[i + 1] - epoch < epoch - self.last[i]:
            i += 1
        return float(self.low[i]), float(self.high[i])

    def stop(self, epoch: float, direction: int) -> int:
        """``epoch`` if a point covers it, else the next epoch one does.

        It is looked for to the right if ``direction`` is positive, else to the left.
        """
        right = min(int(np.searchsorted(self.last, epoch)), len(self.last) - 1)
        if self.first[right] <= epoch <= self.last[right]:
            return int(epoch)
        if direction > 0 or right == 0 or epoch > self.last[right]:
            return int(self.first[right] if epoch < self.first[right] else self.last[right])
        return int(self.last[right - 1])


def dotted(points: Points, frame: Frame, log: bool) -> Array:
    """The value at every dot from the left (2 * columns,), NaN where the curve is not.

    Where a column has many values it gets the smallest and the largest, so that no jump
    gets lost. With ``log`` these are logarithms to base 10.
    """
    x, low, high = _in_sight(points, frame)
    low, high = (
        _logarithms(v) if log else np.where(np.isfinite(v), v, np.nan) for v in (low, high)
    )
    dots = np.arange(2 * frame.columns)
    if not len(x):
        return np.full(len(dots), np.nan)
    at = _nearest(x, frame)
    lows, highs = (np.interp(dots, x, v, left=np.nan, right=np.nan) for v in (low, high))
    inside = (at >= 0) & (at < len(dots))
    x, at, low, high = x[inside], at[inside], low[inside], high[inside]
    lows[at], highs[at] = low, high  # a point is seen even if the curve is a gap on each side
    _span_crowded_columns(at, low, high, lows, highs)
    return _from_end_to_end(lows, highs)


def smoothed(values: Array, reach: float) -> Array:
    """The mean of ``values`` (dots,) around each dot, weighted by a bell ``reach`` dots wide.

    NaN counts for nothing and stays what it is.
    """
    there = np.isfinite(values)
    half = min((len(values) - 1) // 2, max(1, round(3 * reach)))
    bell = np.exp(-0.5 * (np.arange(-half, half + 1) / reach) ** 2)
    total = np.convolve(np.where(there, values, 0.0), bell, "same")
    weight = np.convolve(there.astype(float), bell, "same")
    return np.where(there, total / np.where(there, weight, 1.0), np.nan)


def _in_sight(points: Points, frame: Frame) -> tuple[Array, Array, Array]:
    """Dot positions, low and high of the points in the frame and one more on each side."""
    first, last = frame.epochs
    start = max(0, int(np.searchsorted(points.middle, first)) - 1)
    stop = int(np.searchsorted(points.middle, last, "right")) + 1
    x = (points.middle[start:stop] - first) / (last - first) * (2 * frame.columns - 1)
    return x, points.low[start:stop], points.high[start:stop]


def _nearest(x: Array, frame: Frame) -> NDArray[np.int64]:
    return np.floor(x + 0.5).astype(np.int64)


def _span_crowded_columns(at: Array, low: Array, high: Array, lows: Array, highs: Array) -> None:
    """Columns with more points than dots get the extremes of all of them at both dots."""
    starts = np.flatnonzero(np.diff(at // 2, prepend=-1))
    if not len(starts):
        return
    stops = np.append(starts[1:], len(at))
    count = stops - starts
    crowded = (count > 2) | ((count == 2) & (at[starts] == at[stops - 1]))
    left = 2 * (at[starts[crowded]] // 2)
    lows[left] = lows[left + 1] = np.fmin.reduceat(low, starts)[crowded]
    highs[left] = highs[left + 1] = np.fmax.reduceat(high, starts)[crowded]


def _from_end_to_end(lows: Array, highs: Array) -> Array:
    """One value a dot: a column begins at the end that is nearer to the column before."""
    low, high = lows.reshape(-1, 2), highs.reshape(-1, 2)
    middle = (low / 4 + high / 4).sum(axis=1)
    rising = np.diff(middle, prepend=middle[:1]) > 0
    rising[:1] = rising[1:2]
    up = np.column_stack([low[:, 0], high[:, 1]])
    down = np.column_stack([high[:, 0], low[:, 1]])
    values: Array = np.where(rising[:, None], up, down).ravel()
    return values


def _logarithms(values: Array) -> Array:
    with np.errstate(all="ignore"):
        return np.log10(np.where((values > 0) & np.isfinite(values), values, np.nan))
