"""The output of a network with one input as a curve over axes, with the samples as dots."""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.bounded import bounded, padded_range
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.curve_layers import CurveLayer, draw_layers
from nn_tui.tui.drawing.epoch_axis import AXIS_HEIGHT, ChartFrame, empty_chart
from nn_tui.tui.drawing.line_plot import DOTS_ACROSS, DOTS_DOWN, stroke
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.value_axis import ValueAxis, centred_axis
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_MARGIN = 0.06
_BOLD_FROM = 60
"""Least width of a plot whose line is two dots tall; in smaller ones it would hide samples."""
_AXES = (26, 8)
"""Least width and height with axes; smaller plots have the range of the inputs below."""
_LEGEND_HEIGHT = 12
"""Least height with a legend."""
_COLUMNS_PER_TICK = 12
_FEW = 10
"""Penalty for one or two ticks, in columns."""
_STEPS = (1.0, 2.0, 5.0)
_MOST_DECIMALS = 5


def plot_inputs(points: Array, width: int) -> Array:
    """Return inputs (2 * width, 1) from left to right, one per column of dots.

    They cover ``points`` (samples, 1) and a margin.
    """
    left, right = padded_range(bounded(points), _MARGIN)
    return np.linspace(left, right, 2 * width)[:, None]


class FunctionSamples(NamedTuple):
    """The samples of a plot: ``points`` (samples, 1) and ``targets`` (samples,).

    The first ``train_count`` are training samples, the others ``held_out``; empty ``targets``
    leave all out.
    """

    points: Array
    targets: Array
    train_count: int
    held_out: str = "test"


@dataclass(frozen=True, eq=False)
class FunctionPlot:
    """Where a function and samples are drawn: the ``frame`` in cells, and the value ``axis``."""

    frame: ChartFrame
    axis: ValueAxis
    has_axes: bool

    def dots(self, inputs: Array, values: Array) -> tuple[Array, Array]:
        """Return column and row, from the top, of the dots nearest to points (points,)."""
        frame = self.frame
        with np.errstate(all="ignore"):
            across = (bounded(inputs) - frame.start) / frame.epochs_per_column * DOTS_ACROSS
        up = np.nan_to_num(self.axis.dots(bounded(values)))
        rows = DOTS_DOWN * frame.lines
        columns = np.clip(np.rint(across), 0, DOTS_ACROSS * frame.columns - 1).astype(int)
        lines = np.clip(rows - 1 - np.rint(up), 0, rows - 1).astype(int)
        return columns, lines

    def cells(self, inputs: Array, values: Array) -> tuple[Array, Array]:
        """Return column and line, in the picture, of the cells of points (points,)."""
        columns, rows = self.dots(inputs, values)
        left, top = self.frame.left, self.frame.top
        return left + columns // DOTS_ACROSS, top + rows // DOTS_DOWN


def lay_out_function(
    values: Array, samples: FunctionSamples, width: int, height: int
) -> FunctionPlot:
    """Place the ``values`` at the inputs of ``plot_inputs``, and the samples."""
    has_axes = width >= _AXES[0] and height >= _AXES[1]
    lines = max(1, height - (AXIS_HEIGHT if has_axes else 1) - (height >= _LEGEND_HEIGHT))
    known = bounded(np.concatenate([samples.targets.ravel(), values[np.isfinite(values)]]))
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    axis = centred_axis(low, high, max(2, lines))
    labels = [len(label) for _, label in axis.ticks] if has_axes else []
    left = max(labels) + 2 if labels else 0
    ends = padded_range(bounded(samples.points), _MARGIN)
    columns = max(1, width - left)
    unit, tick = _columns_of(*ends, columns) if has_axes else (math.inf, math.inf)
    if math.isfinite(tick):
        start = math.floor(ends[0] / unit + 1e-9) * unit
    else:
        start, unit = ends[0], (ends[1] - ends[0]) / columns
    return FunctionPlot(
        ChartFrame(left, 0, columns, lines, ends, start, unit, tick), axis, has_axes
    )


@lru_cache(maxsize=16)
def _columns_of(low: float, high: float, columns: int) -> tuple[float, float]:
    """Return inputs per column and per tick, with ticks a whole number of columns apart."""
    span = high - low
    best, found = -math.inf, (math.inf, math.inf)
    power = math.floor(math.log10(span))
    for exponent, factor in product((power - 1, power), _STEPS):
        step = factor * 10.0**exponent
        width = math.floor((columns - 2) * step / span + 1e-9)
        room = max(len(_tick_label(limit, step)) for limit in (low, high)) + 2
        if not width >= room or not math.isfinite(low / step):
            continue
        score = span / step * width - abs(width - _COLUMNS_PER_TICK)
        score -= _FEW * (span / step < 3)
        if score > best:
            best, found = score, (step / width, step)
    return found


