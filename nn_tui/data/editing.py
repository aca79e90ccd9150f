"""A dataset in which some numbers are others."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nn_tui.data.clean import quoted
from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.errors import DataError

Cell = tuple[int, int, float]
"""A sample, a column and the number to be there."""


def with_numbers(dataset: Dataset, cells: Iterable[Cell]) -> Dataset:
    """``dataset`` with ``cells`` changed, in order.

    The arrays of the old one stay as they are. ``column`` counts the raw columns from 0, then
    those of ``targets``. Features of a row follow its raw columns; the scaling stays as it was
    measured. Raises DataError for a number that is not finite, a place that does not exist and
    a class that does not exist.
    """
    columns = dataset.raw_inputs.shape[1]
    of_inputs: list[Cell] = []
    of_targets: list[Cell] = []
    for sample, column, value in cells:
        check_number(dataset, sample, column, value)
        (of_inputs if column < columns else of_targets).append((sample, column, value))
    if of_targets:
        targets = dataset.targets.copy()
        for sample, column, value in of_targets:
            targets[sample, column - columns] = value
        dataset = replace(dataset, targets=targets)
    return _with_inputs(dataset, of_inputs) if of_inputs else dataset


def _with_inputs(dataset: Dataset, cells: Iterable[Cell]) -> Dataset:
    raw = dataset.raw_inputs.copy()
    rows = {}
    for sample, column, value in cells:
        raw[sample, column] = rows[sample] = value
    if dataset.origin is None:
        return replace(dataset, inputs=raw)
    inputs = dataset.inputs.copy()
    for sample, value in rows.items():
        inputs[sample] = dataset.prepare(raw[sample : sample + 1])[0]
        if not np.isfinite(inputs[sample]).all():
            raise DataError(f"{value:g} is too large: an input made from it would be infinite")
    origin = RawInputs(raw, dataset.origin.names, dataset.origin.preparation)
    return replace(dataset, inputs=inputs, origin=origin)


def check_number(dataset: Dataset, sample: int, column: int, value: float) -> None:
    """Raises DataError as ``with_numbers`` does, except for an infinite input made from it."""
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
        names = ", ".join(quoted(name) for name in dataset.classes)
        raise DataError(f"{quoted(text)} is no class of these data; the classes are {names}")
    return float(dataset.classes.index(text))
