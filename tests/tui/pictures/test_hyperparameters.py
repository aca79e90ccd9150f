"""The recipe as rows."""

import pytest

from nn_tui.fields import FIELDS
from nn_tui.recipe import Recipe
from nn_tui.tui.pictures.hyperparameters import draw_hyperparameters, help_of, recipe_rows
from tests.tui.pictures.drawing import DARK_PALETTE, cells

ALL = len(recipe_rows())


def rows(recipe=None, preset=None, cursor="", focused=True, first=0, width=48, height=ALL):
    recipe = recipe or Recipe()
    preset = preset or Recipe()
    return draw_hyperparameters(recipe, preset, cursor, focused, first, width, height, DARK_PALETTE)


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
            idle = row.field.unused(recipe)
            assert (cells(strip)[1][1] == faint) == bool(idle)
            assert not idle or idle in help_of(row.field, recipe, recipe)
            assert row.field.key in help_of(row.field, recipe, recipe)


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
    recipe = Recipe()
    assert "restarts the run" in help_of(FIELDS["network.hidden"], recipe, recipe)
    assert "at the next epoch" in help_of(FIELDS["training.learning_rate"], recipe, recipe)
