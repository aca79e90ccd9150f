"""The lists from which values of the recipe's fields are chosen."""

from collections.abc import Callable
from pathlib import Path

from nn_tui.data.builtin import TABLES
from nn_tui.data.dataset import Dataset
from nn_tui.data.generators import GENERATORS
from nn_tui.data.preprocessing import FEATURES, feature_names
from nn_tui.data.readers.detect import LISTED_SUFFIXES
from nn_tui.data.sources import SOURCES
from nn_tui.fileio import list_files
from nn_tui.files.playground_url import is_link
from nn_tui.memory import format_bytes
from nn_tui.nn.own_activations import DERIVATIVE
from nn_tui.recipe.field_types import ChoiceField
from nn_tui.recipe.fields import Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog


def _files() -> list[Choice]:
    """Return the data files of this folder whose names can be typed."""
    return [
        Choice(file.name, f"in this folder, {format_bytes(file.size)}")
        for file in list_files(Path(), LISTED_SUFFIXES)
        if file.name == make_printable(file.name) and not is_link(file.name)
    ]


def _functions(recipe: Recipe) -> list[Choice]:
    """Return the functions of the recipe that can be activations."""
    return [
        Choice(name, f"a function of the recipe: {body}")
        for name, body in recipe.functions
        if not name.endswith(DERIVATIVE)
    ]


class FieldChoices:
    """Lists for fields; they remember columns that a selection of features leaves out."""

    def __init__(self) -> None:
        self._columns: dict[str, tuple[str, ...]] = {}

    def list_for(
        self, field: Field, recipe: Recipe, dataset: Dataset, take: Callable[[str], None]
    ) -> ChoiceDialog | None:
        """Return the list, or None for a field whose value is typed.

        ``take`` gets the choice as text, as if it were typed.
        """

        def one(names: tuple[str, ...]) -> None:
            take(names[0])

        def several(names: tuple[str, ...]) -> None:
            take(field.kind.show(names))

        now = str(recipe[field.key])
        if isinstance(field.kind, ChoiceField):
            entries = [Choice(name, field.kind.help_of(name)) for name in field.kind.choices]
            if field.key == "network.activation":
                entries += _functions(recipe)
            return ChoiceDialog(field.label, field.help, entries, one, now)
        if field.key == "data.source":
            entries = [Choice(name, help) for name, help in SOURCES.items()]
            other = "a file path"
            return ChoiceDialog(field.label, field.help, entries, one, now, other, later=_files)
        if field.key == "data.features" and (entries := self._features(recipe, dataset)):
            names = dataset.input_names
            return ChoiceDialog(field.label, field.help, entries, several, checked=names)
        if field.key == "data.target" and dataset.columns and not field.inactive_reason(recipe):
            return self._targets(field, dataset, take)
        return None

    def _targets(self, field: Field, dataset: Dataset, take: Callable[[str], None]) -> ChoiceDialog:
        """Return the list of a file's columns: choose one, or type several."""

        def column(names: tuple[str, ...]) -> None:
            take(field.kind.show(names) if names[0] in dataset.columns else names[0])

        targets = dataset.target_names
        entries = [Choice(c, "current target" if c in targets else "") for c in dataset.columns]
        other = "column names, separated by commas"
        return ChoiceDialog(field.label, field.help, entries, column, targets[0], other)

    def _features(self, recipe: Recipe, dataset: Dataset) -> list[Choice]:
        """Return all possible features; none if the columns are unknown."""
        raw, source = dataset.raw_names, recipe.data.source
        if not recipe.data.features or source in (*GENERATORS, *TABLES):
            self._columns[source] = feature_names(raw)
        names = self._columns.get(source, ())
        derived = len(raw) == 2 and names == feature_names(raw)
        helps = [feature.help for feature in FEATURES.values()] if derived else [""] * len(names)
        return [Choice(name, help) for name, help in zip(names, helps, strict=True)]
