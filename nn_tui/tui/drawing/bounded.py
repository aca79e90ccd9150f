"""Clip numbers so that adding, subtracting and scaling them cannot overflow."""

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.types import Array

LARGEST = 1e300
"""Largest magnitude: differences, multiplied by any screen size, stay finite."""
_ROOM = 1e-6
"""Margin around a single huge value, as a fraction of it: less is lost to rounding."""


def bounded(values: ArrayLike) -> Array:
    """Return ``values`` as float64, clipped to ±``LARGEST``, with 0 for NaN.

    A picture shows clipped values at its edge and NaN in its middle.
    """
    return np.clip(np.nan_to_num(np.asarray(values, np.float64), nan=0.0), -LARGEST, LARGEST)


def padded_range(values: ArrayLike, margin: float) -> tuple[float, float]:
    """Range of ``values``, which are ``bounded``, plus ``margin`` (a fraction of the range).

    A single value, or none, gets a margin as well.
    """
    known = np.asarray(values)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    room = margin * ((high - low) or max(1.0, _ROOM * abs(low)))
    return low - room, high + room
