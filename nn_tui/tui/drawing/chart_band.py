"""The quartiles of several runs in a chart, as a background shade: no curve loses a dot."""

import numpy as np
from rich.style import Style

from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.curve_sampling import SampledCurve, interpolated, sample_columns
from nn_tui.tui.drawing.epoch_axis import ChartFrame
from nn_tui.tui.drawing.line_plot import DOTS_ACROSS, DOTS_DOWN
from nn_tui.tui.drawing.value_axis import ValueAxis
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_TINT = 0.2
"""Share of the curve's colour in the shade."""
_UPPER, _LOWER, _TEXTURE = "▀", "▄", "░"
_MIDDLES = (2.5, 0.5)
"""Middle of the upper and of the lower half of a cell, in dots from its lowest."""


def quartile_curve(epochs: Array, values: Array) -> SampledCurve:
    """Return the median of several runs at ``epochs`` (epochs,), between their quartiles.

    ``values`` are (runs, epochs), NaN where a run has none; those are left out. The quartiles
    and the median are values of runs, with the lower one of two: the mean of a run that
    learned and one that did not would be the loss of neither.
    """
    known = np.isfinite(values)
    ordered = np.sort(np.where(known, values, np.nan), axis=0)
    count = known.sum(axis=0)
    low, middle, high = (
        np.take_along_axis(ordered, np.maximum(np.ceil(share * count).astype(int) - 1, 0)[None], 0)
        for share in (0.25, 0.5, 0.75)
    )
    return SampledCurve(epochs, epochs, low[0], middle[0], high[0])


def draw_band(
    grid: CellGrid,
    frame: ChartFrame,
    axis: ValueAxis,
    points: SampledCurve,
    ink: Style,
    palette: Palette,
) -> None:
    """Shade the cells from the lowest to the highest value of ``points``, to half a cell.

    A cell with something in it gets the shade as its background. Without colours, the free
    cells get a texture.
    """
    upper, lower = _covered(frame, axis, points)
    free = grid.free_cells(frame.left, frame.top, frame.columns, frame.lines)
    tint = palette.fainter(ink, _TINT)
    if palette.ansi or palette.ascii:
        letters = np.where((upper | lower) & free, ord(_TEXTURE), 0)
    else:
        paper = Style(bgcolor=tint.color)
        grid.shade(frame.left, frame.top, upper | lower, paper)
        letters = np.where(upper, ord(_UPPER), ord(_LOWER)) * ((upper != lower) & free)
    grid.fill(frame.left, frame.top, letters, np.zeros_like(letters), [tint])


def _covered(frame: ChartFrame, axis: ValueAxis, points: SampledCurve) -> tuple[Array, Array]:
    """Whether the upper and the lower half of each cell are in the band, (lines, columns)."""
    sample = sample_columns(points, frame)
    dots = DOTS_ACROSS * frame.columns
    low, high = (
        interpolated(sample, axis.dots(values), dots).reshape(-1, DOTS_ACROSS)
        for values in (sample.low, sample.high)
    )
    # A cell takes the wider of its two dot columns; NaN where both have no value.
    low, high = np.fmin(low[:, 0], low[:, 1]), np.fmax(high[:, 0], high[:, 1])
    bottom = DOTS_DOWN * np.arange(frame.lines)[::-1, None]
    upper, lower = ((low <= bottom + at) & (bottom + at <= high) for at in _MIDDLES)
    return upper, lower
