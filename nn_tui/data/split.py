"""Which samples are held back for testing."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset, hold_back
from nn_tui.data.random_streams import RandomStream


def split_samples(dataset: Dataset, test_fraction: float, stream: RandomStream | None) -> Dataset:
    """The dataset with its last ``test_fraction`` held back.

    With a ``stream`` the samples are first brought into the order that it draws, so that
    both parts are alike; without, they keep their order. ``dataset`` must be raw.
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


def in_groups(targets: NDArray[Any]) -> bool:
    """Whether samples stand sorted by their targets (samples, outputs).

    The last of them are then no fair test: they are a kind of their own.
    """
    first = targets[:, 0]
    changes = np.count_nonzero(np.diff(first))
    if not changes:
        return False
    steps = np.diff(first)
    sorted_rows = bool((steps >= 0).all() or (steps <= 0).all())
    different = len(np.unique(first))
    return sorted_rows or (2 * different <= len(first) and changes + 1 == different)
