"""The columns of a text file: inputs, targets, categories, one-hot encoding."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.labels import MOST_CATEGORIES, natural_order
from nn_tui.data.preprocessing import excludes, feature_names, joined_names
from nn_tui.data.readers.csv_numbers import to_number, why_no_number
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.table_head import ColumnNames
from nn_tui.memory import check_memory
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array

_NOTHING = frozenset(("", "NA", "?"))
"""The most common markers of missing values, for fast parsing; see ``is_missing``."""


@dataclass
class CsvColumn:
    """A column of a file; ``place`` is its index.

    ``categories`` maps the strings found so far to numbers; None for a numeric column.
    """

    place: int
    name: str
    decimal: str
    categories: dict[str, int] | None = None
    target: bool = False

    def where(self, line: int) -> str:
        """Describe the position of a cell."""
        return f"line {line:,}, column {self.place + 1} ({quoted(self.name, 30)[1:-1]})"

    def values(self, cells: Sequence[str], lines: Sequence[int]) -> Array:
        """Return the numbers or category numbers of cells, (cells,); ``lines`` are line numbers.

        Raises DataError for a cell that is not a finite number, and for too many categories.
        """
        if self.categories is not None:
            return np.array([self._category(c, n) for c, n in zip(cells, lines, strict=True)])
        values = self._at_once(cells)
        if values is not None:
            return values
        return np.array([self._number(c, n) for c, n in zip(cells, lines, strict=True)])

    def _at_once(self, cells: Sequence[str]) -> Array | None:
        """Return the numbers if all cells are plain numbers or missing; otherwise None."""
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
        text = make_printable(cell.strip())
        number = self.categories.setdefault(text, len(self.categories))
        if number >= MOST_CATEGORIES:
            kinds = "classes" if self.target else "categories"
            option = "choose another target column with data.target"
            leave_out = f"leave the column out with data.features = -{make_printable(self.name)}"
            remedy = option if self.target else leave_out
            raise DataError(
                f"{self.where(line)}: {quoted(text)} exceeds the maximum of "
                f"{MOST_CATEGORIES} {kinds}; {remedy}"
            )
        return number


@dataclass(frozen=True)
class ColumnLayout:
    """The columns to read, as inputs and targets.

    ``width`` is the number of cells per row; ``empty`` are the indices of columns without
    name and values, which are ignored. ``names`` are those of all other columns.
    """

    width: int
    inputs: tuple[CsvColumn, ...]
    targets: tuple[CsvColumn, ...]
    empty: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def columns(self) -> tuple[CsvColumn, ...]:
        """All columns that are read, inputs first."""
        return (*self.inputs, *self.targets)

    @property
    def plain(self) -> bool:
        """Whether all cells of a row are numbers that are read."""
        texts = any(column.categories is not None for column in self.columns)
        return len(self.columns) == self.width and not texts


def lay_out_columns(
    names: ColumnNames | None,
    rows: Sequence[Sequence[str]],
    decimal: str,
    target: Sequence[str],
    features: Sequence[str],
) -> ColumnLayout:
    """Determine the layout of a file from its header, if any, and its first rows.

    ``target`` names the target columns (empty: the last one); if all ``features`` are
    columns, only these are read. Raises DataError for unknown names.
    """
    width = len(names.cells if names else rows[0])
    cells = [[row[place] for row in rows if len(row) == width] for place in range(width)]
    empty = tuple(
        place
        for place in range(width)
        if not (names and names.cells[place].strip()) and not any(map(str.strip, cells[place]))
    )
    places = [place for place in range(width) if place not in empty]
    if len(places) < 2:
        raise DataError(
            "there is only one column; at least an input and a target are required, "
            "separated by a comma, a semicolon, a tab, | or blanks"
        )
    columns = {
        name: CsvColumn(
            place,
            name,
            decimal,
            {} if _is_categorical(cells[place], decimal, _kind(names, place)) else None,
        )
        for name, place in zip(_names(names, places), places, strict=True)
    }
    targets = [_found(name, columns) for name in target or [*columns][-1:]]
    for column in targets:
        column.target = True
        if len(targets) > 1 and column.categories is not None:
            raise DataError(
                f"the target {quoted(column.name)} is categorical; with several targets, "
                "all must be numbers"
            )
    inputs = [column for column in columns.values() if not column.target]
    if not inputs:
        raise DataError("every column is a target; at least one must be an input")
    read = tuple(_only(inputs, features))
    return ColumnLayout(width, read, tuple(targets), empty, tuple(columns))


def _names(names: ColumnNames | None, places: Sequence[int]) -> list[str]:
    if names is None:
        return [*(f"x{number}" for number in range(1, len(places))), "y"]
    return [make_printable(names.cells[place].strip()) or f"column {place + 1}" for place in places]


def _kind(names: ColumnNames | None, place: int) -> str:
    return names.kind(place) if names else ""


def _is_categorical(cells: Sequence[str], decimal: str, kind: str) -> bool:
    """Return whether a column is declared as categories, or most values are not numbers."""
    if kind:
        return kind == "category"
    values = [cell for cell in cells if not is_missing(cell)]
    return 2 * sum(to_number(cell, decimal) is not None for cell in values) < len(values)


def _found(name: str, columns: dict[str, CsvColumn]) -> CsvColumn:
    if name in columns:
        return columns[name]
    hint = did_you_mean(name, columns, f"the columns are {joined_names([*columns])}")
    raise DataError(f"there is no target column {quoted(name)}; {hint}")


def _only(inputs: list[CsvColumn], features: Sequence[str]) -> list[CsvColumn]:
    """Return the columns named in ``features``, or all but those named with a leading -.

    All of them if a feature is not a column.
    """
    names = [column.name for column in inputs]
    if features and all(excludes(name, names) for name in features):
        out = {name.removeprefix("-") for name in features}
        for name in out.difference(names, feature_names(names)):
            hint = did_you_mean(name, names, f"the inputs are {joined_names(names)}")
            raise DataError(f"there is no input {quoted(name)} to leave out; {hint}")
        if not out.issuperset(names):
            return [column for column in inputs if column.name not in out]
    named = {name: [column for column in inputs if _names_it(name, column)] for name in features}
    if not named or not all(named.values()):
        return inputs
    return [column for column in inputs if any(column in found for found in named.values())]


def _names_it(name: str, column: CsvColumn) -> bool:
    is_text = column.categories is not None
    return name == column.name or (is_text and name.startswith(f"{column.name}="))


def assemble(
    inputs: Array, targets: Array, layout: ColumnLayout, notes: tuple[str, ...]
) -> Dataset:
    """Return the unnamed, unsplit dataset, in row order.

    ``inputs`` and ``targets`` are the columns of ``layout``, strings as category numbers.
    Raises DataError for a single class and for duplicate input names.
    """
    classes: tuple[str, ...] = ()
    if layout.targets[0].categories is not None:
        codes, classes = _sorted_codes(targets[:, 0], layout.targets[0])
        if len(classes) < 2:
            raise DataError(
                f"all rows have the class {quoted(classes[0])}; there must be at least two"
            )
        targets = codes[:, None].astype(np.float64)
    inputs, names, more = _one_hot(inputs, layout.inputs)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"two inputs would be named {quoted(twice)}; rename that column")
    target_names = tuple(column.name for column in layout.targets)
    return Dataset(
        "",
        inputs,
        targets,
        names,
        target_names,
        len(inputs),
        classes,
        notes=(*notes, *more),
        columns=layout.names,
    )


def _sorted_codes(numbers: Array, column: CsvColumn) -> tuple[Array, tuple[str, ...]]:
    """Return category numbers (rows,) in natural order, and the names that occur."""
    assert column.categories is not None
    met = [*column.categories]
    present = [met[int(number)] for number in np.unique(numbers[~np.isnan(numbers)])]
    names = natural_order(present)
    place = {name: number for number, name in enumerate(names)}
    known = np.nan_to_num(numbers).astype(int)
    return np.array([place.get(name, 0) for name in met], int)[known], tuple(names)


def _one_hot(
    inputs: Array, columns: tuple[CsvColumn, ...]
) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Return inputs with one-hot encoded categories, their names, and notes."""
    if all(column.categories is None for column in columns):
        return inputs, tuple(column.name for column in columns), ()
    parts: list[tuple[Array, tuple[str, ...]]] = []
    for number, column in enumerate(columns):
        known = column.categories is not None
        parts.append(_sorted_codes(inputs[:, number], column) if known else (inputs[:, number], ()))
    width = sum(len(texts) or 1 for _, texts in parts)
    check_memory(len(inputs), width, "the one-hot encoded columns")
    made = np.zeros((len(inputs), width))
    names: list[str] = []
    texts_of: dict[str, int] = {}
    rows = np.arange(len(inputs))
    for column, (values, texts) in zip(columns, parts, strict=True):
        if column.categories is None:
            made[:, len(names)] = values
            names.append(column.name)
        else:
            made[rows, len(names) + values] = 1
            absent = np.isnan(inputs[:, columns.index(column)])
            made[absent, len(names) : len(names) + len(texts)] = np.nan
            names += (f"{column.name}={text}" for text in texts)
            texts_of[column.name] = len(texts)
    return made, tuple(names), (_one_hot_note(texts_of),)


def _one_hot_note(texts_of: dict[str, int]) -> str:
    """Return a note on one-hot encoded columns; ``texts_of`` are their numbers of categories."""
    count, names = sum(texts_of.values()), joined_names([*texts_of], 4)
    which = f"the column {names} is" if len(texts_of) == 1 else f"the columns {names} are"
    return f"{which} categorical, one-hot encoded as {count} inputs"
