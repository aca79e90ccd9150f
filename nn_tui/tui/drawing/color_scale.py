"""Which numbers of a unit or a target are orange, which are blue, and how strongly."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_tui.training.snapshot import Snapshot

Array = NDArray[Any]

_BOUNDED = {"tanh": (-1.0, 1.0), "sine": (-1.0, 1.0), "sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0)}


class Scale(NamedTuple):
    """``low`` is full orange, ``high`` full blue, half way between them is neutral."""

    low: float
    high: float

    def shares(self, values: Array) -> Array:
        """``values`` as -1..1."""
        with np.errstate(all="ignore"):
            shares: Array = (values - self.middle) / max((self.high - self.low) / 2, 1e-12)
        return np.clip(shares, -1, 1)

    @property
    def middle(self) -> float:
        """The neutral value."""
        return (self.low + self.high) / 2


def target_scale(snapshot: Snapshot, output: int = 0) -> Scale:
    """From the smallest to the largest target of an output."""
    dataset = snapshot.dataset
    if dataset.classes:
        low = -1.0 if snapshot.network.output in ("tanh", "linear") else 0.0
        return Scale(low, 1.0)
    targets = dataset.targets[:, output]
    return Scale(float(targets.min()), float(targets.max()))


def unit_scale(snapshot: Snapshot, layer: int, unit: int, values: Array) -> Scale:
    """The scale of a unit that says ``values``.

    Where its activation has no bounds, a power of two, so that it changes seldom; an input
    does not change.
    """
    network = snapshot.network
    if layer == network.depth:
        return target_scale(snapshot, unit)
    if layer and network.activation in _BOUNDED:
        return Scale(*_BOUNDED[network.activation])
    finite = values[np.isfinite(values)]
    largest = float(np.abs(finite).max(initial=0.0))
    if layer == 0:
        return Scale(-max(largest, 1e-9), max(largest, 1e-9))
    reach = 2.0 ** np.ceil(np.log2(min(max(largest, 1e-9), 1e300)))
    return Scale(-reach, reach)
