"""Lines of equal height."""

import numpy as np
import pytest

from nn_tui.tui.drawing.colour_scale import Scale
from nn_tui.tui.drawing.decision_map import (
    boundary_lines,
    contour_bands,
    contour_interval,
    quantized,
    upsampled,
)
from tests.tui.drawing.drawing import DARK_PALETTE, boundary, snapshot, text


@pytest.mark.parametrize(
    ("low", "high", "distance"),
    [
        (-1, 1, 0.25),
        (25, 346, 25),
        (0, 1, 0.1),
        (0, 5e-5, 5e-6),
        (0, 5e-9, 1e-7),
        (-4000, 4000, 1000),
    ],
)
def test_heights_are_told_in_round_steps(low, high, distance):
    assert contour_interval(Scale(low, high)) == pytest.approx(distance)


def test_dots_between_pixels_are_steps_between_their_heights():
    made = upsampled(np.array([[0.0, 4.0], [8.0, 12.0]]))
    assert made.shape == (4, 4)
    assert made[0].tolist() == [0, 1, 3, 4]
    assert made[:, 0].tolist() == [0, 2, 6, 8]


def test_a_band_is_told_by_its_middle():
    scale = Scale(-1, 1)
    assert quantized(np.array([0.01, 0.24, 0.26, -0.01]), scale).tolist() == [
        0.125,
        0.125,
        0.375,
        -0.125,
    ]


def test_a_line_runs_where_sorts_meet_and_nowhere_else():
    sorts = np.zeros((8, 8), int)
    sorts[:, 5:] = 1
    places = boundary_lines(sorts, DARK_PALETTE)
    assert set(places) == {(0, 2), (1, 2)}
    assert {mark.glyph for mark in places.values()} == {"⡇"}
    assert not boundary_lines(np.ones((8, 8), int), DARK_PALETTE)


def test_what_is_no_number_or_far_off_has_no_lines_of_its_own():
    scale = Scale(-1, 1)
    made = contour_bands(np.array([np.nan, 0.0, np.inf, 1e300, 50.0]), scale)
    assert made[0] == made[1]
    assert made[2] == made[3] == made[4]


def test_a_small_map_has_no_contours_that_would_hide_it():
    seen = snapshot("hills", epochs=20)
    wide, small = (text(boundary, seen, width, 10, legend=False) for width in (40, 16))
    assert any("⠀" < character <= "⣿" for character in wide)
    assert not any("⠀" < character <= "⣿" for character in small)


def test_a_smaller_map_has_fewer_contours():
    assert contour_interval(Scale(-1, 1), 4) == 2 * contour_interval(Scale(-1, 1), 8)
    seen = snapshot("hills", epochs=20)
    shares = [
        sum("⠀" < character <= "⣿" for character in text(boundary, seen, width, 10, legend=False))
        / width
        for width in (40, 39)
    ]
    assert shares[1] < 0.75 * shares[0]
