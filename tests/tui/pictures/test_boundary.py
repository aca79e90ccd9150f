"""What the network says everywhere, and the samples on it."""

import numpy as np
import pytest

from nn_tui.tui.pictures.boundary import draw_boundary, grid
from tests.tui.pictures.drawing import DARK_PALETTE, PALETTES, boundary, cells, snapshot

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
"""Bottom left, bottom right, top left, top right."""


def drawn(values, targets, train_count=4, width=21, height=11, palette=DARK_PALETTE):
    strips = draw_boundary(values, CORNERS, np.array(targets), train_count, width, height, palette)
    return [cells(strip) for strip in strips]


def test_the_grid_covers_the_points_with_a_margin_row_by_row_from_the_top():
    places = grid(CORNERS, 5, 3)
    assert places.shape == (5 * 6, 2)
    x, y = places.reshape(6, 5, 2).transpose(2, 0, 1)
    assert (np.diff(x, axis=1) > 0).all()
    assert (np.diff(y, axis=0) < 0).all()
    assert places.min() < 0 < 1 < places.max()
    assert places.min() > -0.2


def test_samples_stand_where_they_belong_filled_if_high_small_if_for_testing():
    rows = drawn(np.zeros(21 * 22), [1, -1, -1, 1], train_count=2)
    marks = {
        c: (x, y) for y, row in enumerate(rows) for x, (c, _, _) in enumerate(row) if c in "●○•◦"
    }
    assert set(marks) == {"●", "○", "•", "◦"}
    assert marks["●"][0] < 5 < 15 < marks["○"][0]
    assert marks["●"][1] > 7
    assert marks["○"][1] > 7
    assert marks["◦"][0] < 5 < 15 < marks["•"][0]
    assert marks["◦"][1] < 3
    assert marks["•"][1] < 3


def test_high_is_blue_low_is_orange_undecided_is_the_background():
    x = np.tile(np.linspace(-1, 1, 21), 22)
    row = drawn(x, [0, 0, 0, 0])[5]
    palette = DARK_PALETTE
    assert row[0] == ("▀", palette.colour(-0.6), palette.colour(-0.6))
    assert row[20] == ("▀", palette.colour(0.6), palette.colour(0.6))
    assert row[10] == ("▀", palette.background, palette.background)


def test_a_cell_shows_two_places_one_above_the_other():
    values = np.repeat(np.linspace(1, -1, 22), 21)
    row = drawn(values, [0, 0, 0, 0])[0]
    assert row[10][1] == DARK_PALETTE.colour(0.6)
    assert row[10][2] == DARK_PALETTE.colour(0.6 * (1 - 2 / 21))


def test_without_colours_the_shade_tells_how_sure_it_is():
    values = np.tile(np.linspace(0, 1, 21), 22)
    glyphs = [c for c, _, _ in drawn(values, [0, 0, 0, 0], palette=PALETTES["ansi"])[5]]
    assert glyphs[0] == " "
    assert [g for g in dict.fromkeys(glyphs)] == [" ", "░", "▒"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_drawn_all_the_same(value):
    for palette in PALETTES.values():
        rows = drawn(np.full(21 * 22, value), [0, 0, 0, 0], palette=palette)
        assert [len(row) for row in rows] == [21] * 11


def test_the_circle_learned_is_blue_inside_and_orange_outside():
    seen = snapshot("circle", "training.learning_rate=0.1", epochs=150)
    rows = [cells(strip) for strip in boundary(seen, 41, 21)]

    def blueness(row, x):
        ink = rows[row][x][2]
        return int(ink[5:7], 16) - int(ink[1:3], 16)

    assert blueness(10, 20) > 60
    for row, x in ((0, 0), (0, 40), (20, 0), (20, 40)):
        assert blueness(row, x) < -60
