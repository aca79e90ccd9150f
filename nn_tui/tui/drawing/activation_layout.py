"""Layout of a network over pictures: the picture, a grid for each hidden layer, the outputs."""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from nn_tui.tui.drawing.diagram_layout import Unit

_CELLS = ((8, 8), (6, 6), (4, 4), (2, 2), (1, 1))
"""Sizes of a unit in a grid: columns, half lines; the best first."""
_GAPS = (5, 3, 2)  # between the parts, for edges
_LONGEST_NAME = 8
_LEAST_LINES = 3
_BAR = (3, 12)  # cells of an output's bar, fewest and most
_NUMBER = 6  # cells of an output
_MOST_PIXELS = 4  # columns of a pixel


class UnitGrid(NamedTuple):
    """A layer's units in columns, from the top, inside a frame whose corner is (x, y).

    A unit is ``across`` columns wide and ``high`` half lines high.
    """

    layer: int
    units: int
    x: int
    y: int
    rows: int
    across: int
    high: int

    @property
    def columns(self) -> int:
        """Columns of units."""
        return -(-self.units // self.rows)

    @property
    def width(self) -> int:
        """Cells across, with the frame."""
        return self.columns * self.across + 2

    @property
    def lines(self) -> int:
        """Lines, with the frame."""
        return (self.rows * self.high + 1) // 2 + 2

    def cell(self, number: int) -> tuple[int, int]:
        """Return column and line of a unit's left upper cell."""
        column, row = divmod(number, self.rows)
        return self.x + 1 + column * self.across, self.y + 1 + row * self.high // 2

    def at(self, x: int, y: int) -> int | None:
        """Return the unit at a cell, if any."""
        column, line = (x - self.x - 1) // self.across, y - self.y - 1
        row = 2 * line // self.high
        inside = 0 <= column < self.columns and line >= 0 and 0 <= row < self.rows
        number = column * self.rows + row
        return number if inside and number < self.units else None


class OutputList(NamedTuple):
    """The outputs ``numbers``, ``pitch`` lines apart: names of so many cells, bars, numbers."""

    layer: int
    numbers: range
    x: int
    y: int
    pitch: int
    name: int
    bar: int

    @property
    def width(self) -> int:
        """Cells of a line."""
        return self.name + self.bar + _NUMBER + 2

    def line(self, number: int) -> int:
        """Return the line of an output."""
        return self.y + (number - self.numbers.start) * self.pitch

    def at(self, x: int, y: int) -> int | None:
        """Return the output at a cell, if any."""
        number = self.numbers.start + (y - self.y) // self.pitch
        inside = self.x <= x < self.x + self.width and (y - self.y) % self.pitch == 0
        return number if inside and number in self.numbers else None


class ActivationLayout(NamedTuple):
    """The picture's place (x, y, columns, half lines), the grids and the outputs.

    With ``titles`` there is a line for them above.
    """

    picture: tuple[int, int, int, int]
    grids: tuple[UnitGrid, ...]
    outputs: OutputList
    titles: bool

    def unit_at(self, x: int, y: int) -> Unit | None:
        """Return the unit at a cell, if any."""
        for grid in self.grids:
            number = grid.at(x, y)
            if number is not None:
                return grid.layer, number
        number = self.outputs.at(x, y)
        return None if number is None else (self.outputs.layer, number)


def lay_out_activations(
    sizes: Sequence[int],
    picture: tuple[int, int],
    name: int,
    width: int,
    height: int,
    chosen: int,
) -> ActivationLayout | None:
    """Lay out layers of ``sizes`` in ``width`` × ``height`` cells; None if they do not fit.

    ``picture`` is its height and width in pixels, ``name`` the width of the longest name of
    an output; the output ``chosen`` is visible. All outputs come before titles.
    """
    titles = height > sizes[-1]
    top, height = int(titles), height - titles
    if height < _LEAST_LINES:
        return None
    shrunk = max(1, -(-picture[1] // max(1, width // 3)), -(-picture[0] // (2 * height)))
    high, wide = (-(-pixels // shrunk) for pixels in picture)
    last = len(sizes) - 1
    outputs = _outputs(last, sizes[last], min(name, _LONGEST_NAME), height, chosen)
    for (across, half), gap, scale in product(_CELLS, _GAPS, range(_MOST_PIXELS, 0, -1)):
        grids = [_grid(layer, sizes[layer], across, half, height) for layer in range(1, last)]
        widths = [scale * wide, *(grid.width for grid in grids), outputs.width]
        free = width - sum(widths) - gap * last
        tallest = max((scale * high, *(2 * grid.lines for grid in grids)))
        if free < 0 or tallest > 2 * height or scale < min(across // 2, _MOST_PIXELS):
            continue
        bar = min(_BAR[1], _BAR[0] + free // 2)
        widths[-1] += bar - outputs.bar
        space = (width - sum(widths)) / last
        starts = [round(sum(widths[:i]) + i * space) for i in range(len(widths))]
        placed = tuple(
            grid._replace(x=x, y=top + (height - grid.lines) // 2)
            for grid, x in zip(grids, starts[1:-1], strict=True)
        )
        middle = top + (height - (scale * high + 1) // 2) // 2
        return ActivationLayout(
            (0, middle, scale * wide, scale * high),
            placed,
            outputs._replace(x=starts[-1], y=top + outputs.y, bar=bar),
            titles,
        )
    return None


def _grid(layer: int, units: int, across: int, half: int, height: int) -> UnitGrid:
    """Return a grid that is as nearly square as its height allows."""
    most = max(1, 2 * (height - 2) // half)
    return UnitGrid(layer, units, 0, 0, min(most, max(1, round(units**0.5))), across, half)


def _outputs(layer: int, count: int, name: int, height: int, chosen: int) -> OutputList:
    shown = min(count, height)
    first = max(0, min(chosen - shown // 2, count - shown))
    pitch = max(1, min(2, height // shown))
    top = (height - (shown - 1) * pitch - 1) // 2
    return OutputList(layer, range(first, first + shown), 0, top, pitch, name, _BAR[0])
