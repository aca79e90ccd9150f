"""Weight matrices: every number, its place, its colour."""

import random
import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from nn_tui.nn.architecture import views
from nn_tui.training.edits import ParameterEdit
from nn_tui.tui.drawing.matrix import (
    Matrix,
    MatrixCursor,
    activation_matrices,
    describe_parameter,
    moved_cursor,
    parameter_at,
    unit_names,
)
from nn_tui.tui.drawing.numbers import format_signed
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    PALETTES,
    activations,
    cells,
    filled,
    lines,
    matrices,
    of_matrices,
    snapshot,
    text,
    weights,
)


@pytest.mark.parametrize("size", [(53, 24), (42, 12), (100, 40), (42, 60)])
def test_every_number_stands_in_its_row_under_its_column(size):
    seen = snapshot(epochs=50)
    drawn = lines(weights, seen, *size)
    heading = next(i for i, line in enumerate(drawn) if line.split()[:2] == ["W0", "h1"])
    ends = [drawn[heading].index(name) + 2 for name in ("h1", "h2", "h3", "h4")]
    rows = [*zip(("x1", "x2", "x3"), seen.weights["W0"], strict=True)]
    for name, weights_of in [*rows, ("W1 ŷ", seen.weights["W1"][:, 0])]:
        line = next(line for line in drawn[heading:] if line.startswith(name))
        numbers = [format_signed(float(w), 6).strip() for w in weights_of]
        assert re.findall(r"[+-]\d\.\d+", line)[:4] == numbers
        for end, number in zip(ends, numbers, strict=True):
            assert line[:end].endswith(number)


def test_the_heading_tells_shape_range_and_norm_where_nothing_else_does():
    seen = snapshot(epochs=50)
    matrix = seen.weights["W0"]
    (title, *_) = lines(weights, seen, 100, 6)
    assert title.split()[:6] == ["W0", "h1", "h2", "h3", "h4", "3×4"]
    assert f"{format_signed(matrix.min()).strip()}…{format_signed(matrix.max()).strip()}" in title
    assert f"norm {np.linalg.norm(matrix):.3f}" in title


def test_biases_have_a_row_of_their_own():
    seen = snapshot("circle")
    drawn = [line for line in lines(weights, seen, 60, 40) if line.startswith("b ")]
    assert drawn[0].split()[1:5] == [format_signed(float(b)).strip() for b in seen.weights["b0"]]
    assert not any(line.startswith("b ") for line in lines(weights, snapshot(), 60, 40))


def test_blue_is_positive_orange_negative_and_stronger_is_larger():
    palette = DARK_PALETTE
    matrix = Matrix("W0", np.array([[2.0, -2.0, 0.5, 0.0]]), None, ["x"], list("abcd"))
    row = cells(of_matrices([matrix], 60, 10, palette)[1])
    wide = [paper for _, _, paper in row if paper != palette.background]
    colours = list(dict.fromkeys(wide))
    assert colours[:3] == [palette.colour(1), palette.colour(-1), palette.colour(0.25)]
    assert colours[0] == palette.positive
    assert colours[1] == palette.negative


def test_on_an_ansi_theme_too_the_sign_is_legible():
    drawn = text(weights, snapshot(epochs=50), 60, 40, palette=PALETTES["ansi"])
    for weight in snapshot(epochs=50).weights["W0"].ravel():
        assert format_signed(float(weight)).strip() in drawn


def test_a_matrix_without_room_for_numbers_is_drawn_as_pixels():
    seen = snapshot("blog", "network.hidden=100")
    drawn = lines(weights, seen, 60, 30)
    assert drawn[0].startswith("W0 3×100")
    assert set(drawn[1]) <= {"▀", " "}
    assert drawn[1].count("▀") >= 50
    assert any("W1 100×1" in line for line in drawn)


def test_pixels_are_the_colours_of_two_rows():
    matrix = Matrix("W0", np.tile([[1.0], [-1.0]], 50), None, ["a", "b"], ["u"] * 50)
    title, pixels, *_ = of_matrices([matrix], 20, 10)
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


