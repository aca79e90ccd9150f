"""Numbers of a matrix in cells of any width from 2 columns on, and the unit they are in.

The width of a cell never depends on the number in it. Wide cells show up to three decimals,
cells of 3 columns two digits in a power of ten, cells of 2 columns ninths of the value that
has the full colour.
"""

import math
from collections.abc import Mapping

from nn_tui.tui.drawing.colour_scale import SMALLEST
from nn_tui.tui.drawing.numbers import format_fixed

NINTHS, TENTHS, SHORT, MIDDLE, FULL, PAIR = 2, 3, 4, 5, 6, 9
"""Least widths of the forms of a number; a ``PAIR`` is a number above its gradient."""

COMPACT = 7
"""Width of a number with a sign and three or four decimals."""

Units = Mapping[tuple[str, bool], int]
"""Exponents by the name of a matrix, and whether its cells have two digits only."""

_NAMES = {
    -3: "in thousandths",
    -2: "in hundredths",
    -1: "in tenths",
    0: "",
    1: "in tens",
    2: "in hundreds",
    3: "in thousands",
}


def format_number(value: float, width: int) -> str:
    """Right-align ``value`` in exactly ``width`` cells (at least 3).

    Without room for its digits, a number is its sign and ``#``.
    """
    if not math.isfinite(value):
        return format_fixed(value, width)
    for decimals in range(max(0, min(3, width - 3)), -1, -1):
        text = f"{value:+.{decimals}f}"
        if len(text) <= width:
            whole = width == TENTHS and text in ("+0", "-0")
            return ("0" if whole else text).rjust(width)
    text = f"{value:+.0e}".replace("e+0", "e").replace("e+", "e")
    return text.rjust(width) if len(text) <= width else text[0] + "#" * (width - 1)


def format_ninths(value: float, scale: float) -> str:
    """Return sign and ninths of ``scale`` (1 to 9) in 2 cells; larger numbers are 9."""
    if math.isnan(value):
        return " ?"
    if math.isinf(value):
        return "+∞" if value > 0 else "-∞"
    ninths = round(9 * min(1.0, abs(value) / scale))
    return f"{'-' if value < 0 else '+'}{ninths}" if ninths else " 0"


def format_gradient(value: float) -> str:
    """Right-align a gradient in 7 cells: up to four decimals, or a power of ten."""
    for decimals in (4, 3, 2, 1) if math.isfinite(value) and not 0 < abs(value) < 1e-4 else ():
        text = f"{value:+.{decimals}f}"
        if len(text) <= COMPACT:
            return text
    return format_power(value)


def format_extreme(value: float) -> str:
    """Right-align a minimum or maximum in 7 cells, with at least two digits."""
    if 0 < abs(value) < 1e-3:
        return format_power(value)
    return format_gradient(value) if 0 < abs(value) < 0.1 else format_number(value, COMPACT)


def format_power(value: float) -> str:
    """Right-align ``value`` in 7 cells, as a mantissa of one or two digits and a power of ten."""
    if not math.isfinite(value):
        return format_fixed(value, COMPACT)
    texts = []
    for decimals in (1, 0):
        mantissa, power = f"{value:+.{decimals}e}".split("e")
        texts.append(f"{mantissa}e{int(power)}")
    return next(text for text in texts if len(text) <= COMPACT).rjust(COMPACT)


def unit_exponent(scale: float, two_digits: bool, last: int | None = None) -> int:
    """Return the power of ten in which to show numbers up to ``scale``; mostly 0.

    The one shown ``last`` is kept while it serves, so that numbers near a limit do not
    change their unit from epoch to epoch.
    """
    if not SMALLEST < scale < math.inf:
        return 0 if last is None else last
    if last is not None and _serves(scale / 10.0**last, last, two_digits):
        return last
    if two_digits:
        if 0.5 <= scale < 9.95:
            return -1
        exponent = math.floor(math.log10(scale)) - 1
        return exponent + (scale / 10.0**exponent >= 99.5)
    return 3 * math.floor(math.log10(scale) / 3) if scale < 0.1 else 0


def _serves(scale: float, exponent: int, two_digits: bool) -> bool:
    """Whether numbers up to ``scale``, in that power of ten, can still be read."""
    if two_digits:
        return 4 <= scale < 99.5
    if exponent == 0:
        return scale >= 0.05
    return 0.5 <= scale < (100 if exponent == -3 else 1000)


def unit_name(exponent: int, two_digits: bool) -> str:
    """Return how a power of ten is called, such as ``in tenths``; empty for ones."""
    if not two_digits:
        return f"·1e{exponent}" if exponent else ""
    return _NAMES.get(exponent, f"in 1e{exponent}")
