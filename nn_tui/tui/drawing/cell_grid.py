"""A rectangle of cells, written in any order and then read as strips."""

import sys
from collections.abc import Sequence
from copy import copy
from functools import lru_cache
from itertools import pairwise

import numpy as np
from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.order_statistics import distinct
from nn_tui.types import Array

_BLANK = ord(" ")
_UTF_32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_COVERED = 0
"""Code point in the second cell of a wide character."""


class CellGrid:
    """``width`` × ``height`` cells, line 0 at the top; text outside is clipped.

    A cell is free until something solid is written to it. Guide lines leave cells free, so
    that labels may overwrite them.
    """

    def __init__(self, width: int, height: int, paper: Style) -> None:
        self.width, self.height = width, height
        self._letters = np.full((height, width), _BLANK, np.uint32)
        self._inks = np.zeros((height, width), np.int32)
        self._solid = np.zeros((height, width), bool)
        self._styles = [paper]
        self._numbers = {paper: 0}

    def copy(self) -> "CellGrid":
        """Return an independent copy."""
        made = copy(self)
        made._letters, made._inks = self._letters.copy(), self._inks.copy()
        made._solid = self._solid.copy()
        made._styles, made._numbers = self._styles.copy(), self._numbers.copy()
        return made

    def put(self, column: int, line: int, text: str, style: Style, solid: bool = True) -> None:
        """Write ``text`` rightwards from a cell."""
        if not 0 <= line < self.height:
            return
        codes = _cells_of(text)
        start, stop = max(0, column), min(self.width, column + len(codes))
        if start < stop:
            cells = slice(start, stop)
            self._letters[line, cells] = codes[start - column : stop - column]
            self._inks[line, cells] = self._number(style)
            self._solid[line, cells] |= solid

    def put_upright(self, column: int, line: int, letter: str, lines: int, style: Style) -> None:
        """Write a vertical guide of ``lines`` letters into the free cells."""
        cells = slice(line, line + lines), column
        free = ~self._solid[cells]
        self._letters[cells][free] = ord(letter)
        self._inks[cells][free] = self._number(style)

    def fill(
        self, column: int, line: int, letters: Array, inks: Array, styles: Sequence[Style]
    ) -> None:
        """Write code points ``letters`` (lines, columns), 0 for none, as solid cells.

        ``inks`` (lines, columns) are indices into ``styles``.
        """
        numbers = np.array([self._number(style) for style in styles], np.int32)
        lines, columns = letters.shape
        area = slice(line, line + lines), slice(column, column + columns)
        written = letters > 0
        self._letters[area][written] = letters[written]
        self._inks[area][written] = numbers[inks[written]]
        self._solid[area] |= written

    def restyle(self, column: int, line: int, style: Style) -> None:
        """Combine a cell's style with ``style``."""
        before = self._styles[self._inks[line, column]]
        self._inks[line, column] = self._number(before + style)

    def shade(self, column: int, line: int, cells: Array, paper: Style) -> None:
        """Give ``cells`` (lines, columns) that are True the background of ``paper``."""
        lines, columns = cells.shape
        inks = self._inks[line : line + lines, column : column + columns]
        for ink in distinct(inks[cells]).tolist():
            inks[cells & (inks == ink)] = self._number(self._styles[ink] + paper)

    def letter(self, column: int, line: int) -> str:
        """Return the character in a cell."""
        return chr(self._letters[line, column])

    def is_free(self, column: int, line: int, width: int = 1) -> bool:
        """Whether ``width`` cells are inside the grid and free."""
        if not (0 <= line < self.height and column >= 0 and column + width <= self.width):
            return False
        return not self._solid[line, column : column + width].any()

    def free_cells(self, column: int, line: int, columns: int, lines: int) -> Array:
        """Return which cells are free, (lines, columns)."""
        free: Array = ~self._solid[line : line + lines, column : column + columns]
        return free

    def strips(self) -> list[Strip]:
        """Return all lines, from the top."""
        styles = tuple(self._styles)
        return [
            _strip(letters.tobytes(), inks.tobytes(), styles)
            for letters, inks in zip(self._letters, self._inks, strict=True)
        ]

    def _number(self, style: Style) -> int:
        if style not in self._numbers:
            self._numbers[style] = len(self._styles)
            self._styles.append(style)
        return self._numbers[style]


@lru_cache(maxsize=1024)
def _cells_of(text: str) -> Array:
    """Return the code point of each cell of ``text``, (cells,)."""
    codes: list[int] = []
    for character in text:
        size = get_character_cell_size(character)
        codes += [ord(character), *[_COVERED] * (size - 1)] if size else []
    return np.array(codes, np.uint32)


@lru_cache(maxsize=1024)
def _strip(letters: bytes, inks: bytes, styles: tuple[Style, ...]) -> Strip:
    """Return a line of code points, each in the style of that number; unchanged lines recur."""
    text = letters.decode(_UTF_32)
    numbers = np.frombuffer(inks, np.int32)
    bounds = [0, *(np.flatnonzero(numbers[1:] != numbers[:-1]) + 1).tolist(), len(text)]
    segments = [
        Segment(text[start:stop].replace("\0", ""), styles[numbers[start]])
        for start, stop in pairwise(bounds)
    ]
    return Strip(segments, len(text))
