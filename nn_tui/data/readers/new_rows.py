"""Rows of a new table, as the inputs of a trained model.

Columns are found by name. Missing values, and categories that the model has never seen, are
replaced and counted.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import INDICATOR, date_part, groups_of
from nn_tui.data.readers.csv_columns import CsvColumn, NotPlain
from nn_tui.data.readers.date_formats import ORDERS, date_parts
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.whole_column import WholeColumn, WholeColumnsNeeded
from nn_tui.text import make_printable
from nn_tui.types import Array


@dataclass(frozen=True)
class NewRows:
    """The cells of a table, or of a part of it: ``rows`` of as many cells as there are ``names``.

    ``lines`` are the rows' line numbers. ``decimal`` is the decimal separator of the file, empty
    where its commas may also separate thousands. ``named`` is whether the file has a header;
    ``written`` is how the cells of the columns were written that the model was trained on.
    ``whole`` has, by place, the value of each cell of the columns that were read as a whole; None
    if these rows are the whole table.
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    decimal: str
    named: bool
    written: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[int, Mapping[str, float]] | None = None

    def cells(self, name: str) -> list[str]:
        """The cells of the column ``name``."""
        place = self.names.index(name)
        return [row[place] for row in self.rows]


@dataclass
class Replaced:
    """Missing values and unknown categories, counted by column."""

    missing: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Replaced") -> None:
        """Add what was replaced in other rows."""
        for mine, theirs in ((self.missing, other.missing), (self.unknown, other.unknown)):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count

    @property
    def notes(self) -> list[str]:
        """What was replaced, as sentences."""
        notes = []
        if self.missing:
            told = joined_names([f"{name} ({count:,})" for name, count in self.missing.items()])
            notes.append(f"missing values were replaced by those typical of training: {told}")
        if self.unknown:
            told = joined_names([f"{name} ({count:,})" for name, count in self.unknown.items()])
            notes.append(f"categories that the model has never seen count as none: {told}")
        return notes


def encode_rows(
    table: NewRows, columns: Sequence[str], sources: Sequence[str], typical: Array
) -> tuple[Array, Replaced]:
    """Return the raw columns (rows, columns) of a model, and what was replaced.

    ``columns`` are those the model was trained on, and ``sources`` the columns of the table
    they are made of, as in ``raw_columns``. ``typical`` (columns,)
    replaces missing values. Raises DataError for a column that is not there and for a cell
    that is not a number or date as those of training, and as ``numbers_of``.
    """
    raw = np.zeros((len(table.rows), len(columns)))
    replaced = Replaced()
    groups = groups_of(sources)
    _check_columns(table, groups)
    needed: set[int] = set()
    for name, numbers in groups.items():
        encoded = [n for n in numbers if columns[n] != name + INDICATOR]
        if columns[encoded[0]] == name:
            try:
                values = numbers_of(table, name)
            except WholeColumnsNeeded as found:
                needed.update(found.places)
                continue
            absent = np.isnan(values)
            raw[:, encoded[0]] = values
            if table.written.get(name) in ORDERS:
                parts = {date_part(name, p): v for p, v in date_parts(values).items()}
                for n in encoded[1:]:
                    raw[:, n] = parts[columns[n]]
        else:
            known = {columns[n].removeprefix(f"{name}="): n for n in encoded}
            cells = table.cells(name)
            places = {cell: _category(cell, known) for cell in {*cells}}
            of_rows = np.array([places[cell] for cell in cells], np.intp)
            absent = of_rows == _MISSING
            unknown = int((of_rows == _UNKNOWN).sum())
            if unknown:
                replaced.unknown[name] = unknown
            rows = np.flatnonzero(of_rows >= 0)
            raw[rows, of_rows[rows]] = 1.0
        if len(encoded) < len(numbers):
            raw[:, columns.index(name + INDICATOR)] = absent
        if absent.any():
            replaced.missing[name] = int(absent.sum())
            raw[np.flatnonzero(absent)[:, None], encoded] = typical[encoded]
    if needed:
        raise WholeColumnsNeeded(needed)
    return raw, replaced


_UNKNOWN, _MISSING = -1, -2


def _category(cell: str, known: Mapping[str, int]) -> int:
    """Return the raw column of the category in a cell, or ``_UNKNOWN`` or ``_MISSING``."""
    if is_missing(cell):
        return _MISSING
    return known.get(make_printable(cell.strip()), _UNKNOWN)


def _check_columns(table: NewRows, sources: dict[str, list[int]]) -> None:
    lacking = [name for name in sources if name not in table.names]
    if not lacking:
        return
    if not table.named:
        raise DataError(
            "the file has no header; the model needs the columns " + joined_names([*sources])
        )
    word = "column" if len(lacking) == 1 else "columns"
    raise DataError(
        f"the model needs the {word} {joined_names(lacking)}, but the file has "
        f"{joined_names(table.names)}"
    )


def numbers_of(table: NewRows, name: str) -> Array:
    """Return the numbers (rows,), or ordinal days, of the column ``name``; NaN where missing.

    They may be written as those of training, or in another way that the whole column shows.
    Raises DataError, with line and column, for a cell that is not such a finite number, and
    WholeColumnsNeeded if these rows are a part of the table that does not show what they are.
    """
    place, cells, trained = table.names.index(name), table.cells(name), table.written.get(name, "")
    values = (table.whole or {}).get(place)
    if values is None:
        decimal = table.decimal if table.decimal == "," else trained[:1] or table.decimal or ","
        # A number without a percent sign does not fit numbers with one.
        if table.decimal and trained not in ORDERS and not trained.endswith("%"):
            with suppress(NotPlain):
                column = CsvColumn(place, name, decimal, strict=False)
                return column.values(cells, table.lines)
        if table.whole is not None:
            raise WholeColumnsNeeded({place})
        whole = WholeColumn(name, trained)
        whole.add(cells, table.lines)
        values = whole.values(decimal)
    try:
        return np.array([values[cell] for cell in cells], float)
    except KeyError:
        raise DataError("the file was changed while it was read") from None
