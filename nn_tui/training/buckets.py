"""Buckets of epochs that share a point of a curve: low, middle and high of each value.

A row is ``first, last``, then all lows, all middles, all highs (2 + 3 * values,).
"""

from collections.abc import Sequence

import numpy as np

from nn_tui.types import Array

Extremes = tuple[Array, Array, Array]
"""Lows, middles and highs, each (values, points); NumPy is slow with many short rows."""


def tree(columns: Array, groups: int) -> Array:
    """Merge single epochs into ``groups`` equal buckets, (groups, 2 + 3 * values).

    ``columns`` (1 + values, epochs) are the epoch numbers, then each value. A bucket has 2^i
    epochs; they are merged in pairs, the pairs in pairs, and so on.
    """
    epochs, values = columns[0], columns[1:]
    size = len(epochs) // groups
    merged: Extremes = (values, values, values)
    if size > 1:
        merged = _pairs(values[:, ::2], values[:, 1::2])
    while merged[0].shape[1] > groups:
        merged = _merged(*([part[:, start::2] for part in merged] for start in (0, 1)))
    return np.vstack([epochs[::size], epochs[size - 1 :: size], *merged]).T


def joined(before: Array, after: Array) -> Array:
    """Merge each bucket of ``before`` with the next one in ``after``, (n, 2 + 3 * values).

    NaN is ignored where the other value is a number.
    """
    merged = _merged(*(np.split(rows[:, 2:].T, 3) for rows in (before, after)))
    return np.vstack([before[:, 0], after[:, 1], *merged]).T


def _merged(before: Sequence[Array], after: Sequence[Array]) -> Extremes:
    (a, b, c), (x, y, z) = before, after
    # The third and the fourth of the six numbers, each three of which are in order.
    third = np.minimum(np.minimum(c, z), np.minimum(np.maximum(b, x), np.maximum(a, y)))
    fourth = np.minimum(np.minimum(np.maximum(c, x), np.maximum(a, z)), np.maximum(b, y))
    middle = _mean(third, fourth)
    unknown = np.isnan(middle)
    if unknown.any():
        middle[unknown] = np.where(np.isnan(b), y, b)[unknown]
        return np.fmin(a, x), middle, np.fmax(c, z)
    return np.minimum(a, x), middle, np.maximum(c, z)


def _pairs(one: Array, other: Array) -> Extremes:
    """``_merged`` of single epochs (values, n)."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    middle = _mean(low, high)
    if np.isnan(middle).any():
        return _merged((one, one, one), (other, other, other))
    return low, middle, high


def _mean(one: Array, other: Array) -> Array:
    mean: Array = one / 2  # before adding, since the sum might overflow
    mean += other / 2
    return mean
