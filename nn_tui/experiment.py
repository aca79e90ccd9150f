"""Loading the experiment named on the command line: preset, recipe, data file or link."""

import os
from collections.abc import Callable, Iterable, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nn_tui.data import sources
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, NoClasses
from nn_tui.data.fitted import FittedData
from nn_tui.data.folds import Fold
from nn_tui.data.readers.detect import FORMATS, LISTED_SUFFIXES
from nn_tui.data.readers.standard_input import SHOWN_NAME, STANDARD_INPUT
from nn_tui.data.sources import SOURCES, Readings
from nn_tui.errors import InputError
from nn_tui.fileio import folder_of, missing_file_message, pasted_path, read_text
from nn_tui.files.playground_url import is_link
from nn_tui.nn.activations import resolve_output
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.data_summary import data_summary
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_recipe, from_toml, looks_like_recipe, with_assignment
from nn_tui.recipe.presets import (
    PRESETS,
    recipe_for_file,
    recipe_for_samples,
    sized_for_samples,
)
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable

if TYPE_CHECKING:
    from nn_tui.files.model import Model  # imported by the commands that use one: start-up time

_MOST_RECIPE_BYTES = 1_000_000


@dataclass(frozen=True, eq=False)
class Experiment:
    """A named recipe with its samples.

    ``notes`` are sentences for the user: what was read of a file, and such as recipe keys that
    have no effect. ``asks_columns`` is whether the columns of a data file raise a question that
    no setting answers.
    """

    name: str
    recipe: Recipe
    dataset: Dataset
    notes: tuple[str, ...] = ()
    asks_columns: bool = False


def load_experiment(
    text: str | None,
    assignments: Iterable[str] = (),
    other_names: Iterable[str] = (),
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    model: "Model | None" = None,
    fold: Fold | None = None,
    readings: Readings | None = None,
) -> Experiment:
    """Load the experiment named ``text``, by default the first preset, with ``KEY=VALUE``s.

    ``other_names`` are further words to suggest for a misspelled name. With a ``model``, the
    columns, scaling and classes of a file are the model's, and so is the recipe of a data
    file. ``fold`` and ``readings`` are those of ``dataset_of``. Raises InputError.
    """
    name, recipe, given = _resolve(text, assignments, other_names, model)
    fitted = None if model is None else model.fitted
    dataset = dataset_of(recipe, progress, cancelled, fitted, fold, readings)
    if given is not None:
        recipe = _suited(recipe, dataset, given)
    read = () if recipe.data.source in SOURCES else (data_summary(recipe, dataset),)
    asks = given is not None and given.isdisjoint(_ANSWERS) and _has_questions(dataset)
    notes = (*read, *dataset.notes, *_inactive_keys(recipe))
    return Experiment(name, recipe, dataset, notes, asks)


_ANSWERS = ("data.columns", "data.features", "data.missing", "data.target", "data.categories")
"""Settings of someone who has decided about the columns."""


def _has_questions(dataset: Dataset) -> bool:
    """Return whether a column of the table is left out by itself, or lacks values."""
    return any(column.reason or column.missing for column in dataset.table)


def settings_of(text: str, assignments: Iterable[str] = ()) -> Recipe:
    """Return the recipe of ``load_experiment`` before its samples are read. Raises InputError."""
    return _resolve(text, assignments)[1]


def recipe_of(text: str | None, assignments: Iterable[str] = ()) -> Recipe:
    """Return the recipe of ``load_experiment``; samples are read only for that of a data file.

    Raises InputError.
    """
    _, recipe, given = _resolve(text, assignments)
    return recipe if given is None else _suited(recipe, dataset_of(recipe), given)


def unchanged_experiment(name: str, recipe: Recipe, dataset: Dataset) -> tuple[str, Recipe]:
    """Return what to open for the samples of a ``recipe``, and its recipe without any setting.

    It is the preset of that ``name``, or another one with these samples, or their data file.
    """
    source = recipe.data.source
    names = [n for n, preset in PRESETS.items() if preset.recipe.data.source == source]
    if names:
        found = name if name in names else names[0]
        return found, PRESETS[found].recipe
    return source, _suited(recipe_for_file(source), dataset, set())


def _suited(recipe: Recipe, dataset: Dataset, given: Set[str]) -> Recipe:
    """Return a data file's recipe suited to its samples, except for the keys that are ``given``."""
    recipe = sized_for_samples(recipe, dataset, given)
    return recipe if "training.loss" in given else recipe_for_samples(recipe, dataset)


def _resolve(
    text: str | None,
    assignments: Iterable[str],
    other_names: Iterable[str] = (),
    model: "Model | None" = None,
) -> tuple[str, Recipe, set[str] | None]:
    """Return name, recipe, and the keys that are set, where the samples are to choose others.

    That is the case for a data file without a ``model``; else they are None.
    """
    name, original = find_recipe(next(iter(PRESETS)) if text is None else text, other_names)
    is_data_file = original == recipe_for_file(str(text))
    if model is not None and is_data_file:
        original = model.recipe.with_value("data.source", text)
    recipe, keys = original, set()
    for assignment in assignments:
        recipe = with_assignment(recipe, assignment)
        keys.add(assignment.partition("=")[0].strip())
    check_recipe(recipe)
    return name, recipe, keys if is_data_file and model is None else None


