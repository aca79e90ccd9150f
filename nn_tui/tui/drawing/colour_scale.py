"""Diverging colour scales: low values are orange, high values blue."""

import math
from typing import NamedTuple

import numpy as np

from nn_tui.order_statistics import percentile
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.bounded import LARGEST, bounded
from nn_tui.types import Array

SMALLEST = 1e-6
"""Smallest half-range of a scale: smaller numbers are rounding errors and shown as 0."""


def reach(values: Array) -> float:
    """Return the largest magnitude of the finite ``values``, at least ``SMALLEST``."""
    return max(float(np.abs(values[np.isfinite(values)]).max(initial=0.0)), SMALLEST)


_OUTLYING = 2.5
"""Magnitudes above this multiple of the 90th percentile count as outliers."""
_SAMPLE = 1 << 16  # magnitudes of which the percentile is taken


def saturation(values: Array) -> float:
    """Return the magnitude from which on ``values`` of a matrix have the full colour.

    It is the largest magnitude, or 2.5 times the 90th percentile of the magnitudes if that is
    less, so that a single large value does not make all others look like zero. Zeros (pruned
    weights, gradients of inactive units) and numbers that are not finite do not count. At
    least ``SMALLEST``.
    """
    sizes = np.abs(values[np.isfinite(values)])
    sizes = sizes[sizes >= SMALLEST]
    if not len(sizes):
        return SMALLEST
    sample = sizes[:: -(-len(sizes) // _SAMPLE)]
    rank = math.ceil(0.9 * len(sample)) - 1
    return min(float(sizes.max()), _OUTLYING * float(np.partition(sample, rank)[rank]))


def without_rounding(values: Array) -> Array:
    """Return a copy of ``values`` with magnitudes below ``SMALLEST`` set to 0."""
    with np.errstate(all="ignore"):
        kept: Array = np.where(np.abs(values) < SMALLEST, 0.0, values)
    return kept


_PERCENTILE = 95


def _percentile(values: Array) -> float:
    """Return the 95th percentile of finite magnitudes, their largest where it is too small."""
    sizes = np.abs(values[np.isfinite(values)])
    found = percentile(sizes, _PERCENTILE) if len(sizes) else 0.0
    return found if found > SMALLEST else reach(values)


class Scale(NamedTuple):
    """``low`` is full orange, ``high`` full blue, and their midpoint neutral."""

    low: float
    high: float

    def shares(self, values: Array) -> Array:
        """Map ``values`` to -1 … 1."""
        with np.errstate(all="ignore"):
            shares: Array = (values - self.middle) / max((self.high - self.low) / 2, SMALLEST)
        return np.clip(shares, -1, 1)

    @property
    def middle(self) -> float:
        """The neutral value."""
        return (self.low + self.high) / 2


def target_scale(snapshot: Snapshot, output: int = 0) -> Scale:
    """Return the scale from the smallest to the largest target of an output, in their units."""
    dataset = snapshot.dataset
    rule = dataset.decision_rule(snapshot.network.output)
    if rule is not None:
        return Scale(rule.low, rule.high)
    targets = bounded(dataset.targets[:, output])
    return Scale(float(targets.min()), float(targets.max()))


def unit_scale(snapshot: Snapshot, layer: int, unit: int, values: Array) -> Scale:
    """Return the scale of a unit with activations ``values``, in their units.

    The limit of an unbounded activation is the power of two above its 95th percentile: one
    corner of the plane does not make the rest pale, and the scale rarely changes.
    """
    network = snapshot.network
    if layer == network.depth:
        scale, scaling = target_scale(snapshot, unit), snapshot.dataset.target_scaling
        if scaling is None:
            return scale
        return Scale(*((np.array(scale) - scaling.shift[unit]) / scaling.size[unit]).tolist())
    if layer and (bounds := network.unit_of(layer).range) is not None:
        return Scale(*bounds)
    if layer:
        largest = min(_percentile(values), LARGEST)
        largest = 2.0 ** np.ceil(np.log2(largest))
    else:
        largest = min(reach(values), LARGEST)
    return Scale(-largest, largest)
