"""The recipe as rows."""

import pytest

from nn_tui.recipe.field_groups import GROUPS
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.hyperparameter_list import (
    draw_hyperparameters,
    field_help,
    truncated_value,
)
from nn_tui.tui.drawing.hyperparameter_rows import ListView, recipe_rows
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.session.value_steps import next_value
from tests.tui.drawing.drawing import DARK_PALETTE, PALETTES, cells

EVERYTHING = ListView(frozenset(GROUPS), unused=True)
HEIGHT = len(recipe_rows(Recipe(), EVERYTHING))


def told(field, recipe=None, whole="", room=1000):
    """The sentence for a field of a recipe that was the blog's."""
    return field_help(field, recipe or Recipe(), Recipe(), "=", whole, room)


def rows(
    recipe=None,
    preset=None,
    cursor="",
    focused=True,
    first=0,
    width=48,
    height=HEIGHT,
    view=EVERYTHING,
):
    return draw_hyperparameters(
        recipe or Recipe(),
        preset or Recipe(),
        view,
        cursor,
        focused,
        first,
        "v",
        DrawArea(width, height, DARK_PALETTE),
    )


def texts(recipe=None, **options):
    return [strip.text for strip in rows(recipe, **options)]


def row_of(label, lines):
    """The line of the field or group with that label."""
    return next(line for line in lines if line[2:].lstrip().startswith(label))


def test_every_field_has_a_row_with_its_label_and_value():
    fields = [row.field for row in recipe_rows(Recipe(), EVERYTHING)]
    assert {field.key for field in fields if field} == set(FIELDS)
    for field, line in zip(fields, texts(), strict=True):
        if field is not None:
            assert line[2:].lstrip().startswith(field.label)
            assert field.kind.show(field.default) in line


def test_numbers_of_the_optimizer_are_indented_beneath_it():
    recipe = PRESETS["iris"].recipe
    lines = texts(recipe, preset=recipe, view=ListView())
    at = lines.index(row_of("optimizer", lines))
    assert [line[:10] for line in lines[at : at + 5]] == [
        "  optimize",
        "    beta 1",
        "    beta 2",
        "    epsilo",
        "  hidden l",
    ]


def test_a_folded_group_is_a_line_with_its_values():
    recipe = PRESETS["circle"].recipe
    lines = texts(recipe, preset=recipe, view=ListView(), width=44)
    assert row_of("data", lines).split("data")[1].strip() == "circle · 500 samples · 50 % train"
    assert row_of("network", lines).startswith("▸ network  tanh output · bias · playground")


def test_a_summary_leaves_out_what_has_no_room_and_truncates_its_first_part():
    recipe = Recipe().with_value("data.source", "/tmp/a_file_with_a_long_name.csv")
    for width in range(14, 60):
        line = row_of("data", texts(recipe, view=ListView(), width=width))
        assert len(line) == width
        assert "…" in line or "a_file_with_a_long_name.csv" in line
    line = row_of("data", texts(recipe, view=ListView(), width=60))
    assert line.rstrip().endswith("a_file_with_a_long_name.csv · 100 % train")


def test_an_unfolded_group_has_a_rule_and_its_fields_beneath():
    view = ListView(frozenset({"speed"}))
    lines = texts(view=view)
    at = lines.index(row_of("speed", lines))
    assert lines[at].startswith("▾ speed ─────")
    labels = [line.split("  ")[1].strip() for line in lines[at + 1 : at + 4]]
    assert labels == ["pace", "precision", "evaluate every"]


def test_the_number_of_unused_fields_is_at_the_bottom():
    recipe = Recipe()
    unused = sum(bool(field.inactive_reason(recipe)) for field in FIELDS.values())
    hidden, shown = (texts(view=ListView(unused=u), height=30)[-1] for u in (False, True))
    assert hidden.strip() == f"{unused} settings not used · v shows them"
    assert shown.strip() == f"{unused} settings not used · v hides them"
    narrow = texts(view=ListView(), height=30, width=30)[-1]
    assert narrow.strip() == f"{unused} unused · v shows them"


@pytest.mark.parametrize("width", [28, 34, 48])
def test_a_value_without_room_ends_in_an_ellipsis(width):
    recipe = Recipe().with_value("network.hidden", (12,) * 20)
    line = row_of("hidden", texts(recipe, width=width))
    assert "12, 12" in line
    assert line.rstrip().endswith("…")


def test_a_dot_marks_what_differs_from_the_preset():
    recipe = Recipe().with_value("training.learning_rate", 0.5)
    marked = [line for line in texts(recipe) if "•" in line]
    assert len(marked) == 1
    assert marked[0].split() == ["•", "learning", "rate", "0.5", "preset", "1"]


@pytest.mark.parametrize(("width", "shown"), [(48, "preset 1"), (32, "(1)"), (26, "0.125")])
def test_the_presets_value_is_shown_as_far_as_there_is_room(width, shown):
    recipe = Recipe().with_value("training.learning_rate", 0.125)
    assert row_of("learning", texts(recipe, width=width)).rstrip().endswith(shown)


@pytest.mark.parametrize("unfolded", [False, True])
def test_a_dot_marks_the_group_of_what_differs_from_the_preset(unfolded):
    view = ListView(frozenset({"network"} if unfolded else ()))
    lines = texts(Recipe().with_value("network.bias", True), view=view)
    assert [line[1] for line in lines if line[0] in "▸▾"] == [" ", "•", " ", " "]


