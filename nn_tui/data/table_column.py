"""What is known of a column of a table: its type, how its cells are written, its role."""

from dataclasses import dataclass

KINDS = {
    "number": "numbers",
    "category": "one of several strings",
    "date": "dates, with or without a time",
    "identifier": "numbers the rows",
    "text": "strings that are nearly all different, or very many",
    "empty": "no values",
}
"""Help of the types of a column."""

ROLES = ("input", "target", "left out", "not asked for")


@dataclass(frozen=True)
class TableColumn:
    """A column of a table.

    ``kind`` is one of ``KINDS``, empty if unknown. ``written`` is how numbers or dates are
    written: the decimal separator and the sign of numbers, the order of a date's parts.
    ``role`` is one of ``ROLES``; ``reason`` is why a column is left out. ``distinct`` is the
    number of distinct values, None if they were not counted, ``missing`` that of missing
    values; ``example`` is one of the cells.
    """

    name: str
    kind: str = ""
    written: str = ""
    role: str = "input"
    reason: str = ""
    distinct: int | None = None
    missing: int = 0
    example: str = ""
