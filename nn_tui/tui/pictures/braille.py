"""Thin coloured lines drawn with braille dots, two by four to a cell."""

from rich.style import Style

from nn_tui.tui.strips import Row

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Dots:
    """A grid of cells; a cell has one style, that of the last dot set in it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._bits = [[0] * width for _ in range(height)]
        self._styles: list[list[Style | None]] = [[None] * width for _ in range(height)]

    def set(self, x: int, y: int, style: Style) -> None:
        """Set the dot at ``x`` (two a cell) and ``y`` (four a cell); outside is ignored."""
        column, line = x // 2, y // 4
        if 0 <= column < self.width and 0 <= line < self.height:
            self._bits[line][column] |= _DOTS[y % 4][x % 2]
            self._styles[line][column] = style

    def line(self, x0: int, y0: int, x1: int, y1: int, thickness: int, style: Style) -> None:
        """A line between two dots, ``thickness`` dots high."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            x = round(x0 + (x1 - x0) * step / steps)
            y = round(y0 + (y1 - y0) * step / steps)
            for extra in range(thickness):
                self.set(x, y + extra - (thickness - 1) // 2, style)

    def add_to(self, row: Row, line: int, start: int, stop: int) -> None:
        """Append the cells ``start`` … ``stop`` of one line to a row."""
        bits, styles = self._bits[line], self._styles[line]
        for column in range(start, stop):
            if bits[column]:
                row.add(chr(0x2800 + bits[column]), styles[column])
            else:
                row.add(" ")
