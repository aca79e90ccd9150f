"""Hidden units of a network that sees pictures, as the pictures they look for."""

import numpy as np
import pytest

from nn_tui.tui.drawing.matrix import Matrix, parameter_matrices
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.weight_images import draw_weight_images, lay_out_weight_images
from tests.tui.drawing.drawing import DARK_PALETTE, cells, gallery, lines, snapshot

DIGITS = ("digits", "data.test_fraction=0.9", "network.hidden=20")


def test_a_thumbnail_has_the_weights_of_its_unit_in_the_places_of_the_pixels():
    weights = np.zeros((6, 2))
    weights[:, 0] = [1, -1, 0, 0, 0.5, -0.5]
    matrix = Matrix("W0", weights, None, ["x"] * 6, ["h1", "h2"])
    places = lay_out_weight_images((2, 3), 2, 30, 8, 0, 0)
    rows = draw_weight_images(matrix, None, (2, 3), places, 0, True, DrawArea(30, 8, DARK_PALETTE))
    colour = DARK_PALETTE.colour
    at = places.grid.left
    assert [c[1:] for c in cells(rows[0])[at : at + 3]] == [
        (colour(1), colour(0)),
        (colour(-1), colour(0.5)),
        (colour(0), colour(-0.5)),
    ]
    assert rows[1].text[at:].split() == ["h1", "h2"]


def test_all_images_have_one_scale_which_the_caption_tells():
    weights = np.zeros((6, 2))
    weights[:, 0], weights[:, 1] = 1.0, 0.25
    matrix = Matrix("W0", weights, None, ["x"] * 6, ["h1", "h2"])
    places = lay_out_weight_images((2, 3), 2, 50, 8, 1, 0)
    rows = draw_weight_images(matrix, None, (2, 3), places, 1, True, DrawArea(50, 8, DARK_PALETTE))
    x = places.grid.corner(1)[0]
    assert {c[1] for c in cells(rows[0])[x : x + 3]} == {DARK_PALETTE.colour(0.25)}
    assert rows[-1].text.strip() == "2 units · one scale, ±1.000"
    assert places.note(matrix, 1, 40).split() == ["h2", "norm", f"{np.sqrt(6) / 4:.3f}"]


@pytest.mark.parametrize("size", [(53, 24), (42, 12), (120, 40)])
def test_the_chosen_unit_is_in_sight_and_its_thumbnail_is_found_again(size):
    first = 0
    for unit in range(64):
        places = lay_out_weight_images((8, 8), 64, *size, unit, first)
        grid = places.grid
        first = grid.first
        assert unit in grid.shown
        x, y = grid.corner(unit)
        assert x + grid.across - 1 <= size[0]
        assert y + grid.down <= size[1]
        assert grid.at(x, y) == unit


def test_the_large_picture_has_the_facts_of_its_unit_below():
    seen = snapshot(*DIGITS, epochs=1)
    text = "\n".join(lines(gallery, seen, 53, 24, unit=6))
    assert "h7" in text
    assert f"bias {seen.weights['b0'][6]:+.3f}" in text
    strongest = int(np.abs(seen.weights["W1"][6]).argmax())
    told = text[text.index("outgoing") :].splitlines()[1]
    assert told.split()[0] == seen.dataset.classes[strongest]


def test_the_weight_to_a_single_output_is_that_of_the_chosen_unit():
    named = {"W0": np.ones((6, 2)), "W1": np.array([[0.75], [-0.5]])}
    first, outgoing = parameter_matrices(named, ["x"] * 6, ())
    places = lay_out_weight_images((2, 3), 2, 50, 12, 1, 0)
    area = DrawArea(50, 12, DARK_PALETTE)
    rows = draw_weight_images(first, outgoing, (2, 3), places, 1, True, area)
    assert any(row.text.split()[:2] == ["ŷ", "-0.500"] for row in rows)


def test_large_pictures_are_thinned_out_to_fit():
    places = lay_out_weight_images((28, 28), 100, 53, 24, 0, 0)
    assert places.grid.columns >= 2 and places.grid.lines >= 2
    assert lay_out_weight_images((200, 300), 10, 53, 24, 0, 0).skip > 5
