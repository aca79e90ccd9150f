"""What was set by hand in a run, and what of it another run can begin with."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.changes import apply_edit, data_edits
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit
from nn_tui.training.model_builder import build_architecture
from nn_tui.types import Array


def edits_kept(
    edits: Iterable[Edit], old: Dataset, new: Dataset, recipe: Recipe
) -> tuple[DatumEdit, ...]:
    """Those of ``edits`` of the samples ``old`` that ``new`` has a place for, made at epoch 0.

    Raises RecipeError or DataError where a run of ``recipe`` cannot have them.
    """
    places, network = _places(old, new), build_architecture(recipe, new)
    carried = []
    for edit in data_edits(edits):
        if edit.column in places:
            edit = replace(edit, epoch=0, column=places[edit.column])
            _, new = apply_edit(edit, recipe, new, network)
            carried.append(edit)
    return tuple(carried)


def edits_lost(edits: Iterable[Edit], carried: Iterable[Edit]) -> str:
    """What was set by hand and is gone where only ``carried`` are left of ``edits``, in words."""
    edits = tuple(edits)
    cells = len(_cells(edits)) - len(_cells(carried))
    weights = {(e.name, e.index) for e in edits if isinstance(e, ParameterEdit | PruneEdit)}
    counts = ((cells, "cell", " of the data"), (len(weights), "weight", ""))
    words = [f"{n:,} {what}{'s'[: n > 1]}{of}" for n, what, of in counts if n]
    verb = "is" if cells + len(weights) == 1 else "are"
    return f"{' and '.join(words)} set by hand {verb} gone" if words else ""


def _cells(edits: Iterable[Edit]) -> set[tuple[int, int]]:
    return {(edit.sample, edit.column) for edit in data_edits(edits)}


class _Column(NamedTuple):
    """Its place among the raw inputs and targets, its classes if it has any, its values."""

    place: int
    classes: tuple[str, ...]
    values: Array


def _places(old: Dataset, new: Dataset) -> dict[int, int]:
    """Where the columns of ``old`` are in ``new``.

    All are nowhere unless the samples are the same: what stands in both is equal throughout.
    """
    before, after = _columns(old), _columns(new)
    both = [
        (column, after[name])
        for name, column in before.items()
        if name in after and after[name].classes == column.classes
    ]
    if old.samples != new.samples:
        return {}
    if not all(np.array_equal(column.values, there.values) for column, there in both):
        return {}
    return {column.place: there.place for column, there in both}


def _columns(dataset: Dataset) -> dict[str, _Column]:
    raw, targets = dataset.raw_inputs, dataset.targets
    columns = {
        name: _Column(place, (), raw[:, place]) for place, name in enumerate(dataset.raw_names)
    }
    for number, name in enumerate(dataset.target_names):
        place = raw.shape[1] + number
        columns[name] = _Column(place, dataset.classes, targets[:, number])
    return columns
