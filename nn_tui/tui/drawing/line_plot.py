"""Curves by plotext, as strips. The only module that knows plotext.

plotext has one figure for the whole process, so curves are drawn on the event loop's
thread only. It draws cell by cell, which takes long; so a curve is put together from
short pieces, and a piece that looks as one did a while ago is not drawn again. Of a
curve that grows, that is all but its end; of one that is finished, everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Array = NDArray[Any]

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Dots in a cell."""
_PIECE = 16
"""Columns."""
_GAP = -1
_BLANK = ord(" ")


@dataclass(frozen=True, eq=False)
class Line:
    """``y`` (2 * width,) is how many dots up the curve is, or NaN, at each dot from the left."""

    y: Array
    ink: Style


def draw_lines(lines: Sequence[Line], width: int, height: int, paper: Style) -> list[Strip]:
    """The curves, later ones above earlier ones, in exactly ``width`` x ``height`` cells."""
    letters = np.full((height, width), _BLANK, np.uint32)
    inks = np.zeros((height, width), np.int32)
    for number, line in enumerate(lines, 1):
        drawn = _drawn(line.y, width, height)
        there = drawn != _BLANK
        letters[there] = drawn[there]
        inks[there] = number
    styles = (paper, *(line.ink for line in lines))
    return [_strip(text, ink, styles) for text, ink in zip(letters, inks, strict=True)]


def _drawn(y: Array, width: int, height: int) -> Array:
    """The letters (height, width) of one curve, top line first."""
    heights = np.full(DOTS_ACROSS * (width + 2), _GAP, np.int16)
    whole = np.rint(np.nan_to_num(y, nan=_GAP))
    heights[DOTS_ACROSS:-DOTS_ACROSS] = np.clip(whole, _GAP, DOTS_DOWN * height - 1)
    letters = np.full((height, width), _BLANK, np.uint32)
    for start in range(0, width, _PIECE):
        stop = min(start + _PIECE, width)
        # With the cells beside it, for the curve comes from one and leads to the other.
        piece = heights[DOTS_ACROSS * start : DOTS_ACROSS * (stop + 2)]
        seen = piece[piece != _GAP]
        if len(seen):
            bottom, top = seen.min() // DOTS_DOWN, seen.max() // DOTS_DOWN + 1
            piece = np.where(piece == _GAP, _GAP, piece - DOTS_DOWN * bottom).astype(np.int16)
            lines = slice(height - top, height - bottom)
            letters[lines, start:stop] = _piece(piece.tobytes(), int(top - bottom))
    return letters


@lru_cache(maxsize=1024)
def _piece(heights: bytes, height: int) -> Array:
    """What plotext makes of ``heights`` (dots,), without the column on each side."""
    y = np.frombuffer(heights, np.int16)
    width = len(y) // DOTS_ACROSS
    plotext = _prepared()
    plotext.clear_data()
    plotext.plot_size(width, height)
    plotext.xlim(0, DOTS_ACROSS * width - 1)
    plotext.ylim(0, DOTS_DOWN * height - 1)
    places = np.flatnonzero(y != _GAP)
    for stretch in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        plotext.plot(stretch.tolist(), y[stretch].tolist(), marker="braille", color="default")
    rows = plotext.uncolorize(plotext.build()).splitlines()[:height]
    return np.array([[ord(letter) for letter in row[1:-1]] for row in rows], np.uint32)


@cache
def _prepared() -> Any:
    """plotext, set to nothing but the curve and no limit to its size.

    It is loaded when the first curve is drawn: the first picture of the screen has none.
    """
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xticks([], [])
    plotext.yticks([], [])
    return plotext


def _strip(letters: Array, inks: Array, styles: Sequence[Style]) -> Strip:
    text = letters.astype("<u4").tobytes().decode("utf-32-le")
    bounds = [0, *(np.flatnonzero(np.diff(inks)) + 1).tolist(), len(text)]
    segments = [Segment(text[start:stop], styles[inks[start]]) for start, stop in pairwise(bounds)]
    return Strip(segments, len(text))
