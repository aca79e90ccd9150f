"""The recipe as rows."""

import pytest

from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.hyperparameter_list import (
    draw_hyperparameters,
    field_help,
    recipe_rows,
    truncated_value,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.session.value_steps import next_value
from tests.tui.drawing.drawing import DARK_PALETTE, cells

ALL = len(recipe_rows())


def told(field, recipe=None, whole="", room=1000):
    """The sentence for a field of a recipe that was the blog's."""
    return field_help(field, recipe or Recipe(), Recipe(), "=", whole, room)


def rows(recipe=None, preset=None, cursor="", focused=True, first=0, width=48, height=ALL):
    recipe = recipe or Recipe()
    preset = preset or Recipe()
    return draw_hyperparameters(
        recipe, preset, cursor, focused, first, DrawArea(width, height, DARK_PALETTE)
    )


def test_every_field_has_a_row_with_its_label_and_value_in_the_tables_order():
    drawn = [strip.text for strip in rows()]
    fields = [row.field for row in recipe_rows()]
    assert [f for f in fields if f] == list(FIELDS.values())
    for field, line in zip(fields, drawn, strict=True):
        if field is None:
            assert line.rstrip().endswith("─")
        else:
            assert line[1:].startswith(field.label)
            assert field.kind.show(field.default) in line


@pytest.mark.parametrize("width", [28, 34, 48])
def test_a_value_without_room_ends_in_an_ellipsis(width):
    recipe = Recipe().with_value("network.hidden", (12,) * 20)
    line = next(s.text for s in rows(recipe, width=width) if s.text[1:].startswith("hidden"))
    assert "12, 12" in line
    assert line.rstrip().endswith("…")


def test_a_dot_marks_what_differs_from_the_preset():
    recipe = Recipe().with_value("training.learning_rate", 0.5)
    marked = [s.text for s in rows(recipe) if s.text.startswith("•")]
    assert len(marked) == 1
    assert marked[0].split() == ["•learning", "rate", "0.5"]


def test_what_does_nothing_is_faint_and_the_line_below_says_why():
    recipe = Recipe()
    faint = DARK_PALETTE.faint.color.name
    for row, strip in zip(recipe_rows(), rows(), strict=True):
        if row.field is not None:
            idle = row.field.inactive_reason(recipe)
            assert (cells(strip)[1][1] == faint) == bool(idle)
            assert not idle or idle in told(row.field)
            assert row.field.key in told(row.field)


def test_a_wide_pane_says_in_the_row_why_a_field_does_nothing():
    row = next(s.text for s in rows(width=60) if s.text[1:].startswith("momentum"))
    assert row.split() == ["momentum", "0.9", "not", "used", "by", "sgd"]
    row = next(s.text for s in rows(width=34) if s.text[1:].startswith("momentum"))
    assert row.split() == ["momentum", "0.9"]


@pytest.mark.parametrize("width", [8, 12, 18, 25])
def test_in_a_narrow_pane_labels_yield_to_values(width):
    recipe = Recipe()
    drawn = rows(recipe, width=width)
    for row, strip in zip(recipe_rows(), drawn, strict=True):
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


def test_it_begins_where_one_has_scrolled_to():
    assert [s.text for s in rows(first=7, height=5)] == [s.text for s in rows()][7:12]


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
