"""Missing values: which cells are missing; counted, and refused or dropped with their rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import DataError, MissingValues
from nn_tui.types import Array

_WORDS = ("na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "null", "(null)", "none")
MARKERS = ("", "?", "-", ".", *_WORDS)
"""What marks a missing value, in lower case."""

_MISSING = frozenset(MARKERS)

MISSING = {
    "refuse": "error, with the row",
    "drop": "drop rows with missing values",
    "fill": "median or most frequent value; rows without a target are dropped",
}
"""Help of the ways to handle missing values, by recipe name."""


def is_missing(cell: str) -> bool:
    """Return whether a cell marks a missing value: empty, NA, N/A, NaN, null, None, ?, - or ."""
    return len(cell) < 16 and cell.strip().lower() in _MISSING


@dataclass
class MissingValueCounter:
    """Counts the missing values (NaN) of a file, and handles them as ``how``, one of ``MISSING``.

    ``inputs`` is the number of columns before the targets; with ``fill`` only rows without a
    target are dropped.
    """

    how: str
    inputs: int
    values: int = 0
    rows: int = 0
    first: str = ""

    def complete_rows(self, block: Array, where: Callable[[int, int], str]) -> Array:
        """Return ``block`` (rows, columns) without incomplete rows, which are counted.

        ``where(row, column)`` describes the position of a value in the file.
        """
        missing = np.isnan(block)
        incomplete = missing.any(axis=1)
        if self.how == "fill":
            incomplete = missing[:, self.inputs :].any(axis=1)
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
        if self.values and self.how == "refuse":
            raise MissingValues(self.first, self.values, self.rows, rows_left)
        if self.values and not rows_left:
            what = "no target" if self.how == "fill" else "a missing value"
            raise DataError(f"every one of the {self.rows:,} rows has {what}")

    @property
    def notes(self) -> tuple[str, ...]:
        """The number of dropped rows, as a note for the user."""
        if not self.rows:
            return ()
        what = "without a target" if self.how == "fill" else "with missing values"
        if self.rows == 1:
            return (f"1 row {what} was dropped",)
        return (f"{self.rows:,} rows {what} were dropped",)
