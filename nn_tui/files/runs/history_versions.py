"""The history of a run as earlier versions saved it, made into that of today.

The first version kept the extremes of the losses without a middle, and accuracies and errors
only of the epochs at which a picture was drawn.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn_tui.training.buckets import joined
from nn_tui.training.history import BUCKETS, EXACT, LOSSES, LossHistory
from nn_tui.types import Array

_SCORES = ("train_accuracy", "test_accuracy", "train_error", "test_error")
_LOOK = 1 + len(_SCORES)
"""Columns of a look before the norms of the last update's gradients, which are dropped."""


def read_history(arrays: Mapping[str, Array], counts: Mapping[str, Any]) -> LossHistory:
    """The history in ``arrays`` of any version; raises ValueError or KeyError for any other."""
    if "points" not in arrays:
        return LossHistory.unpacked(arrays, counts)
    points, begun = arrays["points"], arrays["bucket"]
    if points.shape[1:] != (6,) or begun.shape[1:] != (6,) or len(begun) > 1:
        raise ValueError("a history of another shape")
    width = int(counts["width"])
    exact, shared = points[:EXACT], np.vstack([points[EXACT:], begun])
    low, high = shared[:, 2::2], shared[:, 3::2]
    # The middle is half way between the extremes. A bucket that was not full counts as one
    # that is; it covers fewer epochs than its neighbours.
    buckets = np.column_stack([shared[:, :2], low, low / 2 + high / 2, high])
    if len(buckets) > BUCKETS:  # the last one was begun when all others were full
        pairs, last = buckets[:BUCKETS], buckets[BUCKETS:]
        buckets = np.vstack([joined(pairs[::2], pairs[1::2]), last])
        width *= 2
    packed = {"exact": exact[:, [0, 2, 4]], "buckets": buckets, "open": np.empty((0, 8))}
    return LossHistory.unpacked(packed, {"names": list(LOSSES), "width": width, "in_bucket": 0})


def with_looks(history: LossHistory, looks: Array) -> LossHistory:
    """``history`` with the scores that the first version saw (looks, 5 + layers), epoch first.

    They stay what they were: single epochs, with nothing known between them.
    """
    if looks.ndim != 2 or looks.shape[1] < _LOOK or not np.isfinite(looks[:, 0]).all():
        raise ValueError("looks of another shape")
    arrays, counts = history.with_names((*LOSSES, *_SCORES)).pack()
    epochs, scores = looks[:, 0], looks[:, 1:_LOOK]
    exact, buckets = arrays["exact"], arrays["buckets"]
    at = np.searchsorted(exact[:, 0], epochs)
    for row, epoch, values in zip(at, epochs, scores, strict=True):
        if row < len(exact) and exact[row, 0] == epoch:
            exact[row, 1 + len(LOSSES) :] = values
    names = len(counts["names"])
    low, middle, high = (
        buckets[:, 2 + i * names + len(LOSSES) : 2 + (i + 1) * names] for i in range(3)
    )
    at = np.searchsorted(buckets[:, 1], epochs)
    for row, epoch, values in zip(at, epochs, scores, strict=True):
        if row < len(buckets) and buckets[row, 0] <= epoch:
            low[row], high[row] = np.fmin(low[row], values), np.fmax(high[row], values)
            middle[row] = low[row] / 2 + high[row] / 2
    return LossHistory.unpacked(arrays, counts)
