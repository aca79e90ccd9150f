"""Code, arrays and arithmetic as they are drawn."""

import pytest

from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.tui.drawing.step_arithmetic import draw_arithmetic, draw_code, draw_formula, wrap_pieces
from nn_tui.tui.drawing.step_arrays import draw_arrays
from nn_tui.tui.drawing.step_tables import TableAxis
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, PALETTES, cells
from tests.tui.test_guide import at, guide

SIZES = [(95, 30), (60, 20), (78, 9), (40, 8), (20, 4), (5, 2)]


def text(strips):
    return "\n".join(strip.text.rstrip() for strip in strips)


@pytest.mark.parametrize(
    ("name", "palette"), [("blog", "dark"), ("blog", "ansi"), ("iris", "light"), ("digits", "dark")]
)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_line_draws_in_every_size(name, palette, width, height):
    made, palette = guide(name), PALETTES[palette]
    while True:
        for draw in (draw_arrays, draw_arithmetic):
            strips = draw(made, DrawArea(width, height, palette))
            assert all(strip.cell_length == width for strip in strips)
        strips = draw_formula(made, width, palette)
        assert all(strip.cell_length == width for strip in strips)
        if made.walk.at_end:
            break
        made.go(1 if name == "blog" else 4)


@pytest.mark.parametrize("name", ["iris", "moons"])
def test_lines_with_class_weights_draw_in_every_size(name):
    made = guide(name, "training.class_weights=balanced")
    while not made.walk.at_end:
        made.go(1)
        for width, height in SIZES:
            for draw in (draw_arrays, draw_arithmetic):
                strips = draw(made, DrawArea(width, height, DARK_PALETTE))
                assert all(strip.cell_length == width for strip in strips)


def test_class_weights_are_shown_with_the_names_of_the_classes():
    made = at(guide("iris", "training.class_weights=1,2,3"), "sample_weight = y @ class_weight")
    drawn = text(draw_arrays(made, DrawArea(100, 40, DARK_PALETTE)))
    assert "class_weight  3 classes × 1 weight" in drawn and "virginica" in drawn
    assert "sample_weight" in drawn


def test_small_arrays_show_whole():
    drawn = text(draw_arrays(guide(), DrawArea(100, 30, DARK_PALETTE)))
    assert "input l0  4 samples × 3 inputs" in drawn
    assert "input W0  3 inputs × 4 units" in drawn
    assert "result l1  4 samples × 4 units" in drawn
    assert "-1.000" in drawn and "0.592" in drawn
    assert not any(arrow in drawn for arrow in "←→↑↓")


def test_what_is_changed_shows_before_and_after():
    made = at(guide(), "W1 += learning_rate * (l1.T @ l2_delta)")
    drawn = text(draw_arrays(made, DrawArea(100, 30, DARK_PALETTE)))
    assert "inputs learning_rate 1" in drawn
    assert "before: W1" in drawn and "after: W1" in drawn
    assert "-0.591" in drawn and "-0.604" in drawn


def test_between_before_and_after_stands_the_change_where_all_fit():
    made = at(guide(), "W1 += learning_rate * (l1.T @ l2_delta)")
    lines = text(draw_arrays(made, DrawArea(100, 30, DARK_PALETTE))).split("\n")
    heading = next(line for line in lines if "before: W1" in line)
    first = next(line for line in lines[lines.index(heading) :] if "0 h1" in line)
    assert heading.index("before: W1") < heading.index("ΔW1") < heading.index("after: W1")
    assert first.split() == ["0", "h1", "-0.591", "0", "h1", "-0.0132", "0", "h1", "-0.604"]
    assert "Δ" not in text(draw_arrays(made, DrawArea(78, 9, DARK_PALETTE)))


