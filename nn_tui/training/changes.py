"""What an edit makes of recipe and samples, and which edits are refused."""

from collections.abc import Iterable

from nn_tui.data.dataset import Dataset
from nn_tui.data.editing import check_number, with_numbers
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


def apply_edit(
    edit: Edit, recipe: Recipe, dataset: Dataset, network: Architecture
) -> tuple[Recipe, Dataset]:
    """Recipe and samples from ``edit`` on.

    Raises RecipeError or DataError where a run of ``network`` cannot go on like that.
    """
    match edit:
        case RecipeEdit():
            recipe = edit.applied_to(recipe)
            plan.check_live(recipe, dataset, network)
            refuse_too_large(recipe, dataset)
        case DatumEdit():
            dataset = with_numbers(dataset, [(edit.sample, edit.column, edit.value)])
            plan.targets(recipe, dataset, network)
        case ParameterEdit():
            _check_place(edit.name, edit.index, network)
            if abs(edit.value) > 1e300 or edit.value != edit.value:
                raise RecipeError(
                    f"{parameter_name(edit.name, edit.index)} = {edit.value} is not allowed: "
                    "it must be a finite number"
                )
        case PruneEdit():
            _check_place(edit.name, edit.index, network)
            if not edit.name.startswith("W"):
                place = parameter_name(edit.name, edit.index)
                raise RecipeError(f"{place} is a bias; only weights can be cut off")
    return recipe, dataset


def check_edits(edits: Iterable[Edit], recipe: Recipe, dataset: Dataset) -> None:
    """Raises RecipeError or DataError for edits that a run with that start cannot have had."""
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
    """Those that change the samples."""
    return tuple(edit for edit in edits if isinstance(edit, DatumEdit))


def samples_after(dataset: Dataset, edits: Iterable[Edit]) -> Dataset:
    """What ``edits`` make of the samples that a run began with."""
    cells = [(edit.sample, edit.column, edit.value) for edit in data_edits(edits)]
    return with_numbers(dataset, cells) if cells else dataset


def _check_place(name: str, index: tuple[int, ...], network: Architecture) -> None:
    shape = network.shapes().get(name)
    if shape is None:
        names = ", ".join(network.shapes())
        raise RecipeError(f"there is no {name} in this network; it has {names}")
    inside = len(index) == len(shape) and all(
        0 <= at < size for at, size in zip(index, shape, strict=True)
    )
    if not inside:
        sizes = "×".join(map(str, shape))
        raise RecipeError(f"there is no {parameter_name(name, index)}; {name} is {sizes}")
