"""The results of replicas at one moment, for display: an immutable copy."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.seed_losses import describe_losses, quantile, sorted_by_loss


class ReplicaResult(NamedTuple):
    """``losses`` has the training losses; ``diverged`` is a sentence, or empty."""

    seed: int
    epoch: int
    train_loss: float
    losses: Curve
    diverged: str = ""

    @property
    def loss(self) -> float:
        """The training loss; NaN after a divergence."""
        return math.nan if self.diverged else self.train_loss


@dataclass(frozen=True, eq=False)
class ReplicaResults:
    """The replicas in the order of their seeds; ``shown`` is the index of the one in the panes.

    ``recipe`` is that of all of them, with the first seed and the number of replicas.
    """

    recipe: Recipe
    results: Sequence[ReplicaResult]
    shown: int

    @property
    def shown_seed(self) -> int:
        """The weight seed of the replica in the panes."""
        return self.results[self.shown].seed

    @property
    def seeds(self) -> str:
        """The range of the seeds, as in ``1-10``."""
        return f"{self.results[0].seed}-{self.results[-1].seed}"

    @property
    def target(self) -> float | None:
        """The target loss, if there is one."""
        limit = self.recipe.training.stop_loss
        return None if isinstance(limit, str) else limit

    @cached_property
    def order(self) -> list[int]:
        """The indices sorted by training loss, the lowest first, diverged ones last."""
        return sorted_by_loss([result.loss for result in self.results])

    def is_below_target(self, index: int) -> bool:
        """Whether the training loss of a replica is below the target loss."""
        return self.target is not None and self.results[index].loss < self.target

    @property
    def spread(self) -> str:
        """The lowest and the highest loss, and the median."""
        losses = [result.loss for result in self.results]
        low, middle, high = (quantile(losses, share) for share in (0, 0.5, 1))
        return f"{low:.3g} to {high:.3g}, median {middle:.3g}"

    @property
    def summary(self) -> str:
        """How many are below the target loss, and how many ended at the same loss."""
        return describe_losses([result.loss for result in self.results], self.target)
