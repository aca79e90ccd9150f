"""The curve of a network of one input, drawn in dots."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.drawing.function_plot import (
    FunctionSamples,
    draw_function,
    lay_out_function,
    plot_inputs,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import DARK, palette_of

BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}
PALETTE = palette_of(DARK)
POINTS = np.linspace(-2, 2, 9)[:, None]


def drawn(values, width, height, targets=None):
    targets = np.zeros(len(POINTS)) if targets is None else targets
    area = DrawArea(width, height, PALETTE)
    return draw_function(values, FunctionSamples(POINTS, targets, 5), area)


def dots_of(rows):
    """(column, line) of every cell with a dot in the training colour."""
    found = set()
    for y, row in enumerate(rows[:-1]):
        x = 0
        for segment in row:
            for character in segment.text:
                if 0x2800 < ord(character) < 0x2900 and segment.style == PALETTE.train:
                    found.add((x, y))
                x += 1
    return found


@pytest.mark.parametrize(("width", "height"), [(3, 3), (20, 8), (90, 30)])
def test_rows_fill_the_picture(width, height):
    rows = drawn(np.sin(plot_inputs(POINTS, width)[:, 0]), width, height)
    assert [row.cell_length for row in rows] == [width] * height


def test_a_rising_function_goes_from_the_lower_left_to_the_upper_right():
    rows = drawn(plot_inputs(POINTS, 40)[:, 0], 40, 14)
    found = dots_of(rows)
    columns = range(min(x for x, _ in found), max(x for x, _ in found) + 1)
    by_column = [min(y for x, y in found if x == column) for column in columns]
    assert by_column == sorted(by_column, reverse=True)
    assert len(columns) > 30
    assert by_column[0] > 8 and by_column[-1] < 3


def test_values_and_inputs_have_ticks_and_a_value_is_on_the_row_of_its_tick():
    rows = drawn(np.full(80, 0.5), 40, 16, np.linspace(0, 1, 9))
    texts = [row.text for row in rows]
    (line,) = {y for _, y in dots_of(rows)}
    assert texts[line].split("┤")[0].strip() in ("0.5", "0.50")
    axis = next(text for text in texts if "└" in text)
    labels = texts[texts.index(axis) + 1]
    assert labels[axis.index("└") + 1 :].split() == ["-2", "-1", "0", "1", "2"]
    for tick, label in zip(re.finditer("┬", axis), re.finditer(r"\d", labels), strict=True):
        assert tick.start() == label.start()


def test_samples_of_both_sets_have_their_colours_and_a_legend():
    rows = drawn(np.full(80, 0.5), 40, 16, np.linspace(0, 1, 9))
    inks = {segment.style for row in rows for segment in row if set(segment.text) & BRAILLE}
    assert {PALETTE.train, PALETTE.muted, PALETTE.test} <= inks
    assert rows[-1].text.split() == ["━", "ŷ", "·", "training", "·", "test"]


@pytest.mark.parametrize("size", [(44, 18), (32, 9), (20, 6)])
def test_the_chosen_sample_is_where_the_plot_says(size):
    width, height = size
    targets = np.linspace(-3, 5, 9)
    samples = FunctionSamples(POINTS, targets, 5)
    values = np.zeros(2 * width)
    columns, lines = lay_out_function(values, samples, width, height).cells(POINTS[:, 0], targets)
    for chosen in (0, 4, 8):
        rows = draw_function(values, samples, DrawArea(width, height, PALETTE), chosen)
        assert rows[lines[chosen]].text[columns[chosen]] == "●"


@given(st.lists(st.floats(), min_size=1, max_size=9), st.floats(-1e308, 1e308))
def test_any_values_and_samples_keep_the_size(values, target):
    points = np.array(values)[:, None]
    samples = FunctionSamples(points, np.full(len(values), target), 1)
    for width, height in ((44, 18), (26, 8), (12, 4)):
        seen = np.resize(values, 2 * width).astype(float)
        rows = draw_function(seen, samples, DrawArea(width, height, PALETTE), 0, "部屋の数")
        assert [row.cell_length for row in rows] == [width] * height


def test_where_the_function_is_no_number_there_is_a_gap():
    values = np.zeros(48)
    values[16:32] = np.nan
    found = dots_of(drawn(values, 24, 7))
    assert not {x for x, _ in found} & set(range(9, 15))
    assert {0, 5, 18, 23} <= {x for x, _ in found}


def test_a_network_that_says_infinity_everywhere_still_shows_the_samples():
    rows = drawn(np.full(60, np.inf), 30, 8)
    assert any(row.text.strip() for row in rows[:-1])
