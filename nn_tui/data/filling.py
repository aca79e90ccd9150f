"""Missing inputs filled in: the median of a number, the most frequent category of a text.

Both are those of the training set, so that nothing is learned from the test set. Where many
values of a column are missing, another input says of each sample whether it was.
"""

from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import INDICATOR, groups_of, sources_of, typical

_MANY = 0.05
"""The share of missing values from which on a column gets an indicator."""


def fill_missing(dataset: Dataset) -> Dataset:
    """Return the split, unscaled ``dataset`` with its missing inputs (NaN) filled in."""
    missing = np.isnan(dataset.inputs)
    if not missing.any():
        return dataset
    inputs, indicators, told = dataset.inputs.copy(), {}, []
    groups = groups_of(sources_of(dataset.input_names, dataset.table))
    for name, columns in groups.items():
        absent = missing[:, columns[0]]
        if not absent.any():
            continue
        train = dataset.inputs[: dataset.train_count][:, columns]
        mine = [dataset.input_names[column] for column in columns]
        value = typical(train[~np.isnan(train[:, 0])], mine, name)
        inputs[np.flatnonzero(absent)[:, None], columns] = value
        told.append(f"{name} ({int(absent.sum()):,})")
        if absent.mean() >= _MANY and (indicator := name + INDICATOR) not in dataset.input_names:
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