def pruned(seen, name, index):
    """The snapshot with one weight pruned."""
    alive = np.ones(len(seen.parameters), bool)
    views(alive, seen.network)[name][index] = False
    parameters = seen.parameters.copy()
    views(parameters, seen.network)[name][index] = 0
    return replace(seen, mask=alive, parameters=parameters)


@pytest.mark.parametrize("palette", PALETTES)
def test_a_pruned_weight_is_crossed_out(palette):
    whole = snapshot(epochs=50)
    drawn = lines(weights, pruned(whole, "W0", (1, 2)), 53, 24, palette=PALETTES[palette])
    row = next(line for line in drawn if line.startswith("x2"))
    assert row.split()[3] == "×"
    assert "".join(drawn).count("×") == "".join(lines(weights, whole, 53, 24)).count("×") + 1


def test_a_pruned_pixel_is_crossed_out_where_nothing_shares_its_cell():
    living = np.ones((2, 50), bool)
    living[:, 7] = False
    matrix = Matrix("W0", np.ones((2, 50)), None, ["a", "b"], ["u"] * 50, living)
    drawn = of_matrices([matrix], 53, 10)[1].text
    assert [x for x, character in enumerate(drawn) if character == "×"] == [7]


NETWORKS = {
    "blog": ("blog",),
    "biases": ("circle", "data.samples=40"),
    "many layers": ("circle", "data.samples=40", "network.hidden=8,8,8,8,8,8"),
    "pixels": ("blog", "network.hidden=90,70"),
    "pixels and numbers": ("blog", "network.hidden=90,3", "network.bias=true"),
}


@pytest.mark.parametrize("size", [(53, 24), (42, 12), (30, 5), (100, 40)])
@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_the_cursor_is_in_sight_wherever_it_goes(network, size):
    shown = matrices(snapshot(*network, epochs=0))
    cursor, layout = MatrixCursor(), WeightLayout()
    rng = random.Random(2)
    for _ in range(60):
        step = rng.choice([(1, 0), (9, 0), (0, 1), (0, 1), (-1, 0), (0, -7), (0, 10**9)])
        cursor = moved_cursor(cursor, shown, *step)
        layout = lay_out_weights(shown, *size, cursor, layout)
        place = layout.place_of(cursor.matrix)
        assert cursor.row in place.rows and cursor.column in place.columns
        region = place.region(cursor.row, cursor.column)
        assert region.x >= 0 and region.right <= size[0]
        assert region.y >= 1 and region.bottom <= max(3, size[1])
        if place.numbers or place.cell == 2:
            assert place.at(region.x, region.y) == (cursor.row, cursor.column)


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize("key", [(1, 0), (0, 1)], ids=["down", "right"])
def test_one_key_leads_from_the_first_matrix_to_the_last_and_back(network, key):
    shown = matrices(snapshot(*network, epochs=0))
    cursor, met = MatrixCursor(), [0]
    for step, last in ((1, len(shown) - 1), (-1, 0)):
        for _ in range(3000):
            cursor = moved_cursor(cursor, shown, step * key[0], step * key[1])
            met.append(cursor.matrix)
        assert cursor.matrix == last
    assert {*met} == {*range(len(shown))}


def test_every_parameter_can_be_reached():
    seen = snapshot("circle", "data.samples=40")
    shown = matrices(seen)
    met, waiting = set(), [MatrixCursor()]
    while waiting:
        cursor = waiting.pop()
        if cursor not in met:
            met.add(cursor)
            waiting += [
                moved_cursor(cursor, shown, *step) for step in ((1, 0), (0, 1), (-1, 0), (0, -1))
            ]
    named = {parameter_at(shown[c.matrix], c.matrix, c) for c in met}
    assert named == {(n, i) for n, a in seen.weights.items() for i in np.ndindex(a.shape)}
    assert len(met) == len(named)


