"""Numbers in the cells of a text file."""

import math
from collections.abc import Iterable

from nn_tui.data.readers.missing_values import is_missing
from nn_tui.text import quoted


def to_number(cell: str, decimal: str = ".") -> float | None:
    """Return the number in a cell, possibly infinite; None if it is not a number.

    With the decimal separator ``,`` a number has no point, which may separate thousands.
    """
    if decimal == ",":
        if "." in cell:
            return None
        cell = cell.replace(",", ".")
    # float() also accepts 1_000 and non-ASCII digits, which are text in files.
    if "_" in cell or not cell.isascii():
        return None
    try:
        return float(cell)
    except ValueError:
        return None


def is_number(cell: str, decimal: str = ".") -> bool:
    """Return whether a cell is a number and not missing."""
    return to_number(cell, decimal) is not None and not is_missing(cell)


def decimal_sign(cells: Iterable[str]) -> str:
    """Return ``,`` if more cells are numbers with a comma than with a point, else ``.``."""
    commas = points = 0
    for cell in cells:
        commas += "," in cell and is_number(cell, ",")
        points += "." in cell and is_number(cell, ".")
    return "," if commas > points else "."


def why_no_number(cell: str, decimal: str) -> str:
    """Return why a cell is not a finite number, for an error message."""
    value = to_number(cell, decimal)
    if value is None:
        return f"{quoted(cell.strip())} is not a number"
    if math.isinf(value) and any(character.isdigit() for character in cell):
        return f"{quoted(cell.strip())} is too large for a number"
    return f"{quoted(cell.strip())} is not a finite number"
