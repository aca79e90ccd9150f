"""The curve of a network of one input, drawn in dots."""

import numpy as np
import pytest

from nn_tui.tui.drawing.function_plot import draw_function, plot_inputs
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import DARK, palette_of

PALETTE = palette_of(DARK)
POINTS = np.linspace(-2, 2, 9)[:, None]


def drawn(values, width, height, targets=None):
    targets = np.zeros(len(POINTS)) if targets is None else targets
    return draw_function(values, POINTS, targets, 5, DrawArea(width, height, PALETTE))


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
    found = dots_of(drawn(plot_inputs(POINTS, 30)[:, 0], 30, 12))
    assert {x for x, _ in found} == set(range(30))
    by_column = [min(y for x, y in found if x == column) for column in range(30)]
    assert by_column == sorted(by_column, reverse=True)
    assert by_column[0] > 8 and by_column[-1] < 3


def test_where_the_function_is_no_number_there_is_a_gap():
    values = np.zeros(60)
    values[20:40] = np.nan
    found = dots_of(drawn(values, 30, 8))
    assert not {x for x, _ in found} & set(range(11, 20))
    assert {0, 5, 25, 29} <= {x for x, _ in found}


def test_a_network_that_says_infinity_everywhere_still_shows_the_samples():
    rows = drawn(np.full(60, np.inf), 30, 8)
    assert any(row.text.strip() for row in rows[:-1])
