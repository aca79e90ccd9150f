"""Which columns of a text file are inputs, which are targets, and which are not read."""

from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.data.cells import is_missing, is_number
from nn_tui.data.clean import quoted, visible
from nn_tui.data.column import CsvColumn
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.text import did_you_mean


@dataclass(frozen=True)
class ColumnNames:
    """The names that a row of the file gives to its columns, and that row's line."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True)
class ColumnLayout:
    """The columns of a file that are read, and what they are for.

    ``width`` is how many cells a row has; ``empty`` are the places of nameless columns
    without any value, which are passed over. ``names`` are those of all other columns.
    """

    width: int
    inputs: tuple[CsvColumn, ...]
    targets: tuple[CsvColumn, ...]
    empty: tuple[int, ...]
    names: tuple[str, ...]

    @property
    def columns(self) -> tuple[CsvColumn, ...]:
        """Every column that is read, inputs first."""
        return (*self.inputs, *self.targets)

    @property
    def plain(self) -> bool:
        """Whether every cell of a row is a number that is read."""
        texts = any(column.categories is not None for column in self.columns)
        return len(self.columns) == self.width and not texts


def lay_out_columns(
    names: ColumnNames | None,
    rows: Sequence[Sequence[str]],
    decimal: str,
    target: Sequence[str],
    features: Sequence[str],
) -> ColumnLayout:
    """The layout of a file from its row of names (None without one) and its first samples.

    ``target`` names the target columns (the last one if empty); where all ``features``
    name columns, only these are read. Raises DataError for names that are missing or twice.
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
            "there is only one column: an input and a target are needed at least, "
            "parted by a comma, a semicolon, a tab or |"
        )
    columns = {
        name: CsvColumn(place, name, decimal, {} if _says_text(cells[place], decimal) else None)
        for name, place in zip(_names(names, places), places, strict=True)
    }
    targets = [_found(name, columns) for name in target or [*columns][-1:]]
    for column in targets:
        column.target = True
        if len(targets) > 1 and column.categories is not None:
            raise DataError(
                f"the target {quoted(column.name)} is text: of several targets "
                "every one must be a number"
            )
    inputs = [column for column in columns.values() if not column.target]
    if not inputs:
        raise DataError("every column is a target: there must be an input as well")
    read = tuple(_only(inputs, features))
    return ColumnLayout(width, read, tuple(targets), empty, tuple(columns))


def _names(names: ColumnNames | None, places: Sequence[int]) -> list[str]:
    if names is None:
        return [*(f"x{number}" for number in range(1, len(places))), "y"]
    given = [visible(names.cells[place].strip()) or f"column {place + 1}" for place in places]
    seen: dict[str, int] = {}
    for name, place in zip(given, places, strict=True):
        if name in seen:
            raise DataError(
                f"line {names.line}, column {place + 1}: the name {quoted(name)} is already that "
                f"of column {seen[name] + 1}; every column needs a name of its own"
            )
        seen[name] = place
    return given


def _says_text(cells: Sequence[str], decimal: str) -> bool:
    """Whether most of the values are no numbers."""
    values = [cell for cell in cells if not is_missing(cell)]
    return 2 * sum(is_number(cell, decimal) for cell in values) < len(values)


def _found(name: str, columns: dict[str, CsvColumn]) -> CsvColumn:
    if name in columns:
        return columns[name]
    hint = did_you_mean(name, columns, f"the columns are {joined_names([*columns])}")
    raise DataError(f"there is no column {quoted(name)} for a target; {hint}")


def _only(inputs: list[CsvColumn], features: Sequence[str]) -> list[CsvColumn]:
    """The columns that the features name, all of them if a feature names no column."""
    named = {name: [column for column in inputs if _names_it(name, column)] for name in features}
    if not named or not all(named.values()):
        return inputs
    return [column for column in inputs if any(column in found for found in named.values())]


def _names_it(name: str, column: CsvColumn) -> bool:
    is_text = column.categories is not None
    return name == column.name or (is_text and name.startswith(f"{column.name}="))