def test_what_is_panned_stays_where_it_is_as_long_as_the_cursor_allows():
    shown = matrices(snapshot("blog", "network.hidden=90"))
    far = lay_out_weights(shown, 40, 12, MatrixCursor(0, 0, 80), WeightLayout())
    assert far.places[0].columns == range(41, 81)
    assert lay_out_weights(shown, 40, 12, MatrixCursor(0, 0, 50), far).places[0].columns == range(
        41, 81
    )
    assert lay_out_weights(shown, 40, 12, MatrixCursor(0, 0, 39), far).places[0].columns == range(
        39, 79
    )


def test_the_title_says_which_part_is_in_sight():
    seen = snapshot("blog", "network.hidden=90,70")
    drawn = lines(weights, seen, 60, 14, cursor=MatrixCursor(1, 89, 69))
    assert "columns 1-60" in drawn[0]
    title = next(line for line in drawn if line.startswith("W1 90×70"))
    assert "columns 11-70" in title
    assert "-90 " in title


def test_matrices_out_of_sight_are_named():
    seen = snapshot("circle", "data.samples=40", "network.hidden=8,8,8,8,8")
    drawn = lines(weights, seen, 60, 12)
    assert drawn[-1].split()[0] == "▾"
    assert "W5" in drawn[-1] and "W0" not in drawn[-1]
    drawn = lines(weights, seen, 60, 12, cursor=MatrixCursor(5, 0, 0))
    assert drawn[-1].split()[:2] == ["▴", "W0,"]


def test_the_cursor_stands_out_as_a_number_and_as_a_pixel():
    palette = DARK_PALETTE
    row = next(
        s for s in weights(snapshot(), 53, 24, cursor=MatrixCursor(0, 1, 1)) if s.text[:2] == "x2"
    )
    number = format_signed(float(snapshot().weights["W0"][1, 1])).strip()
    at = row.text.index(number)
    assert cells(row)[at][1:] == (palette.background, palette.foreground)
    matrix = Matrix("W0", np.ones((4, 50)), None, list("abcd"), ["u"] * 50)
    upper, lower = of_matrices([matrix], 53, 10, cursor=MatrixCursor(0, 1, 5))[1:3]
    assert cells(upper)[5][1:] == (palette.positive, palette.foreground)
    assert cells(lower)[5][1:] == (palette.positive, palette.positive)


def test_tiny_numbers_are_shown_in_a_power_of_ten():
    matrix = Matrix("W0", np.array([[2e-5, -3e-6]]), None, ["x"], ["a", "b"])
    title, row, *_ = (strip.text for strip in of_matrices([matrix], 60, 3))
    assert "·1e-6" in title
    assert row.split() == ["x", "+20.000", "-3.000"]


def test_activations_stand_under_the_names_of_their_units():
    seen = snapshot(epochs=50)
    drawn = lines(activations, seen, 53, 30, sample=2)
    x = seen.dataset.inputs[2]
    hidden = 1 / (1 + np.exp(-x @ seen.weights["W0"]))
    assert [line.split()[0] for line in drawn if line[:1] == "l"][:3] == ["l0", "l1", "l2"]
    start = next(i for i, line in enumerate(drawn) if line.startswith("l1"))
    assert drawn[start].split()[:5] == ["l1", "h1", "h2", "h3", "h4"]
    row = next(line for line in drawn[start:] if line.startswith("#3"))
    assert row.split()[1:5] == [format_signed(value).strip() for value in hidden]


def test_units_of_a_large_layer_are_wrapped_and_none_is_made_up():
    layers = [np.arange(11.0), np.ones(2)]
    first, _ = activation_matrices(layers, [f"x{k}" for k in range(1, 12)], (), 0)
    assert first.rows == ["x1", "x9"]
    assert first.exists(1, 2) and not first.exists(1, 3)
    drawn = [strip.text for strip in of_matrices([first], 60, 6)]
    assert drawn[0].startswith("l0 ")
    assert "NaN" not in "".join(drawn)
    cursor = MatrixCursor(0, 1, 2)
    assert moved_cursor(cursor, [first], 0, 1) == cursor


