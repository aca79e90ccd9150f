"""From what a person types as EXPERIMENT to what is to be run."""

import difflib
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from nn_tui.data import sources
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.files.reading import read_text
from nn_tui.presets import PRESETS
from nn_tui.printable import printable
from nn_tui.recipe import FIELDS, Recipe, RecipeError, assigned, check, from_toml

_MOST_RECIPE_BYTES = 1_000_000


@dataclass(frozen=True, eq=False)
class Experiment:
    """A name to call it by, its starting point and its samples.

    ``notes`` are sentences for the person, on keys that do nothing in this recipe.
    """

    name: str
    recipe: Recipe
    dataset: Dataset
    notes: tuple[str, ...] = ()


def load(
    text: str | None, assignments: Iterable[str] = (), other_names: Iterable[str] = ()
) -> Experiment:
    """The experiment that ``text`` names, or the first preset, changed by ``KEY=VALUE``s.

    ``other_names`` are words that may have been meant. Raises InputError.
    """
    name, recipe = find(next(iter(PRESETS)) if text is None else text, other_names)
    for assignment in assignments:
        recipe = assigned(recipe, assignment)
    check(recipe)
    return Experiment(name, recipe, dataset(recipe), tuple(_idle(recipe)))


def find(text: str, other_names: Iterable[str] = ()) -> tuple[str, Recipe]:
    """The name and the recipe of a preset or of a recipe file.

    Raises InputError for what is neither, with the nearest name and the list of presets.
    """
    if text in PRESETS:
        return text, PRESETS[text].recipe
    path = Path(text)
    if path.suffix.lower() == ".toml":
        return printable(path.stem), _recipe_file(path)
    shown = text if 0 < len(text) <= 60 else repr(text[:57] + "..." if text else text)
    if os.path.exists(text):
        raise InputError(f"{shown} is no recipe; a recipe is a text file that ends in .toml")
    close = difflib.get_close_matches(text, [*PRESETS, *other_names], 1)
    hint = f"; did you mean {close[0]}?" if close else "."
    raise InputError(
        f"{shown} is no experiment{hint} The presets are {', '.join(PRESETS)}, "
        "and a recipe file ends in .toml"
    )


def dataset(recipe: Recipe) -> Dataset:
    """The samples that the recipe's ``data`` section means.

    Raises InputError.
    """
    values = asdict(recipe.data)
    source = values.pop("source")
    try:
        return sources.load(source, **values)
    except DataError as error:
        known = source in SOURCES or os.path.lexists(source)
        raise InputError(f"{error}" if known else f"data.source: {error}") from None


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
