"""Changes in a few words: those of one thing, one after the other, are told as one."""

from collections.abc import Hashable, Iterable
from itertools import groupby

from nn_tui.recipe import Recipe
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit, shown


def told(edits: Iterable[Edit], recipe: Recipe) -> list[str]:
    """The changes of a run that began with ``recipe``, oldest first, each with its epoch.

    A field that was changed several times on end goes from its first value to its last.
    """
    words = []
    for _, together in groupby(edits, _thing):
        first, *rest = together
        last = rest[-1] if rest else first
        what = str(last)
        if isinstance(last, RecipeEdit):
            before, recipe = recipe, last.applied_to(recipe)
            if rest:
                changes = (
                    f"{k.split('.')[1]} {shown(before[k])} → {shown(v)}" for k, v in last.changes
                )
                what = ", ".join(changes)
        words.append(f"{what} after {_epochs(first.epoch, last.epoch)}")
    return words


def _thing(edit: Edit) -> Hashable:
    """What was changed; of a weight or a datum, at which epoch too."""
    match edit:
        case RecipeEdit():
            return tuple(key for key, _ in edit.changes)
        case ParameterEdit() | PruneEdit():
            return edit.epoch, edit.name, edit.index
        case DatumEdit():
            return edit.epoch, edit.sample, edit.column


def _epochs(first: int, last: int) -> str:
    return f"epoch {first:,}" if first == last else f"epochs {first:,} to {last:,}"
