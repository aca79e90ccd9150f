"""Numbers that are rounding are no picture: a colour scale never shrinks below 1e-6."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.tui.drawing.colour_scale import SMALLEST, Scale, reach, without_rounding
from tests.tui.drawing.drawing import (
    cells,
    diagram,
    gallery,
    mapped_diagram,
    snapshot,
    unit,
    weights,
)

NAMES = ("iris", "network.hidden=3")
MAPS = ("circle", "network.activation=relu")


def noisy(seen, size=2e-16):
    """All weights and biases ended at rounding."""
    noise = np.random.RandomState(1).normal(size=seen.parameters.shape) * size
    return replace(seen, parameters=noise)


def colours(strips):
    """Ink and paper of every cell."""
    return [colours for strip in strips for _, *colours in cells(strip)]


@pytest.mark.parametrize("picture", [weights, gallery, diagram], ids=lambda p: p.__name__)
def test_weights_of_rounding_size_have_the_colours_of_0(picture):
    seen = snapshot(*NAMES)
    lines = slice(0, 17 if picture is weights else 24)  # histograms are below, of any size
    zero = colours(picture(noisy(seen, 0.0), 80, 24)[lines])
    assert colours(picture(noisy(seen), 80, 24)[lines]) == zero
    assert colours(picture(noisy(seen, 2e-5), 80, 24)[lines]) != zero


def test_weights_of_rounding_size_read_0():
    seen = noisy(snapshot(*NAMES))
    drawn = "\n".join(strip.text for strip in weights(seen, 80, 24))
    assert "·1e" not in drawn
    assert "-0.00" not in drawn and "+0.000" in drawn


def test_small_weights_that_are_no_rounding_keep_their_power_of_ten():
    seen = replace(snapshot(*NAMES), parameters=snapshot(*NAMES).parameters * 1e-4)
    drawn = "\n".join(strip.text for strip in weights(seen, 80, 24))
    assert "-1.2e-4" in drawn


def test_units_of_rounding_size_have_neutral_maps():
    seen = snapshot(*MAPS)
    for picture in (unit, mapped_diagram):
        dead, zero = (picture(noisy(seen, size), 80, 24) for size in (1e-9, 0.0))
        assert [cells(strip) for strip in dead[1:-1]] == [cells(strip) for strip in zero[1:-1]]


def test_the_map_of_a_constant_target_does_not_magnify_rounding():
    assert Scale(2.0, 2.0).shares(np.array([2 + 4e-16, 2 - 4e-16])) == pytest.approx(0, abs=1e-9)


def test_a_reach_is_that_of_the_finite_numbers_and_never_too_small():
    assert reach(np.array([np.nan, np.inf, -3.0, 2.0])) == 3.0
    assert reach(np.array([1e-9])) == reach(np.empty(0)) == SMALLEST
    kept = without_rounding(np.array([1e-9, -1e-9, 1e-6, np.nan, -np.inf]))
    np.testing.assert_array_equal(kept, [0, 0, 1e-6, np.nan, -np.inf])
