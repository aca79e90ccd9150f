"""Which recipe a run was trained with: an edit counts from the epoch after it."""

from typing import NamedTuple

from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.snapshot import Snapshot

_NO_MATTER = ("training.epochs", "training.evaluate_every", "training.replicas")
"""Keys that change no weight of a run."""


class TrainedRecipe(NamedTuple):
    """``recipe`` is that of the last epoch; ``alone`` whether all epochs had it."""

    recipe: Recipe
    alone: bool


def trained_recipe(snapshot: Snapshot) -> TrainedRecipe:
    """The recipe that led to a snapshot. At epoch 0 it is the one to train with."""
    recipe, start = snapshot.recipe, snapshot.start_recipe
    edits = [edit for edit in snapshot.edits if isinstance(edit, RecipeEdit)]
    if start is None or not edits or not snapshot.updated:
        return TrainedRecipe(recipe, True)
    used, trained = {0: start}, snapshot.epoch + (snapshot.progress > 0)
    for edit in edits:
        before = used[max(used)]
        if edit.epoch < trained:
            used[edit.epoch] = edit.applied_to(before)
        else:  # nothing was trained with it: take it back
            for key, _ in edit.changes:
                recipe = recipe.with_value(key, before[key])
    first, *later = used.values()
    changed = {key for one in later for key, _ in first.differences(one)}
    kept = all(key in _NO_MATTER or key.startswith("view.") for key in changed)
    return TrainedRecipe(recipe, kept)
