"""The sentences for a run that cannot, or need not, continue."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.stability import StabilityLimit
from nn_tui.types import Array

_LARGE = 100
"""What inputs, or samples whose gradients are added up, should not exceed."""


def not_finite(epoch: int, train: Array) -> str:
    """What went wrong in ``epoch``: a loss in ``train`` or a weight is not finite."""
    what = "a weight is not finite"
    if np.isnan(train).any():
        what = "the loss is not a number"
    elif np.isinf(train).any():
        what = "the loss is infinite"
    return f"{what}; the weights of epoch {epoch - 1:,} are kept"


def diverged(
    epoch: int, what: str, recipe: Recipe, dataset: Dataset, exceeded: StabilityLimit | None
) -> str:
    """Training diverged in ``epoch``: ``what`` was seen, why if it was measured, what to do.

    ``exceeded`` is the stability limit that the learning rate is above, if it is.
    """
    why, below = "", "a smaller learning rate"
    if exceeded is not None:
        rate, limit = recipe.training.learning_rate, f"{exceeded.rate:.3g}"
        why = f"; learning rate {rate:g} > {exceeded.formula} = {limit}{exceeded.scope}"
        below = f"a learning rate below {limit}"
    return f"epoch {epoch:,} diverged: {what}{why}; try {_remedy(recipe, dataset)}{below}"


def _remedy(recipe: Recipe, dataset: Dataset) -> str:
    """What makes steps smaller besides a smaller learning rate, if anything."""
    training, samples = recipe.training, dataset.train_count
    size = training.batch_size
    batch = samples if isinstance(size, str) else min(size, samples)
    if _largest(dataset.inputs) > _LARGE and recipe.data.scale == "none":
        return "data.scale = standard or "
    if training.reduction == "sum" and batch > _LARGE:
        return "training.reduction = mean or "
    return ""


def _largest(values: Array) -> float:
    return float(np.abs(values).max(initial=0))


def falls_below(train: Array, recipe: Recipe) -> bool:
    """Whether any training loss is below the recipe's ``stop_loss``."""
    limit = recipe.training.stop_loss
    return not isinstance(limit, str) and bool((train < limit).any())


def stopped(epoch: int, train: Array, recipe: Recipe) -> str:
    """The loss after ``epoch``, in ``train``, is below the recipe's ``stop_loss``."""
    return (
        f"epoch {epoch:,}: the training loss is {train[0]:.6g}, below "
        f"training.stop_loss = {recipe.training.stop_loss:g}"
    )
