"""Code of the functions of a script that read numbers and dates from the cells of a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.data.table_column import TableColumn

_UNKNOWN = TableColumn("")


@dataclass(frozen=True)
class ScriptColumn:
    """A column of the table that the network uses; ``table`` describes it.

    ``typical`` replaces a missing value: a number, one of ``categories``, or the numbers of a
    date. ``parts`` are the inputs beside a date's ordinal day, None for other columns.
    ``marked`` is whether another input says that the value is missing.
    """

    name: str
    typical: str | float | tuple[float, ...]
    categories: tuple[str, ...] = ()
    parts: tuple[str, ...] | None = None
    marked: bool = False
    table: TableColumn = _UNKNOWN

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return not self.categories and self.parts is None

    @property
    def comma(self) -> bool:
        """Whether its numbers have a decimal comma."""
        return self.table.written.startswith(",")

    @property
    def plain(self) -> bool:
        """Whether all its cells are numbers as Python writes them."""
        return self.table.distinct is None and not self.comma


_NUMBER = """
def number(cell):
    \"\"\"The number in a cell such as 1200, "$1,200.50", "12 %" or "(5)", which is -5.\"\"\"
    if not isinstance(cell, str):
        return float(cell)
    match = re.search(r"[0-9.][0-9.,'’\\s]*([eEdD][-+]?[0-9]+)?", cell)
    if match is None:
        raise ValueError(f"{cell!r} is not a number")
    around = cell[: match.start()] + cell[match.end() :]
    sign = -1 if any(mark in around for mark in "(-−–﹣－") else 1
    digits = re.sub(r"[,'’\\s]", "", match[0])
    return sign * float(digits.upper().replace("D", "E"))
""".strip().splitlines()
_DECIMAL_COMMA = '    cell = cell.translate(str.maketrans(".,", ",."))  # 1.234,5 is 1,234.5'
_COMMA_OF_SOME = f"    if comma:\n    {_DECIMAL_COMMA}".splitlines()


def number_code(columns: Sequence[ScriptColumn]) -> tuple[list[str], str]:
    """The function that reads numbers, if some are not plain, and a call of it for a cell."""
    numbers = [column for column in columns if column.is_number]
    commas = [column for column in numbers if column.comma]
    if all(column.plain for column in numbers):
        return [], "float(cell)"
    head, doc, first, second, *rest = _NUMBER
    if commas and len(commas) < len(numbers):
        head = "def number(cell, comma):"
        return [head, doc, first, second, *_COMMA_OF_SOME, *rest], "number(cell, name in comma)"
    return [head, doc, first, second, *([_DECIMAL_COMMA] if commas else []), *rest], "number(cell)"


_DAY = """
def date_inputs(cell, parts):
    \"\"\"The ordinal day of a date, with the time as a fraction, and parts of it.\"\"\"
    if isinstance(cell, str):
        cell = date_in(cell)
    day = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
    seconds = day.hour * 3600 + day.minute * 60 + day.second + day.microsecond / 1e6
    known = {"weekday": day.weekday(), "month": day.month, "hour": day.hour}
    return [day.toordinal() + seconds / 86400, *(known[part] for part in parts)]
""".strip().splitlines()
_DATE_IN = """
def date_in(cell):
    \"\"\"The date in a cell such as EXAMPLE, with or without a time.\"\"\"
    ORDER, *time = map(int, re.findall(r"[0-9]+", cell))
    if year < 100:
        year += 2000 if year < 70 else 1900
    return datetime(year, month, day, *time[:3])
""".strip()
_ISO_DATE_IN = """
def date_in(cell):
    \"\"\"The date in a cell such as 2024-01-31, with or without a time.\"\"\"
    return datetime.fromisoformat(cell.strip())
""".strip()
_ORDERS = {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}
_DIGITS = re.compile(r"[0-9]+[-/.][0-9]+[-/.][0-9]+(?:[T ]+[0-9:]+)?", re.ASCII)


def date_code(columns: Sequence[ScriptColumn]) -> list[str]:
    """The functions that encode dates, if there are any.

    Dates in text are those of the table if they are of digits, all in one order; else, as
    ISO 8601 has them.
    """
    dates = [column for column in columns if column.parts is not None]
    if not dates:
        return []
    order, code = _order(columns), _ISO_DATE_IN
    if order:
        code = _DATE_IN.replace("EXAMPLE", dates[0].table.example).replace("ORDER", _ORDERS[order])
    return [*code.splitlines(), "", "", *_DAY, "", ""]


def reads_iso_dates(columns: Sequence[ScriptColumn]) -> bool:
    """Whether the functions of ``date_code`` read dates such as 2024-01-31."""
    return _order(columns) in ("", "ymd")


def _order(columns: Sequence[ScriptColumn]) -> str:
    """The order of day, month and year in all dates; empty if it is not the same in all."""
    dates = [column.table for column in columns if column.parts is not None]
    orders = {column.written for column in dates}
    same = len(orders) == 1 and all(_DIGITS.fullmatch(column.example) for column in dates)
    return orders.pop() if same else ""
