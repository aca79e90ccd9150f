"""Numbers that can be added, subtracted and scaled without leaving what a float can hold."""

import numpy as np
from numpy.typing import ArrayLike

from nn_tui.types import Array

LARGEST = 1e300
"""The largest size; differences of two, times the cells of any screen, are still numbers."""
_ROOM = 1e-6
"""Room beside a single huge value, as a share of it: less is lost in its last digits."""


def bounded(values: ArrayLike) -> Array:
    """``values`` as float64, infinite and huge ones as ±``LARGEST``, 0 for what is no number.

    A picture has a place for each of them: the edge, or the middle.
    """
    return np.clip(np.nan_to_num(np.asarray(values, np.float64), nan=0.0), -LARGEST, LARGEST)


def padded_range(values: ArrayLike, margin: float) -> tuple[float, float]:
    """From below the least to above the largest of ``values``, which are ``bounded``.

    ``margin`` is a share of the way between them; a single value has some room too, and so
    does none at all.
    """
    known = np.asarray(values)
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    room = margin * ((high - low) or max(1.0, _ROOM * abs(low)))
    return low - room, high + room
