"""What a network says everywhere, and the samples on it."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.class_marks import class_colour
from nn_tui.tui.drawing.decision_map import MapStyle, class_codes, draw_decision_map
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import mix
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    PALETTES,
    asking,
    boundary,
    cells,
    plane,
    snapshot,
    text,
    unit,
)

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
"""Bottom left, bottom right, top left, top right."""
IRIS = (
    *("iris", "network.hidden=8", "network.output=softmax"),
    "training.loss=cross_entropy",
)


def corners(targets, train_count=4):
    """A network of which only the samples matter."""
    made = np.array(targets, float)[:, None]
    data = Dataset("corners", CORNERS.copy(), made, ("a", "b"), ("y",), train_count)
    return Trainer(Recipe(), data).snapshot()


def drawn(say, targets=(1, 0, 0, 1), train_count=4, look=None, palette=DARK_PALETTE, size=(21, 12)):
    """The cells where the network says ``say(a, b)``, 0..1, at each place."""
    seen = corners(targets, train_count)

    def ask(raw):
        with np.errstate(all="ignore"):
            return [raw, np.broadcast_to(say(raw[:, 0], raw[:, 1]), len(raw))[:, None]]

    look = look or MapStyle()
    strips = draw_decision_map(seen, ask, Plane(seen.dataset, 0, 1), look, DrawArea(*size, palette))
    return [cells(strip) for strip in strips]


def marks(rows, among="●○•◦"):
    return {
        c: (x, y) for y, row in enumerate(rows) for x, (c, _, _) in enumerate(row) if c in among
    }


def test_samples_stand_where_they_belong_filled_if_high_small_if_for_testing():
    at = marks(drawn(lambda a, b: 0.5, [1, 0, 0, 1], train_count=2)[:-1])
    assert set(at) == {"●", "○", "•", "◦"}
    assert at["●"][0] < 5 < 15 < at["○"][0]
    assert at["●"][1] > 7 and at["○"][1] > 7
    assert at["◦"][0] < 5 < 15 < at["•"][0]
    assert at["◦"][1] < 3 and at["•"][1] < 3


def test_which_samples_show_is_ones_choice():
    def shown(which):
        rows = drawn(lambda a, b: 0.5, [1, 0, 0, 1], train_count=2, look=MapStyle(subset=which))
        return set(marks(rows[:-1])), "".join(c for c, _, _ in rows[-1])

    assert shown("training")[0] == {"●", "○"}
    assert shown("test")[0] == {"•", "◦"}
    assert shown("no")[0] == set()
    assert "small: test" in text(boundary, snapshot("circle", "data.samples=40"), 60, 12)
    assert "test samples" in text(
        boundary, snapshot("circle", "data.samples=40"), 60, 12, look=MapStyle(subset="test")
    )


def test_high_is_blue_low_is_orange_undecided_is_the_background():
    row = drawn(lambda a, b: a)[5]
    palette = DARK_PALETTE
    assert row[0] == (" ", palette.colour(-0.6), palette.colour(-0.6))
    assert row[20] == (" ", palette.colour(0.6), palette.colour(0.6))
    assert row[9][2] == palette.colour(-0.0375)


def test_the_border_is_a_thin_line():
    rows = drawn(lambda a, b: a, look=MapStyle(subset="no"))
    for row in rows[:-1]:
        assert [x for x, (c, _, _) in enumerate(row) if c > "⠀" and c < "⣿"] in ([9], [10])


def test_discrete_means_two_colours():
    rows = drawn(lambda a, b: a * 0.9 + 0.07 * b, look=MapStyle(discrete=True, subset="no"))
    papers = {paper for row in rows[:-1] for c, _, paper in row if c in "▀ "}
    assert papers == {DARK_PALETTE.colour(-0.6), DARK_PALETTE.colour(0.6)}


def test_a_cell_shows_two_places_one_above_the_other():
    row = drawn(lambda a, b: b, look=MapStyle(subset="no"))[0]
    assert row[10][1] == DARK_PALETTE.colour(0.6)
    lower = drawn(lambda a, b: b, look=MapStyle(subset="no"))[2]
    assert lower[10][1] != lower[10][2]


def test_without_colours_the_shade_tells_how_sure_it_is():
    rows = drawn(lambda a, b: 0.5 + a / 2, look=MapStyle(subset="no"), palette=PALETTES["ansi"])
    glyphs = [c for c, _, _ in rows[5] if not "⠀" < c < "⣿"]
    assert [g for g in dict.fromkeys(glyphs)] == [" ", "░", "▒", "▓"]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_drawn_all_the_same(value):
    for palette in PALETTES.values():
        rows = drawn(lambda a, b: value, palette=palette)
        assert [len(row) for row in rows] == [21] * 12


def test_the_circle_learned_is_blue_inside_and_orange_outside():
    seen = snapshot("circle", "training.learning_rate=0.1", epochs=150)
    rows = [cells(strip) for strip in boundary(seen, 41, 22)]

    def blueness(row, x):
        ink = rows[row][x][2]
        return int(ink[5:7], 16) - int(ink[1:3], 16)

    assert blueness(10, 20) > 60
    for row, x in ((0, 0), (0, 40), (20, 0), (20, 40)):
        assert blueness(row, x) < -60


def test_a_network_too_costly_for_every_pixel_is_asked_at_fewer_places():
    seen = snapshot("circle", "data.samples=20", "network.hidden=300,300", epochs=0)
    asked = []

    def ask(raw):
        asked.append(len(raw))
        return asking(seen)(raw)

    strips = draw_decision_map(seen, ask, plane(seen), MapStyle(), DrawArea(60, 21, DARK_PALETTE))
    assert asked[0] <= 60 * 40 / 4
    assert len(strips) == 21 and all(strip.cell_length == 60 for strip in strips)


# Several classes


def three(look=None, palette=DARK_PALETTE):
    """Iris where the first class is on the left, the second in the middle, the third right."""
    seen = snapshot(*IRIS)
    over = plane(seen)
    left, right = over.bounds[0]

    def ask(raw):
        x = (raw[:, over.across] - left) / (right - left)
        return [raw, np.column_stack([x < 1 / 3, (x >= 1 / 3) & (x < 2 / 3), x >= 2 / 3]) * 1.0]

    strips = draw_decision_map(seen, ask, over, look or MapStyle(), DrawArea(60, 20, palette))
    return [cells(strip) for strip in strips]


def test_every_class_has_its_colour_and_its_sign():
    rows = three()
    for x, number in ((2, 0), (25, 1), (57, 2)):
        full = mix(DARK_PALETTE.background, class_colour(number, 3, DARK_PALETTE), 0.6)
        assert rows[10][x][2] == full
    assert {"●", "■", "▲", "○", "□", "△"} >= set(marks(rows[:-1], "●■▲○□△")) >= {"●", "■", "▲"}
    tests = marks(three(MapStyle(subset="test"))[:-1], "●■▲○□△")
    assert tests and set(tests) <= {"○", "□", "△"}
    said = "".join(c for c, _, _ in rows[-1])
    assert ("✗" in "".join(marks(rows[:-1], "✗×"))) == ("✗ wrong" in said)
    assert "● setosa  ■ versicolor  ▲ virginica" in said and "hollow: test" in said


def test_a_class_is_the_surer_the_further_it_is_ahead():
    said = np.array([[[0.0, 1.0, 0.0], [0.5, 0.5, 0.0], [-1.0, 1.0, -1.0], [-1.0, 0.0, 1.0]]])
    softmax, tanh = (DecisionRule(low, 1.0, ("a", "b", "c")) for low in (0.0, -1.0))
    assert class_codes(said, softmax, False)[0, :2].tolist() == [9 + 8, 0]
    assert class_codes(said, tanh, False)[0].tolist() == [9 + 4, 0, 9 + 8, 18 + 4]
    assert class_codes(said, tanh, True)[0, [0, 2, 3]].tolist() == [9 + 8, 9 + 8, 18 + 8]


def test_classes_have_textures_where_there_are_few_colours():
    rows = three(MapStyle(subset="no"), PALETTES["ansi"])
    assert [rows[10][x][0] for x in (2, 25, 57)] == ["░", "▒", "·"]


def test_an_undecided_place_is_the_background_unless_discrete():
    seen = snapshot(*IRIS)

    def ask(raw):
        return [raw, np.tile([0.333, 0.334, 0.333], (len(raw), 1))]

    for discrete, colour in (
        (False, DARK_PALETTE.background),
        (True, mix(DARK_PALETTE.background, class_colour(1, 3, DARK_PALETTE), 0.6)),
    ):
        look = MapStyle(discrete, "no")
        strips = draw_decision_map(seen, ask, plane(seen), look, DrawArea(30, 10, DARK_PALETTE))
        assert cells(strips[4])[10][2] == colour


# Quantities


def heights(look=None):
    seen = snapshot("hills", "data.samples=200")

    def ask(raw):
        return [raw, raw[:, :1] / 6]

    strips = draw_decision_map(
        seen, ask, plane(seen), look or MapStyle(subset="no"), DrawArea(60, 16, DARK_PALETTE)
    )
    return [cells(strip) for strip in strips]


def test_heights_have_lines_and_a_scale():
    rows = heights()
    said = "".join(c for c, _, _ in rows[-1])
    assert "contour interval 0.2" in said
    assert said.startswith("-0.") and " 0." in said
    columns = [x for x, (c, _, _) in enumerate(rows[5]) if "⠀" < c < "⣿"]
    assert 6 <= len(columns) <= 12
    gaps = np.diff(columns)
    assert gaps.max() - gaps.min() <= 2


def test_discrete_heights_are_bands_without_lines():
    rows = heights(MapStyle(True, "no"))
    assert not any("⠀" < c < "⣿" for row in rows[:-1] for c, _, _ in row)
    assert len({paper for _, _, paper in rows[5]}) <= 12
    assert "colour interval" in "".join(c for c, _, _ in rows[-1])


# One unit


def test_a_unit_in_large_shows_what_it_says():
    seen = snapshot("circle", "data.samples=40", "network.hidden=2", epochs=0)
    named = {"W0": [[5.0, 0.0], [0.0, 0.0]], "W1": [[0.0], [0.0]], "b0": [0, 0], "b1": [0]}
    flat = np.concatenate([np.ravel(named[name]) for name in seen.weights])
    seen = replace(seen, parameters=flat)
    rows = [cells(strip) for strip in unit(seen, 40, 12, unit=(1, 0))]
    assert rows[5][0][2] == DARK_PALETTE.colour(-0.6)
    assert rows[5][39][2] == DARK_PALETTE.colour(0.6)
    assert "".join(c for c, _, _ in rows[-1]).split()[:2] == ["-1", "1"]
    flat_unit = [cells(strip) for strip in unit(seen, 40, 12, unit=(1, 1))]
    assert flat_unit[0][0][2] == DARK_PALETTE.background


def test_a_sample_predicted_to_be_of_another_class_is_a_cross_in_its_colour():
    data = corners([1, 0, 0, 1]).dataset
    labelled = replace(data, classes=("no", "yes"))
    seen = Trainer(Recipe(), labelled).snapshot()

    def ask(raw):  # right on the left, wrong on the right
        right = np.where(raw[:, 1] > 0.5, raw[:, 0] > 0.5, raw[:, 0] < 0.5)
        said = np.where(raw[:, 0] < 0.5, right, 1 - right)
        return [raw, said[:, None] * 1.0]

    area = DrawArea(30, 12, DARK_PALETTE)
    strips = draw_decision_map(seen, ask, Plane(labelled, 0, 1), MapStyle(), area)
    rows = [cells(strip) for strip in strips]
    crosses = [(x, ink) for row in rows[:-1] for x, (c, ink, _) in enumerate(row) if c == "✗"]
    assert len(crosses) == 2
    assert all(x > 15 for x, _ in crosses)
    assert len({ink for _, ink in crosses}) == 2, "each has the colour of its own class"
    assert "✗ wrong" in "".join(c for c, _, _ in rows[-1])
