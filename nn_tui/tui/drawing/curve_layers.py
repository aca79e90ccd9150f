"""Curves put on top of each other so that none is hidden.

A cell has one ink. Where several curves share a cell, the dots of all are united and the
inks take turns along the row: two columns each, by the column of the picture, so that they
stay where they are while curves grow. Coinciding curves look like a rope of their inks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.braille import BRAILLE, cell_bits
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.types import Array

STRIPE = 2
"""Columns of one ink in a rope."""
_LEAST = 2
"""Dots from the lowest to the highest of a spread that is drawn."""


@dataclass(frozen=True, eq=False)
class CurveLayer:
    """``dots`` (4 * lines, 2 * columns) of a curve's line, and of the ``spread`` behind it."""

    dots: Array
    spread: Array
    ink: Style
    faint: Style


def draw_layers(grid: CellGrid, column: int, line: int, layers: Sequence[CurveLayer]) -> None:
    """The layers, first ones first in turn; a spread shows where no line is."""
    if not layers:
        return
    spreads = np.stack([cell_bits(layer.spread) for layer in layers])
    lines = np.stack([cell_bits(layer.dots) for layer in layers])
    spreads[:, lines.any(axis=0)] = 0
    for bits, styles in (
        (spreads, [layer.faint for layer in layers]),
        (lines, [layer.ink for layer in layers]),
    ):
        union = np.bitwise_or.reduce(bits, axis=0)
        letters = np.where(union > 0, union + BRAILLE, 0)
        grid.fill(column, line, letters, _turns(bits > 0), styles)


def _turns(there: Array) -> Array:
    """Which of the layers ``there`` (layers, lines, columns) has each cell (lines, columns)."""
    count = np.maximum(there.sum(axis=0), 1)
    turn = np.arange(there.shape[2]) // STRIPE % count
    chosen: Array = ((there.cumsum(axis=0) == turn + 1) & there).argmax(axis=0)
    return chosen


def spread_dots(low: Array, high: Array, columns: Array, width: int, height: int) -> Array:
    """The dots (4 * height, 2 * width), top row first, from ``low`` to ``high`` in ``columns``.

    All are (columns,); heights are in dots from the lowest, NaN where there is none. Where
    there is hardly more than a line covers, there are none.
    """
    dots = np.zeros((4 * height, 2 * width), bool)
    inside = (columns >= 0) & (columns < 2 * width) & np.isfinite(low) & np.isfinite(high)
    row = np.arange(4 * height)[::-1, None]
    bottom, top = np.floor(low[inside] + 0.5), np.floor(high[inside] + 0.5)
    dots[:, columns[inside]] = (bottom <= row) & (row <= top) & (top - bottom >= _LEAST)
    return dots
