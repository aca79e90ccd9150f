"""Thin coloured lines drawn with braille dots, 2 × 4 per cell."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.style import Style

from nn_tui.tui.drawing.strips import RowBuilder

_BITS = np.array(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)))
_BIT_ORDER = (0, 2, 4, 1, 3, 5, 6, 7)
"""The dots of a cell, counted row by row, in the order of the bits."""
_GLYPHS = 256
BRAILLE = 0x2800
"""Code point of the glyph without dots."""
_DOTTED = 6  # a dotted line shows every sixth dot
_DASH, _DASHED = 4, 7  # of a dashed line, the first dots of every so many


class BrailleCanvas:
    """A grid of cells; each cell has the style of the last dot set in it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._set = np.zeros((4 * height, 2 * width), bool)
        self._inks = np.zeros((height, width), int)
        self._styles: list[Style] = []
        self._numbers: dict[Style, int] = {}
        self._cells: list[list[int]] | None = None

    def set(self, x: int, y: int, style: Style) -> None:
        """Set the dot at ``x`` (two per cell) and ``y`` (four per cell); clip outside."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            self._cells = None
            self._set[y, x] = True
            self._inks[y // 4, x // 2] = self._number(style)

    def line(self, x0: int, y0: int, x1: int, y1: int, thickness: int, style: Style) -> None:
        """Draw a line between two dots, ``thickness`` dots high."""
        self.lines(np.array([[x0, y0, x1, y1]]), [thickness], [style])

    def lines(
        self,
        ends: NDArray[Any],
        thicknesses: ArrayLike,
        styles: Sequence[Style],
        dashed: ArrayLike = False,
    ) -> None:
        """Draw lines from (x0, y0) to (x1, y1), ``ends`` (lines, 4), the last on top.

        A line of thickness 0 is dotted; ``dashed`` (lines,) says which others have gaps.
        """
        if not len(ends):
            return
        self._cells = None
        thick = np.asarray(thicknesses)
        start, reach = ends[:, :2], ends[:, 2:] - ends[:, :2]
        steps = np.maximum(np.abs(reach).max(axis=1), 1)
        step = np.arange(steps.max() + 1)
        share = np.minimum(step / steps[:, None], 1.0)  # (lines, steps)
        x, y = (np.rint(start[:, k, None] + reach[:, k, None] * share).astype(int) for k in (0, 1))
        dotted, whole = (thick == 0)[:, None], ((thick > 0) & ~np.asarray(dashed))[:, None]
        shown = whole | np.where(dotted, step % _DOTTED == 0, step % _DASHED < _DASH)
        inks = np.broadcast_to(np.array([self._number(s) for s in styles])[:, None], x.shape)
        inside = shown & (x >= 0) & (x < 2 * self.width)
        for extra in range(max(1, int(thick.max()))):
            dy = y + extra - np.maximum(thick - 1, 0)[:, None] // 2
            drawn = inside & (dy >= 0) & (dy < 4 * self.height)
            if extra:
                drawn &= (thick > extra)[:, None]
            self._set[dy[drawn], x[drawn]] = True
            self._inks[dy[drawn] // 4, x[drawn] // 2] = inks[drawn]

    def add_to(self, row: RowBuilder, line: int, start: int, stop: int) -> None:
        """Append the cells from ``start`` to ``stop`` of one line to a row."""
        cells = self._glyphs()[line][start:stop]
        for cell, run in groupby(cells):
            ink, bits = divmod(cell, _GLYPHS)
            text = chr(BRAILLE + bits) if bits else " "
            width = len(list(run))
            row.add_cells(text * width, width, self._styles[ink] if bits else None)

    def _glyphs(self) -> list[list[int]]:
        """The number of each cell's glyph and style, until the next dot is set."""
        if self._cells is None:
            bits = cell_bits(self._set)
            self._cells = np.where(bits, bits + _GLYPHS * self._inks, 0).tolist()
        return self._cells

    def _number(self, style: Style) -> int:
        if style not in self._numbers:
            self._numbers[style] = len(self._styles)
            self._styles.append(style)
        return self._numbers[style]


def braille_glyphs(dots: NDArray[Any]) -> dict[tuple[int, int], str]:
    """Return the glyphs of ``dots`` (4 * lines, 2 * width) by (line, column), blanks left out."""
    bits = cell_bits(dots)
    return {
        (line, column): chr(BRAILLE + bits[line, column])
        for line, column in np.argwhere(bits).tolist()
    }


def braille_dots(rows: Sequence[str]) -> NDArray[Any]:
    """Return the dots (4 * rows, 2 * width) of equally long rows of braille glyphs and blanks."""
    codes = np.array([[ord(glyph) for glyph in row] for row in rows], np.int64)
    bits = np.where((codes >= BRAILLE) & (codes < BRAILLE + _GLYPHS), codes - BRAILLE, 0)
    cells: NDArray[Any] = (bits[:, None, :, None] & _BITS[None, :, None, :]) > 0
    return cells.reshape(4 * len(rows), -1)


def cell_bits(dots: NDArray[Any]) -> NDArray[Any]:
    """Return each cell's glyph number (lines, width) for ``dots`` (4 * lines, 2 * width)."""
    lines, width = len(dots) // 4, dots.shape[1] // 2
    cells = dots.astype(bool, copy=False).reshape(lines, 4, width, 2).transpose(0, 2, 1, 3)
    ordered = cells.reshape(lines, width, 8)[:, :, _BIT_ORDER]
    return np.packbits(ordered, axis=2, bitorder="little")[:, :, 0].astype(np.int64)
