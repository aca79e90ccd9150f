"""Inputs that give the target away: copies of it, in other words or in other units."""

from collections.abc import Iterator

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.raw_columns import INDICATOR, groups_of, sources_of
from nn_tui.types import Array

_FEWEST = 10
"""In fewer rows, an input may equal the target by chance."""
_FIRST = 1000
"""So many rows are compared before all of them."""
_ROUNDING = 1e-9


def target_copies(dataset: Dataset) -> Iterator[str]:
    """Yield a warning for each input of a table that is a copy of its single target.

    ``dataset`` is unscaled. A table with a single input is not checked: the input may well
    determine the target.
    """
    if dataset.targets.shape[1] > 1 or dataset.samples < _FEWEST or not dataset.table:
        return
    groups = groups_of(sources_of(dataset.raw_names, dataset.table))
    if len(groups) < 2:
        return
    target = dataset.target_names[0]
    for name, numbers in groups.items():
        mine = [n for n in numbers if dataset.raw_names[n] != name + INDICATOR]
        how = _relation(dataset, mine, slice(_FIRST)) if mine else ""
        if how and _relation(dataset, mine, slice(None)):
            yield (
                f"the input {name} {how} the target {target}: is it a copy? "
                f"data.features = -{name} leaves it out"
            )


def _relation(dataset: Dataset, numbers: list[int], rows: slice) -> str:
    """Return how the raw columns of an input determine the target, in words; empty if not."""
    values, targets = dataset.raw_inputs[rows][:, numbers], dataset.targets[rows, 0]
    if dataset.classes:
        codes = values.argmax(axis=1) if len(numbers) > 1 else values[:, 0]
        return "has one value for each class of" if _one_to_one(codes, targets) else ""
    if len(numbers) > 1 or np.ptp(targets) == 0:
        return ""
    if np.array_equal(values[:, 0], targets):
        return "equals"
    return "is a linear function of" if _linear(values[:, 0], targets) else ""


def _one_to_one(codes: Array, classes: Array) -> bool:
    """Return whether several ``codes`` (samples,) and ``classes`` determine each other."""
    pairs = np.unique(np.column_stack([codes, classes]), axis=0)
    return 2 <= len(pairs) == len(np.unique(pairs[:, 0])) == len(np.unique(pairs[:, 1]))


def _linear(values: Array, targets: Array) -> bool:
    """Return whether ``targets`` (samples,) are a linear function of ``values``."""
    x, y = values - values.mean(), targets - targets.mean()
    with np.errstate(all="ignore"):
        error = np.abs(y - x * (x @ y / (x @ x))).max()
    return bool(error <= _ROUNDING * np.ptp(targets))
