"""The order of samples by how wrong their predictions are."""

import numpy as np

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_BLOCK = 4096


def worst_first(snapshot: Snapshot) -> Array:
    """Return all samples (samples,), those with the largest error first.

    The error is the sum over the outputs of |target - output|, of numbers in units of each
    target's standard deviation where they are standardized. Predictions that are not finite
    come first; equal errors stay in the order of the data. Evaluates the whole dataset.
    """
    dataset, output, forward = snapshot.dataset, snapshot.network.output, ForwardPass()
    errors = np.empty(dataset.samples)
    with np.errstate(all="ignore"):
        for start in range(0, dataset.samples, _BLOCK):
            rows = slice(start, start + _BLOCK)
            made = forward.layers(snapshot, dataset.inputs[rows])[-1]
            errors[rows] = np.abs(dataset.encoded(output, rows) - made).sum(axis=1)
    order: Array = np.argsort(-np.nan_to_num(errors, nan=np.inf, posinf=np.inf), kind="stable")
    return order
