"""Epochs that share a point of a curve: the smallest, a middle and the largest of each value.

A row is ``first, last``, then all lows, all middles, all highs (2 + 3 * values,).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def tree(rows: Array, groups: int, values: int) -> Array:
    """Epochs (epochs, 1 + values) to (groups, 2 + 3 * values): equal shares, each merged.

    A share is 2^i epochs; they are merged in pairs, the pairs in pairs, and so on.
    """
    size = len(rows) // groups
    if size == 1:
        return np.column_stack([rows[:, 0], rows[:, 0], *[rows[:, 1:]] * 3])
    merged = _pairs(rows[::2], rows[1::2], values)
    while len(merged) > groups:
        merged = joined(merged[::2], merged[1::2], values)
    return merged


def joined(before: Array, after: Array, values: int) -> Array:
    """Rows (n, 2 + 3 * values) and those that come after each: one for both.

    NaN counts for nothing, where the other one is a number.
    """
    result = np.empty_like(before)
    result[:, 0], result[:, 1] = before[:, 0], after[:, 1]
    low, middle, high = (slice(2 + i * values, 2 + (i + 1) * values) for i in range(3))
    a, b, c = before[:, low], before[:, middle], before[:, high]
    x, y, z = after[:, low], after[:, middle], after[:, high]
    np.fmin(a, x, result[:, low])
    np.fmax(c, z, result[:, high])
    # Of two threes in order, the third and the fourth of all six.
    third = np.minimum(np.minimum(c, z), np.minimum(np.maximum(b, x), np.maximum(a, y)))
    fourth = np.minimum(np.minimum(np.maximum(c, x), np.maximum(a, z)), np.maximum(b, y))
    _write_mean(result[:, middle], third, fourth, b, y)
    return result


def _pairs(before: Array, after: Array, values: int) -> Array:
    """``joined`` of single epochs (n, 1 + values)."""
    result = np.empty((len(before), 2 + 3 * values))
    result[:, 0], result[:, 1] = before[:, 0], after[:, 0]
    one, other = before[:, 1:], after[:, 1:]
    np.fmin(one, other, result[:, 2 : 2 + values])
    np.fmax(one, other, result[:, 2 + 2 * values :])
    _write_mean(result[:, 2 + values : 2 + 2 * values], one, other, one, other)
    return result


def _write_mean(target: Array, one: Array, other: Array, before: Array, after: Array) -> None:
    """The mean of ``one`` and ``other``; where a middle was NaN, the other middle."""
    np.add(one / 2, other / 2, target)
    unknown = np.isnan(target)
    if unknown.any():
        target[unknown] = np.where(np.isnan(before), after, before)[unknown]
