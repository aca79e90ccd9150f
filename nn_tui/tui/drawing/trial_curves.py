"""The loss curves of trials in one chart: the seeds of a setting, or a curve for each setting."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.trials.trial_curve import TrialCurve
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.chart_curves import draw_curves, rows_down
from nn_tui.tui.drawing.chart_series import ChartCurve
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_labels import CurveLabel, draw_labels, label_columns
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.drawing.epoch_axis import (
    AXIS_HEIGHT,
    ChartFrame,
    draw_epochs,
    empty_chart,
    full_range,
)
from nn_tui.tui.drawing.strips import DrawArea, paragraph
from nn_tui.tui.drawing.value_axis import ValueAxis, linear_axis, log_axis, prefers_log
from nn_tui.tui.theme import Palette

_LEAST_COLUMNS, _LEAST_LINES = 6, 2
_VALUE = 8
"""Cells of a value beside its curve."""


@dataclass(frozen=True)
class NamedCurve:
    """A curve of one loss: ``losses`` is its name. One that is ``chosen`` stands out.

    ``number`` decides its colour; without one it is grey. ``value`` is the text beside its end.
    """

    name: str
    curve: TrialCurve
    losses: str
    value: str = ""
    chosen: bool = False
    number: int | None = None


def draw_trial_curves(curves: Sequence[NamedCurve], area: DrawArea, hint: str) -> list[Strip]:
    """Draw the curves on common axes; without any, the ``hint``."""
    width, height, palette = area
    drawn = [curve for curve in (_chart_curve(c, palette) for c in curves) if curve is not None]
    lines = height - AXIS_HEIGHT
    values = [v for curve in drawn for v in _range(curve.points)]
    names = [curve.label for curve in drawn]
    if not values or lines < _LEAST_LINES:
        return paragraph(hint, max(1, width), palette.muted)[:height]
    axis = _axis(values, lines)
    left = 1 + max([1, *(len(label) for _, label in axis.ticks)])
    columns = width - left - label_columns(names, _VALUE, width)
    if columns < _LEAST_COLUMNS:
        return paragraph(hint, max(1, width), palette.muted)[:height]
    last = max(float(curve.points.last[-1]) for curve in drawn)
    frame = ChartFrame.showing(left, 0, columns, lines, full_range(last))
    grid = empty_chart(width, frame, axis, palette).copy()
    draw_curves(grid, frame, axis, drawn, ChartView(), palette)
    _label(grid, frame, axis, drawn, curves, palette)
    draw_epochs(grid, frame, {}, [], palette)
    return grid.strips()


def _chart_curve(named: NamedCurve, palette: Palette) -> ChartCurve | None:
    losses = named.curve.losses.get(named.losses)
    if losses is None or not np.isfinite(losses).any():
        return None
    epochs = named.curve.epochs
    points = SampledCurve(epochs, epochs, losses, losses, losses)
    ink = _ink(named, palette)
    return ChartCurve(named.name, points, None, ink, own=named.chosen, behind=not named.chosen)


def _ink(named: NamedCurve, palette: Palette) -> Style:
    if named.chosen:
        return palette.accented
    return palette.faint if named.number is None else palette.series(named.number)


def _range(points: SampledCurve) -> tuple[float, float]:
    known = points.middle[np.isfinite(points.middle)]
    return float(known.min()), float(known.max())


def _axis(values: Sequence[float], lines: int) -> ValueAxis:
    low, high = min(values), max(values)
    if prefers_log(low, high, was_log=False):
        return log_axis(low, high, lines)
    return linear_axis(0.0 if low >= 0 else low, high or 1.0, lines)


def _label(
    grid: CellGrid,
    frame: ChartFrame,
    axis: ValueAxis,
    drawn: Sequence[ChartCurve],
    named: Sequence[NamedCurve],
    palette: Palette,
) -> None:
    values = {curve.name: curve.value for curve in named}
    labels = []
    for curve in sorted(drawn, key=lambda curve: not curve.own):
        end = curve.points.end
        if end is None:
            continue
        last = float(curve.points.middle[end])
        down = rows_down(frame, axis, last) if math.isfinite(last) else 0.0
        column = frame.column(float(curve.points.last[end]))
        ink = curve.ink + Style(bold=True) if curve.own else curve.ink
        labels.append(CurveLabel(curve.label, values.get(curve.label, ""), ink, down, column))
    draw_labels(grid, frame, labels, palette)
