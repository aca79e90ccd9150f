"""Runs side by side: the recipe keys in which they differ, and groups with the same value."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.seed_losses import QUANTILES, quantile

T = TypeVar("T")


def differing_keys(recipes: Sequence[Recipe]) -> list[str]:
    """Return the keys in which recipes differ; none of the screen's.

    They are in the order of ``FIELDS``, then those of lines and functions, sorted.
    """
    found = {key for recipe in recipes for key, _ in recipes[0].differences(recipe)}
    fields = [key for key in FIELDS if key in found and not key.startswith("view.")]
    return fields + sorted(found - FIELDS.keys())


def grouped(
    items: Iterable[T], recipe_of: Callable[[T], Recipe], key: str
) -> list[tuple[Any, list[T]]]:
    """Return the values of ``key`` in ascending order, each with the items that have it."""
    groups: dict[Any, list[T]] = {}
    for item in items:
        groups.setdefault(recipe_of(item)[key], []).append(item)
    return sorted(groups.items(), key=lambda group: sort_key(group[0]))


def sort_key(value: Any) -> tuple[int, Any]:
    """Sort numbers before lists of sizes before strings; a column may mix them."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value) if isinstance(value, tuple) else (2, str(value).lower())


class Spread(NamedTuple):
    """The quantiles of a group's losses, each the loss of one of its runs."""

    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float


def spread(losses: Sequence[float]) -> Spread:
    """Return the quantiles of ``losses``; NaN if none is finite."""
    return Spread(*(quantile(losses, share) for share in QUANTILES.values()))