def test_a_transposed_array_is_drawn_as_the_line_uses_it():
    made = at(guide(), "l1_error = l2_delta @ W1.T")
    lines = text(draw_arrays(made, DrawArea(100, 14, DARK_PALETTE))).split("\n")
    assert "input W1.T  1 output × 4 units" in lines[0]
    assert "-0.591       0.756      -0.945       0.341" in "\n".join(lines)
    made = at(made, "W1 += learning_rate * (l1.T @ l2_delta)")
    made.follow(2)
    drawn = text(draw_arrays(made, DrawArea(100, 30, DARK_PALETTE)))
    assert "input l1.T  4 units × 4 samples" in drawn
    assert "▸ 2 #3" in drawn.split("input l2_delta")[1].split("\n")[1]


def test_what_a_cell_is_made_from_is_filled_in_a_transposed_array_too():
    made = at(guide(), "l1_error = l2_delta @ W1.T")
    made.move(0, 2)
    rows = [cells(strip) for strip in draw_arrays(made, DrawArea(100, 14, DARK_PALETTE))]
    plain = DARK_PALETTE.background
    line = next(row for row in rows if "".join(c for c, *_ in row).count("-0.945"))
    shown = "".join(character for character, *_ in line)
    assert line[shown.index("-0.945")][2] != plain
    assert line[shown.index("-0.591")][2] == line[shown.index("0.756")][2] == plain


@pytest.mark.parametrize("palette", ["dark", "light"])
def test_the_cursor_looks_like_no_value(palette):
    palette = PALETTES[palette]
    rows = [cells(strip) for strip in draw_arrays(guide(), DrawArea(100, 14, palette))]
    papers = {paper for row in rows for _, _, paper in row}
    values = {palette.unit(step / 5000).bgcolor.name for step in range(-5000, 5001)}
    assert papers - values - {palette.background} == {palette.chosen.bgcolor.name}


def test_in_a_low_window_the_result_shows_more_than_what_it_was_made_from():
    lines = text(draw_arrays(guide(), DrawArea(80, 9, DARK_PALETTE))).split("\n")
    result = next(i for i, line in enumerate(lines) if line.startswith("result"))
    assert len(lines) - result > result


def test_where_there_is_room_below_the_code_the_names_are_explained():
    made = guide()
    drawn = text(draw_code(made.walk.lines, 1, DrawArea(50, 20, DARK_PALETTE)))
    assert "synapse 0" in drawn and "W0" in drawn
    assert "synapse" not in text(draw_code(made.walk.lines, 1, DrawArea(50, 14, DARK_PALETTE)))


def test_the_formula_says_why_the_derivative_is_what_it_is():
    made = at(guide(), "l2_delta = l2_error * (l2 * (1 - l2))")
    drawn = text(draw_formula(made, 120, DARK_PALETTE))
    assert "Multiply by the derivative of sigmoid at each unit (chain rule)." in drawn
    assert "because 1 - a = e^-x / (1 + e^-x)" in drawn


def test_short_names_are_whole_where_the_index_beside_them_does_not_fit():
    axis = TableAxis("inputs", 3, ("liv_area", "num_room", "age"))
    assert axis.labels(range(3), 8) == ["liv_area", "num_room", "age"]
    assert axis.labels(range(3), 10) == ["0 liv_area", "1 num_room", "2 age"]
    assert axis.labels(range(1, 3), 7) == ["1 num_room", "2 age"]


def test_samples_are_called_as_in_the_data_where_that_costs_no_numbers():
    made = at(guide("iris"), "l2 = np.exp(z2)")
    wide = text(draw_arrays(made, DrawArea(90, 24, DARK_PALETTE)))
    assert f"▸ 0 {made.sample_name}" in wide and wide.count("2 virgi") == 2
    narrow = text(draw_arrays(made, DrawArea(74, 24, DARK_PALETTE)))
    assert "#" not in narrow and narrow.count("2 virgi") == 2
    assert "▸ 0 " in narrow


def test_of_a_large_array_the_part_around_the_cell_shows():
    made = guide("digits")
    made.move(20, 40)
    drawn = text(draw_arrays(made, DrawArea(95, 30, DARK_PALETTE)))
    assert "▸ 20" in drawn or "▸20" in drawn
    assert "40 h41" in drawn
    assert all(arrow in drawn for arrow in "←→↓")


