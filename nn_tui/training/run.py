"""What makes a run what it is: where it starts, and what was changed on the way."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from nn_tui.data.dataset import Dataset
from nn_tui.nn.statements import arithmetic_since
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.model_builder import build_architecture, build_learning_rule
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Run:
    """``recipe`` and ``dataset`` are those of epoch 0; ``edits`` are in the order of epochs.

    ``start`` (parameter_count,) are start weights that replace the recipe's, or None.
    """

    name: str
    recipe: Recipe
    dataset: Dataset
    start: Array | None = None
    edits: tuple[Edit, ...] = ()
    preset: Recipe | None = None
    """What the recipe was made from, for people to see what is different."""

    @property
    def arithmetic_since(self) -> int:
        """The version of the arithmetic from which on training it again gives the same bits."""
        recipes = [self.recipe]
        for edit in self.edits:
            if isinstance(edit, RecipeEdit):
                recipes.append(edit.applied_to(recipes[-1]))
        return max(
            arithmetic_since(build_architecture(r, self.dataset), build_learning_rule(r))
            for r in recipes
        )

    def starts_like(self, other: "Run") -> bool:
        """Whether both begin with the same recipe, samples and weights."""
        same = self.dataset is other.dataset and self.start is other.start
        return same and self.recipe == other.recipe

    def equals(self, other: "Run") -> bool:
        """Whether every moment of both is the same, as where one is the other read again."""
        same = self.dataset.digest == other.dataset.digest and self.start is other.start
        return same and self.recipe == other.recipe and self.edits == other.edits

    def until(self, epoch: int) -> "Run":
        """The run without what was changed after ``epoch``."""
        count = bisect_right(self.edits, epoch, key=lambda edit: edit.epoch)
        return replace(self, edits=self.edits[:count])

    def with_edit(self, edit: Edit) -> "Run":
        """The run that ``edit`` makes of this one; later edits are gone."""
        return replace(self, edits=(*self.until(edit.epoch).edits, edit))


@dataclass(frozen=True, eq=False)
class RunPosition:
    """A moment of a run."""

    run: Run
    epoch: int
