"""Resample curves to the dot columns of a chart, and smooth them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nn_tui.tui.drawing.epoch_axis import ChartFrame, EpochRange
from nn_tui.types import Array

_SPARSE = 4


@dataclass(frozen=True, eq=False)
class SampledCurve:
    """A curve; every array is (points,), oldest first.

    A point covers the epochs ``first`` … ``last`` and the values ``low`` … ``high``, with
    the median ``middle``. Missing values are NaN.
    """

    first: Array
    last: Array
    low: Array
    middle: Array
    high: Array

    def __len__(self) -> int:
        return len(self.first)

    @cached_property
    def center(self) -> Array:
        """Epoch at which each point is drawn."""
        return (self.first + self.last) / 2

    @cached_property
    def end(self) -> int | None:
        """Index of the last point with a value; None without any."""
        known = np.flatnonzero(np.isfinite(self.high))
        return int(known[-1]) if len(known) else None

    def at(self, epoch: float) -> tuple[float, float] | None:
        """Return the smallest and largest value at ``epoch``; None outside the curve."""
        if not len(self.first) or not self.first[0] <= epoch <= self.last[-1]:
            return None
        i = max(0, int(np.searchsorted(self.first, epoch, "right")) - 1)
        if epoch > self.last[i] and self.first[i + 1] - epoch < epoch - self.last[i]:
            i += 1
        return float(self.low[i]), float(self.high[i])

    def stop(self, epoch: float, direction: int) -> int:
        """Return ``epoch`` if a point covers it, else the next epoch that is covered.

        Search to the right if ``direction`` is positive, else to the left.
        """
        right = min(int(np.searchsorted(self.last, epoch)), len(self.last) - 1)
        if self.first[right] <= epoch <= self.last[right]:
            return int(epoch)
        if direction > 0 or right == 0 or epoch > self.last[right]:
            return int(self.first[right] if epoch < self.first[right] else self.last[right])
        return int(self.last[right - 1])

    def range(self, epochs: EpochRange) -> Array:
        """Return the finite lowest and highest values of the points within ``epochs``.

        If ``epochs`` are between two points, return the values of both.
        """
        start = int(np.searchsorted(self.center, epochs[0]))
        stop = int(np.searchsorted(self.center, epochs[1], "right"))
        if start == stop:
            start, stop = max(0, start - 1), stop + 1
        values: Array = np.concatenate([self.low[start:stop], self.high[start:stop]])
        return values[np.isfinite(values)]


class DotColumns(NamedTuple):
    """The dot columns with points of a curve, from the left; every array is (columns,).

    ``x`` is the position of the points in dots, and ``column`` the nearest dot column. The
    first and the last may be outside the picture, so that the line reaches its edges.
    """

    x: Array
    column: Array
    low: Array
    middle: Array
    high: Array


def sample_columns(points: SampledCurve, frame: ChartFrame) -> DotColumns:
    """Return the extremes and the median of the points in each dot column."""
    left = frame.start
    right = left + frame.columns * frame.epochs_per_column
    start = max(0, int(np.searchsorted(points.center, left)) - 1)
    stop = int(np.searchsorted(points.center, right, "right")) + 1
    x = (points.center[start:stop] - left) / frame.epochs_per_column * 2
    low, middle, high = (
        np.where(np.isfinite(values), values, np.nan)
        for values in (points.low[start:stop], points.middle[start:stop], points.high[start:stop])
    )
    columns = np.floor(x + 0.5).astype(np.int64)
    starts = np.flatnonzero(np.diff(columns, prepend=columns[:1] - 1))
    if not len(starts):
        return DotColumns(x, columns, low, middle, high)
    stops = np.append(starts[1:], len(x))
    return DotColumns(
        (x[starts] + x[stops - 1]) / 2,
        columns[starts],
        np.fmin.reduceat(low, starts),
        _medians(middle, columns, starts, stops),
        np.fmax.reduceat(high, starts),
    )


def interpolated(sample: DotColumns, heights: Array, dots: int) -> Array:
    """Interpolate ``heights`` (columns,) linearly to all dot columns, (dots,); NaN outside."""
    if not len(heights):
        return np.full(dots, np.nan)
    line = np.interp(np.arange(dots), sample.x, heights, left=np.nan, right=np.nan)
    inside = (sample.column >= 0) & (sample.column < dots)
    line[sample.column[inside]] = heights[inside]  # also a point between two gaps
    return line


def smoothed(values: Array, reach: float) -> Array:
    """Convolve ``values`` (dots,) with a Gaussian of standard deviation ``reach`` dots.

    NaN is ignored and stays NaN.
    """
    finite = np.isfinite(values)
    half = min((len(values) - 1) // 2, max(1, round(3 * reach)))
    kernel = np.exp(-0.5 * (np.arange(-half, half + 1) / reach) ** 2)
    total = np.convolve(np.where(finite, values, 0.0), kernel, "same")
    weight = np.convolve(finite.astype(float), kernel, "same")
    return np.where(finite, total / np.where(finite, weight, 1.0), np.nan)


def _medians(values: Array, columns: Array, starts: Array, stops: Array) -> Array:
    """Return the (lower) median of each column; NaN where all values are."""
    if len(starts) == len(values):
        return values
    known = np.add.reduceat(np.isfinite(values).astype(np.int64), starts)
    middle = np.maximum(known - 1, 0) // 2
    count = int((stops - starts).max())
    if count * len(starts) <= _SPARSE * len(values):  # one row per column is faster to sort
        table = np.full((len(starts), count), np.nan)
        row = np.repeat(np.arange(len(starts)), stops - starts)
        table[row, np.arange(len(values)) - starts[row]] = values
        table.sort(axis=1)
        medians = table[np.arange(len(starts)), middle]
    else:
        medians = values[np.lexsort((values, columns))][starts + middle]
    return np.where(known > 0, medians, np.nan)
