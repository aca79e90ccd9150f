"""The train/test split."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset, hold_back
from nn_tui.data.random_streams import RandomStream


def split_samples(dataset: Dataset, test_fraction: float, stream: RandomStream | None) -> Dataset:
    """Return the dataset with its last ``test_fraction`` as the test set.

    With a ``stream`` the samples are shuffled first. ``dataset`` must be unscaled.
    """
    train_count = hold_back(dataset.samples, test_fraction)
    if stream is None:
        return replace(dataset, train_count=train_count)
    order = stream.order(dataset.samples)
    return replace(
        dataset,
        inputs=dataset.inputs[order],
        targets=dataset.targets[order],
        train_count=train_count,
    )


def stratified_split(dataset: Dataset, test_fraction: float, stream: RandomStream) -> Dataset:
    """Return the dataset shuffled, with a test set in which all targets have their share.

    The samples are sorted by class, or by the value of the first target, and the test set is
    drawn at equal distances. One sample of every class is always a training sample.
    """
    order = np.asarray(stream.order(dataset.samples))
    train_count = hold_back(dataset.samples, test_fraction)
    key = dataset.class_numbers() if dataset.class_names else dataset.targets[:, 0]
    ranked = np.argsort(key[order], kind="stable")  # places in the shuffled order
    if dataset.class_names:
        _, first = np.unique(key[order][ranked], return_index=True)
        ranked = np.delete(ranked, first)
    count = min(dataset.samples - train_count, len(ranked))
    held = np.zeros(dataset.samples, bool)
    held[ranked[((np.arange(count) + 0.5) * len(ranked) / max(1, count)).astype(int)]] = True
    order = np.concatenate([order[~held], order[held]])
    return replace(
        dataset,
        inputs=dataset.inputs[order],
        targets=dataset.targets[order],
        train_count=dataset.samples - count,
    )


def sorted_by_target(targets: NDArray[Any]) -> bool:
    """Return whether samples are sorted or grouped by their targets (samples, outputs).

    Their last rows would be a biased test set.
    """
    first = targets[:, 0]
    changes = np.count_nonzero(np.diff(first))
    if not changes:
        return False
    steps = np.diff(first)
    sorted_rows = bool((steps >= 0).all() or (steps <= 0).all())
    distinct = len(np.unique(first))
    return sorted_rows or (2 * distinct <= len(first) and changes + 1 == distinct)
