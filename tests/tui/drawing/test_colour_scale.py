"""The colour scale of a matrix: what has the full colour."""

import numpy as np
import pytest

from nn_tui.tui.drawing.colour_scale import SMALLEST, saturation
from nn_tui.tui.drawing.matrix import Matrix
from tests.tui.drawing.drawing import DARK_PALETTE, cells, of_matrices


def test_the_largest_of_like_magnitudes_has_the_full_colour():
    assert saturation(np.array([[0.5, -0.8], [0.6, 0.7]])) == 0.8


def test_one_large_value_does_not_flatten_a_matrix():
    values = np.linspace(-1, 1, 200)
    values[17] = -9.0
    assert saturation(values) == pytest.approx(2.5 * 0.9, rel=0.02)


def test_values_without_information_do_not_shift_the_scale():
    values = np.array([0.0] * 500 + [1.0, -1.0, 0.9, np.nan, np.inf, -np.inf])
    assert saturation(values) == 1.0


@pytest.mark.parametrize("values", [[], [0.0, -0.0], [np.nan, np.inf], [1e-9, -1e-300]])
def test_a_scale_is_never_zero(values):
    assert saturation(np.array(values)) == SMALLEST


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_scale_is_finite_whatever_the_magnitudes(dtype):
    largest = np.finfo(dtype).max
    assert saturation(np.full((3, 300), largest, dtype)) == pytest.approx(float(largest))


def test_beside_an_outlier_the_other_weights_keep_their_colours():
    weights = np.tile([0.9, -0.9], (6, 4))
    weights[0, 0] = -9.0
    matrix = Matrix("W0", weights, None, list("abcdef"), [f"h{k}" for k in range(8)])
    papers = {paper for row in of_matrices([matrix], 60, 20) for _, _, paper in cells(row)}
    assert DARK_PALETTE.colour(0.9 / 2.25) in papers
    assert DARK_PALETTE.negative in papers