def test_in_a_low_window_what_the_cell_is_made_from_shows_first():
    made = at(guide(), "W0 += learning_rate * (l0.T @ l1_delta)")
    drawn = text(draw_arrays(made, DrawArea(80, 13, DARK_PALETTE)))
    column = [f"{float(value):.4f}" for value in made.walk.read("l1_delta")[:, 0]]
    assert all(number in drawn for number in column)


def test_the_numbers_that_a_cell_is_made_from_are_filled():
    made = guide()
    made.move(1, 2)
    rows = [cells(strip) for strip in draw_arrays(made, DrawArea(80, 14, DARK_PALETTE))]
    plain = DARK_PALETTE.background

    def filled(row, start, stop):
        return [paper != plain for character, _, paper in rows[row][start:stop] if character == "1"]

    in_rows_of_l0 = [filled(row, 8, 34) for row in range(2, 6)]
    assert in_rows_of_l0 == [[False], [True, True], [False, False], [False, False, False]]
    grounds = {column: {rows[row][column][2] for row in range(2, 5)} for column in (56, 65, 74)}
    assert grounds[56] == grounds[74] == {plain}
    assert plain not in grounds[65]


def test_the_lines_done_are_ticked_and_the_last_is_marked():
    made = at(guide(), "l2_error = y - l2")
    lines = text(
        draw_code(made.walk.lines, made.walk.position, DrawArea(50, 20, DARK_PALETTE))
    ).split("\n")
    assert lines[:6] == [
        " forward",
        " ✓ l1 = sigmoid(l0 @ W0)",
        " ✓ l2 = sigmoid(l1 @ W1)",
        " error",
        " ▸ l2_error = y - l2",
        "   loss = np.vdot(l2_error, l2_error) / (2 * n)",
    ]


@pytest.mark.parametrize("height", [1, 3, 4, 7])
def test_the_marked_line_is_always_in_sight(height):
    made = guide("digits")
    for _ in made.walk.lines:
        drawn = draw_code(made.walk.lines, made.walk.position, DrawArea(60, height, DARK_PALETTE))
        assert len(drawn) == height
        assert sum(strip.text.startswith(" ▸ ") for strip in drawn) == 1
        made.go(1)


def test_a_low_window_keeps_the_result_and_gives_up_names_then_the_sentence():
    made = guide()
    full = text(draw_arithmetic(made, DrawArea(90, 8, DARK_PALETTE))).split("\n")
    assert full[0].startswith("Multiply l0")
    assert full[1] == ""
    assert full[2].startswith("l1[0,0] = sigmoid(l0[0,0]·W0[0,0]")
    assert full[4] == "        = sigmoid(-0.206) = 0.449"
    low = text(draw_arithmetic(made, DrawArea(90, 2, DARK_PALETTE))).split("\n")
    assert low[0].startswith("Multiply l0")
    numbers = "l1[0,0] = sigmoid(0·(-0.166) + 0·(-0.706) + 1·(-0.206))"
    assert low[1] == f"{numbers} = sigmoid(-0.206) = 0.449"
    narrow = text(draw_arithmetic(made, DrawArea(70, 1, DARK_PALETTE)))
    assert narrow == f"{numbers} = 0.449"
    lowest = text(draw_arithmetic(made, DrawArea(90, 1, DARK_PALETTE)))
    assert lowest == low[1]


def test_wrapped_arithmetic_breaks_after_spaces_and_not_within_brackets():
    pieces = [
        TextPiece("a·"),
        TextPiece("1.5", 1.5),
        TextPiece(" + "),
        TextPiece("[60 more: "),
        TextPiece("2", 2),
    ]
    lines = wrap_pieces([*pieces, TextPiece("] + b")], 9)
    assert ["".join(piece.text for piece in line) for line in lines] == [
        "a·1.5 + ",
        "[60 more: 2] ",
        "+ b",
    ]
