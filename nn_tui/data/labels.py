"""Class labels: their order, and integer targets as classes."""

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import NoClasses
from nn_tui.data.readers.csv_numbers import to_number

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
    levels, numbers = np.unique(values, return_inverse=True)
    if len(levels) > MOST_CATEGORIES:
        raise NoClasses(
            f"the targets of {dataset.name} have {len(levels):,} distinct values, more than the "
            f"maximum of {MOST_CATEGORIES} classes; for regression, set network.output = linear "
            "and training.loss = half_squared_error"
        )
    if len(levels) < 2:
        raise NoClasses(f"all targets of {dataset.name} are equal")
    names = tuple(f"{level:.0f}" for level in levels)
    return replace(dataset, targets=numbers.reshape(-1, 1).astype(np.float64), classes=names)
