"""Line strokes drawn by plotext, as dots. The only module that imports plotext.

plotext has one figure per process, so curves are drawn on the event loop's thread only.
Since it is slow, it draws the line from one dot column to the next once for every rise, and
a stroke is composed of these pieces: it has the dots of a line drawn in one go.
"""

from functools import cache
from typing import Any

import numpy as np

from nn_tui.order_statistics import distinct
from nn_tui.tui.drawing.braille import braille_dots
from nn_tui.types import Array

DOTS_ACROSS, DOTS_DOWN = 2, 4
"""Dots per cell."""
_UNDRAWN = np.iinfo(np.int16).max


def stroke(heights: Array, width: int, height: int, pen: int = 1) -> Array:
    """Return the dots (4 * height, 2 * width), top row first, of a line ``pen`` dots tall.

    ``heights`` (2 * width,) are the heights of the middle of the pen in dots; the line is
    broken where they are NaN or outside the picture.
    """
    rows = DOTS_DOWN * height
    lowest = np.floor(heights - (pen - 2) / 2 + 1e-6)
    known = np.isfinite(lowest) & (lowest >= -1) & (lowest <= rows)
    places = np.zeros(len(heights), np.int64)
    places[known] = np.clip(lowest[known], 0, rows - pen)
    bottom, top = np.where(known, places, rows), np.where(known, places, -pen)
    joined = np.flatnonzero(known[:-1] & known[1:])
    if len(joined):
        start = places[joined]
        left_low, left_high, right_low, right_high = _PIECES.of(places[joined + 1] - start)
        bottom[joined] = start + left_low
        top[joined] = start + left_high
        bottom[joined + 1] = np.minimum(bottom[joined + 1], start + right_low)
        top[joined + 1] = np.maximum(top[joined + 1], start + right_high)
    row = np.arange(rows)[::-1, None]
    dots: Array = (bottom <= row) & (row <= top + pen - 1)
    return dots


class _Pieces:
    """The dots of lines from one dot column to the next, drawn when first asked for."""

    def __init__(self) -> None:
        self._rows = np.empty((4, 0), np.int16)
        """Lowest and highest dot in the left column, then in the right, from the start on, by
        the rise: from the most negative one, at the first index, to the greatest."""

    def of(self, rises: Array) -> Array:
        """Return the lowest and highest dot in both columns, (4, rises), relative to the start."""
        most = int(np.abs(rises).max())
        room = most - self._rows.shape[1] // 2
        if room >= 0:
            self._rows = np.pad(
                self._rows,
                ((0, 0), (room + 1 - self._rows.shape[1] % 2, room)),
                constant_values=_UNDRAWN,
            )
        middle = self._rows.shape[1] // 2
        found = self._rows[:, middle + rises]
        undrawn = found[0] == _UNDRAWN
        if undrawn.any():
            missing = distinct(rises[undrawn])
            self._rows[:, middle + missing] = _drawn(missing)
            found = self._rows[:, middle + rises]
        return found


_PIECES = _Pieces()


def _drawn(rises: Array) -> Array:
    """Return the lowest and highest dot in both columns of lines with ``rises``, (4, rises).

    plotext draws them side by side, each in a cell column of its own.
    """
    width, height = len(rises), -(-(int(np.abs(rises).max()) + 1) // DOTS_DOWN)
    plotext = _prepared()
    plotext.clear_data()
    plotext.plot_size(width, height)
    plotext.xlim(0, DOTS_ACROSS * width - 1)
    plotext.ylim(0, DOTS_DOWN * height - 1)
    starts = np.maximum(-rises, 0)
    for column, (start, rise) in enumerate(zip(starts.tolist(), rises.tolist(), strict=True)):
        x = [DOTS_ACROSS * column, DOTS_ACROSS * column + 1]
        plotext.plot(x, [start, start + rise], marker="braille", color="default")
    rows = plotext.uncolorize(plotext.build()).splitlines()[:height]
    dots = braille_dots(rows)[::-1]  # the lowest row first
    low, high = dots.argmax(axis=0), len(dots) - 1 - dots[::-1].argmax(axis=0)
    pieces: Array = np.stack([low[0::2], high[0::2], low[1::2], high[1::2]]) - starts
    return pieces


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