def test_where_a_large_layer_has_no_more_units_there_is_no_pixel():
    (layer,) = activation_matrices([np.ones(10)], [f"x{k}" for k in range(10)], (), 0)
    title, pixels, *_ = of_matrices([layer], 8, 4)
    assert title.text.startswith("l0 10")
    below = [paper == DARK_PALETTE.positive for _, _, paper in cells(pixels)]
    assert below == [True] * 2 + [False] * 6
    assert "?" not in pixels.text


# The line about one parameter


def test_the_readout_has_value_gradient_and_last_change():
    seen = snapshot(epochs=50)
    seen = replace(seen, change=np.arange(len(seen.parameters)) * 1e-3)
    line = describe_parameter(seen, matrices(seen)[0], MatrixCursor(0, 2, 1), 100)
    assert line.startswith("W0[2,1] x3→h2 ")
    assert f"{seen.weights['W0'][2, 1]:+.15f}" in line
    assert f"∇{seen.gradients['W0'][2, 1]:+.5e}" in line
    assert "Δ+9.00000e-03" in line


def test_before_the_first_update_there_is_a_gradient_but_no_change_to_read():
    seen = snapshot(epochs=0)
    line = describe_parameter(seen, matrices(seen)[0], MatrixCursor(), 60)
    assert f"∇{seen.gradients['W0'][0, 0]:+.4e}" in line
    assert line.split()[-2:] == ["Δ", "-"]


def test_what_is_not_of_the_weights_shown_is_a_dash_in_the_readout():
    seen = snapshot(epochs=50)
    edited = replace(seen, edits=(ParameterEdit(50, "W0", (0, 0), 1.0),))
    line = describe_parameter(edited, matrices(seen)[0], MatrixCursor(), 60)
    assert line.split()[-2:] == ["Δ", "-"]
    assert f"∇{seen.gradients['W0'][0, 0]:+.4e}" in line
    old = replace(seen, gradient_is_current=False)
    line = describe_parameter(old, matrices(seen)[0], MatrixCursor(), 60)
    assert line.split("∇")[1].split()[0] == "-"


@pytest.mark.parametrize("room", [20, 30, 38, 49, 70, 120])
def test_the_readout_never_changes_its_width(room):
    seen = snapshot(epochs=50)
    matrix = matrices(seen)[0]
    widths = set()
    for value in (0.0, 1.0, -1e-9, 12345.678, -3e200, np.nan, np.inf):
        made = replace(filled(seen, value), change=None if value else seen.parameters)
        widths.add(len(describe_parameter(made, matrix, MatrixCursor(0, 1, 1), room)))
    assert len(widths) == 1
    assert widths.pop() <= room


def test_a_gradient_of_nothing_has_no_minus():
    seen = snapshot("digits", "data.test_fraction=0.9")
    assert seen.gradients["W0"][0, 0] == 0  # the corner of every picture is blank
    line = describe_parameter(seen, matrices(seen)[0], MatrixCursor(0, 0, 0), 100)
    assert "∇+0.0" in line


def test_the_readout_tells_what_is_pruned():
    seen = pruned(snapshot(epochs=50), "W0", (0, 0))
    assert " pruned " in describe_parameter(seen, matrices(seen)[0], MatrixCursor(), 60)
    assert "pruned" not in describe_parameter(seen, matrices(seen)[0], MatrixCursor(0, 1, 0), 60)


# Names of rows


def rows_named(drawn):
    """The rows of numbers of the first matrix: name and numbers."""
    found = (re.match(r"(?!W)(.*?)\s*((?:[+-]\d+\.\d+\s*)+)", line) for line in drawn)
    return [(row[1], re.findall(r"[+-]\d+\.\d+", row[2])[:8]) for row in found if row]


