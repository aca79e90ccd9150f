"""Norm and histogram of each matrix, in the lines that the matrices leave free."""

import re

import numpy as np
import pytest

from nn_tui.tui.drawing.matrix import Matrix
from nn_tui.tui.drawing.weight_summary import draw_summary
from tests.tui.drawing.drawing import DARK_PALETTE, cells, lines, matrices, snapshot, weights

BARS = "▁▂▃▄▅▆▇█"


def summary(values, width=60, height=1):
    matrix = Matrix("W0", np.atleast_2d(values), None, ["x"], ["h"] * np.size(values))
    rows = draw_summary([matrix], 0, width, height, DARK_PALETTE)
    return [row.strip(width) for row in rows]


def test_spare_lines_have_norm_minimum_histogram_and_maximum_of_each_matrix():
    seen = snapshot(epochs=50)
    drawn = "\n".join(lines(weights, seen, 52, 24))
    for name in ("W0", "W1"):
        values = seen.weights[name]
        assert f"norm {np.linalg.norm(values):.3f}" in drawn
        low, high = (re.escape(f"{value:+.3f}") for value in (values.min(), values.max()))
        assert re.search(rf"{low} .* {high}", drawn)
        assert f"{name} {values.shape[0]}×{values.shape[1]}" in drawn
    assert any(bar in drawn for bar in BARS)


def test_without_spare_lines_there_is_none():
    drawn = "\n".join(lines(weights, snapshot("spiral", "data.samples=40"), 52, 24))
    assert not any(bar in drawn for bar in BARS)


def test_every_number_is_counted_in_its_bar():
    (row,) = summary([-1.0, -1.0, -1.0, -1.0, 1.0])
    text = row.text
    bars = text[text.index("-1.000") + 7 : text.index("+1.000") - 1]
    assert bars[0] == "▇" and bars[-1] == "▂"
    assert not bars[1:-1].strip()


def test_bars_have_the_colours_of_their_numbers():
    (row,) = summary(np.linspace(-1, 1, 500))
    found = cells(row)
    bars = [ink for character, ink, _ in found if character in BARS]
    end = 1 - 1 / len(bars)
    assert bars[0] == DARK_PALETTE.inked(-end).color.name
    assert bars[-1] == DARK_PALETTE.inked(end).color.name
    assert len({*bars}) > 10


@pytest.mark.parametrize("height", [1, 3, 4])
@pytest.mark.parametrize("width", [20, 30, 38, 52, 120])
def test_lines_of_all_matrices_have_their_columns_at_the_same_place(width, height):
    shown = matrices(snapshot("circle", "data.samples=40"))
    drawn = [draw_summary(shown, k, width, height, DARK_PALETTE) for k in range(len(shown))]
    ends = {re.search(r"[+-][\d.]+ ", rows[-1].strip(width).text).end() for rows in drawn}
    assert len(ends) == 1
    assert all(row.width <= width for rows in drawn for row in rows)
    assert {len(rows) for rows in drawn} == {height}


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, -np.inf, 1e308, -5e-324])
@pytest.mark.parametrize("height", [1, 4])
def test_no_number_breaks_a_line(value, height):
    values = [value, 1.0, -1e308, value]
    for row in summary(values, 52, height) + summary([value], 30, height):
        assert row.cell_length in (30, 52)


def test_the_norm_of_a_matrix_is_that_of_its_weights_without_biases():
    matrix = Matrix("W0", np.array([[3.0, 4.0]]), np.array([100.0, 100.0]), ["x"], ["h"] * 2)
    (row,) = draw_summary([matrix], 0, 60, 1, DARK_PALETTE)
    assert "norm 5.000" in row.strip(60).text
