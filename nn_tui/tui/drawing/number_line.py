"""A line from the lowest to the highest target, with marks: ``╶○──◆──╴``."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from rich.style import Style

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

LEAST_WIDTH, GOOD_WIDTH = 12, 24
"""Fewest cells, and enough for few samples, which may have a line of their own instead."""


class LineMark(NamedTuple):
    """A mark at ``place``: 0 is the start of the line, 1 its end, NaN nowhere."""

    glyph: str
    style: Style
    place: float


def add_number_line(
    row: RowBuilder, marks: Iterable[LineMark], width: int, palette: Palette
) -> RowBuilder:
    """Append a line ``width`` cells wide, the last of the ``marks`` on top.

    Marks beyond an end of the line are on its outermost cell.
    """
    inner = width - 2
    placed = {}
    for mark in marks:
        if not math.isnan(mark.place):
            inside = min(max(mark.place, -1.0), 2.0) * (inner - 1)
            placed[min(max(round(inside) + 1, 0), width - 1)] = mark
    for cell in range(width):
        if cell in placed:
            row.add(placed[cell].glyph, placed[cell].style)
        else:
            row.add("╶" if cell == 0 else "╴" if cell == width - 1 else "─", palette.faint)
    return row
