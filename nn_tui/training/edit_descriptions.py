"""Edits in a few words; consecutive edits of the same field are described as one."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from itertools import groupby

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import (
    DatumEdit,
    Edit,
    ParameterEdit,
    PruneEdit,
    RecipeEdit,
    format_value,
    parameter_name,
)
from nn_tui.training.snapshot import Snapshot


def describe_edit(edit: Edit, dataset: Dataset) -> str:
    """The edit as text; an edit of ``dataset`` with the names of its column and class.

    An edit that does not fit the data, as in a damaged file, is described by its numbers.
    """
    inputs, classes = len(dataset.raw_names), dataset.classes
    names = (*dataset.raw_names, *dataset.target_names)
    if not isinstance(edit, DatumEdit) or not 0 <= edit.column < len(names):
        return str(edit)
    of_class = edit.column >= inputs and edit.value in range(len(classes))
    value = classes[int(edit.value)] if of_class else format_value(edit.value)
    return f"{names[edit.column]} of sample {edit.sample + 1:,} = {value}"


def transition(what: str, old: Recipe, new: Recipe) -> str:
    """The change ``what`` with the values of the recipe before and after.

    It is ``what`` alone where that names no field of the recipe, such as another experiment.
    """
    fields = [(field_of(key), value) for key, value in old.differences(new)]
    fields = [(field, value) for field, value in fields if field.section != "view"]
    if not any(what.startswith((f.label, f.key.split(".", 1)[1])) for f, _ in fields):
        return what
    return ", ".join(
        f"{field.label} {field.kind.show(old[field.key])} → {field.kind.show(value)}"
        for field, value in fields
    )


def undone(what: str, edit: Edit | None, left: Recipe, current: Snapshot) -> str:
    """The undone change ``what``, with the values before and after the undo.

    ``edit`` is None for a restart. ``left`` is the recipe with the change, ``current`` the
    snapshot without it.
    """
    match edit:
        case ParameterEdit() | PruneEdit():
            name = parameter_name(edit.name, edit.index)
            was = format_value(edit.value) if isinstance(edit, ParameterEdit) else "pruned"
            mask = current.masks.get(edit.name)
            pruned = mask is not None and not mask[edit.index]
            now = (
                "pruned" if pruned else format_value(float(current.weights[edit.name][edit.index]))
            )
            return f"{name} {was} → {now}"
        case DatumEdit():
            dataset, inputs = current.dataset, len(current.dataset.raw_names)
            columns = (dataset.raw_inputs, edit.column), (dataset.targets, edit.column - inputs)
            values, column = columns[edit.column >= inputs]
            before = replace(edit, value=float(values[edit.sample, column]))
            name, _, now = describe_edit(before, dataset).rpartition(" = ")
            return f"{name}: {describe_edit(edit, dataset).rpartition(' = ')[2]} → {now}"
    return transition(what, left, current.recipe)


def describe_edits(edits: Iterable[Edit], recipe: Recipe, dataset: Dataset) -> list[str]:
    """The edits of a run that started with ``recipe``, oldest first, each with its epoch.

    Consecutive edits of a field are described by its first and last value.
    """
    words = []
    for _, together in groupby(edits, _edited):
        first, *rest = together
        last = rest[-1] if rest else first
        what = describe_edit(last, dataset)
        if isinstance(last, RecipeEdit):
            before, recipe = recipe, last.applied_to(recipe)
            if rest:
                changes = (
                    f"{k.split('.', 1)[1]} {format_value(before[k])} → {format_value(v)}"
                    for k, v in last.changes
                )
                what = ", ".join(changes)
        words.append(f"{what} after {_epochs(first.epoch, last.epoch)}")
    return words


def _edited(edit: Edit) -> Hashable:
    """The field, or the weight or cell and the epoch, that the edit changes."""
    match edit:
        case RecipeEdit():
            return tuple(key for key, _ in edit.changes)
        case ParameterEdit() | PruneEdit():
            return edit.epoch, edit.name, edit.index
        case DatumEdit():
            return edit.epoch, edit.sample, edit.column


def _epochs(first: int, last: int) -> str:
    return f"epoch {first:,}" if first == last else f"epochs {first:,} to {last:,}"
