"""Missing values: which cells are missing; counted, and refused or dropped with their rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import DataError, MissingValues
from nn_tui.types import Array

_MISSING = frozenset(("", "na", "n/a", "nan", "-nan", "+nan", "null", "?"))


def is_missing(cell: str) -> bool:
    """Return whether a cell marks a missing value: empty, NA, N/A, NaN, null or ?."""
    return len(cell) < 16 and cell.strip().lower() in _MISSING


@dataclass
class MissingValueCounter:
    """Counts the missing values (NaN) of a file; with ``drop``, their rows are dropped."""

    drop: bool
    values: int = 0
    rows: int = 0
    first: str = ""

    def complete_rows(self, block: Array, where: Callable[[int, int], str]) -> Array:
        """Return ``block`` (rows, columns) without incomplete rows, which are counted.

        ``where(row, column)`` describes the position of a value in the file.
        """
        missing = np.isnan(block)
        incomplete = missing.any(axis=1)
        if not incomplete.any():
            return block
        if not self.first:
            row = int(np.argmax(incomplete))
            self.first = where(row, int(np.argmax(missing[row])))
        self.values += int(missing.sum())
        self.rows += int(incomplete.sum())
        return block[~incomplete]

    def check(self, rows_left: int) -> None:
        """Raise MissingValues unless rows are dropped, DataError if no row is left."""
        if self.values and not self.drop:
            raise MissingValues(self.first, self.values, self.rows, rows_left)
        if self.values and not rows_left:
            raise DataError(f"every one of the {self.rows:,} rows has a missing value")

    @property
    def notes(self) -> tuple[str, ...]:
        """The number of dropped rows, as a note for the user."""
        if not self.rows:
            return ()
        if self.rows == 1:
            return ("1 row with missing values was dropped",)
        return (f"{self.rows:,} rows with missing values were dropped",)
