"""From what a person types as EXPERIMENT to what is to be run."""

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from nn_tui.data import sources
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, NoClasses
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.fileio import absent, folder_of, read_text
from nn_tui.files.playground_url import is_link
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_recipe, from_toml, looks_like_recipe, with_assignment
from nn_tui.recipe.presets import DATA_SUFFIXES, PRESETS, recipe_for_file, recipe_for_samples
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.text import did_you_mean, make_printable

_MOST_RECIPE_BYTES = 1_000_000
_SHUFFLES: dict[str, bool | str] = {"auto": "auto", "file": False, "random": True}


@dataclass(frozen=True, eq=False)
class Experiment:
    """A name to call it by, its starting point and its samples.

    ``notes`` are sentences for the person, on keys that do nothing in this recipe.
    """

    name: str
    recipe: Recipe
    dataset: Dataset
    notes: tuple[str, ...] = ()


def load_experiment(
    text: str | None,
    assignments: Iterable[str] = (),
    other_names: Iterable[str] = (),
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Experiment:
    """The experiment that ``text`` names, or the first preset, changed by ``KEY=VALUE``s.

    ``other_names`` are words that may have been meant. Raises InputError.
    """
    name, recipe, open_loss = _named(text, assignments, other_names)
    samples = dataset_of(recipe, progress, cancelled)
    if open_loss:
        recipe = recipe_for_samples(recipe, samples)
    return Experiment(name, recipe, samples, (*samples.notes, *_idle(recipe)))


def recipe_of(text: str | None, assignments: Iterable[str] = ()) -> Recipe:
    """The recipe of ``load``; samples are read only where the loss follows from them.

    Raises InputError.
    """
    _, recipe, open_loss = _named(text, assignments)
    return recipe_for_samples(recipe, dataset_of(recipe)) if open_loss else recipe


def _named(
    text: str | None, assignments: Iterable[str], other_names: Iterable[str] = ()
) -> tuple[str, Recipe, bool]:
    """Name and recipe, and whether its loss is still to follow from the samples.

    That is so for a data file, unless the loss is among the ``assignments``.
    """
    name, given = find_recipe(next(iter(PRESETS)) if text is None else text, other_names)
    recipe, keys = given, set()
    for assignment in assignments:
        recipe = with_assignment(recipe, assignment)
        keys.add(assignment.partition("=")[0].strip())
    check_recipe(recipe)
    of_file = given == recipe_for_file(str(text))
    return name, recipe, of_file and "training.loss" not in keys


def find_recipe(text: str, other_names: Iterable[str] = ()) -> tuple[str, Recipe]:
    """The name and the recipe of a preset, a recipe file, a data file or a playground link.

    Raises InputError for what is none of these, with the nearest name and the presets.
    """
    if text in PRESETS:
        return text, PRESETS[text].recipe
    if is_link(text):
        from nn_tui.files.playground_import import recipe_of_link

        return "playground", recipe_of_link(text)
    shown = make_printable(
        text if 0 < len(text) <= 60 else repr(text[:57] + "..." if text else text)
    )
    if "://" in text and not os.path.lexists(text):
        raise InputError(
            f"{shown} is a web address, and nothing is downloaded; save the file and open that. "
            "Only links to TensorFlow Playground are opened as they are"
        )
    path = Path(text)
    if path.suffix.lower() == ".toml":
        return make_printable(path.stem), _recipe_file(path)
    if os.path.lexists(text) or path.suffix.lower() in DATA_SUFFIXES:
        return make_printable(path.name), recipe_for_file(text)
    if os.sep in text:
        raise InputError(absent(path))
    hint = did_you_mean(text, [*PRESETS, *other_names])
    hint = f"; {hint}" if hint else "."
    raise InputError(
        f"{shown} is no experiment, nor a file in {folder_of(path)}{hint} "
        f"The presets are {', '.join(PRESETS)}; a recipe file ends in .toml, and a CSV, TSV, NPZ "
        "or NPY file or a link to TensorFlow Playground may stand here too"
    )


def dataset_of(
    recipe: Recipe,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """The samples that the recipe's ``data`` section means.

    ``progress`` hears how much of a file is read, 0 … 1. Raises InputError, and
    LoadCancelled once ``cancelled`` says so.
    """
    values = asdict(recipe.data)
    source = values.pop("source")
    shuffle = _SHUFFLES[values.pop("order")]
    try:
        return sources.load_dataset(
            source,
            **values,
            shuffle=shuffle,
            classes=needs_classes(recipe),
            progress=progress,
            cancelled=cancelled,
        )
    except NoClasses as error:
        raise RecipeError(f"{_class_setting(recipe)} needs classes, but {error}") from None
    except DataError as error:
        if source in SOURCES or os.path.lexists(source):
            raise
        raise InputError(f"data.source: {error}") from None


def is_recipe_file(path: Path) -> bool:
    """Whether a file is meant as a recipe; no more is read than a recipe may have."""
    try:
        return looks_like_recipe(read_text(path, _MOST_RECIPE_BYTES))
    except InputError:
        return False


def needs_classes(recipe: Recipe) -> bool:
    """Whether whole numbers as targets are to be taken for classes."""
    return _class_setting(recipe) != ""


def _class_setting(recipe: Recipe) -> str:
    """What in the recipe needs classes, or nothing."""
    if LOSSES[recipe.training.loss].outputs == ("softmax",):
        return f"training.loss = {recipe.training.loss}"
    return "network.output = softmax" if recipe.network.output == "softmax" else ""


def _recipe_file(path: Path) -> Recipe:
    try:
        return from_toml(read_text(path, _MOST_RECIPE_BYTES))
    except RecipeError as error:
        raise InputError(f"{path}: {error}") from None


def _idle(recipe: Recipe) -> Iterable[str]:
    for key, entry in FIELDS.items():
        reason = entry.unused(recipe)
        if reason and recipe[key] != entry.default:
            yield f"{key} does nothing here: {reason}"