def test_what_does_nothing_is_faint_and_the_line_below_says_why():
    recipe = Recipe()
    faint = DARK_PALETTE.faint.color.name
    for row, strip in zip(recipe_rows(recipe, EVERYTHING), rows(), strict=True):
        if row.field is not None:
            idle = row.field.inactive_reason(recipe)
            assert (cells(strip)[4][1] == faint) == bool(idle)
            assert not idle or idle in told(row.field)
            assert row.field.key in told(row.field)


def test_a_wide_pane_says_in_the_row_why_a_field_does_nothing():
    row = row_of("momentum", texts(width=60))
    assert row.split() == ["momentum", "0.9", "not", "used", "by", "sgd"]
    row = row_of("momentum", texts(width=34))
    assert row.split() == ["momentum", "0.9"]


@pytest.mark.parametrize("width", [8, 12, 18, 25])
def test_in_a_narrow_pane_labels_yield_to_values(width):
    recipe = Recipe()
    drawn = rows(recipe, width=width)
    for row, strip in zip(recipe_rows(recipe, EVERYTHING), drawn, strict=True):
        assert strip.cell_length == width
        if row.field is not None and width >= 12:
            value = row.field.kind.show(recipe[row.field.key])
            assert value[:5] in strip.text


def test_a_value_is_cut_off_or_told_whole():
    recipe = Recipe().with_value("network.hidden", (12,) * 20)
    field = FIELDS["network.hidden"]
    whole = field.kind.show(recipe["network.hidden"])
    for width in (20, 48, 120):
        drawn = next(s.text for s in rows(recipe, width=width) if "12," in s.text)
        assert (whole in drawn) != truncated_value(field, recipe, width).startswith(whole)


def test_the_cursor_shows_while_one_is_there_only():
    paper = DARK_PALETTE.cursor.bgcolor.name

    def marked(focused):
        strips = rows(cursor="network.hidden", focused=focused)
        return [s.text.split()[0] for s in strips if cells(s)[0][2] == paper]

    assert marked(True) == ["hidden"]
    assert marked(False) == []


@pytest.mark.parametrize("changed", [False, True])
def test_the_cursor_is_one_colour_where_it_swaps_those_of_the_terminal(changed):
    recipe = Recipe().with_value("training.learning_rate", 0.5 if changed else 1.0)
    area = DrawArea(48, HEIGHT, PALETTES["ansi"])
    key = "training.learning_rate"
    drawn = draw_hyperparameters(recipe, Recipe(), EVERYTHING, key, True, 0, "v", area)
    assert {segment.style for segment in drawn[0]} == {PALETTES["ansi"].cursor}


def test_it_begins_where_one_has_scrolled_to():
    assert texts(first=7, height=5) == texts()[7:12]


def test_help_tells_whether_a_change_restarts():
    assert "(restarts): " in told(FIELDS["network.hidden"])
    assert "(next epoch): " in told(FIELDS["training.learning_rate"])


def test_what_the_row_says_too_goes_first_where_there_is_no_room():
    field = FIELDS["network.hidden"]
    recipe = Recipe().with_value(field.key, (8, 8))
    met = {told(field, recipe, room=room) for room in range(100)}
    assert sorted(met, key=len, reverse=True) == [
        f"network.hidden (restarts; = resets to 4): {field.help}",
        f"restarts; = resets to 4: {field.help}",
        f"restarts: {field.help}",
        "restarts; = resets to 4",
        "restarts",
    ]
    assert told(field, recipe, whole="8, 8 · ", room=16) == "8, 8 · restarts"


@pytest.mark.parametrize("changed", [False, True])
def test_every_fields_help_is_whole_in_80_columns(changed):
    for field in FIELDS.values():
        recipe = Recipe()
        if changed:
            recipe = recipe.with_value(field.key, next_value(field, field.default, 1))
        sentence = told(field, recipe, room=78)
        assert len(sentence) <= 78
        assert sentence.endswith(field.inactive_reason(recipe) or field.help)


@pytest.mark.parametrize(
    ("width", "steps", "shown"),
    [
        (48, ("0.3", "3"), "← 0.3  3 →"),
        (48, ("", "3"), "3 →"),
        (48, ("0.3", ""), "← 0.3"),
        (34, ("0.003", "0.03"), "← →"),
    ],
)
def test_the_field_under_the_cursor_tells_what_its_value_can_become(width, steps, shown):
    key, area = "training.learning_rate", DrawArea(width, HEIGHT, DARK_PALETTE)
    drawn = draw_hyperparameters(Recipe(), Recipe(), EVERYTHING, key, True, 0, "v", area, steps)
    assert [line.text for line in drawn if "←" in line.text or "→" in line.text] == [
        line.text for line in drawn if line.text.rstrip().endswith(shown)
    ]
    assert row_of("learning rate", [line.text for line in drawn]).rstrip().endswith(shown)


def test_in_a_narrow_pane_the_presets_value_stands_beside_a_changed_one():
    preset = Recipe()
    recipe = preset.with_value("training.learning_rate", 0.03)
    area = DrawArea(32, 20, DARK_PALETTE)
    drawn = draw_hyperparameters(recipe, preset, ListView(), "network.hidden", False, 0, "v", area)
    assert drawn[0].text.split()[-2:] == ["0.03", f"({preset.training.learning_rate:g})"]
