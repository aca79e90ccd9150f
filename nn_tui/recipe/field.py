"""One key of a recipe: its label, type and help, and whether it can change during training."""

from collections.abc import Callable
from typing import Any, NamedTuple

from nn_tui.recipe.field_types import FieldType
from nn_tui.recipe.recipe import Recipe


def _always_active(recipe: Recipe) -> str:
    return ""


class Field(NamedTuple):
    """One recipe key.

    A ``live`` field can change during training; any other field restarts the run.
    ``inactive_reason(recipe)`` explains why the field has no effect in that recipe; it is
    empty where the field has an effect. ``beneath`` is the key of the field that this one
    belongs to, as the numbers of an optimizer do.
    """

    key: str
    label: str
    kind: FieldType
    help: str
    live: bool = False
    inactive_reason: Callable[[Recipe], str] = _always_active
    beneath: str = ""

    @property
    def section(self) -> str:
        return self.key.split(".")[0]

    @property
    def default(self) -> Any:
        return Recipe()[self.key]


def needs_random_numbers(recipe: Recipe) -> str:
    """Why a recipe draws no random numbers from the weight seed; empty where it does."""
    training = recipe.training
    shuffled = training.shuffle and training.batch_size != "all"
    if training.input_noise or (recipe.network.dropout and recipe.network.hidden):
        return ""
    zeros = recipe.network.init == "zeros"
    return "zeros are not random, and nothing is shuffled" if zeros and not shuffled else ""
