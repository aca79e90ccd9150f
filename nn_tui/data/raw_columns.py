"""How the raw columns of a dataset follow from the columns of a table.

A number is one raw column of the same name. A text is one raw column ``NAME=category`` for each
category. An indicator of missing values is ``NAME_missing``.
"""

from collections.abc import Container, Sequence

import numpy as np

from nn_tui.types import Array

INDICATOR = "_missing"
"""Ending of the name of a column's indicator of missing values."""


def sources_of(raw_names: Sequence[str], table_columns: Sequence[str]) -> tuple[str, ...]:
    """Return the column of the table from which each raw column is made.

    A raw column that is itself a column of the table, whatever its name is like, is its own
    source, as are all of data that are no table (no ``table_columns``).
    """
    known, named = set(table_columns), set(raw_names)
    sources = []
    for name in raw_names:
        category_of, value_of = _before_category(name, known), name.removesuffix(INDICATOR)
        if name in known:
            sources.append(name)
        elif category_of:
            sources.append(category_of)
        elif value_of != name and (value_of in known or (not known and value_of in named)):
            sources.append(value_of)
        else:
            sources.append(name)
    return tuple(sources)


def _before_category(name: str, known: Container[str]) -> str:
    """Return the longest ``known`` column before an = in ``name``; empty if there is none."""
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


def typical(values: Array) -> Array:
    """Return what replaces a missing value, (columns,), given known ``values`` (samples, columns).

    The median of a number, the most frequent of several categories; zero without any sample.
    """
    if not len(values):
        return np.zeros(values.shape[1])
    if values.shape[1] == 1:
        median: Array = np.median(values, axis=0)
        return median
    frequent: Array = np.eye(values.shape[1])[int(values.sum(axis=0).argmax())]
    return frequent


def typical_row(raw: Array, names: Sequence[str], sources: Sequence[str]) -> Array:
    """Return what replaces missing values in each raw column, (raw columns,).

    ``raw`` (samples, raw columns) are the training samples, ``names`` and ``sources`` as in
    ``sources_of``. An indicator has 0.
    """
    values = np.zeros(len(names))
    for source, numbers in groups_of(sources).items():
        encoded = [n for n in numbers if names[n] != source + INDICATOR]
        if encoded:
            values[encoded] = typical(raw[:, encoded])
    return values
