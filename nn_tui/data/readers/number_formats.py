"""Numbers as people write them: currency and percent signs, thousands separators, parentheses.

A whole column is written in one format. ``read_numbers`` finds it, and the numbers of all cells.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_tui.data.readers.csv_numbers import to_number
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array

_PERCENT = "%"
_CURRENCIES = "$€£¥₹₽₩₺฿₫₴₪¢"
_CODES = ("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "CNY", "INR")
_MINUS = "−–﹣－"
"""Minus sign, en dash, small and fullwidth hyphen-minus."""
_SPACES = "\u00a0\u202f\u2009"
"""No-break, narrow no-break and thin space."""
_NORMALIZED = str.maketrans({**dict.fromkeys(_MINUS, "-"), **dict.fromkeys(_SPACES, " "), "’": "'"})
_THOUSANDS = {".": ",", ",": "."}
"""By decimal separator, the one that separates thousands beside spaces and apostrophes."""


def _pattern(decimal: str) -> re.Pattern[str]:
    point, comma = re.escape(decimal), re.escape(_THOUSANDS[decimal])
    sign = rf"(?:[{re.escape(_CURRENCIES)}]|{'|'.join(_CODES)})"
    # 0,125 is no number of thousands: their first group does not begin with zero.
    grouped = rf"[1-9][0-9]{{0,2}}(?P<mark>[{comma} '])[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*"
    digits = rf"(?:{grouped}|[0-9]+)(?:{point}[0-9]*)?|{point}[0-9]+"
    return re.compile(
        rf"(?P<outer>{sign})?\s*(?P<open>\()?\s*(?P<minus>[-+])?\s*(?P<before>{sign})?\s*"
        rf"(?P<inner>[-+])?(?P<digits>{digits})(?:[eEdD](?P<power>[-+]?[0-9]{{1,4}}))?\s*"
        rf"(?P<after>%|{sign})?\s*(?P<trailing>-)?(?P<close>\))?",
        re.ASCII | re.IGNORECASE,
    )


_PATTERNS = {decimal: _pattern(decimal) for decimal in _THOUSANDS}


class NumberFormat(NamedTuple):
    """How the numbers of a column are written.

    ``decimal`` is the decimal separator, ``.`` or ``,``. ``sign`` is ``%`` where all of them are
    percentages, or the currency of some; empty for plain numbers.
    """

    decimal: str = "."
    sign: str = ""


@dataclass(frozen=True, eq=False)
class NumbersRead:
    """What the distinct cells of a column are as numbers.

    ``values`` (cells,) are NaN where a cell is no number of this ``format``; ``like`` (cells,)
    is whether it is one in any format. ``conflict`` says why a number does not fit, with the
    place of its cell. ``example`` is the place of a cell that is not written as expected, -1
    without one; ``ambiguous`` is whether commas could separate decimals as well as thousands.
    """

    format: NumberFormat
    values: Array
    like: Array
    conflict: tuple[int, str] | None = None
    example: int = -1
    ambiguous: bool = False


class _Number(NamedTuple):
    value: float
    sign: str = ""
    plain: bool = False


def _parse(cell: str, decimal: str) -> _Number | None:
    """Return the number in a cell, possibly infinite; None if it is not a number.

    A number in parentheses is negative, as in accounting. Percentages are not divided by 100.
    """
    value = to_number(cell, decimal)
    if value is not None:
        return _Number(value, plain=True)
    match = _PATTERNS[decimal].fullmatch(cell.translate(_NORMALIZED).strip())
    if match is None:
        return None
    minus = [match[name] for name in ("minus", "inner", "trailing") if match[name]]
    signs = [match[name] for name in ("outer", "before", "after") if match[name]]
    enclosed = match["open"] is not None
    if enclosed != (match["close"] is not None) or len(minus) + enclosed > 1 or len(signs) > 1:
        return None
    digits = match["digits"].replace(match["mark"] or "", "").replace(",", ".")
    value = float(f"{digits}e{match['power'] or 0}")
    return _Number(-value if enclosed or "-" in minus else value, "".join(signs).upper())


def read_numbers(cells: Sequence[str], counts: Array, decimal: str) -> NumbersRead:
    """Return the numbers in the distinct ``cells`` of a column, in the format of most of them.

    ``counts`` (cells,) says how often each one occurs. Where all fit both meanings of the comma,
    ``decimal`` decides.
    """
    numbers = [_parse(cell, decimal) for cell in cells]
    others: list[_Number | None] = [None] * len(cells)
    if any(
        "," in cell or (one is None and "." in cell)
        for cell, one in zip(cells, numbers, strict=True)
    ):
        others = [_parse(cell, _THOUSANDS[decimal]) for cell in cells]
    usual = decimal
    fits, fits_other = (_occurrences(found, counts) for found in (numbers, others))
    if fits_other > fits:
        decimal, numbers, others = _THOUSANDS[decimal], others, numbers
    found = {place: one for place, one in enumerate(numbers) if one is not None}
    sign, conflict = _sign(cells, found)
    for place, one in enumerate(others):
        if one is not None and place not in found:
            kinds = {".": "point", ",": "comma"}
            text = f"{_shown(cells[place])} has no decimal {kinds[decimal]} like the other numbers"
            conflict = conflict or (place, text)
            break
    return NumbersRead(
        NumberFormat(decimal, sign),
        np.array([np.nan if one is None else one.value for one in numbers], float),
        np.array([one is not None for one in map(_either, numbers, others)], bool),
        conflict,
        next((p for p, one in found.items() if not one.plain or decimal != usual), -1),
        fits == fits_other and any(_differ(cells[p], one, others[p]) for p, one in found.items()),
    )


def _occurrences(numbers: Sequence[_Number | None], counts: Array) -> int:
    return int(counts[[one is not None for one in numbers]].sum())


def _either(one: _Number | None, other: _Number | None) -> _Number | None:
    return one if one is not None else other


def _differ(cell: str, one: _Number, other: _Number | None) -> bool:
    """Return whether a cell with a comma is another number in the other format."""
    return "," in cell and other is not None and one.value != other.value


def _sign(cells: Sequence[str], found: Mapping[int, _Number]) -> tuple[str, tuple[int, str] | None]:
    """Return the sign of the numbers by place, and a conflict, if they are in different units."""
    first: dict[str, int] = {}
    for place, one in found.items():
        if one.sign or one.value:  # a zero needs no sign
            first.setdefault(one.sign, place)
    signs = [sign for sign in first if sign]
    if len(signs) > 1:
        here, there = (_shown(cells[first[sign]]) for sign in (signs[1], signs[0]))
        return signs[0], (first[signs[1]], f"{here} is of another unit than {there}")
    if _PERCENT in first and "" in first:
        here, there = (_shown(cells[first[sign]]) for sign in ("", _PERCENT))
        return _PERCENT, (first[""], f"{here} has no percent sign, unlike {there}")
    return "".join(signs), None


def unlike_sign(cells: Sequence[str], read: NumbersRead, trained: str) -> tuple[int, str] | None:
    """Return a conflict if ``cells`` have another sign than the numbers of training had."""
    sign = read.format.sign
    percentages = (sign == _PERCENT, trained == _PERCENT)
    known = np.flatnonzero(np.isfinite(read.values) & (read.values != 0))
    if sign == trained or not len(known) or (not any(percentages) and not (sign and trained)):
        return None
    usual = f"have {trained}" if trained else "have no percent sign"
    return int(known[0]), f"the values of training {usual}, unlike {_shown(cells[known[0]])}"


def _shown(cell: str) -> str:
    return quoted(make_printable(cell.strip()), 30)
