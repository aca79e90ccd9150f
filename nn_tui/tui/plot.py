"""Curves by plotext, as strips. The only module that knows plotext.

plotext has one figure for the whole process, so curves are drawn on the event loop's
thread only. It draws cell by cell, which takes long; so a picture is put together from
upright pieces, and a piece whose curves are those of a while ago is not drawn again. Of
a curve that grows, that is all but its end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import plotext
from numpy.typing import NDArray
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.strips import Row

Array = NDArray[Any]
Piece = tuple[tuple[tuple[str, int], ...], ...]
"""For each line of cells, top first: stretches of text and the number of their curve, or 0."""

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Dots in a cell."""
_PIECE = 16
_GAP = -1
_STRETCH = re.compile(r"(?:\x1b\[38;5;(\d+)m)?([^\x1b]+)\x1b\[0m")


@dataclass(frozen=True, eq=False)
class Line:
    """``y`` (2 * width,) is how many dots up the curve is, or NaN, at each dot from the left."""

    y: Array
    ink: Style


def draw_lines(lines: Sequence[Line], width: int, height: int, paper: Style) -> list[Strip]:
    """The curves, later ones above earlier ones, in exactly ``width`` x ``height`` cells."""
    heights = np.full((len(lines), DOTS_ACROSS * (width + 2)), _GAP, np.int16)
    for i, line in enumerate(lines):
        whole = np.rint(np.nan_to_num(line.y, nan=_GAP))
        heights[i, DOTS_ACROSS:-DOTS_ACROSS] = np.clip(whole, _GAP, DOTS_DOWN * height - 1)
    rows = [Row(paper) for _ in range(height)]
    inks = (paper, *(line.ink for line in lines))
    for start in range(0, width, _PIECE):
        stop = min(start + _PIECE, width)
        # With the cells beside it, for the curves come from one and lead to the other.
        there = np.ascontiguousarray(heights[:, DOTS_ACROSS * start : DOTS_ACROSS * (stop + 2)])
        for row, stretches in zip(rows, _piece(there.tobytes(), len(lines), height), strict=True):
            for text, number in stretches:
                row.add(text, inks[number])
    return [row.strip(width) for row in rows]


@lru_cache(maxsize=256)
def _piece(heights: bytes, lines: int, height: int) -> Piece:
    """What plotext makes of ``heights`` (lines, dots), without the cell on each side."""
    y = np.frombuffer(heights, np.int16).reshape(lines, -1)
    width = y.shape[1] // DOTS_ACROSS
    if (y == _GAP).all():
        return (((" " * (width - 2), 0),),) * height
    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xticks([], [])
    plotext.yticks([], [])
    plotext.xlim(0, DOTS_ACROSS * width - 1)
    plotext.ylim(0, DOTS_DOWN * height - 1)
    for number in range(lines):
        # Each curve has a colour number of its own; the inks are put in afterwards, so
        # that themes of every depth look right.
        for stretch in _without_gaps(y[number]):
            there = y[number, stretch]
            plotext.plot(stretch.tolist(), there.tolist(), marker="braille", color=number + 1)
    return tuple(_middle(row, width) for row in plotext.build().splitlines()[:height])


def _without_gaps(heights: Array) -> list[Array]:
    """The places (dots,) of each stretch of a curve."""
    places = np.flatnonzero(heights != _GAP)
    return [p for p in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(p)]


def _middle(row: str, width: int) -> tuple[tuple[str, int], ...]:
    stretches = []
    at = 0
    for number, text in _STRETCH.findall(row):
        shown = text[max(0, 1 - at) : max(0, width - 1 - at)]
        at += len(text)
        if shown:
            stretches.append((shown, int(number or 0)))
    return tuple(stretches)
