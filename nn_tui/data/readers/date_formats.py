"""Dates and times as people write them: 2024-01-31, 31.1.2024, 1/31/24 5:30 PM, 31 Jan 2024.

A whole column is written in one order of day and month. ``read_dates`` finds it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from nn_tui.types import Array

ORDERS = {"ymd": "year-month-day", "dmy": "day/month/year", "mdy": "month/day/year"}
"""The orders of the parts of a date, in words."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = (
    r"(?:(?:T|,?\s+)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d(?:[.,]\d+)?))?"
    r"\s*(?P<half>[AP]M)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?)?"
)
_DAY, _MONTH, _WORD = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<word>[A-Z]{3,9})\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"


def _pattern(*forms: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form + _TIME, re.ASCII | re.IGNORECASE) for form in forms)


_UNMISTAKABLE = (
    rf"(?P<year>\d{{4}})(?P<mark>[-/.]){_MONTH}(?:(?P=mark){_DAY})?",
    rf"{_DAY}(?:\.\s*|[- ]){_WORD}(?:,?\s+|-){_YEAR}",
    rf"{_WORD}\s+{_DAY}(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
)
_PATTERNS = {
    "ymd": _pattern(*_UNMISTAKABLE),
    "dmy": _pattern(rf"{_DAY}(?P<mark>[-/.]){_MONTH}(?P=mark){_YEAR}", *_UNMISTAKABLE),
    "mdy": _pattern(rf"{_MONTH}(?P<mark>[-/.]){_DAY}(?P=mark){_YEAR}", *_UNMISTAKABLE),
}
_NEXT_CENTURY = 70
"""A year of two digits below this one is in the 21st century, as in POSIX, else in the 20th."""


@dataclass(frozen=True, eq=False)
class DatesRead:
    """What the distinct cells of a column are as dates; NaN where a cell is none.

    ``days`` (cells,) are ordinal days, 1 for January 1 of year 1, with the time as a fraction.
    ``order`` is one of ``ORDERS``; ``ambiguous`` is whether another one fits as well.
    """

    order: str
    days: Array
    ambiguous: bool = False


def read_dates(cells: Sequence[str], counts: Array, preferred: str = "") -> DatesRead:
    """Return the dates in the distinct ``cells`` of a column, in the order of most of them.

    ``counts`` (cells,) says how often each one occurs. Where several orders fit, it is the
    ``preferred`` one, or else that in which the cells are sorted, or else day before month.
    """
    found: dict[str, Array] = {}
    for order in ORDERS:
        if order == "ymd" or any(_PATTERNS[order][0].fullmatch(cell.strip()) for cell in cells):
            found[order] = np.array([_days(cell.strip(), order) for cell in cells], float)
    counted = {order: counts[~np.isnan(days)].sum() for order, days in found.items()}
    fitting = [order for order in found if counted[order] == max(counted.values())]
    differ = any(not np.array_equal(found[o], found[fitting[0]], equal_nan=True) for o in fitting)
    order = fitting[0]
    if differ:
        in_order = [o for o in fitting if _is_sorted(found[o])]
        order = in_order[0] if len(in_order) == 1 else order
    if preferred in fitting:
        order = preferred
    return DatesRead(order, found[order], differ)


def _is_sorted(days: Array) -> bool:
    steps = np.diff(days)
    return bool((steps >= 0).all() or (steps <= 0).all())


def _days(cell: str, order: str) -> float:
    """Return the ordinal day of a date and time, NaN if the cell is none."""
    match = next((m for form in _PATTERNS[order] if (m := form.fullmatch(cell))), None)
    if match is None:
        return np.nan
    parts = match.groupdict()
    year, month = int(parts["year"]), parts.get("month")
    if len(parts["year"]) == 2:
        year += 2000 if year < _NEXT_CENTURY else 1900
    if month is None:
        word = parts["word"].lower()[:3]
        month = _MONTHS.index(word) + 1 if word in _MONTHS else 0
    try:
        day = date(year, int(month), int(parts["day"] or 1)).toordinal()
    except ValueError:
        return np.nan
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = float((parts["second"] or "0").replace(",", "."))
    if (half := parts["half"]) is not None:
        if not 1 <= hour <= 12:
            return np.nan
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    if hour > 23 or minute > 59 or second >= 61:
        return np.nan
    return day + (hour * 3600 + minute * 60 + second) / 86_400


def date_text(day: float) -> str:
    """Return an ordinal day as text, with the time if it is not midnight.

    A number that is no day, as an edited sample may have, is returned as a number.
    """
    if not 1 <= day < date.max.toordinal():
        return f"{day:g}"
    seconds = round(day * 86_400) - round(np.floor(day)) * 86_400
    whole = date.fromordinal(int(np.floor(day)) + seconds // 86_400).isoformat()
    hours, rest = divmod(seconds % 86_400, 3600)
    if not seconds % 86_400:
        return whole
    clock = f"{whole} {hours:02}:{rest // 60:02}"
    return f"{clock}:{rest % 60:02}" if rest % 60 else clock


PARTS = ("weekday", "month", "hour")
"""Parts of a date that may be inputs of their own, beside its ordinal day."""


def date_parts(days: Array) -> dict[str, Array]:
    """Return weekday (Monday is 0), month (1 to 12) and hour of ordinal ``days``, (days,) each.

    A missing date, NaN, has missing parts.
    """
    known = np.nan_to_num(days, nan=1.0)
    whole = np.floor(known)
    months = (whole - _EPOCH).astype("datetime64[D]").astype("datetime64[M]").astype(int)
    parts = {
        "weekday": (whole - 1) % 7,
        "month": months % 12 + 1.0,
        "hour": np.floor((known - whole) * 24 + 1e-6),
    }
    return {name: np.where(np.isnan(days), np.nan, values) for name, values in parts.items()}


_EPOCH = date(1970, 1, 1).toordinal()


def varying_parts(days: Array) -> tuple[str, ...]:
    """Return the parts that vary among ordinal ``days``.

    The weekday counts only where the day of the month varies too, so not for monthly data.
    """
    known = days[~np.isnan(days)]
    if not len(known):
        return ()
    parts = date_parts(known)
    dates = (np.floor(known) - _EPOCH).astype("datetime64[D]")
    monthly = np.unique(dates - dates.astype("datetime64[M]")).size == 1
    varying = (name for name in PARTS if np.ptp(parts[name]) > 0)
    return tuple(name for name in varying if name != "weekday" or not monthly)
