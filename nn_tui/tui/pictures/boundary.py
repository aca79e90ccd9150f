"""What a network of two inputs says everywhere, with the samples on it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.tui.strips import Row
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

_MARGIN = 0.08
_NEUTRAL = 0.1  # a target so near the middle that it is neither class nor hill


def grid(points: Array, width: int, height: int) -> Array:
    """Input pairs (width * 2 * height, 2), one a pixel, rows from the top.

    They cover the points (samples, 2) and a margin around them.
    """
    (left, right), (bottom, top) = _bounds(points)
    x = np.linspace(left, right, width)
    y = np.linspace(top, bottom, 2 * height)
    return np.column_stack([np.tile(x, 2 * height), np.repeat(y, width)])


def draw_boundary(
    values: Array,
    points: Array,
    targets: Array,
    train_count: int,
    width: int,
    height: int,
    palette: Palette,
) -> list[Strip]:
    """``values`` (width * 2 * height,) are -1..1, one for each pair of ``grid``.

    Samples are ● where the target (samples,) is positive and ○ where it is not; those
    held back for testing are small.
    """
    pixels = values.reshape(2 * height, width)
    marks = _marks(points, targets, train_count, width, height)
    strips = []
    for line in range(height):
        row = Row(palette.text)
        for column in range(width):
            top, bottom = float(pixels[2 * line, column]), float(pixels[2 * line + 1, column])
            mark = marks.get((line, column))
            if mark is None:
                row.add(*palette.pixels(top * 0.6, bottom * 0.6))
            else:
                glyph, target = mark
                row.add(glyph, palette.mark(target, (top + bottom) * 0.3))
        strips.append(row.strip(width))
    return strips


def _marks(
    points: Array, targets: Array, train_count: int, width: int, height: int
) -> dict[tuple[int, int], tuple[str, float]]:
    (left, right), (bottom, top) = _bounds(points)
    marks: dict[tuple[int, int], tuple[str, float]] = {}
    for i in range(len(points) - 1, -1, -1):
        column = round((points[i, 0] - left) / (right - left) * (width - 1))
        line = int((top - points[i, 1]) / (top - bottom) * (2 * height - 1)) // 2
        positive = targets[i] > 0
        trains = i < train_count
        glyph = ("●" if trains else "•") if positive else ("○" if trains else "◦")
        if abs(targets[i]) < _NEUTRAL:
            glyph = "·"
        marks[line, column] = (glyph, float(targets[i]))
    return marks


def _bounds(points: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.where(high > low, high - low, 1.0)
    low, high = low - _MARGIN * size, high + _MARGIN * size
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
