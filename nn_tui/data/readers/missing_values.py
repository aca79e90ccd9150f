"""Missing values: refused, or their rows left out, but always counted."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import DataError, MissingValues
from nn_tui.types import Array


@dataclass
class MissingValueCounter:
    """The missing values, which are NaN, met so far."""

    drop: bool
    values: int = 0
    rows: int = 0
    first: str = ""

    def leave_out(self, block: Array, where: Callable[[int, int], str]) -> Array:
        """``block`` (rows, columns) without the rows that have gaps, which are counted.

        ``where(row, column)`` says where in the file that place of the block is.
        """
        gaps = np.isnan(block)
        bad = gaps.any(axis=1)
        if not bad.any():
            return block
        if not self.first:
            row = int(np.argmax(bad))
            self.first = where(row, int(np.argmax(gaps[row])))
        self.values += int(gaps.sum())
        self.rows += int(bad.sum())
        return block[~bad]

    def check(self, rows_left: int) -> None:
        """Raises MissingValues where they must not be dropped, DataError where nothing is left."""
        if self.values and not self.drop:
            raise MissingValues(self.first, self.values, self.rows, rows_left)
        if self.values and not rows_left:
            raise DataError(f"every one of the {self.rows:,} rows has a missing value")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know."""
        if not self.rows:
            return ()
        some = "1 row was" if self.rows == 1 else f"{self.rows:,} rows were"
        return (f"{some} left out because of a missing value",)
