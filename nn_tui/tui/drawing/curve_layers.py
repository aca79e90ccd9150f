"""Overlay curves so that none is hidden.

A cell has one colour. Where several curves share a cell, their dots are united and the
colours alternate along the row, two columns each, by the column of the picture, so that
they stay in place while curves grow. Coinciding curves look like a striped line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.braille import BRAILLE, cell_bits
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.types import Array

STRIPE = 2
"""Columns of one colour where curves coincide."""
_NO_STYLE = Style()
_LEAST = 2
"""Smallest height of a value range that is drawn, in dots."""


@dataclass(frozen=True, eq=False)
class CurveLayer:
    """Glyph numbers (lines, columns) of a curve's line, and of the value range behind it."""

    line: Array
    spread: Array
    ink: Style
    faint: Style

    @classmethod
    def of_dots(
        cls, line: Array, ink: Style, spread: Array | None = None, faint: Style = _NO_STYLE
    ) -> Self:
        """Return the layer of dots (4 * lines, 2 * columns), by default without a range."""
        bits = cell_bits(line)
        return cls(bits, np.zeros_like(bits) if spread is None else cell_bits(spread), ink, faint)

    def behind(self) -> "CurveLayer":
        """Return the layer with its line in place of its range, without that of its own."""
        return CurveLayer(np.zeros_like(self.line), self.line, self.faint, self.ink)


def draw_layers(grid: CellGrid, column: int, line: int, layers: Sequence[CurveLayer]) -> None:
    """Draw the layers; value ranges are visible where there is no line."""
    if not layers:
        return
    spreads, lines = (
        np.stack(bits)
        for bits in ([layer.spread for layer in layers], [layer.line for layer in layers])
    )
    spreads[:, lines.any(axis=0)] = 0
    for bits, styles in (
        (spreads, [layer.faint for layer in layers]),
        (lines, [layer.ink for layer in layers]),
    ):
        union = np.bitwise_or.reduce(bits, axis=0)
        letters = np.where(union > 0, union + BRAILLE, 0)
        grid.fill(column, line, letters, _turns(bits > 0), styles)


def _turns(there: Array) -> Array:
    """Return the layer index of each cell, given which layers are ``there`` in it."""
    count = np.maximum(there.sum(axis=0), 1)
    turn = np.arange(there.shape[2]) // STRIPE % count
    chosen: Array = ((there.cumsum(axis=0) == turn + 1) & there).argmax(axis=0)
    return chosen


def spread_dots(low: Array, high: Array, columns: Array, width: int, height: int) -> Array:
    """Return the dots (4 * height, 2 * width) from ``low`` to ``high`` in ``columns``.

    All arguments are (columns,); heights are in dots from the bottom, NaN where missing.
    Ranges that the line covers anyway are left out. The top row comes first.
    """
    dots = np.zeros((4 * height, 2 * width), bool)
    inside = (columns >= 0) & (columns < 2 * width) & np.isfinite(low) & np.isfinite(high)
    row = np.arange(4 * height)[::-1, None]
    bottom, top = np.floor(low[inside] + 0.5), np.floor(high[inside] + 0.5)
    dots[:, columns[inside]] = (bottom <= row) & (row <= top) & (top - bottom >= _LEAST)
    return dots
