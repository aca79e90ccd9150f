"""A column of a text file: what its cells become.

It is floats in the end: a number as it is, a text as the number of its category in
the order of appearance, a missing value as NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.cells import is_missing, to_number, why_no_number
from nn_tui.data.clean import quoted, visible
from nn_tui.data.errors import DataError
from nn_tui.data.labels import MOST_CATEGORIES
from nn_tui.types import Array

_NOTHING = frozenset(("", "NA", "?"))
"""The usual ways to say that there is no value; ``is_missing`` knows them all."""


@dataclass
class CsvColumn:
    """One column of a file; ``place`` counts from 0.

    ``categories`` are the texts met so far with their numbers, None for numbers.
    """

    place: int
    name: str
    decimal: str
    categories: dict[str, int] | None = None
    target: bool = False

    def where(self, line: int) -> str:
        """The place of a cell for a sentence."""
        return f"line {line:,}, column {self.place + 1} ({quoted(self.name, 30)[1:-1]})"

    def values(self, cells: Sequence[str], lines: Sequence[int]) -> Array:
        """What the cells say, (cells,); ``lines`` are their line numbers.

        Raises DataError for a cell that says no finite number where one is due, and for
        one text too many.
        """
        if self.categories is not None:
            return np.array([self._category(c, n) for c, n in zip(cells, lines, strict=True)])
        values = self._at_once(cells)
        if values is not None:
            return values
        return np.array([self._number(c, n) for c, n in zip(cells, lines, strict=True)])

    def _at_once(self, cells: Sequence[str]) -> Array | None:
        """The numbers if every cell says one, or nothing in a usual way; else None."""
        together = "".join(cells)
        if "_" in together or not together.isascii():
            return None
        if self.decimal == ",":
            if "." in together:
                return None
            cells = [cell.replace(",", ".") for cell in cells]
        try:
            values = np.array([float("nan" if cell in _NOTHING else cell) for cell in cells])
        except ValueError:
            return None
        return None if np.isinf(values).any() else values

    def _number(self, cell: str, line: int) -> float:
        if is_missing(cell):
            return np.nan
        value = to_number(cell, self.decimal)
        if value is None or not np.isfinite(value):
            hint = "; if line 1 names the columns, no name may be a number" if line == 1 else ""
            raise DataError(f"{self.where(line)}: {why_no_number(cell, self.decimal)}{hint}")
        return value

    def _category(self, cell: str, line: int) -> float:
        assert self.categories is not None
        if is_missing(cell):
            return np.nan
        text = visible(cell.strip())
        number = self.categories.setdefault(text, len(self.categories))
        if number >= MOST_CATEGORIES:
            kinds = "classes" if self.target else "different texts"
            option = "name another target column with data.target"
            remedy = option if self.target else "leave the column out with data.features"
            raise DataError(
                f"{self.where(line)}: with {quoted(text)} there are more than "
                f"{MOST_CATEGORIES} {kinds}, which is the most; {remedy}"
            )
        return number
