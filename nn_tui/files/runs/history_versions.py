"""Reading of loss histories in the formats of earlier versions.

The first version saved the extremes of the losses without a middle, and metrics only for
epochs at which a frame was drawn ("looks").
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn_tui.training.buckets import joined
from nn_tui.training.history import BUCKETS, EXACT, LOSSES, LossHistory
from nn_tui.types import Array

_SCORES = ("train_accuracy", "test_accuracy", "train_error", "test_error")
_LOOK = 1 + len(_SCORES)
"""Columns of a look before the gradient norms, which are dropped."""


def read_history(arrays: Mapping[str, Array], counts: Mapping[str, Any]) -> LossHistory:
    """Read a history of any version. Raises ValueError or KeyError if it is invalid."""
    if "points" not in arrays:
        return LossHistory.unpacked(arrays, counts)
    points, open_bucket = arrays["points"], arrays["bucket"]
    if points.shape[1:] != (6,) or open_bucket.shape[1:] != (6,) or len(open_bucket) > 1:
        raise ValueError("history of the wrong shape")
    width = int(counts["width"])
    exact, shared = points[:EXACT], np.vstack([points[EXACT:], open_bucket])
    low, high = shared[:, 2::2], shared[:, 3::2]
    # The middle is the mean of the extremes. An incomplete bucket counts as complete; it
    # covers fewer epochs than its neighbours.
    buckets = np.column_stack([shared[:, :2], low, low / 2 + high / 2, high])
    if len(buckets) > BUCKETS:  # the last one was started when all others were complete
        pairs, last = buckets[:BUCKETS], buckets[BUCKETS:]
        buckets = np.vstack([joined(pairs[::2], pairs[1::2]), last])
        width *= 2
    packed = {"exact": exact[:, [0, 2, 4]], "buckets": buckets, "open": np.empty((0, 8))}
    return LossHistory.unpacked(packed, {"names": list(LOSSES), "width": width, "in_bucket": 0})


def with_looks(history: LossHistory, looks: Array) -> LossHistory:
    """Add the metrics of the first version, (looks, 5 + layers) with the epoch first.

    They are known for single epochs only, and missing in between.
    """
    if looks.ndim != 2 or looks.shape[1] < _LOOK or not np.isfinite(looks[:, 0]).all():
        raise ValueError("looks of the wrong shape")
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
