"""Edits: changes made by hand during training.

A run is its recipe and its edits, which reproduce any of its epochs bit for bit. ``epoch``
of an edit is the last epoch without it.
"""

from dataclasses import dataclass
from typing import Any

from nn_tui.recipe.recipe import Recipe

Value = Any


@dataclass(frozen=True)
class RecipeEdit:
    """New values of live fields of the recipe: pairs of key and value."""

    epoch: int
    changes: tuple[tuple[str, Value], ...]

    def applied_to(self, recipe: Recipe) -> Recipe:
        """The recipe after this edit."""
        for key, value in self.changes:
            recipe = recipe.with_value(key, value)
        return recipe

    def __str__(self) -> str:
        return ", ".join(
            f"{key.split('.', 1)[1]} {'' if key.endswith('=') else '= '}{format_value(value)}"
            for key, value in self.changes
        )


@dataclass(frozen=True)
class ParameterEdit:
    """A weight or bias set to ``value``; a pruned weight is trained again.

    ``name`` is ``W0 W1 … b0 b1 …``, ``index`` the position in that array.
    """

    epoch: int
    name: str
    index: tuple[int, ...]
    value: float

    def __str__(self) -> str:
        return f"{parameter_name(self.name, self.index)} = {format_value(self.value)}"


@dataclass(frozen=True)
class PruneEdit:
    """A pruned weight: it is zero permanently."""

    epoch: int
    name: str
    index: tuple[int, ...]

    def __str__(self) -> str:
        return f"{parameter_name(self.name, self.index)} pruned"


@dataclass(frozen=True)
class DatumEdit:
    """A changed cell of the data.

    ``column`` counts the raw inputs from 0, then the columns of ``Dataset.targets``.
    """

    epoch: int
    sample: int
    column: int
    value: float

    def __str__(self) -> str:
        return f"sample {self.sample + 1} column {self.column + 1} = {format_value(self.value)}"


Edit = RecipeEdit | ParameterEdit | PruneEdit | DatumEdit


def parameter_name(name: str, index: tuple[int, ...]) -> str:
    """A parameter as in code: ``W0[2,1]``."""
    return f"{name}[{','.join(map(str, index))}]"


def format_value(value: Value) -> str:
    """A value of the recipe, of a weight or of the data as it is typed in."""
    if value is None:
        return "as it was"
    if isinstance(value, tuple):
        return ", ".join(map(format_value, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
