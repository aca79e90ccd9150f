"""The split into training, validation and test set."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset, hold_back
from nn_tui.data.random_streams import RandomStream
from nn_tui.order_statistics import distinct, first_places


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
    held = _held_out(dataset, order, dataset.samples - train_count)
    order = np.concatenate([order[~held], order[held]])
    return replace(
        dataset,
        inputs=dataset.inputs[order],
        targets=dataset.targets[order],
        train_count=int(np.count_nonzero(~held)),
    )


def with_validation_set(dataset: Dataset, fraction: float, stratified: bool) -> Dataset:
    """Return the dataset with ``fraction`` of its training samples as the validation set.

    These are the last ones, or with ``stratified`` chosen as for ``stratified_split``, from
    samples that are already in random order. The test set stays the same. ``dataset`` must
    be unscaled.
    """
    train = np.arange(dataset.train_count)
    count = dataset.train_count - hold_back(dataset.train_count, fraction)
    held = _held_out(dataset, train, count) if stratified else train >= len(train) - count
    rest = np.arange(dataset.train_count, dataset.samples)
    order = np.concatenate([train[~held], train[held], rest])
    count = int(np.count_nonzero(held))
    return replace(
        dataset,
        inputs=dataset.inputs[order],
        targets=dataset.targets[order],
        train_count=dataset.train_count - count,
        validation_count=count,
    )


def _held_out(dataset: Dataset, order: NDArray[Any], count: int) -> NDArray[Any]:
    """Return which samples of ``order`` are held out, (samples of order,), at most ``count``.

    Sorted by class, or by the value of the first target, they are at equal distances. One
    sample of every class is never held out.
    """
    key = dataset.class_numbers(order) if dataset.class_names else dataset.targets[order, 0]
    ranked = np.argsort(key, kind="stable")  # places in the order
    if dataset.class_names:
        ranked = np.delete(ranked, first_places(key[ranked]))
    count = min(count, len(ranked))
    held = np.zeros(len(order), bool)
    held[ranked[((np.arange(count) + 0.5) * len(ranked) / max(1, count)).astype(int)]] = True
    return held


_LEAST_DATES = 10


def date_order(dataset: Dataset) -> tuple[str, bool] | None:
    """Return the date by which the samples are sorted, and whether the latest is the last.

    None if they are not sorted by any of the raw columns that are dates, or if fewer than half
    of the dates are different, as in a time series they are.
    """
    for column in dataset.table:
        if column.kind != "date" or column.name not in dataset.raw_names:
            continue
        days = dataset.raw_inputs[:, dataset.raw_names.index(column.name)]
        steps = np.diff(days)
        different = 1 + np.count_nonzero(steps)
        if different < _LEAST_DATES or 2 * different < len(days):
            continue
        if (steps >= 0).all() or (steps <= 0).all():
            return column.name, bool((steps >= 0).all())
    return None


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
    levels = len(distinct(first))
    return sorted_rows or (2 * levels <= len(first) and changes + 1 == levels)
