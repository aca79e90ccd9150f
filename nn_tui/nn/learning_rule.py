"""How a network learns: loss, reduction, optimizer and penalty, each by its name."""

from dataclasses import dataclass

from nn_tui.nn.losses import LOSSES, Loss
from nn_tui.nn.optimizers import OPTIMIZERS, Optimizer
from nn_tui.nn.regularizers import KEEP_PRUNED, PENALTIES, Regularizer
from nn_tui.nn.templates import StatementTemplate


@dataclass(frozen=True)
class LearningRule:
    """The names are those of the registries; ``mean`` averages a batch's gradient.

    ``carry`` keeps the sums of a short last batch for the next epoch's first update.
    ``pruned`` keeps weights that a person cut off at zero, whatever the penalty.
    """

    loss: str = "half_squared_error"
    mean: bool = False
    optimizer: str = "sgd"
    penalty: str = "none"
    carry: bool = False
    pruned: bool = False

    @property
    def loss_entry(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def optimizer_entry(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def weight_memory(self) -> tuple[str, ...]:
        """Suffixes of the arrays that are kept per weight, one at first."""
        kept = self.penalty_entry.memory
        return kept if not self.pruned or "alive" in kept else (*kept, "alive")

    @property
    def has_mask(self) -> bool:
        """Whether there is an array ``mask``, zero where a weight is cut off."""
        return "alive" in self.weight_memory

    @property
    def post_update(self) -> tuple[StatementTemplate, ...]:
        """What follows the optimizer's lines for every weight matrix ``{p}``."""
        templates = self.penalty_entry.post_update
        return (
            templates if not self.pruned or KEEP_PRUNED in templates else (*templates, KEEP_PRUNED)
        )

    @property
    def penalty_entry(self) -> Regularizer:
        return PENALTIES[self.penalty]
