"""Strokes by plotext."""

import numpy as np
import plotext
import pytest

from nn_tui.tui.drawing import line_plot
from nn_tui.tui.drawing.braille import braille_dots
from nn_tui.tui.drawing.line_plot import stroke


def dots(heights, width, height, pen=1):
    """Column and row, from below, of every dot."""
    drawn = stroke(np.asarray(heights, float), width, height, pen)
    assert drawn.shape == (4 * height, 2 * width)
    return {(x, 4 * height - 1 - y) for y, x in np.argwhere(drawn).tolist()}


def test_a_curve_has_a_dot_at_each_of_its_heights():
    heights = np.random.default_rng(1).integers(0, 40, 80)
    assert set(enumerate(heights.tolist())) <= dots(heights, 40, 10)


def test_a_pen_two_dots_tall_has_the_height_in_its_middle():
    assert dots(np.full(8, 1.5), 4, 2, pen=2) == {(x, y) for x in range(8) for y in (1, 2)}
    assert dots(np.full(8, 6.9), 4, 2, pen=2) == {(x, y) for x in range(8) for y in (6, 7)}


@pytest.mark.parametrize("pen", [1, 2])
def test_pieces_join_without_a_seam(pen):
    heights = (38 * (0.5 + 0.5 * np.sin(np.arange(200) / 9))).round()
    found = dots(heights + (pen - 1) / 2, 100, 10, pen)
    for x in range(199):
        lower, upper = sorted((int(heights[x]), int(heights[x + 1])))
        there = {y for column, y in found if column in (x, x + 1)}
        assert set(range(lower, upper + 1)) <= there, x
        spread = (heights[max(0, x - 1)], heights[x], heights[x + 1])
        own = [y for column, y in found if column == x]
        assert min(spread) <= min(own) <= max(own) <= max(spread) + pen - 1, x


@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf, -9.0, 1e300])
def test_what_is_no_number_or_outside_is_left_out(gap):
    heights = np.full(80, 5.0)
    heights[20:50] = gap
    columns = {x for x, _ in dots(heights, 40, 10)}
    assert columns == {*range(20), *range(50, 80)}


@pytest.mark.parametrize("pen", [1, 2])
def test_the_dots_are_those_that_plotext_draws_in_one_go(pen):
    random = np.random.default_rng(2)
    for wide in (1, 9, 36):
        heights = random.integers(20 - wide // 2, 20 + wide // 2 + 1, 60)
        expected = np.zeros((40, 60), bool)
        for up in range(pen):
            line_plot._prepared().clear_data()
            plotext.plot_size(30, 10)
            plotext.xlim(0, 59)
            plotext.ylim(0, 39)
            plotext.plot(range(60), (heights + up).tolist(), marker="braille", color="default")
            expected |= braille_dots(plotext.uncolorize(plotext.build()).splitlines()[:10])
        assert np.array_equal(stroke(heights + (pen - 1) / 2, 30, 10, pen), expected)


def test_plotext_draws_each_slope_once(monkeypatch):
    built = []
    build = plotext.build
    monkeypatch.setattr(plotext, "build", lambda: built.append(1) or build())
    monkeypatch.setattr(line_plot, "_PIECES", line_plot._Pieces())
    heights = np.arange(200) % 30 + 0.456
    for count in range(0, 200, 2):
        stroke(np.where(np.arange(200) < count, heights, np.nan), 100, 12)
    assert len(built) == 2  # one dot up, and 29 down
    stroke(heights[::-1], 100, 12)
    assert len(built) == 3
