"""A requested edit is validated once for each recipe that it is applied to."""

import pytest

from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.tui.session import edit_request
from nn_tui.tui.session.edit_request import EditRequest, prepare_edit


@pytest.mark.parametrize(
    "make",
    [
        lambda: EditRequest.from_text("training.learning_rate", "-1"),
        lambda: EditRequest.from_value("training.learning_rate", -1.0),
        lambda: EditRequest.from_value("training.learning_rate", "0.1"),
        lambda: EditRequest.from_value("training.rate", 0.1),
    ],
)
def test_a_request_has_a_known_key_and_an_allowed_value(make):
    with pytest.raises(RecipeError):
        make()


def test_text_and_value_give_the_same_request():
    typed = EditRequest.from_text("training.learning_rate", "0.1")
    assert typed == EditRequest.from_value("training.learning_rate", 0.1)


def test_the_output_follows_the_loss():
    recipe = Recipe().with_value("network.output", "linear")
    prepared = prepare_edit(EditRequest.from_value("training.loss", "binary_cross_entropy"), recipe)
    assert prepared.recipe.network.output == "auto"
    assert prepared.description.endswith(", and the output auto")


def test_an_edit_is_prepared_again_only_for_another_recipe(monkeypatch):
    calls = []
    monkeypatch.setattr(edit_request, "check_recipe", calls.append)
    prepared = prepare_edit(EditRequest.from_value("training.learning_rate", 0.1), Recipe())
    assert prepared.rebased(Recipe()) is prepared
    assert len(calls) == 1
    other = Recipe().with_value("network.hidden", (2,))
    assert prepared.rebased(other).recipe == other.with_value("training.learning_rate", 0.1)
    assert len(calls) == 2


def test_a_change_of_the_view_does_not_affect_training():
    assert not prepare_edit(EditRequest.from_value("view.pace", 3.0), Recipe()).changes
