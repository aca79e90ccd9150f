"""The forms of weights, from numbers above gradients to half blocks: the widest that fits."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor, parameter_at, parameter_matrices
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from nn_tui.tui.drawing.weight_matrices import chosen_units, describe_units, draw_weights
from nn_tui.tui.drawing.weight_numbers import NINTHS, PAIR, SHORT, TENTHS
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    PALETTES,
    cells,
    filled,
    lines,
    matrices,
    of_matrices,
    snapshot,
    weights,
)

SPIRAL = ("spiral", "data.samples=40")


def one(columns, rows=2, value=2.278):
    values = np.full((rows, columns), value)
    names = [f"h{k + 1}" for k in range(columns)]
    return Matrix("W0", values, None, [f"x{k + 1}" for k in range(rows)], names)


def placed(shown, width, height, cursor=MatrixCursor(), last=WeightLayout()):  # noqa: B008
    return lay_out_weights(shown, width, height, cursor, last)


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (60, "+2.278"),
        (5 + 5 * 9, "+2.278"),
        (5 + 5 * 6, "+2.278"),
        (5 + 5 * 5, "+2.28"),
        (3 + 5 * 4 + 2, "+2.3"),
        (3 + 5 * 3, "+23"),
        (3 + 5 * 2, "+9"),
    ],
)
def test_the_widest_form_that_fits(width, text):
    drawn = "\n".join(row.text for row in of_matrices([one(5)], width, 4))
    assert drawn.count(text) == 10
    assert "+2.2780" not in drawn


def test_the_narrowest_form_is_half_blocks():
    drawn = of_matrices([one(30)], 30, 5)
    assert drawn[1].text == " " * 30  # both halves are alike
    assert all(part.style.bgcolor.name == part.style.color.name for part in drawn[1])


def with_gradients(seen):
    dataset = seen.dataset
    return parameter_matrices(
        seen.weights, dataset.input_names, dataset.classes, gradients=lambda: seen.gradients
    )


def test_the_gradient_stands_below_each_weight_where_cells_are_wide():
    seen = snapshot(epochs=50)
    drawn = [row.text for row in of_matrices(with_gradients(seen), 52, 24)]
    row = next(k for k, line in enumerate(drawn) if line.startswith("x2"))
    for column in range(4):
        number = f"{seen.weights['W0'][1, column]:+.3f}"
        below = f"∇{seen.gradients['W0'][1, column]:+.4f}"
        end = drawn[row].index(number) + len(number)
        assert drawn[row + 1][:end].endswith(below)
    output = next(k for k, line in enumerate(drawn) if line.startswith("W1 ŷ"))
    assert f"∇{seen.gradients['W1'][0, 0]:+.4f}" in drawn[output + 1]


def test_gradients_stand_below_all_numbers_or_below_none():
    seen = snapshot("circle", "data.samples=40", "network.hidden=8,2")
    shown = with_gradients(seen)
    for width in range(20, 160, 4):
        for height in (12, 24, 45):
            places = [place for place in placed(shown, width, height).places if place.numbers]
            assert len({place.paired for place in places}) <= 1


def test_the_output_lies_below_the_columns_it_shares():
    seen = snapshot(*SPIRAL)
    shown = matrices(seen)
    assert shown[2].lying and shown[2].shape == "16×1"
    for size in ((52, 24), (38, 30), (158, 40)):
        above, row = placed(shown, *size).places[1:]
        assert (row.left, row.head, row.cell) == (above.left, above.head, above.cell)
        assert row.top == above.top + above.height
        assert not row.heading
    texts = [row.text for row in of_matrices(shown, 158, 40)]
    line = next(text for text in texts if text.startswith("W2 ŷ"))
    assert line.split()[2:] == [f"{w:+.3f}" for w in seen.weights["W2"][:, 0]]
    bias = texts[next(k for k in range(len(texts)) if texts[k] == line) :]
    bias = next(text for text in bias if text.startswith("b "))
    assert bias.split() == ["b", f"{seen.weights['b2'][0]:+.3f}"]


def test_the_cells_of_a_lying_matrix_are_the_parameters_of_the_output():
    shown = matrices(snapshot(*SPIRAL))[2]
    assert parameter_at(shown, 2, MatrixCursor(2, 0, 5)) == ("W2", (5, 0))
    assert parameter_at(shown, 2, MatrixCursor(2, 1, 0)) == ("b2", (0,))
    assert shown.cell_of("W2", (5, 0)) == (0, 5)
    assert shown.cell_of("b2", (0,)) == (1, 0)
    assert not shown.exists(1, 1)


def test_a_single_layer_of_one_output_keeps_a_row_for_each_input():
    (only,) = matrices(snapshot("diabetes", "network.hidden=", epochs=0))
    assert not only.lying
    assert only.lines == 11


@pytest.mark.parametrize("size", [(52, 24), (38, 20), (30, 13), (158, 40)])
@pytest.mark.parametrize("name", ["blog", "circle", "spiral", "iris", "diabetes"])
def test_nothing_moves_whatever_the_weights_become(name, size):
    seen = snapshot(name, epochs=0)
    before = placed(matrices(seen), *size)
    headings = {
        place.top: lines(weights, seen, *size)[place.top][: place.head] for place in before.places
    }
    for value in (0.0, 1e-9, -12345.6, 1e300, np.nan, -np.inf):
        now = filled(seen, value)
        layout = placed(matrices(now), *size)
        assert replace(layout, units={}) == replace(before, units={})
        drawn = lines(weights, now, *size)
        assert {p.top: drawn[p.top][: p.head] for p in before.places} == headings
        assert all(len(line) == size[0] for line in drawn)


def test_the_border_tells_that_numbers_are_in_tenths():
    shown = [one(16, rows=3)]
    layout = placed(shown, 52, 24)
    assert layout.places[0].cell == TENTHS
    assert describe_units(shown, layout, MatrixCursor(), 30) == "in tenths"
    layout = placed(shown, 36, 24)
    assert layout.places[0].cell == NINTHS
    assert describe_units(shown, layout, MatrixCursor(), 30) == "9 = 2.278"


def test_matrices_in_other_units_are_named():
    small, large = one(16), replace(one(16, value=30.0), name="W1")
    shown = [small, large]
    layout = placed(shown, 52, 24)
    for cursor in (MatrixCursor(0), MatrixCursor(1)):
        assert describe_units(shown, layout, cursor, 30) == "W0 in tenths"


def test_a_unit_is_kept_from_one_picture_to_the_next():
    layout = placed([one(16)], 52, 24)
    layout = replace(layout, units=chosen_units([one(16)], layout))
    less = [one(16, value=0.45)]
    assert describe_units(less, placed(less, 52, 24), MatrixCursor(), 30) == "in hundredths"
    kept = placed(less, 52, 24, last=layout)
    assert describe_units(less, kept, MatrixCursor(), 30) == "in tenths"


def test_rows_out_of_sight_are_told_by_an_arrow():
    shown = matrices(snapshot(*SPIRAL))
    top = [row.text for row in of_matrices(shown, 38, 20)]
    assert any(line[:6].endswith("▾") for line in top)
    assert not any("▴" in line for line in top)
    bottom = of_matrices(shown, 38, 20, cursor=MatrixCursor(2, 1, 0))
    assert any("▴" in row.text[:6] for row in bottom)


def test_the_column_under_the_cursor_is_named_among_the_sparse_ones():
    shown = matrices(snapshot(*SPIRAL))
    for column in range(16):
        layout = placed(shown, 38, 24, MatrixCursor(0, 0, column))
        area = DrawArea(38, 24, DARK_PALETTE)
        heading = draw_weights(shown, layout, MatrixCursor(0, 0, column), area)[0]
        assert str(column + 1) in heading.text.split()
        ink = DARK_PALETTE.accented.color.name
        named = [c for c, colour, _ in cells(heading)[6:] if colour == ink and c.strip()]
        assert "".join(named).endswith(str(column + 1))


def test_names_wider_than_a_cell_a_character_keep_the_width():
    wide = replace(one(16), columns=["名前"] * 16, rows=["特徴", "b"])
    heading = of_matrices([wide], 38, 8)[0].text
    assert heading.split() == ["W0", *(str(k) for k in range(1, 17, 2))]
    for width in range(4, 90):
        for row in of_matrices([wide], width, 8, cursor=MatrixCursor(0, 0, 3)):
            assert row.cell_length == width
            assert sum(segment.cell_length for segment in row) == width


@pytest.mark.parametrize("look", PALETTES)
def test_every_weight_can_be_clicked_at_every_size(look):
    shown = matrices(snapshot(*SPIRAL))
    for width in (30, 38, 52, 100, 158):
        layout = placed(shown, width, 40)
        for place in layout.places:
            if place.numbers:
                for row in place.rows:
                    for column in place.columns[: None if row < 1 else 1]:
                        region = place.region(row, column)
                        corners = (region.x, region.y), (region.right - 1, region.bottom - 1)
                        assert all(place.at(*at) == (row, column) for at in corners)
        assert draw_weights(shown, layout, None, DrawArea(width, 40, PALETTES[look]))


def test_one_weight_changes_only_the_cells_of_its_number():
    seen = snapshot(epochs=50)
    before, after = matrices(seen), matrices(seen)
    changed = after[0].weights.copy()
    changed[1, 2] += 0.001
    after[0] = replace(after[0], weights=changed)
    draw = partial(of_matrices, width=52, height=10)
    for one_row, other in zip(draw(before), draw(after), strict=True):
        differing = [a for a, b in zip(cells(one_row), cells(other), strict=True) if a != b]
        assert len(differing) <= 2


def test_wide_cells_are_pairs_at_the_size_of_a_large_terminal():
    layout = placed(matrices(snapshot()), 52, 24)
    assert all(place.cell >= PAIR and place.paired for place in layout.places)


def test_a_few_weights_below_a_large_matrix_keep_their_digits():
    shown = matrices(snapshot("blog", "network.hidden=90,3"))
    for size in ((52, 24), (38, 20)):
        assert placed(shown, *size).place_of(2).cell >= PAIR


def test_beside_a_wide_matrix_a_narrow_one_has_as_many_digits_as_fit():
    wide, narrow = one(16, rows=3), replace(one(3, rows=17), name="W1")
    places = placed([wide, narrow], 56, 21).places
    assert places[0].top == places[1].top
    assert (places[0].cell, places[1].cell) == (NINTHS, SHORT)
