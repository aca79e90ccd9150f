"""A picture to draw on: enlarged pixels with a cursor."""

from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.pixels import grey_rows
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import STEPS, Palette
from nn_tui.types import Array

_SIZES = ((8, 8), (6, 6), (4, 4), (2, 2), (1, 1))
"""Cells across and half cells down of a pixel, the largest first."""
_BRUSH = 12.0
"""Pixels of a picture's side for each pixel of the brush's radius."""
_SOFT = 0.5
"""Pixels over which the brush fades."""


@dataclass(frozen=True)
class CanvasLayout:
    """A picture of ``shape`` (rows, columns); a pixel has ``across`` cells, ``down`` half cells."""

    shape: tuple[int, int]
    across: int
    down: int

    @property
    def width(self) -> int:
        """Cells across."""
        return self.shape[1] * self.across

    @property
    def height(self) -> int:
        """Lines."""
        return -(-self.shape[0] * self.down // 2)

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """Row and column of the pixel at a cell, if any."""
        row, column = 2 * y // self.down, x // self.across
        inside = 0 <= row < self.shape[0] and 0 <= column < self.shape[1]
        return (row, column) if inside else None


def lay_out_canvas(shape: tuple[int, int], width: int, height: int) -> CanvasLayout:
    """The largest pixels with which the picture fits; the smallest if none does."""
    for across, down in _SIZES:
        layout = CanvasLayout(shape, across, down)
        if layout.width <= width and layout.height <= height:
            break
    return layout


def painted(pixels: Array, row: int, column: int) -> Array:
    """``pixels`` (rows, columns), from 0 to 1, after a touch of a soft brush.

    Its radius is a twelfth of the larger side, at least one pixel: about that of the strokes
    of hand-written digits.
    """
    rows, columns = pixels.shape
    radius = max(1.0, max(rows, columns) / _BRUSH)
    across = np.arange(columns) - column
    down = (np.arange(rows) - row)[:, None]
    ink = np.clip((radius - np.hypot(across, down)) / _SOFT / 2 + 0.25, 0, 1)
    ink[row, column] = 1.0
    touched: Array = np.maximum(pixels, ink)
    return touched


def draw_canvas(
    pixels: Array, cursor: tuple[int, int] | None, layout: CanvasLayout, palette: Palette
) -> list[Strip]:
    """Draw ``pixels`` (rows, columns), from 0 to 1, on a ground that differs from the pane's."""
    raised = np.clip(np.nan_to_num(pixels), 1 / STEPS, 1)
    large = raised.repeat(layout.down, axis=0).repeat(layout.across, axis=1)
    rows = grey_rows(large, palette)[: layout.height]
    if cursor is not None:
        _mark(rows, large, cursor, layout, palette)
    return [row.strip(layout.width) for row in rows]


def _mark(
    rows: list[RowBuilder],
    large: Array,
    cursor: tuple[int, int],
    layout: CanvasLayout,
    palette: Palette,
) -> None:
    """Draw the pixel of the cursor in the accent colour, with a dot in its own shade."""
    row, column = cursor
    left, right = column * layout.across, (column + 1) * layout.across
    first, last = row * layout.down // 2, ((row + 1) * layout.down - 1) // 2
    shade = float(large[row * layout.down, left])
    for line in range(first, last + 1):
        made = RowBuilder(palette.text)
        pair = large[2 * line : 2 * line + 2]
        if left:
            made.extend(grey_rows(pair[:, :left], palette)[0])
        made.add(*_cursor(line, pair, row, layout, shade, palette))
        if right < large.shape[1]:
            made.extend(grey_rows(pair[:, right:], palette)[0])
        rows[line] = made


def _cursor(
    line: int, pair: Array, row: int, layout: CanvasLayout, shade: float, palette: Palette
) -> tuple[str, Style]:
    width = layout.across
    if palette.ansi or palette.ascii:
        return " ░▒▓█"[round(shade * 4)].center(width, "+"), palette.chosen
    if layout.down == 1:  # half a cell
        other = grey_rows(pair[:, :1], palette)[0].strip(1)
        style = next(iter(other)).style
        assert style is not None and style.color is not None
        ink, paper = palette.accent, palette.accent
        if row % 2 == 0 and len(pair) > 1 and style.bgcolor is not None:
            paper = style.bgcolor.get_truecolor().hex
        elif row % 2:
            ink = style.color.get_truecolor().hex
        return palette.halves(ink, paper)
    grey = next(iter(grey_rows(np.full((2, 1), shade), palette)[0].strip(1))).style
    assert grey is not None and grey.color is not None
    colour = grey.color.get_truecolor().hex
    text = "■" if width < 4 else "██"
    middle = line == (row * layout.down + layout.down // 2 - 1) // 2 or layout.down == 2
    return (text if middle else "").center(width), Style(color=colour, bgcolor=palette.accent)
