"""Curves of a chart as dots: a line through the medians, the value range behind it."""

from collections.abc import Sequence

import numpy as np

from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.chart_band import draw_band
from nn_tui.tui.drawing.chart_series import ChartCurve
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_layers import CurveLayer, draw_layers, spread_dots
from nn_tui.tui.drawing.curve_sampling import DotColumns, interpolated, sample_columns, smoothed
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
    samples = [sample_columns(curve.points, frame) for curve in curves]
    layers = [
        _layer(curve, sample, frame, axis, view, palette)
        for curve, sample in zip(curves, samples, strict=True)
    ]
    draw_layers(grid, frame.left, frame.top, layers)
    for curve, sample in zip(curves, samples, strict=True):
        _mark_single(grid, frame, axis, curve, sample)
        if curve.shaded:
            draw_band(grid, frame, axis, curve.points, curve.ink, palette)


def rows_down(frame: ChartFrame, axis: ValueAxis, value: float) -> float:
    """Distance of a value from the top in rows, clipped to the plotting area."""
    (dots,) = axis.dots(np.array([value]))
    up = (float(dots) + 0.5) / DOTS_DOWN if np.isfinite(dots) else 0.0
    return max(0.0, min(frame.lines - up, frame.lines - 1e-6))


def _layer(
    curve: ChartCurve,
    sample: DotColumns,
    frame: ChartFrame,
    axis: ValueAxis,
    view: ChartView,
    palette: Palette,
) -> CurveLayer:
    width, height = frame.columns, frame.lines
    low, middle, high = (axis.dots(v) for v in (sample.low, sample.middle, sample.high))
    if _single(sample) is not None:
        middle = np.full(len(middle), np.nan)  # drawn as a marker
    line = interpolated(sample, middle, DOTS_ACROSS * width)
    spread = (
        np.zeros((DOTS_DOWN * height, DOTS_ACROSS * width), bool)
        if curve.shaded
        else spread_dots(low, high, sample.column, width, height)
    )
    if view.strength:
        spread |= stroke(line, width, height)
        reach = view.reach(frame.epochs) / frame.epochs_per_column
        line = smoothed(line, DOTS_ACROSS * reach)
    # In ASCII a pen two dots tall becomes two lines.
    dots = stroke(line, width, height, _OWN_PEN if curve.own and not palette.ascii else 1)
    if curve.dashed:
        dots[:, np.arange(dots.shape[1]) % _DASH_AND_GAP >= _DASH] = False
    return CurveLayer(dots, spread, curve.ink, palette.fainter(curve.ink, _BEHIND))


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
