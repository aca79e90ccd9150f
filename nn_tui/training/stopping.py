"""Stopping a run at its target loss, ``training.stop_loss``."""

from nn_tui.recipe.recipe import Recipe
from nn_tui.types import Array


class TargetLossCheck:
    """Checks whether the training loss is below the recipe's ``stop_loss``.

    It is ``enabled`` until a run that it stopped is continued. Losses are (epochs,).
    """

    def __init__(self) -> None:
        self.enabled = True

    def restore(self, train: Array, recipe: Recipe) -> None:
        """Continue a run whose loss is ``train`` now."""
        self.enabled = not _falls_below(train, recipe)

    def reached(self, train: Array, recipe: Recipe) -> bool:
        """Whether any of the losses is below the target loss."""
        return self.enabled and _falls_below(train, recipe)


def _falls_below(train: Array, recipe: Recipe) -> bool:
    limit = recipe.training.stop_loss
    return not isinstance(limit, str) and bool((train < limit).any())


def stopped(epoch: int, train: Array, recipe: Recipe) -> str:
    """The loss after ``epoch``, in ``train``, is below the recipe's ``stop_loss``."""
    return (
        f"epoch {epoch:,}: the training loss is {train[0]:.6g}, below "
        f"training.stop_loss = {recipe.training.stop_loss:g}"
    )
