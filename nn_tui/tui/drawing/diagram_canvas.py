"""A drawing of lines with pictures of units laid over them."""

from collections.abc import Iterable

from textual.strip import Strip

from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette


class DiagramCanvas:
    """``width`` × ``height`` cells: ``dots`` of lines, below the pictures that are ``put``."""

    def __init__(self, width: int, height: int) -> None:
        self.dots = BrailleCanvas(width, height)
        self._width = width
        self._pieces: list[list[tuple[int, Strip]]] = [[] for _ in range(height)]

    def put(self, x: int, y: int, picture: Iterable[Strip]) -> None:
        """Lay ``picture`` over the lines; pictures must not overlap."""
        for line, strip in enumerate(picture, y):
            self._pieces[line].append((x, strip))

    def strips(self, palette: Palette) -> list[Strip]:
        """Return all lines, from the top."""
        return [self._strip(line, palette) for line in range(len(self._pieces))]

    def _strip(self, line: int, palette: Palette) -> Strip:
        row = RowBuilder(palette.text)
        for x, piece in sorted(self._pieces[line], key=lambda entry: entry[0]):
            self.dots.add_to(row, line, row.width, x)
            row.add_segments(list(piece), piece.cell_length)
        self.dots.add_to(row, line, row.width, self._width)
        return row.strip(self._width)
