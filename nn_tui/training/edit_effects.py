"""The effect of edits on recipe and data, their validation, and their transfer to another run."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset, check_number, with_numbers
from nn_tui.nn.architecture import Architecture
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.training import model_builder as plan
from nn_tui.training.edits import (
    DatumEdit,
    Edit,
    ParameterEdit,
    PruneEdit,
    RecipeEdit,
    parameter_name,
)
from nn_tui.training.memory_estimate import refuse_too_large
from nn_tui.training.model_builder import build_architecture
from nn_tui.types import Array


def apply_edit(
    edit: Edit, recipe: Recipe, dataset: Dataset, network: Architecture
) -> tuple[Recipe, Dataset]:
    """Recipe and dataset after ``edit``.

    Raises RecipeError or DataError where a run of ``network`` cannot continue with them.
    """
    match edit:
        case RecipeEdit():
            recipe = edit.applied_to(recipe)
            plan.check_live(recipe, dataset, network)
            refuse_too_large(recipe, dataset)
        case DatumEdit():
            dataset = with_numbers(dataset, [(edit.sample, edit.column, edit.value)])
            plan.targets(recipe, dataset, network)
            plan.class_weights(recipe, dataset, network)
            plan.label_smoothing(recipe, dataset, network)
        case ParameterEdit():
            _check_index(edit.name, edit.index, network)
            if abs(edit.value) > 1e300 or edit.value != edit.value:
                raise RecipeError(
                    f"{parameter_name(edit.name, edit.index)} = {edit.value} is not allowed: "
                    "it must be a finite number"
                )
        case PruneEdit():
            _check_index(edit.name, edit.index, network)
            if not edit.name.startswith("W"):
                place = parameter_name(edit.name, edit.index)
                raise RecipeError(f"{place} is a bias; only weights can be pruned")
    return recipe, dataset


def check_edits(edits: Iterable[Edit], recipe: Recipe, dataset: Dataset) -> None:
    """Raise RecipeError or DataError for edits that do not fit a run with this start."""
    network = plan.build_architecture(recipe, dataset)
    for edit in edits:
        match edit:
            case RecipeEdit():
                recipe = edit.applied_to(recipe)
                plan.check_live(recipe, dataset, network)
                network = plan.build_architecture(recipe, dataset)
            case DatumEdit():
                check_number(dataset, edit.sample, edit.column, edit.value)
            case ParameterEdit() | PruneEdit():
                apply_edit(edit, recipe, dataset, network)


def data_edits(edits: Iterable[Edit]) -> tuple[DatumEdit, ...]:
    """The edits that change the data."""
    return tuple(edit for edit in edits if isinstance(edit, DatumEdit))


def samples_after(dataset: Dataset, edits: Iterable[Edit]) -> Dataset:
    """The data of a run that started with ``dataset``, after ``edits``."""
    cells = [(edit.sample, edit.column, edit.value) for edit in data_edits(edits)]
    return with_numbers(dataset, cells) if cells else dataset


def _check_index(name: str, index: tuple[int, ...], network: Architecture) -> None:
    shape = network.shapes().get(name)
    if shape is None:
        names = ", ".join(network.shapes())
        raise RecipeError(f"this network has no {name}; it has {names}")
    inside = len(index) == len(shape) and all(
        0 <= at < size for at, size in zip(index, shape, strict=True)
    )
    if not inside:
        sizes = "×".join(map(str, shape))
        raise RecipeError(f"{parameter_name(name, index)} does not exist; {name} is {sizes}")


def edits_kept(
    edits: Iterable[Edit], old: Dataset, new: Dataset, recipe: Recipe
) -> tuple[DatumEdit, ...]:
    """The edits of the dataset ``old`` that fit ``new``, moved to epoch 0.

    Raises RecipeError or DataError where they do not fit a run of ``recipe``.
    """
    positions, network = _column_positions(old, new), build_architecture(recipe, new)
    carried = []
    for edit in data_edits(edits):
        if edit.column in positions:
            edit = replace(edit, epoch=0, column=positions[edit.column])
            _, new = apply_edit(edit, recipe, new, network)
            carried.append(edit)
    return tuple(carried)


def edits_lost(edits: Iterable[Edit], carried: Iterable[Edit]) -> str:
    """A sentence on the manual edits lost if only ``carried`` are kept of ``edits``, or empty."""
    edits = tuple(edits)
    cells = len(_cells(edits)) - len(_cells(carried))
    weights = {(e.name, e.index) for e in edits if isinstance(e, ParameterEdit | PruneEdit)}
    counts = ((cells, "cell", " of the data"), (len(weights), "weight", ""))
    words = [f"{n:,} {what}{'s'[: n > 1]}{of}" for n, what, of in counts if n]
    lost = "value is" if cells + len(weights) == 1 else "values are"
    return f"the {lost} gone that you set of {' and '.join(words)}" if words else ""


def _cells(edits: Iterable[Edit]) -> set[tuple[int, int]]:
    return {(edit.sample, edit.column) for edit in data_edits(edits)}


class _Column(NamedTuple):
    """``position`` among the raw inputs and targets, classes if any, values."""

    position: int
    classes: tuple[str, ...]
    values: Array


def _column_positions(old: Dataset, new: Dataset) -> dict[int, int]:
    """The positions in ``new`` of the columns of ``old``.

    Empty unless the samples are the same: all values of the common columns are equal.
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
    return {column.position: there.position for column, there in both}


def _columns(dataset: Dataset) -> dict[str, _Column]:
    raw, targets = dataset.raw_inputs, dataset.targets
    columns = {
        name: _Column(place, (), raw[:, place]) for place, name in enumerate(dataset.raw_names)
    }
    for number, name in enumerate(dataset.target_names):
        place = raw.shape[1] + number
        columns[name] = _Column(place, dataset.classes, targets[:, number])
    return columns
