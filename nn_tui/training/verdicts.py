"""What is said of a run that cannot, or need not, go on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.recipe import Recipe

Array = NDArray[Any]


def diverged(epoch: int, train: Array) -> str:
    """After ``epoch`` a loss in ``train`` or a weight was not finite."""
    what = "a weight is not finite"
    if np.isnan(train).any():
        what = "the loss is not a number"
    elif np.isinf(train).any():
        what = "the loss is infinite"
    return (
        f"epoch {epoch:,} diverged: {what}; the weights of epoch {epoch - 1:,} are kept; "
        "try a smaller learning rate"
    )


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
