"""A dataset in which one number is another."""

from dataclasses import replace

import numpy as np

from nn_tui.data.clean import shown
from nn_tui.data.dataset import Dataset, Prepared
from nn_tui.data.errors import DataError


def with_number(dataset: Dataset, sample: int, column: int, value: float) -> Dataset:
    """``dataset`` with one number changed; the arrays of the old one stay as they are.

    ``column`` counts the raw columns from 0, then those of ``targets``. Features of the row
    follow its raw columns; the scaling stays as it was measured. Raises DataError for a
    number that is not finite, a place that is none and a class that does not exist.
    """
    check_number(dataset, sample, column, value)
    raw = dataset.raw_inputs
    columns = raw.shape[1]
    if column >= columns:
        return _with_target(dataset, sample, column - columns, value)
    changed = raw.copy()
    changed[sample, column] = value
    if dataset.origin is None:
        return replace(dataset, inputs=changed)
    inputs = dataset.inputs.copy()
    inputs[sample] = dataset.prepare(changed[sample : sample + 1])[0]
    if not np.isfinite(inputs[sample]).all():
        raise DataError(f"{value:g} is too large: an input made from it would be infinite")
    origin = Prepared(changed, dataset.origin.names, dataset.origin.preparation)
    return replace(dataset, inputs=inputs, origin=origin)


def check_number(dataset: Dataset, sample: int, column: int, value: float) -> None:
    """Raises DataError as ``with_number`` does, but for an input made from it that is infinite."""
    targets, columns, count = dataset.targets, len(dataset.raw_names), len(dataset.classes)
    if not 0 <= sample < dataset.samples or not 0 <= column < columns + targets.shape[1]:
        raise DataError(
            f"there is no column {column + 1} of sample {sample + 1:,}; the data have "
            f"{dataset.samples:,} samples of {columns + targets.shape[1]:,} columns"
        )
    if not np.isfinite(value):
        raise DataError(f"{value} cannot stand in the data; it must be a finite number")
    if column >= columns and count and value not in range(count):
        raise DataError(f"{value:g} is no class of these data; it must be from 0 to {count - 1}")


def number_of_class(dataset: Dataset, text: str) -> float:
    """The target number of the class that a person calls ``text``; raises DataError."""
    if text not in dataset.classes:
        names = ", ".join(shown(name) for name in dataset.classes)
        raise DataError(f"{shown(text)} is no class of these data; the classes are {names}")
    return float(dataset.classes.index(text))


def _with_target(dataset: Dataset, sample: int, column: int, value: float) -> Dataset:
    targets = dataset.targets.copy()
    targets[sample, column] = value
    return replace(dataset, targets=targets)
