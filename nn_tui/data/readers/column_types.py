"""What a column of a text file is: numbers, dates, categories or other strings.

The whole column decides. Numbers and dates are recognized as people write them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.errors import ColumnError
from nn_tui.data.labels import MOST_CATEGORIES
from nn_tui.data.readers.csv_columns import CsvColumn
from nn_tui.data.readers.csv_numbers import why_no_number
from nn_tui.data.readers.date_formats import ORDERS, DatesRead, read_dates
from nn_tui.data.readers.distinct_cells import DistinctCells
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.number_formats import NumbersRead, read_numbers
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array

_NEARLY_ALL = 0.8
"""The share of cells that must be numbers, or dates, for the others to be mistakes."""
_SAMPLE = 1000
_LEAST_ROWS, _LEAST_ROWS_LATER = 20, 100
"""In fewer rows, values that number them or are all different may be chance.

An index is mostly the first column: any other column needs more rows to count as one.
"""
_IDENTIFIER = re.compile(
    r"(?:.*[\W_])?(?:id|idx|index|nr|no|number|row|rowid|rownames?|key|uuid|guid)\.?"
    r"|.*[a-z](?:Id|ID)|unnamed\W.*|column 1",
)


@dataclass
class ColumnRead:
    """A column and its ``kind``, one of ``table_column.KINDS``.

    ``texts`` are the strings of a category or text by number. ``note`` is how its cells were
    read, if that is not obvious.
    """

    column: CsvColumn
    kind: str
    written: str = ""
    texts: tuple[str, ...] = ()
    distinct: int | None = None
    example: str = ""
    note: str = ""

    @property
    def reason(self) -> str:
        """Why the column is left out, if it is."""
        if self.kind == "text":
            return f"{len(self.texts):,} different strings"
        return {"identifier": "numbers the rows", "empty": "no values"}.get(self.kind, "")

    @property
    def usable(self) -> bool:
        """Whether the column can be an input."""
        return self.kind != "empty" and len(self.texts) <= MOST_CATEGORIES


def read_column(column: CsvColumn, values: Array) -> tuple[ColumnRead, Array]:
    """Return what a column is, and its values (rows,): NaN where missing.

    ``values`` are those of ``CsvColumn.values``. Category numbers and ordinal days stand for
    strings and dates. Raises ColumnError for a cell that is not like the others.
    """
    if column.cells is None:
        return _plain_numbers(column, values)
    whole = _Whole(column, column.cells, values)
    text = column.strict or column.declared == "category"
    known = None if text else whole.number() or (None if column.target else whole.date())
    read, of_cells = known or whole.strings()
    return read, of_cells[values.astype(np.intp)]


def _plain_numbers(column: CsvColumn, values: Array) -> tuple[ColumnRead, Array]:
    first = values[:_LEAST_ROWS][~np.isnan(values[:_LEAST_ROWS])]
    kind = "number"
    if not column.strict and not column.target:
        if numbers_rows(column, values):
            kind = "identifier"
        elif not len(first) and np.isnan(values).all():
            kind = "empty"
    example = f"{first[0]:.10g}" if len(first) else ""
    return ColumnRead(column, kind, column.decimal, example=example), values


def numbers_rows(column: CsvColumn, values: Array) -> bool:
    """Return whether ``values`` (rows,) number or identify the rows, as an index does.

    They are whole numbers, all different, from 0 or 1 to the number of rows; any, if the name
    is that of an identifier.
    """
    rows, few = len(values), values[:_SAMPLE]
    name, least = column.name, _LEAST_ROWS_LATER if column.place else _LEAST_ROWS
    named = _IDENTIFIER.fullmatch(name if re.search("[a-z]I[dD]$", name) else name.lower())
    if rows < (3 if named else least) or not (few == np.rint(few)).all():
        return False
    if len(np.unique(few)) < len(few) or not (values == np.rint(values)).all():
        return False
    low, high = values.min(), values.max()
    from_start = low in (0, 1) and high - low == rows - 1
    return bool((from_start or named) and len(np.unique(values)) == rows)


def is_free_text(distinct: int, known: int) -> bool:
    """Return whether ``distinct`` strings of ``known`` values are too many for categories."""
    all_differ = distinct == known >= 5
    return (
        all_differ or distinct > MOST_CATEGORIES or (known >= _LEAST_ROWS and 2 * distinct > known)
    )


class _Whole:
    """The distinct cells of a column, and how often each one occurs."""

    def __init__(self, column: CsvColumn, found: DistinctCells, numbers: Array) -> None:
        self.column, self.found, self.cells = column, found, found.cells
        counts = np.bincount(numbers.astype(np.intp), minlength=len(self.cells))
        self.known = np.array([not is_missing(cell) for cell in self.cells], bool)
        self.places = np.flatnonzero(self.known)
        self.told = [self.cells[place] for place in self.places]
        self.counts = counts[self.known]
        self.total = int(self.counts.sum())

    def number(self) -> tuple[ColumnRead, Array] | None:
        """Return the column as numbers, if nearly all of its cells are such."""
        if not self.told:
            return ColumnRead(self.column, "empty"), np.full(len(self.cells), np.nan)
        if not self._sample_is(lambda some: self._numbers(some).like):
            return None
        read = self._numbers(self.told)
        if not self._nearly_all(read.like):
            return None
        wrong = np.flatnonzero(~read.like)
        if len(wrong) and len(self.told) <= 10 and self.total >= 3 * len(self.told):
            return None  # categories such as 0, 1, 2, 3+
        if read.conflict is not None:
            place, why = read.conflict
            raise self._error(place, why)
        for place in (*wrong.tolist(), *np.flatnonzero(np.isinf(read.values)).tolist()):
            raise self._error(place, why_no_number(self.told[place], read.format.decimal))
        values = self._of_cells(read.values)
        made = self._made(
            "number", "".join(read.format), _number_note(self.column, self.told, read)
        )
        if not self.column.target and numbers_rows(
            self.column, np.repeat(read.values, self.counts)
        ):
            made.kind = "identifier"
        return made, values

    def date(self) -> tuple[ColumnRead, Array] | None:
        """Return the column as ordinal days, if nearly all of its cells are dates."""
        if not self._sample_is(
            lambda some: ~np.isnan(read_dates(some, np.ones(len(some), int)).days)
        ):
            return None
        read = read_dates(self.told, self.counts, self.column.written)
        missing = np.isnan(read.days)
        if not self._nearly_all(~missing):
            return None
        for place in np.flatnonzero(missing).tolist():
            raise self._error(
                place, f"{quoted(self.told[place].strip())} is not a date like the others"
            )
        made = self._made("date", read.order, _date_note(self.column, self.told, read))
        return made, self._of_cells(read.days)

    def strings(self) -> tuple[ColumnRead, Array]:
        """Return the column as strings, by number."""
        numbers: dict[str, int] = {}
        of_cells = np.array(
            [numbers.setdefault(make_printable(cell.strip()), len(numbers)) for cell in self.told],
            float,
        )
        column = self.column
        free = not column.strict and not column.target and is_free_text(len(numbers), self.total)
        wanted = column.strict or column.target or column.named
        if len(numbers) > MOST_CATEGORIES and wanted:
            raise self._too_many([*numbers][MOST_CATEGORIES], of_cells)
        made = self._made("text" if free else "category", "")
        made.texts, made.distinct = tuple(numbers), len(numbers)
        return made, self._of_cells(of_cells)

    def _made(self, kind: str, written: str, note: str = "") -> ColumnRead:
        example = make_printable(self.told[0].strip()) if self.told else ""
        return ColumnRead(
            self.column, kind, written, distinct=len(self.told), example=example, note=note
        )

    def _numbers(self, cells: Sequence[str]) -> NumbersRead:
        counts = self.counts if cells is self.told else np.ones(len(cells), int)
        written = self.column.written
        trained = written[:1] if written and written not in ORDERS else ""
        return read_numbers(cells, counts, trained or self.column.decimal)

    def _sample_is(self, like: Callable[[Sequence[str]], Array]) -> bool:
        """Return whether half of some cells are ``like`` what is looked for.

        All cells of a long column of strings are not looked at in vain.
        """
        some = self.told[:: 1 + len(self.told) // _SAMPLE]
        return len(self.told) <= _SAMPLE or bool(2 * like(some).sum() >= len(some))

    def _nearly_all(self, like: Array) -> bool:
        return bool(self.counts[like].sum() >= _NEARLY_ALL * self.total > 0)

    def _of_cells(self, values: Array) -> Array:
        made = np.full(len(self.cells), np.nan)
        made[self.known] = values
        return made

    def _error(self, place: int, why: str) -> ColumnError:
        column = self.column
        line = self.found.lines[self.places[place]]
        option = f"data.features = -{make_printable(column.name)} leaves the column out"
        hint = "" if column.target else f"; {option}"
        message = f"{column.where(line)}: {why}{hint}"
        return ColumnError(message, column.name, column.target, is_other=True)

    def _too_many(self, text: str, of_cells: Array) -> ColumnError:
        column = self.column
        place = int(np.argmax(of_cells == MOST_CATEGORIES))
        line = self.found.lines[self.places[place]]
        kinds = "classes" if column.target else "categories"
        leave_out = f"leave the column out with data.features = -{make_printable(column.name)}"
        remedy = "choose another target column with data.target" if column.target else leave_out
        message = (
            f"{column.where(line)}: {quoted(text)} exceeds the maximum of "
            f"{MOST_CATEGORIES} {kinds}; {remedy}"
        )
        return ColumnError(message, column.name, column.target)


def _number_note(column: CsvColumn, cells: Sequence[str], read: NumbersRead) -> str:
    """Say how a cell was read that is no plain number, or that has two meanings."""
    places = [place for place, cell in enumerate(cells) if "," in cell] if read.ambiguous else []
    place = places[0] if places else read.example
    if place < 0:
        return ""
    shown = make_printable(cells[place].strip())
    unsure = " (the comma could also " if read.ambiguous else ""
    if unsure:
        separates = "decimals" if read.format.decimal == "." else "thousands"
        unsure += f"separate {separates})"
    return f"{column.name}: {shown} is read as {read.values[place]:.12g}{unsure}"


def _date_note(column: CsvColumn, cells: Sequence[str], read: DatesRead) -> str:
    """Say in which order day and month were read."""
    if read.order == "ymd":
        return ""
    unsure = ""
    if read.ambiguous:
        other = "mdy" if read.order == "dmy" else "dmy"
        unsure = f"; they could also be {ORDERS[other]}: write 2024-12-31 to be sure"
    shown = make_printable(cells[0].strip())
    return f"{column.name} has dates such as {shown}, read as {ORDERS[read.order]}{unsure}"
