"""Curves of a chart as dots: a line through the medians, the value range behind it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.chart_band import draw_band
from nn_tui.tui.drawing.chart_series import ChartCurve
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_layers import CurveLayer, draw_layers, spread_dots
from nn_tui.tui.drawing.curve_sampling import (
    DotColumns,
    SampledCurve,
    interpolated,
    sample_columns,
    smoothed,
)
from nn_tui.tui.drawing.epoch_axis import ChartFrame
from nn_tui.tui.drawing.line_plot import DOTS_ACROSS, DOTS_DOWN, stroke
from nn_tui.tui.drawing.value_axis import ValueAxis
from nn_tui.tui.theme import Palette

_BEHIND = 0.45
"""Opacity of the value range behind a line."""
_DASH, _DASH_AND_GAP = 6, 8
"""Dots."""
_OWN_PEN = 2
_POINT = "●"


def draw_curves(
    grid: CellGrid,
    frame: ChartFrame,
    axis: ValueAxis,
    curves: Sequence[ChartCurve],
    view: ChartView,
    palette: Palette,
) -> None:
    """Draw the curves so that none hides another; a single point becomes a marker."""
    drawn = [_drawn(curve, frame, axis, view, palette) for curve in curves]
    samples = [sample for sample, _ in drawn]
    draw_layers(grid, frame.left, frame.top, [layer for _, layer in drawn])
    for curve, sample in zip(curves, samples, strict=True):
        _mark_single(grid, frame, axis, curve, sample)
        if curve.shaded:
            draw_band(grid, frame, axis, curve.points, curve.ink, palette)


def rows_down(frame: ChartFrame, axis: ValueAxis, value: float) -> float:
    """Distance of a value from the top in rows, clipped to the plotting area."""
    (dots,) = axis.dots(np.array([value]))
    up = (float(dots) + 0.5) / DOTS_DOWN if np.isfinite(dots) else 0.0
    return max(0.0, min(frame.lines - up, frame.lines - 1e-6))


def _drawn(
    curve: ChartCurve, frame: ChartFrame, axis: ValueAxis, view: ChartView, palette: Palette
) -> tuple[DotColumns, CurveLayer]:
    reach = DOTS_ACROSS * view.reach(frame.epochs) / frame.epochs_per_column if view.strength else 0
    # In ASCII a pen two dots tall becomes two lines.
    pen = _OWN_PEN if curve.own and not palette.ascii else 1
    style = _LayerStyle(pen, curve.dashed, curve.shaded, curve.ink, palette)
    draw = _layer if curve.own else _layer_of_another
    sample, layer = draw(curve.points, frame, axis, reach, style)
    return sample, layer.behind() if curve.behind else layer


class _LayerStyle(NamedTuple):
    """``pen`` is the height of the line in dots."""

    pen: int
    dashed: bool
    shaded: bool
    ink: Style
    palette: Palette


def _layer(
    points: SampledCurve, frame: ChartFrame, axis: ValueAxis, reach: float, style: _LayerStyle
) -> tuple[DotColumns, CurveLayer]:
    """Return the curve's dot columns and its layer; ``reach`` is the smoothing in dots, or 0."""
    width, height = frame.columns, frame.lines
    sample = sample_columns(points, frame)
    low, middle, high = (axis.dots(v) for v in (sample.low, sample.middle, sample.high))
    if _single(sample) is not None:
        middle = np.full(len(middle), np.nan)  # drawn as a marker
    line = interpolated(sample, middle, DOTS_ACROSS * width)
    spread = (
        np.zeros((DOTS_DOWN * height, DOTS_ACROSS * width), bool)
        if style.shaded
        else spread_dots(low, high, sample.column, width, height)
    )
    if reach:
        spread |= stroke(line, width, height)
        line = smoothed(line, reach)
    dots = stroke(line, width, height, style.pen)
    if style.dashed:
        dots[:, np.arange(dots.shape[1]) % _DASH_AND_GAP >= _DASH] = False
    faint = style.palette.fainter(style.ink, _BEHIND)
    return sample, CurveLayer.of_dots(dots, style.ink, spread, faint)


_layer_of_another = lru_cache(maxsize=32)(_layer)
"""The curve of a pinned run is the same while the run itself grows."""


def _single(sample: DotColumns) -> int | None:
    """Index of the only finite point of a curve; None if there are more, or none."""
    known = np.flatnonzero(np.isfinite(sample.high))
    return int(known[0]) if len(known) == 1 else None


def _mark_single(
    grid: CellGrid, frame: ChartFrame, axis: ValueAxis, curve: ChartCurve, sample: DotColumns
) -> None:
    """Draw the marker of a curve with one point, beside any other marker."""
    point = _single(sample)
    if point is None or not 0 <= sample.column[point] < DOTS_ACROSS * frame.columns:
        return
    column = int(sample.column[point]) // DOTS_ACROSS
    line = frame.top + int(rows_down(frame, axis, float(sample.high[point])))
    while column < frame.columns - 1 and grid.letter(frame.left + column, line) == _POINT:
        column += 1
    grid.put(frame.left + column, line, _POINT, curve.ink)
