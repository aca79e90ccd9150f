"""The numbers of a column of data: one width, and as many decimals as they need."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nn_tui.order_statistics import percentile
from nn_tui.types import Array

WIDEST_NUMBER = 7
"""Cells of the widest number of a column."""
_MOST_DECIMALS = 3  # of numbers that are shown in full, and aligned at the decimal point
_SIGNIFICANT = 4
_ROUNDING = 1e-9
_MOST_COMPARED, _MOST_FORMATTED = 200_000, 4000  # values of all columns


class NumberLayout(NamedTuple):
    """The width of a column, and its decimals; None for four significant digits."""

    width: int
    decimals: int | None

    def text(self, value: float, width: int = 0) -> str:
        """Format ``value`` in at most ``width`` cells, at least those of the format.

        Decimals are left out where they do not fit, never digits before the decimal point.
        """
        width = max(width, self.width)
        if not math.isfinite(value):
            return _not_finite(value)[:width]
        if self.decimals is not None and len(text := f"{value:.{self.decimals}f}") <= width:
            return _without_zero_sign(text)
        return next((text for text in _shorter(value) if len(text) <= width), "…")


def formats_of(columns: Array) -> list[NumberLayout]:
    """Return the format of each column of ``columns`` (samples, columns).

    The least and the greatest value always count; of very many samples, every second, third ….
    """
    if not columns.size:
        return [NumberLayout(1, 0)] * columns.shape[1]
    with np.errstate(all="ignore"):
        limits = np.stack([columns.min(axis=0), columns.max(axis=0)])
        decimals = _decimals(np.vstack([columns[:: _step(columns, _MOST_COMPARED)], limits]))
    formatted = np.vstack([columns[:: _step(columns, _MOST_FORMATTED)], limits])
    return [_format_of(*found) for found in zip(formatted.T, limits.T, decimals, strict=True)]


def _step(columns: Array, most: int) -> int:
    return max(1, -(-columns.size // most))


def _decimals(columns: Array) -> list[int]:
    """Return the decimals that the numbers of each column have, at most one too many."""
    found = np.full(columns.shape[1], _MOST_DECIMALS + 1)
    for decimals in range(_MOST_DECIMALS, -1, -1):
        rest = np.abs(np.round(columns, decimals) - columns)
        found[(rest <= _ROUNDING * np.abs(columns)).all(axis=0)] = decimals
    places: list[int] = found.tolist()
    return places


def _rounded_decimals(values: Array) -> int:
    """Return decimals that leave most numbers two significant digits, the largest four; or 0."""
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    if not len(sizes) or not 1e-3 < sizes.max() < 1e3:
        return 0
    decimals = _SIGNIFICANT - 1 - math.floor(math.log10(sizes.max()))
    return decimals if percentile(sizes, 50) >= 10.0 ** (1 - decimals) else 0


def _format_of(values: Array, limits: Array, decimals: int) -> NumberLayout:
    limits = limits + 0.0  # no -0.0
    if decimals <= _MOST_DECIMALS:
        widest = max(len(f"{limit:.{decimals}f}") for limit in limits.tolist())
        if widest <= WIDEST_NUMBER:
            return NumberLayout(widest, decimals)
    decimals = _rounded_decimals(values)
    widest = max(len(f"{limit:.{decimals}f}") for limit in limits.tolist())
    if decimals and widest <= WIDEST_NUMBER:
        return NumberLayout(widest, decimals)
    free = NumberLayout(WIDEST_NUMBER, None)
    return NumberLayout(max(len(free.text(value)) for value in values.tolist()), None)


def _shorter(value: float) -> Iterable[str]:
    """Yield texts of ``value``, the most precise first."""
    for digits in range(_SIGNIFICANT, 1, -1):
        text = f"{value:.{digits}g}"
        if "e" not in text:
            yield text
    if value and abs(value) >= 1e-3:
        yield f"{value:.0f}"
    for digits in (1, 0):
        mantissa, power = f"{value:.{digits}e}".split("e")
        yield f"{mantissa}e{int(power)}"
    yield _without_zero_sign(f"{value:.0f}")


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "∞" if value > 0 else "-∞"


def _without_zero_sign(text: str) -> str:
    return text.removeprefix("-") if not text.strip("-0.") else text
