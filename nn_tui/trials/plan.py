"""The plan of a sweep: which trials it has, and the recipe of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from nn_tui.data.folds import Fold, all_folds
from nn_tui.errors import UsageError
from nn_tui.recipe.field_types import SeedField
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import replica_seeds
from nn_tui.trials.axes import Axis, Setting, check_axes, grid, grid_size, random_settings

_SEED, _REPLICAS = "network.seed", "training.replicas"

MOST_TRIALS = 1_000_000


class TrialKey(NamedTuple):
    """What distinguishes a trial: the texts of its values, its seed, and its fold (0: none)."""

    values: tuple[str, ...]
    seed: str
    fold: int


@dataclass(frozen=True)
class Trial:
    """One training run of a sweep; ``fold`` is its test set, None for that of the recipe."""

    key: TrialKey
    setting: Setting
    recipe: Recipe
    fold: Fold | None = None


@dataclass(frozen=True)
class SweepPlan:
    """The experiment ``name`` with ``base`` as its recipe, and what is varied.

    ``seeds`` is the number of weight seeds from ``network.seed`` on, ``folds`` that of the folds
    (0: none), ``random`` that of random settings (0: the grid). Raises RecipeError and
    UsageError for what cannot be combined.
    """

    name: str
    base: Recipe
    axes: tuple[Axis, ...]
    seeds: int = 1
    folds: int = 0
    random: int = 0

    def __post_init__(self) -> None:
        check_axes(self.axes, bool(self.random))
        if self.seeds > 1 and _SEED in self.keys:
            raise UsageError(f"--seeds and --vary {_SEED} both choose the seeds; use one of them")
        if self.random > MOST_TRIALS:
            raise UsageError(f"at most {MOST_TRIALS:,} random combinations can be trained")
        if self.count > MOST_TRIALS:
            raise UsageError(
                f"this sweep has {self.count:,} trials; the maximum is {MOST_TRIALS:,}; "
                "use fewer values, or --random N"
            )
        self._seeds_from(self.base)

    @property
    def keys(self) -> tuple[str, ...]:
        """The varied keys."""
        return tuple(axis.key for axis in self.axes)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The combinations of values, in the order in which they are trained."""
        if self.random:
            return tuple(random_settings(self.axes, self.random))
        return tuple(grid(self.axes))

    @property
    def count(self) -> int:
        """The number of trials."""
        settings = len(self.settings) if self.random else grid_size(self.axes)
        return settings * self.seeds * max(1, self.folds)

    def trials(self) -> Iterator[Trial]:
        """Yield all trials: of a setting every seed, of a seed every fold."""
        folds: list[Fold | None] = [*all_folds(self.folds)] if self.folds else [None]
        for setting in self.settings:
            recipe = self.recipe_of(setting)
            texts = tuple(a.show(v) for a, v in zip(self.axes, setting, strict=True))
            for seed in self._seeds_from(recipe):
                own = recipe.with_value(_SEED, seed)
                for fold in folds:
                    number = 0 if fold is None else fold.number
                    yield Trial(TrialKey(texts, seed_text(seed), number), setting, own, fold)

    def recipe_of(self, setting: Setting) -> Recipe:
        """Return the recipe of a setting; values that do not fit together are not checked."""
        recipe = self.base
        for key, value in zip(self.keys, setting, strict=True):
            recipe = recipe.with_value(key, value)
        return recipe.with_value(_REPLICAS, 1)

    def _seeds_from(self, recipe: Recipe) -> list[Any]:
        if self.seeds == 1:
            return [recipe.network.seed]
        return [*replica_seeds(recipe.with_value(_REPLICAS, self.seeds))]


def seed_text(seed: int | str) -> str:
    """Return a seed as text: strings that look like numbers are in quotes."""
    return SeedField().show(seed)
