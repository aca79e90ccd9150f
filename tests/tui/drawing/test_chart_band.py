"""Several runs in a chart: their median, and the quartiles as a shade behind it."""

import math

import numpy as np
import pytest

from nn_tui.tui.drawing.chart_band import quartile_curve
from nn_tui.tui.drawing.chart_curves import draw_curves
from nn_tui.tui.drawing.chart_series import ChartCurve
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.drawing.epoch_axis import ChartFrame, empty_chart
from nn_tui.tui.drawing.value_axis import linear_axis
from tests.tui.drawing.drawing import DARK_PALETTE, PALETTES, cells

EPOCHS = np.arange(101.0)
LEFT, COLUMNS, LINES = 6, 40, 12
TINT = DARK_PALETTE.fainter(DARK_PALETTE.train, 0.2).color.name
GROUND = DARK_PALETTE.background


def drawn(points, palette=DARK_PALETTE, shaded=True, others=()):
    """The cells of the plotting area: letter, ink and background; the axis is 0 … 11."""
    frame = ChartFrame.showing(LEFT, 0, COLUMNS, LINES, (0.0, 100.0))
    axis = linear_axis(0.0, 11.0, LINES)
    grid = empty_chart(LEFT + COLUMNS, frame, axis, palette).copy()
    own = ChartCurve("median", points, None, palette.train, shaded=shaded)
    draw_curves(grid, frame, axis, [own, *others], ChartView(), palette)
    return [cells(strip)[LEFT:] for strip in grid.strips()[:LINES]]


def between(low, middle, high):
    low, middle, high = (np.broadcast_to(np.asarray(v, float), 101) for v in (low, middle, high))
    return SampledCurve(EPOCHS, EPOCHS, low, middle, high)


def dotted(picture):
    return [[(letter, ink) for letter, ink, _ in row if ord(letter) > 0x2800] for row in picture]


def test_the_quartiles_and_the_median_are_values_of_runs():
    found = quartile_curve(np.array([7.0]), np.array([[9.0], [1.0], [4.0], [3.0]]))
    assert [found.low[0], found.middle[0], found.high[0]] == [1.0, 3.0, 4.0]


def test_runs_without_a_value_are_left_out():
    values = np.array([[1.0, math.nan], [math.inf, math.nan], [2.0, math.nan], [3.0, math.nan]])
    found = quartile_curve(EPOCHS[:2], values)
    assert [found.low[0], found.middle[0], found.high[0]] == [1.0, 2.0, 3.0]
    assert np.isnan([found.low[1], found.middle[1], found.high[1]]).all()


def test_the_quartiles_are_a_shade_between_them_and_nothing_beyond():
    picture = drawn(between(3.0, 5.0, 8.0))
    shaded = {y: {paper for _, _, paper in row[:30]} for y, row in enumerate(picture)}
    # Row 11 - v has the value v in its middle: 8 and 3 are half in the shade.
    assert all(shaded[y] == {TINT} for y in range(4, 8))
    assert all(shaded[y] == {GROUND} for y in (0, 1, 2, 3, 8, 9, 10, 11))
    assert {cell[:2] for cell in picture[3][:30]} == {("▄", TINT)}
    assert {cell[:2] for cell in picture[8][:30]} == {("▀", TINT)}


def test_no_dot_is_lost_to_the_shade():
    wave = 5 + 4 * np.sin(EPOCHS / 9)
    other = ChartCurve("1", between(*[wave[::-1]] * 3), None, DARK_PALETTE.series(0), own=False)
    spread = between(wave - 2, wave, wave + 2)
    line = between(wave, wave, wave)
    assert dotted(drawn(spread, others=[other])) == dotted(drawn(line, others=[other]))
    unshaded = dotted(drawn(spread, shaded=False, others=[other]))
    assert unshaded != dotted(drawn(line, others=[other]))


def test_without_colours_the_shade_is_a_texture_beside_the_curve():
    picture = drawn(between(2.0, 5.0, 8.0), PALETTES["ansi"])
    for y in (4, 5, 7, 8):
        assert {letter for letter, _, _ in picture[y][:30]} == {"░"}, y
    assert {letter for letter, _, _ in picture[6][:30]} == {chr(0x2800 + 0x12 + 0x24)}


@pytest.mark.filterwarnings("error")  # NumPy's would be written over the screen
@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_values_of_the_runs_the_chart_has_its_size(seed):
    random = np.random.default_rng(seed)
    odd = [math.nan, math.inf, -math.inf, 0.0, -1.0, 5e-324, 1.7e308, -1.7e308, 1.0]
    for runs in (1, 2, 16):
        values = np.where(
            random.random((runs, 101)) < 0.5,
            random.choice(odd, (runs, 101)),
            random.random((runs, 101)),
        )
        for palette in PALETTES.values():
            picture = drawn(quartile_curve(EPOCHS, values), palette)
            assert {len(row) for row in picture} == {COLUMNS}
