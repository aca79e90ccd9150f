"""Class labels: their order, and when whole-number targets are classes.

Text becomes classes when a file is read: ``readers/csv_columns.py``.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, NoClasses
from nn_tui.data.readers.csv_numbers import to_number
from nn_tui.order_statistics import distinct
from nn_tui.text import quoted
from nn_tui.types import Array

TASKS = {
    "by_loss": "classes if the target is text or the loss needs them, else regression",
    "auto": "classes also if the target has few small whole numbers",
    "classification": "every distinct value of the target is a class",
    "regression": "the target is a number",
}
"""Help of the tasks by recipe name."""

_MOST_WHOLE_NUMBERS = 10
_LARGEST_WHOLE_NUMBER = 10

MOST_CATEGORIES = 100
"""Maximum number of categories of a column, and of classes."""


def natural_order(texts: Iterable[str]) -> list[str]:
    """Return the strings in natural order: ``a2`` before ``a10``, ``-1`` before ``1``."""
    return sorted(texts, key=_natural)


def _natural(text: str) -> tuple[float, list[tuple[int, int, str]], str]:
    value = to_number(text)
    pieces = [
        (0, int(piece), "") if place % 2 else (1, 0, piece)
        for place, piece in enumerate(re.split("([0-9]{1,18})", text.casefold()))
        if piece
    ]
    return np.inf if value is None or np.isnan(value) else value, pieces, text


def with_task(dataset: Dataset, task: str, needed: bool) -> Dataset:
    """Return the dataset with targets as ``task``, one of ``TASKS``, asks.

    ``needed`` is whether the network and the loss require classes. Raises NoClasses as
    ``as_classes`` does, and DataError for a regression on text.
    """
    if task == "regression":
        if dataset.classes:
            name = quoted(dataset.target_names[0])
            raise DataError(f"data.task = regression needs numbers, but the target {name} is text")
        return dataset
    if task == "classification" or needed:
        return as_classes(dataset)
    if task == "by_loss" or dataset.classes or not few_whole_numbers(dataset.targets):
        return dataset
    made = as_classes(dataset)
    name, count = dataset.target_names[0], len(made.classes)
    return replace(
        made,
        notes=(
            *dataset.notes,
            f"the target {name} has {count} small whole numbers, taken as classes; "
            "data.task = regression takes them as numbers",
        ),
    )


def few_whole_numbers(targets: Array) -> bool:
    """Return whether targets (samples, outputs) are one column that looks like class numbers.

    At most ten distinct whole numbers up to 10, close to each other, that occur twice each
    on average.
    """
    values = targets[:, 0]
    if targets.shape[1] > 1 or (values != np.rint(values)).any():
        return False
    if np.abs(values).max() > _LARGEST_WHOLE_NUMBER:
        return False
    levels = distinct(values)
    close = levels[-1] - levels[0] < 2 * len(levels)
    return 2 <= len(levels) <= min(_MOST_WHOLE_NUMBERS, len(values) // 2) and bool(close)


def as_classes(dataset: Dataset) -> Dataset:
    """Return the dataset with the integers of its single target column as classes.

    Targets that are classes already, or several columns, are unchanged. Raises NoClasses
    for targets that are not integers, and for too many or only one distinct value.
    """
    if dataset.classes or dataset.targets.shape[1] > 1:
        return dataset
    values = dataset.targets[:, 0]
    fractions = values[values != np.rint(values)]
    if len(fractions):
        raise NoClasses(f"the targets of {dataset.name} are continuous, such as {fractions[0]:g}")
    levels = distinct(values)
    numbers = np.searchsorted(levels, values)
    if len(levels) > MOST_CATEGORIES:
        raise NoClasses(
            f"the targets of {dataset.name} have {len(levels):,} distinct values, more than the "
            f"maximum of {MOST_CATEGORIES} classes; for regression, set network.output = linear, "
            "training.loss = half_squared_error and data.task = auto"
        )
    if len(levels) < 2:
        raise NoClasses(f"all targets of {dataset.name} are equal")
    names = tuple(f"{level:.0f}" for level in levels)
    return replace(dataset, targets=numbers.reshape(-1, 1).astype(np.float64), classes=names)
