"""The columns of a text file: inputs, targets, and the numbers in their cells."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import excludes, feature_names, joined_names, takes_in
from nn_tui.data.readers.csv_numbers import is_number, to_number, why_no_number
from nn_tui.data.readers.distinct_cells import DistinctCells
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.table_head import ColumnNames
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array

_NOTHING = frozenset(("", "NA", "?"))
"""The most common markers of missing values, for fast parsing; see ``is_missing``."""


class NotPlain(Exception):
    """A column thought to have plain numbers has another cell; ``place`` is its index."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


@dataclass
class CsvColumn:
    """A column of a file; ``place`` is its index.

    ``cells`` are the distinct cells found so far; None for a column of plain numbers. With
    ``strict`` reading, any other cell of such a column is an error. ``named`` is whether the
    recipe asks for the column by name, ``declared`` the kind of column that the file declares,
    ``written`` how its cells are in the table of a model.
    """

    place: int
    name: str
    decimal: str
    cells: DistinctCells | None = None
    strict: bool = True
    target: bool = False
    named: bool = False
    declared: str = ""
    written: str = ""

    def where(self, line: int) -> str:
        """Describe the position of a cell."""
        return f"line {line:,}, column {self.place + 1} ({quoted(self.name, 30)[1:-1]})"

    def values(self, cells: Sequence[str], lines: Sequence[int]) -> Array:
        """Return the numbers in ``cells``, (cells,), or those of ``DistinctCells``.

        ``lines`` are line numbers. Raises DataError for a cell that is not a finite number, or
        NotPlain unless reading is strict.
        """
        if self.cells is not None:
            return self.cells.numbers(cells, lines)
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
            if not self.strict:
                raise NotPlain(self.place)
            hint = "; if line 1 names the columns, no name may be a number" if line == 1 else ""
            raise DataError(f"{self.where(line)}: {why_no_number(cell, self.decimal)}{hint}")
        return value


@dataclass(frozen=True)
class ColumnLayout:
    """The columns to read, as inputs and targets.

    ``width`` is the number of cells per row; ``empty`` are the indices of columns without
    name and values, which are ignored. ``names`` are those of all other columns. ``strict`` is
    whether numbers are plain and every column is used.
    """

    width: int
    inputs: tuple[CsvColumn, ...]
    targets: tuple[CsvColumn, ...]
    empty: tuple[int, ...]
    names: tuple[str, ...]
    strict: bool = True

    @property
    def columns(self) -> tuple[CsvColumn, ...]:
        """All columns that are read, inputs first."""
        return (*self.inputs, *self.targets)

    @property
    def plain(self) -> bool:
        """Whether all cells of a row are numbers that are read."""
        others = any(column.cells is not None for column in self.columns)
        return len(self.columns) == self.width and not others


def lay_out_columns(
    names: ColumnNames | None,
    rows: Sequence[Sequence[str]],
    decimal: str,
    target: Sequence[str],
    features: Sequence[str],
    strict: bool = True,
    collected: Collection[int] = (),
    categories: Collection[str] = (),
) -> ColumnLayout:
    """Determine the layout of a file from its header, if any, and its first rows.

    ``target`` names the target columns (empty: the last one); if all ``features`` are
    columns, only these are read. Unless reading is ``strict``, the distinct cells are
    ``collected`` of the columns at these places, and of all with cells that are no plain
    numbers. The cells of ``categories`` are strings, whatever they are like. Raises DataError for
    unknown names.
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
    sign = decimal if strict else sure_decimal(decimal, chain.from_iterable(cells))
    columns = {}
    for name, place in zip(_names(names, places), places, strict=True):
        kind = "category" if name in categories else _kind(names, place)
        if strict or kind == "category":
            gathered = _is_categorical(cells[place], decimal, kind)
        else:
            gathered = place in collected or not _is_plain(cells[place], sign)
        columns[name] = CsvColumn(
            place, name, sign, DistinctCells() if gathered else None, strict=strict, declared=kind
        )
    for name in categories:
        if name not in columns:
            hint = did_you_mean(name, columns, f"the columns are {joined_names([*columns])}")
            raise DataError(f"data.categories: there is no column {quoted(name)}; {hint}")
    targets = [_found(name, columns) for name in target or [*columns][-1:]]
    for column in targets:
        column.target = True
    inputs = [column for column in columns.values() if not column.target]
    if not inputs:
        raise DataError("every column is a target; at least one must be an input")
    read = tuple(_only(inputs, features))
    return ColumnLayout(width, read, tuple(targets), empty, tuple(columns), strict)


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


def _is_plain(cells: Sequence[str], decimal: str) -> bool:
    """Return whether all values are plain, finite numbers."""
    for cell in cells:
        value = to_number(cell, decimal)
        if (value is None or np.isinf(value)) and not is_missing(cell):
            return False
    return True


def sure_decimal(decimal: str, cells: Iterable[str]) -> str:
    """Return the decimal separator ``decimal``, but a comma only if one of ``cells`` proves it.

    In 1,200 a comma may also separate thousands.
    """
    return "," if decimal == "," and any(map(_proves_decimal_comma, cells)) else "."


def _proves_decimal_comma(cell: str) -> bool:
    """Return whether a cell is a number, but not with commas between thousands."""
    return "," in cell and is_number(cell, ",") and not _THOUSANDS.fullmatch(cell.strip())


_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")


def _found(name: str, columns: dict[str, CsvColumn]) -> CsvColumn:
    if name in columns:
        return columns[name]
    hint = did_you_mean(name, columns, f"the columns are {joined_names([*columns])}")
    raise DataError(f"there is no target column {quoted(name)}; {hint}")


def _only(inputs: list[CsvColumn], features: Sequence[str]) -> list[CsvColumn]:
    """Return the columns named in ``features``, or all but those named with a leading -.

    All of them if a feature is not a column, or if all names have a leading +, as those have
    that are used whatever they are like.
    """
    names = [column.name for column in inputs]
    added = {name for name in features if takes_in(name, names)}
    for column in inputs:
        column.named = f"+{column.name}" in added
    for name in sorted(added.difference(f"+{name}" for name in names)):
        raise _no_input(name.removeprefix("+"), names, "to take in")
    features = [name for name in features if name not in added]
    if features and all(excludes(name, names) for name in features):
        out = {name.removeprefix("-") for name in features}
        for name in sorted(out.difference(names, feature_names(names))):
            raise _no_input(name, names, "to leave out")
        if not out.issuperset(names):
            return [column for column in inputs if column.name not in out]
    named = {name: [column for column in inputs if _names_it(name, column)] for name in features}
    if not named or not all(named.values()):
        for column in inputs:  # of two columns, features are computed: both are asked for
            column.named |= bool(named) and len(inputs) == 2
        return inputs
    found = {column.name for columns in named.values() for column in columns}
    for column in inputs:
        column.named |= column.name in found
    return [column for column in inputs if column.named]


def _no_input(name: str, names: Sequence[str], purpose: str) -> DataError:
    hint = did_you_mean(name, names, f"the inputs are {joined_names(names)}")
    return DataError(f"there is no input {quoted(name)} {purpose}; {hint}")


def _names_it(name: str, column: CsvColumn) -> bool:
    is_text = column.cells is not None
    return name == column.name or (is_text and name.startswith(f"{column.name}="))
