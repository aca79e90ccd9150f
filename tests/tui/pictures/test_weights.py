"""Weight matrices: every number, its place, its colour."""

import numpy as np
import pytest

from nn_tui.tui.pictures.numbers import signed
from nn_tui.tui.pictures.weights import Matrix, draw_weights, unit_names
from tests.tui.pictures.drawing import (
    DARK_PALETTE,
    PALETTES,
    cells,
    filled,
    lines,
    snapshot,
    text,
    weights,
)


@pytest.mark.parametrize("size", [(53, 24), (42, 12), (100, 40), (42, 60)])
def test_every_number_stands_in_its_row_under_its_column(size):
    seen = snapshot(epochs=50)
    drawn = lines(weights, seen, *size)
    heading = next(i for i, line in enumerate(drawn) if line.split()[:2] == ["h1", "h2"])
    middles = {name: drawn[heading].index(name) for name in ("h1", "h2", "h3", "h4")}
    for i, name in enumerate(("x1", "x2", "x3")):
        line = next(line for line in drawn[heading:] if line.startswith(name))
        numbers = [signed(float(w)).strip() for w in seen.weights["W0"][i]]
        assert line.split()[1:5] == numbers
        for column, number in zip(middles.values(), numbers, strict=True):
            assert abs(line.index(number) + len(number) / 2 - column - 1) <= 1.5


def test_the_title_tells_shape_range_and_norm():
    seen = snapshot(epochs=50)
    matrix = seen.weights["W0"]
    title = next(line for line in lines(weights, seen, 60, 30) if line.startswith("W0"))
    assert "W0 3×4" in title
    assert f"{signed(matrix.min()).strip()}…{signed(matrix.max()).strip()}" in title
    assert f"‖·‖{np.linalg.norm(matrix):.3f}" in title


def test_biases_have_a_row_of_their_own():
    seen = snapshot("circle")
    drawn = [line for line in lines(weights, seen, 60, 40) if line.startswith("b ")]
    assert drawn[0].split()[1:5] == [signed(float(b)).strip() for b in seen.weights["b0"]]
    assert not any(line.startswith("b ") for line in lines(weights, snapshot(), 60, 40))


def test_blue_is_positive_orange_negative_and_stronger_is_larger():
    palette = DARK_PALETTE
    matrix = Matrix("W0", np.array([[2.0, -2.0, 0.5, 0.0]]), None, ["x"], list("abcd"))
    row = cells(draw_weights([matrix], 60, 10, palette)[-1])
    wide = [paper for _, _, paper in row if paper != palette.background]
    colours = list(dict.fromkeys(wide))
    assert colours[:3] == [palette.colour(1), palette.colour(-1), palette.colour(0.25)]
    assert colours[0] == palette.positive
    assert colours[1] == palette.negative


def test_on_an_ansi_theme_too_the_sign_is_legible():
    drawn = text(weights, snapshot(epochs=50), 60, 40, palette=PALETTES["ansi"])
    for weight in snapshot(epochs=50).weights["W0"].ravel():
        assert signed(float(weight)).strip() in drawn


def test_a_matrix_without_room_for_numbers_is_drawn_as_pixels():
    seen = snapshot("blog", "network.hidden=100")
    drawn = lines(weights, seen, 60, 30)
    assert drawn[0].startswith("W0 3×100")
    assert set(drawn[1]) <= {"▀", " "}
    assert drawn[1].count("▀") >= 50
    assert any("W1 100×1" in line for line in drawn)


def test_pixels_are_the_colours_of_two_rows():
    matrix = Matrix("W0", np.tile([[1.0], [-1.0]], 50), None, ["a", "b"], ["u"] * 50)
    title, pixels = draw_weights([matrix], 20, 10, DARK_PALETTE)
    assert title.text.startswith("W0 2×50")
    character, ink, paper = cells(pixels)[0]
    assert (character, ink, paper) == ("▀", DARK_PALETTE.positive, DARK_PALETTE.negative)


def test_what_is_no_number_is_called_so():
    assert "NaN" in text(weights, filled(snapshot(), np.nan), 60, 30)
    assert "+∞" in text(weights, filled(snapshot(), np.inf), 60, 30)
    assert "-∞" in text(weights, filled(snapshot(), -np.inf), 60, 30)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ((1, 2, 2), ["h1", "h2"]),
        ((2, 1, 2), ["ŷ"]),
        ((2, 2, 2), ["ŷ1", "ŷ2"]),
        ((1, 2, 3), ["l1.1", "l1.2"]),
        ((2, 3, 2, ("red", "green", "blue")), ["red", "green", "blue"]),
        ((2, 1, 2, ("no", "yes")), ["ŷ"]),
    ],
)
def test_unit_names(asked, names):
    assert unit_names(*asked) == names
