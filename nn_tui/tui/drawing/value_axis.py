"""The value axis of a chart: the value of each row, with round values on whole rows.

A tick is on a whole row; its value is that of the row's middle, between the second and the
third of its four dots. A line two dots tall is then exactly at its value, and no value is
drawn below the row of a smaller one.

There are few possible axes for each height, so that the axis rarely changes while a curve
grows: a change redraws the whole chart.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import numpy as np

from nn_tui.types import Array

DOTS_PER_ROW = 4
_MIDDLE = 1.5
"""Middle of a row, in dots from its lowest."""
_ABOVE, _BELOW = 0.3, 0.35
"""Rows that curves may extend above the middle of the top row, and below that of the lowest."""
_STEPS = (1.0, 2.0, 2.5, 5.0)
_LOG_ABOVE, _LINEAR_BELOW = 50.0, 20.0
"""Ratios of the largest to the smallest value that switch to and from a logarithmic axis."""
_OFF_ROW = 0.14
"""Rows (about half a dot) that a tick may be off the middle of its row."""
_DECADES = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
_DIVISIONS = ((1, 2, 5), (1, 3))
_PER_DECADE = 64
"""Steps in which the range of a logarithmic axis grows."""
_LARGEST_EXPONENT = 300
_MOST_DECIMALS = 5

Tick = tuple[int, str]
"""A row, counted from the lowest, and its label."""


@dataclass(frozen=True)
class ValueAxis:
    """An axis whose lowest row is at ``base`` units, with ``rows_per_unit`` rows per unit.

    A unit is ``unit`` on a linear axis and a factor of ten on a logarithmic one.
    """

    log: bool
    base: float
    rows_per_unit: float
    ticks: tuple[Tick, ...]
    unit: float = 1.0

    def dots(self, values: Array) -> Array:
        """Return the height of values in dots above the lowest; NaN where undefined."""
        with np.errstate(all="ignore"):
            units = (
                np.log10(np.where(values > 0, values, np.nan)) if self.log else values / self.unit
            )
            units = np.where(np.isfinite(units), units, np.nan)
            dots: Array = (units - self.base) * self.rows_per_unit * DOTS_PER_ROW + _MIDDLE
        return dots


def prefers_log(low: float, high: float, was_log: bool) -> bool:
    """Whether values from ``low`` to ``high`` call for a logarithmic axis.

    The thresholds have hysteresis, so that the axis does not flicker.
    """
    return low > 0 and high / low >= (_LINEAR_BELOW if was_log else _LOG_ABOVE)


@lru_cache(maxsize=64)
def linear_axis(low: float, high: float, rows: int) -> ValueAxis:
    """Return a linear axis for ``low`` … ``high``; a single value is in its middle."""
    exponent = _exponent(max(abs(low), abs(high)))
    unit = 10.0**exponent
    low, high = low / unit, high / unit
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        margin = abs(high) / 2 or 0.5
        low, high = low - margin, high + margin
    return max(_linear_axes(low, high, rows, exponent), key=lambda found: found[0])[1]


@lru_cache(maxsize=64)
def centred_axis(low: float, high: float, rows: int) -> ValueAxis:
    """Return a linear axis with ``low`` … ``high`` in its middle, and ticks on any row.

    It uses more rows than ``linear_axis``, but moves at both ends as the range grows.
    """
    exponent = _exponent(max(abs(low), abs(high)))
    unit = 10.0**exponent
    start, stop = low / unit, high / unit
    if not stop - start > 1e-12 * max(abs(start), abs(stop)):
        return linear_axis(low, high, rows)
    axes = _centred_axes(start, stop, rows, exponent)
    return max(axes, key=lambda found: found[0], default=(0.0, linear_axis(low, high, rows)))[1]


def log_axis(low: float, high: float, rows: int) -> ValueAxis:
    """Return a logarithmic axis for ``low`` … ``high``, both positive."""
    start, stop = math.log10(low), math.log10(high)
    if not stop - start > 1e-12:
        start, stop = start - 0.5, stop + 0.5
    if stop - start >= 1:
        return _wide_axis(math.floor(start * _PER_DECADE), math.ceil(stop * _PER_DECADE), rows)
    axes = [*_decade_axes(start, stop, rows), *_narrow_axes(start, stop, rows)]
    return max(axes, key=lambda found: found[0])[1]


@lru_cache(maxsize=64)
def _wide_axis(start: int, stop: int, rows: int) -> ValueAxis:
    """Return a logarithmic axis for a range in whole parts of a decade.

    A loss that falls in every epoch then needs a new axis only now and then.
    """
    axes = _decade_axes(start / _PER_DECADE, stop / _PER_DECADE, rows)
    return max(axes, key=lambda found: found[0])[1]


def _linear_axes(
    low: float, high: float, rows: int, exponent: int
) -> Iterator[tuple[float, ValueAxis]]:
    """Yield axes with their scores: rows used, minus penalties for poor legibility."""
    first, last = (math.floor(math.log10(span)) for span in ((high - low) / rows, high - low))
    for power, factor in product(range(first, last + 2), _STEPS):
        step = factor * 10.0**power
        bottom = math.floor(low / step + 1e-9)
        rows_per_tick = math.floor((rows - 1 + _ABOVE) / (high / step - bottom) + 1e-9)
        if rows_per_tick < (2 if rows > 5 else 1) or rows_per_tick > rows - 1:
            continue
        count = (rows - 1) // rows_per_tick + 1
        score = (high - low) / step * rows_per_tick
        score -= _too_few(count, rows)
        score -= 0.6 * (rows_per_tick < 2) + 0.5 * max(0, rows_per_tick - 4)
        digits = power - (factor == 2.5)
        numbers = [(bottom + k) * step for k in range(count)]
        labels = _labels(numbers, digits, exponent)
        ticks = tuple((k * rows_per_tick, label) for k, label in enumerate(labels))
        axis = ValueAxis(False, bottom * step, rows_per_tick / step, ticks, 10.0**exponent)
        yield score, axis


def _centred_axes(
    low: float, high: float, rows: int, exponent: int
) -> Iterator[tuple[float, ValueAxis]]:
    """Yield axes whose middle row is next to the middle of the range, with their scores."""
    first, last = (math.floor(math.log10(span)) for span in ((high - low) / rows, high - low))
    for power, factor in product(range(first, last + 2), _STEPS):
        step = factor * 10.0**power
        rows_per_tick = math.floor((rows - 1) / ((high - low) / step) + 1e-9)
        if rows_per_tick < (2 if rows > 5 else 1) or rows_per_tick > rows - 1:
            continue
        zero = round((rows - 1) / 2 - (low + high) / 2 / step * rows_per_tick)
        lowest, highest = (end / step * rows_per_tick + zero for end in (low, high))
        if lowest < -_BELOW or highest > rows - 1 + _ABOVE:
            continue
        places = range(zero % rows_per_tick, rows, rows_per_tick)
        numbers = [(place - zero) // rows_per_tick * step for place in places]
        labels = _labels(numbers, power - (factor == 2.5), exponent)
        score = highest - lowest - _too_few(len(labels), rows) - 0.5 * max(0, rows_per_tick - 4)
        ticks = tuple(zip(places, labels, strict=True))
        base = -zero * step / rows_per_tick
        yield score, ValueAxis(False, base, rows_per_tick / step, ticks, 10.0**exponent)


def _decade_axes(start: float, stop: float, rows: int) -> Iterator[tuple[float, ValueAxis]]:
    """Yield axes with powers of ten, and possibly 2 and 5, or 3, on whole rows."""
    least = 2 if rows > 5 else 1
    for decades, rows_per_tick in product(_DECADES, range(least, 4 * rows)):
        rows_per_decade = rows_per_tick / decades
        if (stop - start) * rows_per_decade > rows or (decades > 1 and rows_per_tick > rows):
            continue
        # Fixed at the top: a falling loss moves the lower end only.
        bottom = math.ceil(stop * rows_per_decade - (rows - 1 + _ABOVE) - 1e-9)
        if start * rows_per_decade - bottom < -_BELOW:
            continue
        ticks = []
        powers = range(math.floor(start / decades) - 1, math.ceil(stop / decades) + 2)
        for power, factor in product(powers, _divisions(decades, rows_per_decade, least)):
            at = (power * decades + math.log10(factor)) * rows_per_decade - bottom
            if -0.5 < at < rows - 0.5 and abs(power * decades) <= _LARGEST_EXPONENT:
                ticks.append((round(at), _power_label(factor, power * decades)))
        score = (stop - start) * rows_per_decade - _too_few(len(ticks), rows)
        yield score, ValueAxis(True, bottom / rows_per_decade, rows_per_decade, tuple(ticks))


def _narrow_axes(start: float, stop: float, rows: int) -> Iterator[tuple[float, ValueAxis]]:
    """Yield axes with round values on the lowest and the top row, and on rows between."""
    exponent = math.floor(stop)
    low, high = 10.0 ** (start - exponent), 10.0 ** (stop - exponent)
    for power, factor in product(range(0, -14, -1), _STEPS[::-1]):
        step = factor * 10.0**power
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        if not 0 < first < last < first + 2 * rows:
            continue
        bottom, top = math.log10(first * step), math.log10(last * step)
        rows_per_decade = (rows - 1) / (top - bottom)
        numbers = [k * step for k in range(first, last + 1)]
        labels = _labels(numbers, power - (factor == 2.5), exponent)
        ticks = {}
        for number, label in zip(numbers, labels, strict=True):
            place = (math.log10(number) - bottom) * rows_per_decade
            if abs(place - round(place)) <= _OFF_ROW:
                ticks[round(place)] = label
        score = (stop - start) * rows_per_decade - _too_few(len(ticks), rows)
        axis = ValueAxis(True, bottom + exponent, rows_per_decade, tuple(ticks.items()))
        yield score, axis


def _divisions(decades: int, rows_per_decade: float, least: int) -> tuple[int, ...]:
    """Return factors within a decade that fall on rows at least ``least`` rows apart."""
    for factors in _DIVISIONS if decades == 1 else ():
        places = [math.log10(factor) * rows_per_decade for factor in (*factors, 10)]
        rows = [round(place) for place in places]
        off = max(abs(place - row) for place, row in zip(places, rows, strict=True))
        if off <= _OFF_ROW and min(b - a for a, b in pairwise(rows)) >= least:
            return factors
    return (1,)


def _too_few(ticks: int, rows: int) -> float:
    """Penalty for few ticks, in rows used; with few rows, these matter more than a third tick."""
    return (6.0, 6.0, min(3.0, max(0.5, rows / 2 - 2)), 0.0)[min(3, ticks)]


def _exponent(value: float) -> int:
    if not value > 0:
        return 0
    return max(-_LARGEST_EXPONENT, min(math.floor(math.log10(value)), _LARGEST_EXPONENT))


def _labels(numbers: Iterable[float], digits: int, exponent: int) -> list[str]:
    """Format ``numbers`` × 10^``exponent`` exactly; they are multiples of 10^``digits``."""
    numbers = [*numbers]
    decimals = max(0, -digits - exponent)
    most = _exponent(max(map(abs, numbers)))
    if decimals <= _MOST_DECIMALS and -3 <= most + exponent < 6:
        return [f"{number * 10.0**exponent:.{decimals}f}" for number in numbers]
    return [_scientific(number, digits, exponent) for number in numbers]


def _scientific(number: float, digits: int, exponent: int) -> str:
    if number == 0:
        return "0"
    places = max(0, _exponent(abs(number) * (1 + 1e-12)) - digits)
    mantissa, power = f"{number:.{places}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(power) + exponent}"


def _power_label(factor: int, power: int) -> str:
    """Format ``factor`` × 10^``power``."""
    if -3 <= power < 0:
        return f"{factor * 10.0**power:.{-power}f}"
    return f"{factor * 10**power}" if 0 <= power < 5 else f"{factor}e{power}"
