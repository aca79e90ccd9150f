"""Strokes by plotext."""

import numpy as np
import plotext
import pytest

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


def test_only_the_growing_end_is_drawn_anew(monkeypatch):
    built = []
    build = plotext.build
    monkeypatch.setattr(plotext, "build", lambda: built.append(1) or build())
    heights = np.full((2, 200), np.nan)
    heights[0], heights[1, :150] = 7.123, np.arange(150) % 30 + 0.456
    for curve in heights:
        stroke(curve, 100, 12)
    assert built
    built.clear()
    heights[1, 150:153] = 11
    for curve in [*heights, *heights]:
        stroke(curve, 100, 12)
    assert len(built) == 1
