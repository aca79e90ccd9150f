"""The cells of a column of new rows that only the whole column explains.

A date is read in the order of most of them, and so is the comma of 1,200; a percent sign or a
currency has to be that of training.
"""

from collections.abc import Collection, Sequence

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.readers.csv_numbers import why_no_number
from nn_tui.data.readers.date_formats import ORDERS, read_dates
from nn_tui.data.readers.distinct_cells import DistinctCells
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.number_formats import read_numbers, unlike_sign
from nn_tui.text import quoted


class WholeColumnsNeeded(Exception):
    """Some columns are not as a part of their rows suggests; ``places`` are their indices."""

    def __init__(self, places: Collection[int]) -> None:
        super().__init__(places)
        self.places = places


class WholeColumn:
    """The distinct cells of the column ``name``, and how often each one occurs.

    ``trained`` is how the cells of training were written, as in ``TableColumn``.
    """

    def __init__(self, name: str, trained: str) -> None:
        self._name, self._trained = name, trained
        self._found = DistinctCells()
        self._counts = np.zeros(0, np.intp)

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Add the next ``cells``, of these ``lines``."""
        numbers = self._found.numbers(cells, lines).astype(np.intp)
        counts = np.bincount(numbers, minlength=len(self._counts))
        counts[: len(self._counts)] += self._counts
        self._counts = counts

    def values(self, decimal: str) -> dict[str, float]:
        """Return the number, or ordinal day, of each cell; NaN where it is missing.

        ``decimal`` is the decimal separator where commas may also separate thousands. Raises
        DataError, with line and column, for a cell that is not such a finite number or date.
        """
        cells = self._found.cells
        known = [place for place, cell in enumerate(cells) if not is_missing(cell)]
        given, counts = [cells[place].strip() for place in known], self._counts[known]
        if self._trained in ORDERS:
            read = read_dates(given, counts, self._trained).days
            wrong = np.flatnonzero(np.isnan(read)).tolist()
            why = "{} is not a date like those of training"
            conflict = (wrong[0], why.format(quoted(given[wrong[0]]))) if wrong else None
        else:
            numbers = read_numbers(given, counts, decimal)
            read, conflict = numbers.values, numbers.conflict
            if self._trained and conflict is None:
                conflict = unlike_sign(given, numbers, self._trained[1:])
            wrong = np.flatnonzero(~np.isfinite(read)).tolist()
            if conflict is None and wrong:
                conflict = wrong[0], why_no_number(given[wrong[0]], numbers.format.decimal)
        if conflict is not None:
            place, reason = conflict
            line = self._found.lines[known[place]]
            raise DataError(f"line {line:,}, column {self._name}: {reason}")
        values = dict.fromkeys(cells, float("nan"))
        for place, value in zip(known, read.tolist(), strict=True):
            values[cells[place]] = value
        return values
