"""What one cell of a text file says: a number, nothing, or a text."""

import math
from collections.abc import Iterable

from nn_tui.data.clean import quoted

_MISSING = frozenset(("", "na", "n/a", "nan", "-nan", "+nan", "null", "?"))


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value: empty, NA, N/A, NaN, null or ?."""
    return len(cell) < 16 and cell.strip().lower() in _MISSING


def to_number(cell: str, decimal: str = ".") -> float | None:
    """The number that the cell says, infinite ones included; None where it says none.

    With the decimal sign ``,`` a point is no part of a number: it may part thousands.
    """
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    # Python also reads 1_000 and digits of other scripts, which files mean as text.
    if "_" in cell or not cell.isascii():
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def is_number(cell: str, decimal: str = ".") -> bool:
    """Whether the cell says a number and is not missing."""
    return to_number(cell, decimal) is not None and not is_missing(cell)


def decimal_sign(cells: Iterable[str]) -> str:
    """``,`` where more cells are numbers with a comma than with a point, else ``.``."""
    commas = points = 0
    for cell in cells:
        commas += "," in cell and is_number(cell, ",")
        points += "." in cell and is_number(cell, ".")
    return "," if commas > points else "."


def why_no_number(cell: str, decimal: str) -> str:
    """The second half of a sentence about a cell that should be a finite number."""
    value = to_number(cell, decimal)
    if value is None:
        return f"{quoted(cell.strip())} is not a number"
    if math.isinf(value) and any(character.isdigit() for character in cell):
        return f"{quoted(cell.strip())} is too large for a number"
    return f"{quoted(cell.strip())} is not a finite number"
