"""Divergence of a run: the check of its loss, and the sentence that says why and what helps.

A run diverges when its loss or a weight is not finite (``TrainingLoop.sound``), or its loss grows
without bound; ``loss_growth`` says how far that is.
"""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.step import Step
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.learning_rate_limit import StabilityLimit, stability_limit
from nn_tui.training.loss_growth import FACTOR, LEAST_RISES, LossGrowth
from nn_tui.types import Array

_LARGE = 100
"""Largest unproblematic input, and number of samples whose gradients are summed."""


class DivergenceCheck:
    """Checks whether the training loss grows without bound; ``enabled`` by default.

    ``natural_loss`` is the loss of a network that outputs zero; growth is measured against
    it and the first loss. Losses are (epochs,).
    """

    def __init__(self) -> None:
        self.enabled = True
        self.growth = LossGrowth()
        self.natural_loss = 0.0
        self.exceeded: StabilityLimit | None = None
        """The stability limit that the learning rate was above when the run diverged."""
        self._first_loss = 0.0

    def start(self, train: Array) -> None:
        """Start with the loss (1,) of epoch 0."""
        self._first_loss = float(train[0])
        self.growth.append(np.arange(1), train)

    def restart(self, epoch: int) -> None:
        """Check the growth of the loss from ``epoch`` on."""
        self.enabled = True
        self.growth.restart(epoch)

    def restore(self, curve: Curve, last_edit: int) -> None:
        """Continue a run with this ``curve``, edited at ``last_edit``."""
        self.enabled = True
        self.growth = LossGrowth.of(curve, last_edit)

    @property
    def grown(self) -> bool:
        """Whether the loss has grown without bound."""
        return self.enabled and self.growth.exceeds(FACTOR * self._usual_loss)

    def would_grow(self, train: Array) -> bool:
        """Whether it would be ``grown`` at any of the next losses."""
        return self.enabled and self.growth.would_exceed(train, FACTOR * self._usual_loss)

    @property
    def rising(self) -> str:
        """How far the loss has risen, if it rises steadily and by a relevant amount."""
        growth = self.growth
        steadily = growth.rises >= LEAST_RISES and growth.last > 2 * growth.low
        relevant = growth.last > self._usual_loss / 100
        return f"the loss has risen {growth}" if steadily and relevant else ""

    def smaller_rate(self, rate: float) -> float:
        """The learning rate to try after a divergence: half of it, or less if a limit is known."""
        half = rate / 2
        return half if self.exceeded is None else min(half, self.exceeded.safe_rate)

    @property
    def _usual_loss(self) -> float:
        return max(self._first_loss, self.natural_loss)


def not_finite(epoch: int, train: Array) -> str:
    """What went wrong in ``epoch``: a loss in ``train`` or a weight is not finite."""
    what = "a weight is not finite"
    if np.isnan(train).any():
        what = "the loss is not a number"
    elif np.isinf(train).any():
        what = "the loss is infinite"
    return f"{what}; the weights of epoch {epoch - 1:,} are kept"


def exceeded_limit(
    recipe: Recipe, dataset: Dataset, first: Step, start: Array
) -> StabilityLimit | None:
    """The stability limit that the learning rate is above, if it is and where it is known.

    ``first`` is the run's first update, ``start`` its initial parameters (parameter_count,).
    """
    batch, state = first.arrays, first.state
    limit = stability_limit(
        recipe,
        state.network,
        start,
        batch["l0"],
        batch["y"],
        dataset.train_count,
        state.rule.class_weights,
    )
    return limit if limit and recipe.training.learning_rate > limit.rate else None


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
    """What else makes updates smaller than a smaller learning rate, if anything applies."""
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
