"""What is said of a run that cannot, or need not, go on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe

Array = NDArray[Any]


_LARGE = 100
"""What inputs or targets should not exceed."""


def diverged(epoch: int, train: Array, recipe: Recipe, dataset: Dataset) -> str:
    """After ``epoch`` a loss in ``train`` or a weight was not finite; likely why."""
    what = "a weight is not finite"
    if np.isnan(train).any():
        what = "the loss is not a number"
    elif np.isinf(train).any():
        what = "the loss is infinite"
    why, remedy = _likely(recipe, dataset)
    return (
        f"epoch {epoch:,} diverged: {what}, likely because {why}; the weights of epoch "
        f"{epoch - 1:,} are kept; try {remedy}a smaller learning rate"
    )


def _likely(recipe: Recipe, dataset: Dataset) -> tuple[str, str]:
    """What makes the steps too large, and what would be right besides smaller ones."""
    training, samples = recipe.training, dataset.train_count
    size = training.batch_size
    batch = samples if isinstance(size, str) else min(size, samples)
    largest, target = _largest(dataset.inputs), _largest(dataset.targets)
    if largest > _LARGE:
        scaled = recipe.data.scale != "none"
        return f"the inputs go up to {largest:,.5g}", "" if scaled else "data.scale = standard or "
    if training.reduction == "sum" and batch > _LARGE:
        return f"the gradients of {batch:,} samples are added up", "training.reduction = mean or "
    if not dataset.classes and target > _LARGE:
        return f"the targets go up to {target:,.5g}", "smaller targets or "
    return f"a learning rate of {training.learning_rate:g} is too large", ""


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