def find_recipe(text: str, other_names: Iterable[str] = ()) -> tuple[str, Recipe]:
    """Return name and recipe of a preset, a recipe file, a data file or a Playground link.

    Raises InputError for anything else, with the nearest name and the presets.
    """
    if text in PRESETS:
        return text, PRESETS[text].recipe
    if text == STANDARD_INPUT:
        return SHOWN_NAME, recipe_for_file(text)
    text = pasted_path(text)
    if is_link(text):
        from nn_tui.files.playground_import import recipe_of_link

        return "playground", recipe_of_link(text)
    shown = make_printable(
        text if 0 < len(text) <= 60 else repr(text[:57] + "..." if text else text)
    )
    if "://" in text and not os.path.lexists(text):
        raise InputError(
            f"{shown} is a web address; nn-tui downloads nothing. Save the file and open it. "
            "Only links to TensorFlow Playground can be opened directly"
        )
    path = Path(text)
    if path.suffix.lower() == ".toml":
        return make_printable(path.stem), _recipe_file(path)
    if os.path.lexists(text) or text.lower().endswith(LISTED_SUFFIXES):
        return make_printable(path.name), recipe_for_file(text)
    if os.sep in text:
        raise InputError(missing_file_message(path))
    hint = did_you_mean(text, [*PRESETS, *other_names])
    hint = f"; {hint}" if hint else "."
    raise InputError(
        f"{shown} is neither an experiment nor a file in {folder_of(path)}{hint} "
        f"The presets are {', '.join(PRESETS)}; you can also name a recipe file (.toml), "
        f"a {FORMATS} file, or a link to TensorFlow Playground"
    )


def dataset_of(
    recipe: Recipe,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    fitted: FittedData | None = None,
    fold: Fold | None = None,
    readings: Readings | None = None,
) -> Dataset:
    """Load the samples of the recipe's ``data`` section.

    ``progress`` is called with the fraction of a file read so far, 0 … 1. ``fitted`` is what
    columns, scaling and classes of a file are to be. ``fold`` is the test set of a
    cross-validation. ``readings`` keeps files that were read for other recipes. Raises
    InputError, and LoadCancelled once ``cancelled`` returns true.
    """
    values = asdict(recipe.data)
    if recipe.data.task == "regression" and needs_classes(recipe):
        raise RecipeError(
            f"{_class_setting(recipe)} requires classes, but data.task = regression; "
            "change one of them"
        )
    source = values.pop("source")
    if values["target_scale"] == "auto" and not learns_any_number(recipe):
        values["target_scale"] = "none"
    try:
        return sources.load_dataset(
            source,
            **values,
            classes=needs_classes(recipe),
            fitted=fitted,
            progress=progress,
            cancelled=cancelled,
            fold=fold,
            readings=readings,
        )
    except NoClasses as error:
        setting = _class_setting(recipe) or "data.task = classification"
        raise RecipeError(f"{setting} requires classes, but {error}") from None
    except DataError as error:
        if source in (*SOURCES, STANDARD_INPUT) or os.path.lexists(source):
            raise
        raise InputError(f"data.source: {error}") from None


def is_recipe_file(path: Path) -> bool:
    """Return whether a file looks like a recipe; at most a recipe's size limit is read."""
    try:
        return looks_like_recipe(read_text(path, _MOST_RECIPE_BYTES))
    except InputError:
        return False


def learns_any_number(recipe: Recipe) -> bool:
    """Return whether the network can output any number, and the loss takes any targets."""
    output = resolve_output(recipe.network.output, recipe.training.loss, classes=False)
    return output == "linear" and LOSSES[recipe.training.loss].targets == "any"


def needs_classes(recipe: Recipe) -> bool:
    """Return whether network and loss require classes."""
    return _class_setting(recipe) != ""


def _class_setting(recipe: Recipe) -> str:
    """Return the setting that requires classes, or an empty string."""
    if LOSSES[recipe.training.loss].outputs == ("softmax",):
        return f"training.loss = {recipe.training.loss}"
    return "network.output = softmax" if recipe.network.output == "softmax" else ""


def _recipe_file(path: Path) -> Recipe:
    try:
        return from_toml(read_text(path, _MOST_RECIPE_BYTES))
    except RecipeError as error:
        raise InputError(f"{path}: {error}") from None


def _inactive_keys(recipe: Recipe) -> Iterable[str]:
    for key, entry in FIELDS.items():
        reason = entry.inactive_reason(recipe)
        if reason and recipe[key] not in (entry.default, "auto"):
            yield f"{key} has no effect: {reason}"
