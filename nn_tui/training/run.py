"""A run: its start (recipe, data, initial weights) and its edits."""

from bisect import bisect_right
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.statements import arithmetic_since
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.model_builder import build_architecture, build_learning_rule
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Run:
    """``recipe`` and ``dataset`` are those of epoch 0; ``edits`` are in the order of epochs.

    ``start`` (parameter_count,) are initial parameters that replace the recipe's, or None.
    """

    name: str
    recipe: Recipe
    dataset: Dataset
    start: Array | None = None
    edits: tuple[Edit, ...] = ()
    preset: Recipe | None = None
    """The recipe it was made from, to display the differences."""

    @property
    def arithmetic_since(self) -> int:
        """The first version of the arithmetic that reproduces the run bit for bit."""
        recipes = [self.recipe]
        for edit in self.edits:
            if isinstance(edit, RecipeEdit):
                recipes.append(edit.applied_to(recipes[-1]))
        return max(
            arithmetic_since(build_architecture(r, self.dataset), build_learning_rule(r))
            for r in recipes
        )

    def starts_like(self, other: "Run") -> bool:
        """Whether both start with the same recipe, data and weights."""
        same = self.dataset is other.dataset and self.start is other.start
        return same and self.recipe == other.recipe

    def equals(self, other: "Run") -> bool:
        """Whether both are equal in every epoch, as after reading a saved run again."""
        same = self.dataset.digest == other.dataset.digest and _same(self.start, other.start)
        return same and self.recipe == other.recipe and self.edits == other.edits

    def until(self, epoch: int) -> "Run":
        """The run without edits after ``epoch``."""
        count = bisect_right(self.edits, epoch, key=lambda edit: edit.epoch)
        return replace(self, edits=self.edits[:count])

    def with_edit(self, edit: Edit) -> "Run":
        """The run with ``edit`` in place of all later edits."""
        return replace(self, edits=(*self.until(edit.epoch).edits, edit))


def _same(one: Array | None, other: Array | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


@dataclass(frozen=True, eq=False)
class RunPosition:
    """An epoch of a run."""

    run: Run
    epoch: int
