"""Missing inputs filled in: the median of a number, the most frequent category of a text.

Both are those of the training set, so that nothing is learned from the test set. Where many
values of a column are missing, another input says of each sample whether it was.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import joined_names
from nn_tui.types import Array

_MANY = 0.05
"""The share of missing values from which on a column gets an indicator."""


def fill_missing(dataset: Dataset) -> Dataset:
    """Return the split, unscaled ``dataset`` with its missing inputs (NaN) filled in."""
    missing = np.isnan(dataset.inputs)
    if not missing.any():
        return dataset
    inputs, indicators, told = dataset.inputs.copy(), {}, []
    for name, columns in _groups(dataset.input_names):
        absent = missing[:, columns[0]]
        if not absent.any():
            continue
        train = dataset.inputs[: dataset.train_count][:, columns]
        value = _typical(train[~np.isnan(train[:, 0])])
        inputs[np.flatnonzero(absent)[:, None], columns] = value
        told.append(f"{name} ({int(absent.sum()):,})")
        if absent.mean() >= _MANY and (indicator := f"{name}_missing") not in dataset.input_names:
            indicators[indicator] = absent
    if indicators:
        inputs = np.column_stack([inputs, *indicators.values()])
    note = f"missing values were filled in: {joined_names(told, 4)}"
    if indicators:
        note += f"; added {joined_names([*indicators], 4)}"
    return replace(
        dataset,
        inputs=inputs,
        input_names=(*dataset.input_names, *indicators),
        picture=None if indicators else dataset.picture,
        notes=(*dataset.notes, note),
    )


def _groups(names: tuple[str, ...]) -> Iterator[tuple[str, list[int]]]:
    """Yield each column's name and its inputs, which are several where it is one-hot encoded."""
    groups: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        groups.setdefault(name.partition("=")[0] if "=" in name else name, []).append(number)
    yield from groups.items()


def _typical(values: Array) -> Array:
    """Return the median of ``values`` (samples, 1), or the most frequent row of one-hot ones.

    Without any sample it is zero.
    """
    if not len(values):
        return np.zeros(values.shape[1])
    if values.shape[1] == 1:
        median: Array = np.median(values, axis=0)
        return median
    typical: Array = np.eye(values.shape[1])[int(values.sum(axis=0).argmax())]
    return typical