@pytest.mark.parametrize("width", [53, 62, 75, 100, 150])
def test_rows_whose_names_begin_alike_are_told_apart_and_no_number_yields(width):
    seen = snapshot("iris")
    renamed = replace(seen.dataset, input_names=("aaaa", "b", "c", "d"), origin=None)
    short = replace(seen, dataset=renamed)
    rows, others = (rows_named(lines(weights, s, width, 50))[:4] for s in (seen, short))
    assert len({name for name, _ in rows}) == 4
    assert [numbers for _, numbers in rows] == [numbers for _, numbers in others]


def test_with_room_the_names_of_rows_are_whole():
    names = [name for name, _ in rows_named(lines(weights, snapshot("iris"), 150, 14))]
    assert names[:4] == [*snapshot("iris").dataset.input_names]


def test_no_matrix_runs_into_the_next_nor_out_of_the_pane():
    for name in ("iris", "blog", "spiral"):
        shown = matrices(snapshot(name))
        for width in range(30, 160, 3):
            places = lay_out_weights(shown, width, 20, MatrixCursor(), WeightLayout()).places
            ends = [p.left + (p.head + p.cell * len(p.columns)) for p in places if p.numbers]
            assert max(ends, default=0) <= width
            for one, other in pairwise(places):
                assert one.top != other.top or one.left + one.width < other.left


# The scale of gradients and changes


@pytest.mark.parametrize("factor", [1.0, 1e-2, 1e-5])
@pytest.mark.parametrize("units", [3, 60])
def test_the_heading_tells_the_range_of_the_numbers_below_it_and_their_power_of_ten(factor, units):
    values = factor * np.linspace(-0.75, 0.5, 2 * units).reshape(2, units)
    biases = np.full(units, 2.5 * factor)  # larger than all weights
    matrix = Matrix("∇W0", values, biases, ["a", "b"], [f"h{k}" for k in range(units)])
    title, *rows = (strip.text for strip in of_matrices([matrix], 74, 5))
    power = re.search(r"·1e(-\d+)", title)
    low, high = map(float, re.search(r"(\S+)…(\S+)", title).groups())
    scale = 10.0 ** int(power[1]) if power else 1.0
    assert title.startswith("∇W0 ") and f"2×{units}" in title
    assert low == pytest.approx(-0.75 * factor, rel=1e-3)
    assert high == pytest.approx(2.5 * factor, rel=1e-3)
    if units == 3:
        numbers = [float(text) for row in rows for text in re.findall(r"[+-]\d+\.\d+", row)]
        shown = min(numbers) * scale, max(numbers) * scale
        assert shown == pytest.approx((low, high), rel=1e-3)


def test_the_strongest_colour_is_that_of_the_largest_number_bias_or_weight():
    matrix = Matrix("∇W0", np.array([[0.1, -0.2]]), np.array([0.4, 0.0]), ["x"], ["a", "b"])
    _, weight_row, bias_row, *_ = of_matrices([matrix], 40, 4)
    papers = {paper for row in (weight_row, bias_row) for _, _, paper in cells(row)}
    assert DARK_PALETTE.colour(0.25) in papers and DARK_PALETTE.colour(-0.5) in papers
    assert DARK_PALETTE.positive in {paper for _, _, paper in cells(bias_row)}


def test_figures_beside_a_heading_take_the_room_there_is_and_no_more():
    for width in range(40, 110):
        (title, *_) = lines(weights, snapshot("iris"), width, 9)
        assert "W1" not in title or re.search(r"(h7|h8) .*  W1 ", title)


def test_numbers_of_which_little_would_be_seen_are_in_a_power_of_ten():
    matrix = Matrix("∇W0", np.array([[0.066, -0.012]]), None, ["x"], ["a", "b"])
    title, row, *_ = (strip.text for strip in of_matrices([matrix], 40, 3))
    assert "·1e-3" in title
    assert row.split() == ["x", "+66.000", "-12.000"]
