"""The explanation below the hyperparameters: whole sentences, in any room."""

import pytest
from textual.strip import Strip

from nn_tui.glossary.lookup import find_entry
from nn_tui.recipe.field_groups import GROUPS, fields_in
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.field_explanation import explain_field, explain_group
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE


def words(strips):
    return " ".join(" ".join(strip.text for strip in strips).split())


def explained(key, width, height):
    return explain_field(FIELDS[key], Recipe(), DrawArea(width, height, DARK_PALETTE))


@pytest.mark.parametrize("width", [30, 44])
def test_a_definition_is_never_cut_within_a_sentence(width):
    for key in FIELDS:
        definition = find_entry(key).definition
        for height in (2, 4, 7, 12, 30):
            strips = explained(key, width, height)
            assert len(strips) <= height
            assert all(isinstance(s, Strip) and s.cell_length == width for s in strips)
            if not strips:
                continue
            shown = words(strips[1:])
            whole = [definition[: i + 1] for i, sign in enumerate(definition) if sign == "."]
            assert any(shown.startswith(start) for start in whole), (key, height)
        assert definition in words(explained(key, width, 30))


def test_a_choice_explains_its_value_and_a_number_its_range():
    assert "step proportional to the gradient" in words(explained("training.optimizer", 44, 20))
    rate = words(explained("training.learning_rate", 44, 20))
    assert "w ← w − η · gradient" in rate and "a number above 0" in rate
    assert "restarts the run" in words(explained("network.hidden", 44, 20))


def test_a_group_names_the_fields_that_have_an_effect():
    area = DrawArea(44, 10, DARK_PALETTE)
    for name, group in GROUPS.items():
        shown = words(explain_group(group, Recipe(), area))
        for field in fields_in(name):
            assert (field.label in shown) >= (not field.inactive_reason(Recipe())), field.key


def test_without_room_for_a_sentence_there_is_nothing():
    assert explained("training.learning_rate", 44, 1) == ()
    assert explained("training.learning_rate", 20, 20) == ()
