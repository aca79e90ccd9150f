"""Samples as points of a plane."""

import numpy as np
import pytest

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.scatter import draw_scatter, scatter_plane
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, cells, scatter, snapshot

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])


def drawn(targets, classes=(), train_count=4, cursor=-1, points=CORNERS):
    numbers = np.array(targets, float)[:, None]
    dataset = Dataset("d", points, numbers, ("a", "b"), ("y",), train_count, classes)
    plane = scatter_plane(dataset, np.arange(len(points)), 21, 9)
    return draw_scatter(dataset, plane, cursor, DrawArea(21, 9, DARK_PALETTE))


def glyphs(strips):
    """The marks of the lower left, lower right, upper left and upper right corner."""
    top, bottom = strips[0].text, strips[6].text
    return [bottom[0], bottom[20], top[0], top[20]]


def test_every_sample_stands_in_its_place_with_the_glyph_of_its_class():
    assert glyphs(drawn([0, 1, 1, 0], ("no", "yes"))) == ["○", "●", "●", "○"]
    assert glyphs(drawn([0, 1, 2, 2], ("a", "b", "c"))) == ["●", "■", "▲", "▲"]


def test_quantities_are_high_or_low_or_in_between():
    assert glyphs(drawn([0, 10, 5, 9])) == ["○", "●", "·", "●"]


def test_test_samples_are_small():
    assert glyphs(drawn([0, 1, 1, 0], ("no", "yes"), train_count=2)) == ["○", "●", "•", "◦"]


def test_of_more_than_two_classes_test_samples_are_hollow_as_on_the_map():
    strips = drawn([0, 1, 2, 2], ("a", "b", "c"), train_count=2)
    assert glyphs(strips) == ["●", "■", "△", "△"]
    assert strips[-1].text.split() == ["●", "a", "■", "b", "▲", "c"]  # no room for more


def test_the_legend_names_the_classes_and_the_axes():
    *_, axes, legend = (strip.text for strip in drawn([0, 1, 1, 0], ("no", "yes")))
    assert axes.startswith("a → 0 … 1")
    assert "○ no  ● yes" in legend


def test_the_chosen_sample_stands_out():
    top = drawn([0, 1, 1, 0], ("no", "yes"), cursor=3)[0]
    assert cells(top)[20] == ("○", DARK_PALETTE.background, DARK_PALETTE.foreground)
    assert cells(top)[0][2] == DARK_PALETTE.background


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [(0, (0, 1), 1), (0, (-1, 0), 2), (3, (0, -1), 2), (3, (1, 0), 1), (3, (0, 1), 3)],
)
def test_arrows_lead_to_the_nearest_sample_in_their_direction(start, step, end):
    dataset = Dataset("d", CORNERS, CORNERS[:, :1], ("a", "b"), ("y",), 4)
    plane = scatter_plane(dataset, np.arange(4), 21, 9)
    assert plane.next(start, *step) == end


def test_a_place_belongs_to_the_nearest_sample():
    dataset = Dataset("d", CORNERS, CORNERS[:, :1], ("a", "b"), ("y",), 4)
    plane = scatter_plane(dataset, np.arange(4), 21, 9)
    assert [plane.at(*place) for place in ((1, 5), (19, 6), (3, 0), (18, 1))] == [0, 1, 2, 3]


def test_all_samples_of_a_set_are_inside():
    seen = snapshot("circle", "data.samples=40")
    marks = "".join(strip.text for strip in scatter(seen, 60, 20)[:-2])
    assert 25 <= len(marks.replace(" ", "")) <= 40