def _tick_label(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    value = round(value / step) * step + 0.0
    if decimals > _MOST_DECIMALS or abs(value) >= 1e6:
        return format_plain(value)
    return f"{value:.{decimals}f}"


def draw_function(
    values: Array,
    samples: FunctionSamples,
    area: DrawArea,
    chosen: int = -1,
    name: str = "x",
    line_name: str = "ŷ",
) -> list[Strip]:
    """Draw ``values`` (2 * width,) at the inputs of ``plot_inputs``, and the samples.

    Test samples have the colour of the test set. The ``chosen`` sample is a full disc.
    ``name`` is that of the input, ``line_name`` that of the values.
    """
    width, height, palette = area
    if height < 3:
        return []
    plot = lay_out_function(values, samples, width, height)
    frame = plot.frame
    if plot.has_axes:
        grid = empty_chart(width, frame, plot.axis, palette).copy()
        label_inputs(grid, frame, name, palette)
    else:
        grid = CellGrid(width, frame.lines + 1, palette.text)
        ends = [format_plain(end) for end in frame.epochs]
        if sum(map(len, ends)) < width:
            grid.put(0, frame.lines, ends[0], palette.muted)
            grid.put(width - len(ends[1]), frame.lines, ends[1], palette.muted)
    draw_layers(grid, frame.left, 0, _sample_layers(plot, samples, palette))
    line = line_dots(plot, values)
    draw_layers(grid, frame.left, 0, [CurveLayer.of_dots(line, palette.train)])
    if 0 <= chosen < len(samples.targets):
        columns, lines = plot.cells(samples.points[:, 0], samples.targets)
        grid.put(int(columns[chosen]), int(lines[chosen]), "●", palette.chosen)
    strips = grid.strips()
    if len(strips) < height:
        strips.append(_legend(samples, line_name, width, frame.left, palette))
    return strips[:height]


def line_dots(plot: FunctionPlot, values: Array) -> Array:
    """Return the dots of the line; it has gaps where the values are not finite."""
    frame = plot.frame
    places = frame.start + np.arange(DOTS_ACROSS * frame.columns) * (
        frame.epochs_per_column / DOTS_ACROSS
    )
    known = np.where(np.isfinite(values), bounded(values), np.nan)
    inputs = np.linspace(*frame.epochs, len(values))
    with np.errstate(all="ignore"):
        heights = plot.axis.dots(np.interp(places, inputs, known, left=np.nan, right=np.nan))
    return stroke(heights, frame.columns, frame.lines, 1 + (frame.columns >= _BOLD_FROM))


def _sample_layers(
    plot: FunctionPlot, samples: FunctionSamples, palette: Palette
) -> list[CurveLayer]:
    """Return the dots of the training and of the test samples."""
    if not len(samples.targets):
        return []
    columns, rows = plot.dots(samples.points[:, 0], samples.targets)
    layers = []
    for part, ink in (
        (slice(0, samples.train_count), palette.muted),
        (slice(samples.train_count, None), palette.test),
    ):
        dots = np.zeros((DOTS_DOWN * plot.frame.lines, DOTS_ACROSS * plot.frame.columns), bool)
        dots[rows[part], columns[part]] = True
        layers.append(CurveLayer.of_dots(dots, ink))
    return layers


def label_inputs(grid: CellGrid, frame: ChartFrame, name: str, palette: Palette) -> None:
    """Write the inputs below their ticks, and the name of the input before them."""
    line = frame.top + frame.lines + 1
    for tick in frame.ticks():
        label = _tick_label(tick, frame.tick)
        column = frame.left + frame.column(tick) - len(label.lstrip("-")) // 2 - label.count("-")
        column = max(0, min(column, grid.width - len(label)))
        if grid.is_free(max(0, column - 1), line, min(len(label) + 1, grid.width - column)):
            grid.put(column, line, label, palette.muted)
    if grid.is_free(0, line, cell_len(name) + 1):
        grid.put(0, line, name, palette.faint)


def _legend(
    samples: FunctionSamples, line_name: str, width: int, left: int, palette: Palette
) -> Strip:
    parts: list[tuple[str, str, Style]] = [("━", line_name, palette.train)]
    count = len(samples.targets)
    if samples.train_count and count:
        parts.append(("·", "training", palette.muted))
    if count > samples.train_count:
        parts.append(("·", samples.held_out, palette.test))
    grid = CellGrid(width, 1, palette.text)
    for mark, text, style in parts:
        if left + 2 + len(text) <= width:
            grid.put(left, 0, mark, style)
            grid.put(left + 2, 0, text, palette.test if style == palette.test else palette.muted)
            left += 4 + len(text)
    return grid.strips()[0]
