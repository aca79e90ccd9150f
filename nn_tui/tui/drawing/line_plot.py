"""Line strokes drawn by plotext, as dots. The only module that imports plotext.

plotext has one figure per process, so curves are drawn on the event loop's thread only.
Since it is slow, a stroke is composed of short pieces that are cached: of a growing curve
only the end is drawn again.
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np

from nn_tui.tui.drawing.braille import braille_dots
from nn_tui.types import Array

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Dots per cell."""
_PIECE = 16
"""Columns."""
_GAP = -1


def stroke(heights: Array, width: int, height: int, pen: int = 1) -> Array:
    """Return the dots (4 * height, 2 * width), top row first, of a line ``pen`` dots tall.

    ``heights`` (2 * width,) are the heights of the middle of the pen in dots; the line is
    broken where they are NaN or outside the picture.
    """
    rows = DOTS_DOWN * height
    lowest = np.floor(heights - (pen - 2) / 2 + 1e-6)
    known = np.isfinite(lowest) & (lowest >= -1) & (lowest <= rows)
    places = np.full(DOTS_ACROSS * (width + 2), _GAP, np.int16)
    places[DOTS_ACROSS:-DOTS_ACROSS][known] = np.clip(lowest[known], 0, rows - pen)
    dots = np.zeros((rows, DOTS_ACROSS * width), bool)
    for start in range(0, width, _PIECE):
        stop = min(start + _PIECE, width)
        # With one cell on each side, so that the line connects to its neighbours.
        piece = places[DOTS_ACROSS * start : DOTS_ACROSS * (stop + 2)]
        seen = piece[piece != _GAP]
        if len(seen):
            bottom, top = seen.min() // DOTS_DOWN, seen.max() // DOTS_DOWN + 1
            piece = np.where(piece == _GAP, _GAP, piece - DOTS_DOWN * bottom).astype(np.int16)
            area = slice(rows - DOTS_DOWN * int(top), rows - DOTS_DOWN * int(bottom))
            columns = slice(DOTS_ACROSS * start, DOTS_ACROSS * stop)
            dots[area, columns] = _piece(piece.tobytes(), int(top - bottom))
    for _ in range(pen - 1):
        dots[:-1] |= dots[1:]  # the same stroke, one dot higher
    return dots


@lru_cache(maxsize=1024)
def _piece(places: bytes, height: int) -> Array:
    """Return the dots that plotext draws through ``places``, without the outer columns."""
    y = np.frombuffer(places, np.int16)
    width = len(y) // DOTS_ACROSS
    plotext = _prepared()
    plotext.clear_data()
    plotext.plot_size(width, height)
    plotext.xlim(0, DOTS_ACROSS * width - 1)
    plotext.ylim(0, DOTS_DOWN * height - 1)
    known = np.flatnonzero(y != _GAP)
    for stretch in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        plotext.plot(stretch.tolist(), y[stretch].tolist(), marker="braille", color="default")
    rows = plotext.uncolorize(plotext.build()).splitlines()[:height]
    return braille_dots([row[1 : width - 1] for row in rows])


@cache
def _prepared() -> Any:
    """Return plotext, configured to draw only the curve, at any size.

    It is imported when the first curve is drawn, which keeps the start fast.
    """
    import plotext

    plotext.clear_figure()
    plotext.limit_size(False, False)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xticks([], [])
    plotext.yticks([], [])
    return plotext
