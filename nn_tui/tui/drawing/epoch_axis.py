"""The plotting area of a chart, the epoch of each column, and the axes around it."""

import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rich.style import Style

from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.value_axis import ValueAxis
from nn_tui.tui.theme import Palette

AXIS_HEIGHT = 2
_EPOCHS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_COLUMNS_PER_TICK = 16
_OFF_BY_A_COLUMN = 0.6
"""Penalty for each column off the ideal tick spacing, in columns of curve."""

EpochRange = tuple[float, float]
AxisLabels = list[tuple[float, str, Style]]
"""Labels below the axis: epoch, text, style."""


class ChartFrame(NamedTuple):
    """The plotting area in cells, and the epochs it shows.

    ``start`` is the epoch at the left edge of column 0. ``tick`` is the number of epochs
    between ticks, a whole number of columns; infinite where labels do not fit.
    """

    left: int
    top: int
    columns: int
    lines: int
    epochs: EpochRange
    start: float
    epochs_per_column: float
    tick: float

    @classmethod
    def showing(
        cls, left: int, top: int, columns: int, lines: int, epochs: EpochRange
    ) -> "ChartFrame":
        """Return a frame that shows all ``epochs``, with ticks on whole columns."""
        per_column, tick = _columns_of(epochs, columns)
        whole = math.isfinite(tick)
        start = math.floor(epochs[0] / per_column + 1e-9) * per_column if whole else epochs[0]
        return cls(left, top, columns, lines, epochs, start, per_column, tick)

    def dot(self, epoch: float) -> float:
        """Horizontal position of ``epoch`` in dots, two per column, from the left edge."""
        return (epoch - self.start) / self.epochs_per_column * 2

    def column(self, epoch: float) -> int:
        """Column of ``epoch``; outside 0 … columns - 1 if it is not visible."""
        return math.floor(self.dot(epoch) + 0.5) // 2

    def epoch(self, column: int) -> int:
        """Epoch in the middle of a column."""
        return round(self.start + (column + 0.25) * self.epochs_per_column)

    def ticks(self) -> list[float]:
        """Epochs with a tick, from the left."""
        if not math.isfinite(self.tick):
            return []
        last = self.start + (self.columns - 1) * self.epochs_per_column
        first = math.ceil(self.start / self.tick - 1e-9)
        count = math.floor(last / self.tick + 1e-9) - first + 1
        return [(first + k) * self.tick for k in range(count)]


def full_range(last: float) -> EpochRange:
    """Range from epoch 0 to the first round number that is at least ``last``."""
    power = 10.0 ** math.floor(math.log10(max(last, 1)))
    rounds = (m * power for m in _EPOCHS)
    return 0.0, next(end for end in rounds if end == int(end) and end >= last)


@lru_cache(maxsize=16)
def empty_chart(width: int, frame: ChartFrame, axis: ValueAxis, palette: Palette) -> CellGrid:
    """Return the axes, with a faint grid line at each tick of the values; to be copied."""
    grid = CellGrid(width, frame.top + frame.lines + AXIS_HEIGHT, palette.text)
    labels = dict(axis.ticks)
    for row in range(frame.lines):
        line = frame.top + frame.lines - 1 - row
        label = labels.get(row, "")
        grid.put(frame.left - 1 - len(label), line, label, palette.muted)
        grid.put(frame.left - 1, line, "┤" if label else "│", palette.muted)
        if label and row and palette.guide is not None:
            grid.put(frame.left, line, "┈" * frame.columns, palette.guide, solid=False)
    bottom = frame.top + frame.lines
    grid.put(frame.left - 1, bottom, "└" + "─" * frame.columns, palette.muted)
    for epoch in frame.ticks():
        grid.put(frame.left + frame.column(epoch), bottom, "┬", palette.muted)
    return grid


def draw_epochs(
    grid: CellGrid,
    frame: ChartFrame,
    marks: Mapping[int, tuple[str, Style]],
    labels: AxisLabels,
    palette: Palette,
) -> None:
    """Draw ``marks`` by column on the axis of epochs, and the labels below it.

    ``labels`` are placed in their order, before those of the ticks.
    """
    line = frame.top + frame.lines
    for column, (glyph, style) in marks.items():
        if 0 <= column < frame.columns:
            grid.put(frame.left + column, line, glyph, style)
    for epoch, text, style in labels:
        _label(grid, frame, epoch, text, style, len(text) // 2)
    for epoch in frame.ticks():
        _label(grid, frame, epoch, f"{epoch:,.0f}", palette.muted)
    if grid.is_free(0, line + 1, len("epoch") + 1):
        grid.put(0, line + 1, "epoch", palette.faint)


def _label(
    grid: CellGrid, frame: ChartFrame, epoch: float, text: str, style: Style, slack: int = 0
) -> None:
    """Center ``text`` below ``epoch``, at most ``slack`` cells off.

    It is left out where it would touch another label.
    """
    if not 0 <= frame.column(epoch) < frame.columns:
        return
    line = frame.top + frame.lines + 1
    middle = frame.left + frame.column(epoch) - len(text) // 2
    middle = max(0, min(middle, grid.width - len(text)))
    for off in range(2 * slack + 1):
        column = middle + (off + 1) // 2 * (-1 if off % 2 else 1)
        start, stop = max(0, column - 1), min(grid.width, column + len(text) + 1)
        inside = 0 <= column <= grid.width - len(text)
        if inside and grid.is_free(start, line, stop - start):
            grid.put(column, line, text, style)
            return


def _columns_of(epochs: EpochRange, columns: int) -> tuple[float, float]:
    """Return epochs per column and per tick, with ticks a whole number of columns apart."""
    span = max(1.0, epochs[1] - epochs[0])
    room = len(f"{epochs[1]:,.0f}") + 2
    spare = 1 if epochs[0] <= 0 else 2  # otherwise column 0 starts up to one column earlier
    best, found = -math.inf, (span / max(0.5, columns - 1), math.inf)
    for power, factor in product(range(len(f"{span:.0f}")), (1, 2, 5)):
        step = factor * 10.0**power
        width = math.floor((columns - spare) * step / span + 1e-9)
        if step > span or width < room:
            continue
        score = span / step * width - _OFF_BY_A_COLUMN * abs(width - _COLUMNS_PER_TICK)
        if score > best:
            best, found = score, (step / width, step)
    return found
