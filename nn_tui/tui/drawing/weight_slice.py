"""The loss along one weight as a curve, with the tangent that is its gradient."""

import math

import numpy as np
from textual.strip import Strip

from nn_tui.training.edits import parameter_name
from nn_tui.training.loss_surface import WeightSlice
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.curve_layers import CurveLayer, draw_layers
from nn_tui.tui.drawing.epoch_axis import empty_chart
from nn_tui.tui.drawing.function_plot import (
    FunctionPlot,
    FunctionSamples,
    label_inputs,
    lay_out_function,
    line_dots,
)
from nn_tui.tui.drawing.line_plot import DOTS_ACROSS, stroke
from nn_tui.tui.drawing.numbers import format_loss, format_plain
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.types import Array

_TANGENT = 0.16
"""Half of the tangent's width, as a fraction of the curve's."""
_TEXTS = 3
"""Lines of text above and below the curve."""


def draw_slice(made: WeightSlice, area: DrawArea) -> list[Strip]:
    """Return the curve with a title above it, and its slope and lowest point below."""
    width, height, palette = area
    place = parameter_name(made.name, made.index)
    title = RowBuilder(palette.accented).add(f"loss along {place}")
    others = " · all other weights as they are"
    if title.width + len(others) <= width:
        title.add(others, palette.muted)
    texts = [_slope_text(made, width), _minimum_text(made, width)]
    rows = [RowBuilder(palette.text).left(text, width).strip(width) for text in texts]
    room = height - _TEXTS
    if room < 3 or width < 12:
        return [title.strip(width), *rows][:height]
    return [title.strip(width), *_curve(made, DrawArea(width, room, palette)), *rows][:height]


def _curve(made: WeightSlice, area: DrawArea) -> list[Strip]:
    width, height, palette = area
    inner = _inner(made.ends)
    ends = FunctionSamples(np.array(inner)[:, None], np.empty(0), 0)
    losses = np.interp(
        np.linspace(*made.ends, DOTS_ACROSS * width), made.values, bounded(made.losses)
    )
    known = np.where(np.isfinite(made.losses), 1.0, 0.0)
    losses[np.interp(np.linspace(*made.ends, len(losses)), made.values, known) < 1] = np.nan
    plot = lay_out_function(losses, ends, width, height)
    frame = plot.frame
    if plot.has_axes:
        grid = empty_chart(width, frame, plot.axis, palette).copy()
        label_inputs(grid, frame, "", palette)
    else:
        grid = CellGrid(width, frame.lines + 1, palette.text)
        low, high = (format_plain(end) for end in made.ends)
        grid.put(0, frame.lines, low, palette.muted)
        grid.put(width - len(high), frame.lines, high, palette.muted)
    layers = [CurveLayer.of_dots(line_dots(plot, losses), palette.train)]
    if made.gradient is not None:
        layers.insert(0, CurveLayer.of_dots(_tangent(made, plot), palette.accented))
    draw_layers(grid, frame.left, 0, layers)
    columns, lines = plot.cells(np.array([made.value]), np.array([made.loss]))
    grid.put(int(columns[0]), int(lines[0]), "●", palette.key)
    return grid.strips()[:height]


def _inner(ends: tuple[float, float]) -> tuple[float, float]:
    """The range whose margin, which every function plot adds, ends at ``ends``."""
    margin = (ends[1] - ends[0]) * 0.06 / 1.12
    return ends[0] + margin, ends[1] - margin


def _tangent(made: WeightSlice, plot: FunctionPlot) -> Array:
    """The dots of a short line through the weight with the slope of its gradient."""
    frame = plot.frame
    count = DOTS_ACROSS * frame.columns
    inputs = frame.start + np.arange(count) * (frame.epochs_per_column / DOTS_ACROSS)
    reach = _TANGENT * (made.ends[1] - made.ends[0])
    with np.errstate(all="ignore"):
        values = made.loss + (made.gradient or 0.0) * (inputs - made.value)
        heights = plot.axis.dots(bounded(values))
        heights[np.abs(inputs - made.value) > reach] = np.nan
    return stroke(heights, frame.columns, frame.lines, 1)


def _slope_text(made: WeightSlice, width: int) -> str:
    if made.gradient is None:
        return "its gradient is not known: too many samples"
    slope = f"{made.gradient:+.4g}"
    wordings = (
        f"● {format_plain(made.value)}: loss {format_loss(made.loss)}, slope ∇ {slope}",
        f"loss {format_loss(made.loss)}, slope ∇ {slope}",
        f"slope ∇ {slope}",
    )
    return next((words for words in wordings if len(words) <= width), "")


def _minimum_text(made: WeightSlice, width: int) -> str:
    found = made.minimum
    if found is None:
        return "no loss along this line is finite"
    value, loss = found
    if math.isclose(value, made.values[0]) or math.isclose(value, made.values[-1]):
        side = "below" if math.isclose(value, made.values[0]) else "above"
        wordings = (f"the minimum along this line is {side} {value:g}", f"minimum {side} {value:g}")
    else:
        wordings = (
            f"the minimum along this line is {format_loss(loss)}, at {value:.3g}",
            f"minimum {format_loss(loss)} at {value:.3g}",
        )
    return next((words for words in wordings if len(words) <= width), "")
