"""How the raw columns of a dataset follow from the columns of a table.

A number is one raw column of the same name. A text is one raw column ``NAME=category`` for each
category. A date is its ordinal day, of the same name, and parts such as ``NAME_weekday``. An
indicator of missing values is ``NAME_missing``.
"""

from collections.abc import Container, Sequence

import numpy as np

from nn_tui.data.readers.date_formats import date_parts
from nn_tui.data.table_column import TableColumn
from nn_tui.types import Array

INDICATOR = "_missing"
"""Ending of the name of a column's indicator of missing values."""


def date_part(name: str, part: str) -> str:
    """Return the name of the raw column with a part of a date."""
    return f"{name}_{part}"


def sources_of(raw_names: Sequence[str], table: Sequence[TableColumn]) -> tuple[str, ...]:
    """Return the column of the table from which each raw column is made.

    A raw column that is itself a column of the table, whatever its name is like, is its own
    source, as are all of data that are no table.
    """
    known, named = {column.name for column in table}, set(raw_names)
    dates = {column.name for column in table if column.kind == "date"}
    sources = []
    for name in raw_names:
        category_of, value_of = _before_category(name, known), name.removesuffix(INDICATOR)
        date_of = name.rpartition("_")[0]
        if name in known:
            sources.append(name)
        elif category_of:
            sources.append(category_of)
        elif value_of != name and (value_of in known or (not known and value_of in named)):
            sources.append(value_of)
        elif date_of in dates:
            sources.append(date_of)
        else:
            sources.append(name)
    return tuple(sources)


def _before_category(name: str, known: Container[str]) -> str:
    """Return the longest ``known`` column before an = in ``name``, or an empty string."""
    while "=" in name:
        name = name.rpartition("=")[0]
        if name in known:
            return name
    return ""


def groups_of(sources: Sequence[str]) -> dict[str, list[int]]:
    """Return the raw columns made of each column of the table, in their order."""
    groups: dict[str, list[int]] = {}
    for number, source in enumerate(sources):
        groups.setdefault(source, []).append(number)
    return groups


def typical(values: Array, names: Sequence[str], source: str) -> Array:
    """Return what replaces a missing value of the column ``source``, (columns,).

    ``values`` (samples, columns) are the known ones of its raw columns ``names``. It is the
    median of a number or date, or the most frequent category; zero without any sample.
    """
    if not len(values):
        return np.zeros(values.shape[1])
    if names[0] != source:
        frequent: Array = np.eye(values.shape[1])[int(values.sum(axis=0).argmax())]
        return frequent
    median: Array = np.median(values[:, :1], axis=0)
    if len(names) == 1:
        return median
    whole = np.floor(median)
    day = whole + np.rint((median - whole) * 86_400) / 86_400  # to the second, as it is written
    parts = date_parts(day)
    return np.array([day[0], *(parts[name.removeprefix(f"{source}_")][0] for name in names[1:])])


def typical_row(raw: Array, names: Sequence[str], sources: Sequence[str]) -> Array:
    """Return what replaces missing values in each raw column, (raw columns,).

    ``raw`` (samples, raw columns) are the training samples, ``names`` and ``sources`` as in
    ``sources_of``. An indicator has 0.
    """
    values = np.zeros(len(names))
    for source, numbers in groups_of(sources).items():
        encoded = [n for n in numbers if names[n] != source + INDICATOR]
        if encoded:
            values[encoded] = typical(raw[:, encoded], [names[n] for n in encoded], source)
    return values
