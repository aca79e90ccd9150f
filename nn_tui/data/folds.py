"""K-fold cross-validation: every sample is in the test set of exactly one fold."""

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.random_streams import RandomStream

MOST_FOLDS = 1000


class Fold(NamedTuple):
    """The fold ``number``, from 1, of ``total`` folds."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number} of {self.total}"


def all_folds(count: int) -> list[Fold]:
    """Return the folds of a cross-validation; ``count`` is at least 2."""
    return [Fold(number, count) for number in range(1, count + 1)]


def fold_split(dataset: Dataset, fold: Fold, stream: RandomStream | None) -> Dataset:
    """Return the dataset with the samples of ``fold`` as the test set, the rest for training.

    With a ``stream`` the samples are shuffled, and every class has its share of each fold, one
    sample more or less; a seed gives the same folds for every ``fold.number``. Without, a fold
    is a block of consecutive samples. ``dataset`` must be unscaled. Raises DataError for fewer
    samples than folds.
    """
    if dataset.samples < fold.total:
        raise DataError(
            f"{fold.total} folds need at least {fold.total} samples; "
            f"{dataset.name} has {dataset.samples:,}"
        )
    if stream is None:
        order = np.arange(dataset.samples)
        folds = np.arange(dataset.samples) * fold.total // dataset.samples
    else:
        order = np.asarray(stream.order(dataset.samples))
        folds = _stratified(dataset, order, fold.total)
    tested = folds == fold.number - 1
    order = np.concatenate([order[~tested], order[tested]])
    return replace(
        dataset,
        inputs=dataset.inputs[order],
        targets=dataset.targets[order],
        train_count=int(np.count_nonzero(~tested)),
    )


def _stratified(dataset: Dataset, order: NDArray[Any], count: int) -> NDArray[Any]:
    """Return the fold, from 0, of each sample of ``order``, (samples,): dealt out by class."""
    places = np.arange(len(order))
    if dataset.class_names:
        places = np.argsort(dataset.class_numbers(order), kind="stable")
    folds = np.empty(len(order), int)
    folds[places] = np.arange(len(order)) % count
    return folds
