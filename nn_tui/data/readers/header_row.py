"""Whether the first row of a table has the column names."""

from collections.abc import Sequence

from nn_tui.data.readers.csv_numbers import is_number, to_number
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.text import quoted

HEADERS = {
    "text": "the first row, if it contains no number",
    "auto": "also a row of numbers that cannot be a sample, such as 0, 1, 2",
    "yes": "the first row has the column names",
    "no": "the first row is a sample",
}
"""Help of the ways to find the column names, by recipe name."""

_MOST_SHOWN = 40

_LEAST_RUN = 3
"""The fewest consecutive numbers that look like the numbers of columns, not like a sample."""


def shown_row(cells: Sequence[str]) -> str:
    """Return the cells of a row for a sentence."""
    return quoted(", ".join(cell.strip() for cell in cells), _MOST_SHOWN)[1:-1]


class FirstRow:
    """The first row of a table, above ``rows`` of as many cells.

    A cell is a number with the decimal separator ``decimal``.
    """

    def __init__(self, cells: Sequence[str], rows: Sequence[Sequence[str]], decimal: str) -> None:
        self._cells = cells
        self._rows = [row for row in rows if len(row) == len(cells)]
        self._decimal = decimal

    def is_header(self, how: str) -> tuple[bool, str]:
        """Return whether it has the column names, found as ``how`` (one of ``HEADERS``) says.

        Where this is in doubt, a reason follows, to be told to the user.
        """
        if how in ("yes", "no"):
            return how == "yes", ""
        if all(map(is_missing, self._cells)):
            return False, ""
        has_number = any(self._is_number(cell) for cell in self._cells)
        if how == "text":
            return not has_number, ""
        return self._among_numbers() if has_number else self._among_texts()

    def _is_number(self, cell: str) -> bool:
        return is_number(cell, self._decimal)

    def _column(self, place: int) -> list[str]:
        return [row[place] for row in self._rows if not is_missing(row[place])]

    def _among_texts(self) -> tuple[bool, str]:
        """Decide for a row without numbers: a header, unless half of its values recur below it."""
        if any(self._is_number(cell) for row in self._rows for cell in row):
            return True, ""
        columns = [self._column(place) for place in range(len(self._cells))]
        recurring = [
            cell.strip() in map(str.strip, column)
            for cell, column in zip(self._cells, columns, strict=True)
        ]
        sample = len(self._rows) > 1 and 2 * sum(recurring) >= len(recurring)
        return (False, "its values recur below it") if sample else (True, "")

    def _among_numbers(self) -> tuple[bool, str]:
        """Decide for a row with numbers: a sample, unless it cannot be one."""
        if self._counts_below_nothing():
            return True, ""
        places = [place for place, cell in enumerate(self._cells) if self._is_number(cell)]
        texts = [place for place in range(len(self._cells)) if place not in places]
        if any(is_missing(self._cells[place]) for place in texts) or not self._rows:
            return False, ""
        run = self._run([self._cells[place] for place in places])
        below = self._run([self._rows[0][place] for place in places])
        # Rows of consecutive numbers may be windows of a series.
        if run is not None and (texts or below is None):
            if not texts and run == 0 and len(places) >= _LEAST_RUN:
                return True, "its values number the columns"
            enough = len(places) >= (2 if texts else _LEAST_RUN) and len(self._rows) >= _LEAST_RUN
            if enough and all(map(self._is_outside, places)) and not any(map(self._recurs, texts)):
                return True, "its values are outside the range of those below it"
        names = len(texts) >= len(places) and all(map(self._is_integer, places))
        above = any(map(self._is_above_numbers, texts)) and not any(map(self._recurs, texts))
        if names and above:
            return True, "it has text above numbers"
        return False, ""

    def _counts_below_nothing(self) -> bool:
        """Return whether an empty first cell is above row numbers, as pandas writes an index."""
        if self._cells[0].strip() or len(self._cells) < 2 or not self._rows:
            return False
        counts = self._run([row[0] for row in self._rows])
        return counts in (0, 1)

    def _run(self, cells: Sequence[str]) -> int | None:
        """Return the first of consecutive whole numbers; None for any others."""
        values = [to_number(cell, self._decimal) for cell in cells]
        first = values[0] if values else None
        if first is None or first != first // 1 or abs(first) > 1e9:
            return None
        return int(first) if values == [first + n for n in range(len(values))] else None

    def _is_outside(self, place: int) -> bool:
        own = to_number(self._cells[place], self._decimal)
        below = [to_number(cell, self._decimal) for cell in self._column(place)]
        known = [value for value in below if value is not None]
        if own is None or len(known) < len(below) or not known:
            return False
        return not min(known) <= own <= max(known)

    def _is_integer(self, place: int) -> bool:
        value = to_number(self._cells[place], self._decimal)
        return value is not None and value == value // 1

    def _is_above_numbers(self, place: int) -> bool:
        column = self._column(place)
        return len(column) > 1 and all(map(self._is_number, column))

    def _recurs(self, place: int) -> bool:
        return self._cells[place].strip() in map(str.strip, self._column(place))
