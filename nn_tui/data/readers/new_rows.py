"""Rows of a new table, as the inputs of a trained model.

Columns are found by name. Missing values, and categories that the model has never seen, are
replaced and counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import INDICATOR, date_part, groups_of
from nn_tui.data.readers.csv_columns import sure_decimal
from nn_tui.data.readers.csv_numbers import why_no_number
from nn_tui.data.readers.csv_reader import CsvBlocks
from nn_tui.data.readers.date_formats import ORDERS, date_parts, read_dates
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.number_formats import read_numbers, unlike_sign
from nn_tui.data.readers.text_file import TextFile
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array


@dataclass(frozen=True)
class NewRows:
    """The cells of a table: ``rows`` of as many cells as there are ``names``.

    ``named`` is whether the file has a header; ``lines`` are the rows' line numbers. ``notes``
    say what was assumed about the file. ``written`` is how the cells of the columns were written
    that the model was trained on.
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    decimal: str
    named: bool
    notes: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Replaced:
    """Missing values and unknown categories, counted by column."""

    missing: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)

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


def read_rows(
    path: Path,
    header: str = "text",
    known: Collection[str] = (),
    table: Sequence[str] = (),
    written: Mapping[str, str] | None = None,
) -> NewRows:
    """Read a text file, as for training; ``header`` is one of ``HEADERS``.

    A first row that contains all ``known`` names is a header. The columns of a file without one
    are numbered, the last one too unless it is as wide as the ``table`` of a model, then of the
    same names. ``written`` is how the cells of the model's columns are. Raises DataError (with
    line) and OSError.
    """
    with TextFile(path) as file:
        read = CsvBlocks(file, header, known)
        rows, lines = [], []
        for block, numbers in read.rows():
            rows += block
            lines += numbers
    names = tuple(f"x{number}" for number in range(1, read.width + 1))
    if len(table) == read.width and names[:-1] == tuple(table[:-1]):
        names = tuple(table)
    if read.names:
        names = tuple(
            name or f"column {place}" for place, name in enumerate(read.names.cells, start=1)
        )
    named = read.names is not None
    return NewRows(names, rows, lines, read.decimal, named, read.notes, written or {})


def encode_rows(
    table: NewRows, columns: Sequence[str], sources: Sequence[str], typical: Array
) -> tuple[Array, Replaced]:
    """Return the raw columns (rows, columns) of a model, and what was replaced.

    ``columns`` are those the model was trained on, and ``sources`` the columns of the table
    they are made of, as in ``raw_columns``. ``typical`` (columns,)
    replaces missing values. Raises DataError for a column that is not there and for a cell
    that is not a number or date as those of training.
    """
    raw = np.empty((len(table.rows), len(columns)))
    replaced = Replaced()
    groups = groups_of(sources)
    _check_columns(table, groups)
    for name, numbers in groups.items():
        place = table.names.index(name)
        cells = [row[place].strip() for row in table.rows]
        absent = np.array([is_missing(cell) for cell in cells], bool)
        encoded = [n for n in numbers if columns[n] != name + INDICATOR]
        if len(encoded) < len(numbers):
            raw[:, columns.index(name + INDICATOR)] = absent
        if table.written.get(name) in ORDERS:
            days = _days_of(table, name, cells, absent)
            parts = {name: days, **{date_part(name, p): v for p, v in date_parts(days).items()}}
            for n in encoded:
                raw[:, n] = parts[columns[n]]
        elif columns[encoded[0]] == name:
            raw[:, encoded[0]] = numbers_of(table, name, cells, absent)
        else:
            known = {columns[n].removeprefix(f"{name}="): n for n in encoded}
            raw[:, encoded] = 0.0
            for row, cell in enumerate(cells):
                number = known.get(make_printable(cell))
                if number is not None:
                    raw[row, number] = 1.0
                elif not absent[row]:
                    replaced.unknown[name] = replaced.unknown.get(name, 0) + 1
        if absent.any():
            replaced.missing[name] = int(absent.sum())
            raw[np.flatnonzero(absent)[:, None], encoded] = typical[encoded]
    return raw, replaced


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


def numbers_of(table: NewRows, name: str, cells: Sequence[str], absent: Array) -> Array:
    """Return the numbers (rows,) in the ``cells`` of a column, 0 where they are ``absent``.

    They may be written as those of training, or in another way that the whole column shows.
    Raises DataError, with line and column, for a cell that is not such a finite number.
    """
    rows = np.flatnonzero(~absent).tolist()
    given = [cells[row] for row in rows]
    trained = table.written.get(name, "")
    if trained in ("", ".") and table.decimal == ".":
        plain = _plain_numbers(given)
        if plain is not None:
            values = np.zeros(len(cells))
            values[rows] = plain
            return values
    decimal = trained[:1] or table.decimal
    if table.decimal == "," and sure_decimal(table.decimal, chain.from_iterable(table.rows)) == ",":
        decimal = ","
    read = read_numbers(given, np.ones(len(given), int), decimal)
    conflict = read.conflict
    if trained and conflict is None:
        conflict = unlike_sign(given, read, trained[1:])
    wrong = np.flatnonzero(~np.isfinite(read.values)).tolist()
    if conflict is None and wrong:
        conflict = wrong[0], why_no_number(given[wrong[0]], read.format.decimal)
    if conflict is not None:
        place, why = conflict
        raise DataError(f"line {table.lines[rows[place]]:,}, column {name}: {why}")
    values = np.zeros(len(cells))
    values[rows] = read.values
    return values


def _plain_numbers(cells: Sequence[str]) -> Array | None:
    """Return the ``cells`` as numbers if all are plain, finite ones: the usual case, and faster."""
    together = "".join(cells)
    if "_" in together or "," in together or not together.isascii():
        return None
    try:
        values = np.array([float(cell) for cell in cells])
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _days_of(table: NewRows, name: str, cells: Sequence[str], absent: Array) -> Array:
    """Return the ordinal days (rows,) of a column of dates, NaN where they are ``absent``."""
    rows = np.flatnonzero(~absent).tolist()
    given = [cells[row] for row in rows]
    read = read_dates(given, np.ones(len(given), int), table.written[name])
    for place in np.flatnonzero(np.isnan(read.days)).tolist():
        raise DataError(
            f"line {table.lines[rows[place]]:,}, column {name}: {quoted(given[place])} is not a "
            "date like those of training"
        )
    days = np.full(len(cells), np.nan)
    days[rows] = read.days
    return days
