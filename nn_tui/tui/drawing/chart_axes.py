"""Ranges and ticks of round numbers, which stay as they are while a curve grows.

A range that moved with every epoch would have the whole chart sent anew each time.
"""

import math
import sys
from collections.abc import Sequence
from typing import NamedTuple

_EPOCHS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_STEPS = (1, 2, 2.5, 5, 10)
_PARTS = 10
"""Of a range: the share that may stay empty so that the range need not move."""
_SMALLEST, _LARGEST = 1e-300, sys.float_info.max

Range = tuple[float, float]
Ticks = Sequence[tuple[float, str]]
"""Places on an axis with their labels."""


class Frame(NamedTuple):
    """Where in a picture the curves are, in cells, and which epochs they show."""

    left: int
    top: int
    columns: int
    lines: int
    epochs: Range

    @property
    def epochs_per_column(self) -> float:
        """How many epochs share a column; below 1 where an epoch has several."""
        first, last = self.epochs
        return (last - first) / max(1, self.columns - 1)

    def dot(self, epoch: float) -> float:
        """How many dots, two a column, right of the left end."""
        first, last = self.epochs
        return (epoch - first) / (last - first) * (2 * self.columns - 1)

    def column(self, epoch: float) -> int:
        """The column that shows ``epoch``; outside 0 … columns - 1 if none does."""
        return math.floor(self.dot(epoch) + 0.5) // 2

    def epoch(self, column: int) -> int:
        """The epoch in the middle of a column."""
        first, last = self.epochs
        return round(first + (2 * column + 0.5) / (2 * self.columns - 1) * (last - first))


def whole_epochs(last: float) -> Range:
    """From epoch 0 to the next round number from ``last`` on."""
    power = 10.0 ** math.floor(math.log10(max(last, 1)))
    rounds = (m * power for m in _EPOCHS)
    return 0.0, next(end for end in rounds if end == int(end) and end >= last)


def rounded(low: float, high: float) -> Range:
    """A range of round numbers around ``low`` … ``high``, little wider than that."""
    if not high - low > max(_SMALLEST, 1e-12 * max(abs(low), abs(high))):
        margin = abs(high) / 2 if abs(high) > _SMALLEST else 0.5
        return low - margin, min(high + margin, _LARGEST)
    step = round_step((high - low) / _PARTS)
    start, stop = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return start * step, min(stop * step, _LARGEST)


def round_step(step: float) -> float:
    """The next round number from ``step`` on."""
    if not step > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in _STEPS if m * power >= step * 0.999)


def linear_ticks(low: float, high: float, count: int, whole: bool = False) -> Ticks:
    """About ``count`` round values from ``low`` to ``high`` with their labels."""
    step = round_step((high - low) / max(1, count - 1))
    if whole:
        step = max(1.0, math.ceil(step))
    first = math.ceil(low / step - 1e-9)
    values = [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]
    if len(values) < 2 and high > low:
        return linear_ticks(low, high, count + 1, whole) if count < 4 else ()
    if whole:
        return [(value, f"{value:,.0f}") for value in values]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    decimals += round(step * 10**decimals, 6) != round(step * 10**decimals)
    if decimals > 5 or max(abs(low), abs(high)) >= 1e6:
        return [(value, _plain_power(f"{value:.1e}")) for value in values]
    return [(value, f"{value:.{decimals}f}") for value in values]


def log_ticks(low: float, high: float, count: int) -> Ticks:
    """Round values from 10**low to 10**high, each at its logarithm."""
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / count))
    powers = [(float(at), f"1e{at}") for at in range(first, last + 1, stride)]
    if len(powers) >= 3 or not -300 < low < high < 300:
        return powers
    for steps in ((3, 10), (2, 5, 10)):
        marks = [m * 10.0**power for power in range(first - 1, last + 1) for m in steps]
        ticks = [(math.log10(mark), _plain_power(f"{mark:.4g}")) for mark in marks]
        ticks = [tick for tick in ticks if low - 1e-9 <= tick[0] <= high + 1e-9]
        if len(ticks) >= 3:
            return ticks
    even = linear_ticks(10**low, 10**high, count)
    return [(math.log10(at), label) for at, label in even if at > 0] or powers


def _plain_power(label: str) -> str:
    """``1e-05`` is ``1e-5``."""
    return label.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
