"""Distinct values and percentiles. Those of NumPy import ``numpy.ma``, a tenth of the start."""

import numpy as np

from nn_tui.types import Array


def distinct(values: Array) -> Array:
    """Return the distinct ``values``, none of them NaN, in ascending order."""
    ordered = np.sort(values, axis=None)
    found: Array = ordered[_begins(ordered)]
    return found


def first_places(values: Array) -> Array:
    """Return where each distinct value of ``values`` (count,) is first, in their order."""
    order = np.argsort(values, kind="stable")
    found: Array = order[_begins(values[order])]
    return found


def percentile(values: Array, share: float) -> float:
    """Return the percentile ``share`` (0 to 100) of at least one value, none of them NaN.

    Between two values it is interpolated linearly, as by ``np.percentile``.
    """
    ordered = np.sort(values)
    place = (len(ordered) - 1) * share / 100
    below = int(place)
    low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    return low + (high - low) * (place - below) if high > low else low


def _begins(ordered: Array) -> Array:
    """Return where a value differs from the one before."""
    begins = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins
