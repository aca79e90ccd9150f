"""Thin coloured lines drawn with braille dots, two by four to a cell."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style

from nn_tui.tui.drawing.strips import RowBuilder

_BITS = np.array(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)))
_GLYPHS = 256
BRAILLE = 0x2800
"""The glyph without dots."""
_DOTTED = 6  # of so many dots of a dotted line one shows


class BrailleCanvas:
    """A grid of cells; a cell has one style, that of the last dot set in it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._set = np.zeros((4 * height, 2 * width), bool)
        self._inks = np.zeros((height, width), int)
        self._styles: list[Style] = []
        self._numbers: dict[Style, int] = {}

    def set(self, x: int, y: int, style: Style) -> None:
        """Set the dot at ``x`` (two a cell) and ``y`` (four a cell); outside is ignored."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            self._set[y, x] = True
            self._inks[y // 4, x // 2] = self._number(style)

    def line(self, x0: int, y0: int, x1: int, y1: int, thickness: int, style: Style) -> None:
        """A line between two dots, ``thickness`` dots high."""
        self.lines(np.array([[x0, y0, x1, y1]]), [thickness], [style])

    def lines(self, ends: NDArray[Any], thicknesses: ArrayLike, styles: Sequence[Style]) -> None:
        """Lines from dots (x0, y0) to (x1, y1), ``ends`` (lines, 4), the last on top.

        A line of thickness 0 is dotted.
        """
        if not len(ends):
            return
        thick = np.asarray(thicknesses)
        start, reach = ends[:, :2], ends[:, 2:] - ends[:, :2]
        steps = np.maximum(np.abs(reach).max(axis=1), 1)
        step = np.arange(steps.max() + 1)
        share = np.minimum(step / steps[:, None], 1.0)  # (lines, steps)
        x, y = (np.rint(start[:, k, None] + reach[:, k, None] * share).astype(int) for k in (0, 1))
        shown = (thick[:, None] > 0) | (step % _DOTTED == 0)
        inks = np.broadcast_to(np.array([self._number(s) for s in styles])[:, None], x.shape)
        inside = shown & (x >= 0) & (x < 2 * self.width)
        for extra in range(max(1, int(thick.max()))):
            dy = y + extra - np.maximum(thick - 1, 0)[:, None] // 2
            here = inside & (dy >= 0) & (dy < 4 * self.height)
            if extra:
                here &= (thick > extra)[:, None]
            self._set[dy[here], x[here]] = True
            self._inks[dy[here] // 4, x[here] // 2] = inks[here]

    def add_to(self, row: RowBuilder, line: int, start: int, stop: int) -> None:
        """Append the cells ``start`` … ``stop`` of one line to a row."""
        bits = cell_bits(self._set[4 * line : 4 * line + 4, 2 * start : 2 * stop])[0]
        cells = np.where(bits, bits + _GLYPHS * self._inks[line, start:stop], 0)
        starts = np.flatnonzero(np.diff(cells, prepend=-1)).tolist()
        for first, after in zip(starts, [*starts[1:], stop - start], strict=False):
            ink, bit = divmod(int(cells[first]), _GLYPHS)
            if bit:
                row.add(chr(BRAILLE + bit) * (after - first), self._styles[ink])
            else:
                row.add(" " * (after - first))

    def _number(self, style: Style) -> int:
        if style not in self._numbers:
            self._numbers[style] = len(self._styles)
            self._styles.append(style)
        return self._numbers[style]


def braille_glyphs(dots: NDArray[Any]) -> dict[tuple[int, int], str]:
    """``dots`` (4 * lines, 2 * width) as glyphs by line and column, where there are any."""
    bits = cell_bits(dots)
    return {
        (line, column): chr(BRAILLE + bits[line, column])
        for line, column in np.argwhere(bits).tolist()
    }


def braille_dots(rows: Sequence[str]) -> NDArray[Any]:
    """The dots (4 * rows, 2 * width) of rows of braille glyphs and blanks, of one width."""
    codes = np.array([[ord(glyph) for glyph in row] for row in rows], np.int64)
    bits = np.where((codes >= BRAILLE) & (codes < BRAILLE + _GLYPHS), codes - BRAILLE, 0)
    cells: NDArray[Any] = (bits[:, None, :, None] & _BITS[None, :, None, :]) > 0
    return cells.reshape(4 * len(rows), -1)


def cell_bits(dots: NDArray[Any]) -> NDArray[Any]:
    """``dots`` (4 * lines, 2 * width) as the number of each cell's glyph, (lines, width)."""
    cells = dots.astype(np.uint8, copy=False).reshape(len(dots) // 4, 4, dots.shape[1] // 2, 2)
    bits = np.zeros(cells.shape[::2], np.int64)
    for row, column in np.ndindex(4, 2):  # far quicker than a sum over two axes
        bits += cells[:, row, :, column] * _BITS[row, column]
    return bits
