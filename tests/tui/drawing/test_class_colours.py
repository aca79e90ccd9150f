"""A class has one colour and one sign, in every picture."""

import colorsys

import numpy as np
import pytest

from nn_tui.tui.drawing.class_marks import class_colour
from nn_tui.tui.drawing.decision_map import MapStyle, draw_decision_map
from nn_tui.tui.drawing.plane import shown_rows
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    boundary,
    cells,
    data_table,
    plane,
    scatter,
    snapshot,
)

FILE = "a file with two classes"
ONE_HOT = "a file with one-hot targets"
EXPERIMENTS = (FILE, ONE_HOT, "moons", "circle", "iris", "blog")
SIGNS = "○●■▲◦•□△"


@pytest.fixture
def seen(request, tmp_path):
    """An experiment after some epochs; the files have classes on the left and on the right."""
    if request.param not in (FILE, ONE_HOT):
        return snapshot(request.param, epochs=20)
    points = np.random.RandomState(1).normal(size=(60, 2))
    number = (points[:, 0] > 0).astype(int)
    if request.param == ONE_HOT:
        path = tmp_path / "one_hot.npz"
        np.savez(path, X=points, y=np.eye(2)[number])
    else:
        path = tmp_path / "two.csv"
        rows = zip(points, number, strict=True)
        path.write_text("u,v,kind\n" + "".join(f"{u},{v},{'ab'[k]}\n" for (u, v), k in rows))
    return snapshot(str(path), epochs=20)


def class_of(colour, count):
    """The class whose colour has the nearest hue."""

    def hue(text):
        return colorsys.rgb_to_hsv(*(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)))[0]

    def distance(number):
        apart = abs(hue(colour) - hue(class_colour(number, count, DARK_PALETTE)))
        return min(apart, 1 - apart)

    return min(range(count), key=distance)


def map_saying(seen, outputs, which):
    """The map of a network that says ``outputs`` everywhere."""

    def ask(raw):
        return [raw, np.tile(outputs, (len(raw), 1))]

    look = MapStyle(subset=which)
    return [
        cells(s)
        for s in draw_decision_map(seen, ask, plane(seen), look, DrawArea(70, 24, DARK_PALETTE))
    ]


def in_legend(row, name):
    """Sign and ink of the class ``name`` in a legend."""
    text = "".join(character for character, _, _ in row)
    at = next(i for i, c in enumerate(text) if c in SIGNS and text[i + 2 :].startswith(name))
    return row[at][:2]


@pytest.mark.parametrize("seen", EXPERIMENTS, indirect=True)
def test_a_correctly_classified_sample_has_its_class_colour_in_map_scatter_table_and_legend(seen):
    dataset = seen.dataset
    names, numbers = dataset.class_names, dataset.class_numbers()
    count = len(names)
    for number, name in enumerate(names):
        sample = int(np.flatnonzero(numbers == number)[0])
        target = dataset.encoded(seen.network.output, slice(sample, sample + 1))[0]

        region = map_saying(seen, target, "no")[10][30][2]
        assert class_of(region, count) == number

        on_map = map_saying(seen, target, "all")
        sign, ink = in_legend(on_map[-1], name)
        assert class_of(ink, count) == number
        (line,), (column,) = plane(seen).cells(np.array([sample]), 70, 23)
        stands, mark, _ = on_map[line][column]
        rows, _ = shown_rows(dataset, "all", 70 * 23 // 2)
        lines, columns = plane(seen).cells(rows, 70, 23)
        first = rows[(lines == line) & (columns == column)][0]  # of those that share the cell
        assert class_of(mark, count) == numbers[first] or stands not in SIGNS
        if first == sample:
            assert stands == sign

        drawn = [cells(strip) for strip in scatter(seen, 70, 24, cursor=-1)]
        assert in_legend(drawn[-1], name) == (sign, ink)
        signs = {(c, colour) for row in drawn[:-2] for c, colour, _ in row if c in SIGNS}
        assert all(class_of(colour, count) == _number_of(c, count) for c, colour in signs)
        assert class_of(target_colour(seen, sample, number), count) == number


def target_colour(seen, sample, number):
    """The colour of the target in the table; of one-hot targets the fill of the cell that is 1."""
    dataset = seen.dataset
    heading, *rows = data_table(seen, 90, 12, first=sample)
    row = next(row for row in rows if row.text.split("t")[0].split()[:1] == [str(sample + 1)])
    if dataset.targets.shape[1] > 1:
        name = short_names(dataset).targets[number]
        return cells(row)[heading.text.index(f" {name}") + len(name)][2]
    mark, ink, _ = cells(row)[heading.text.index(f" {short_names(dataset).targets[0]}") + 1]
    assert mark in SIGNS
    return ink


def _number_of(sign, count):
    if count == 2:
        return "○●◦•".index(sign) % 2
    return next(signs.index(sign) for signs in ("●■▲", "○□△") if sign in signs)


def test_the_map_of_two_softmax_outputs_is_that_of_one_sigmoid_output(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("u,v,kind\n" + "".join(f"{k % 7},{k % 5},{'ab'[k % 2]}\n" for k in range(40)))
    soft = snapshot(str(path), "network.output=softmax")
    one = snapshot(str(path), "network.output=sigmoid", "training.loss=binary_cross_entropy")
    assert (soft.network.sizes[-1], one.network.sizes[-1]) == (2, 1)
    for low in (0.1, 0.5, 0.9):
        ours, theirs = (
            map_saying(which, outputs, "all")
            for which, outputs in ((soft, [1 - low, low]), (one, [low]))
        )
        assert ours == theirs


def test_undecided_places_are_neutral_and_have_no_border_lines():
    """Rounding around the threshold is no picture, not even where there are two colours only."""
    seen = snapshot("moons")
    rng = np.random.default_rng(3)

    def ask(raw):
        return [raw, 0.5 + rng.normal(size=(len(raw), 1)) * 1e-12]

    for discrete in (False, True):
        look = MapStyle(discrete, "no")
        strips = draw_decision_map(seen, ask, plane(seen), look, DrawArea(40, 12, DARK_PALETTE))
        rows = [cells(strip) for strip in strips[:-1]]
        assert {paper for row in rows for _, _, paper in row} == {DARK_PALETTE.background}
        assert {character for row in rows for character, _, _ in row} == {" "}


def test_the_map_still_says_what_the_network_predicts():
    assert "● blue" in boundary(snapshot("moons"), 70, 24)[-1].text
