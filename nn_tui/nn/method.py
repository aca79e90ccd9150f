"""How a network learns: loss, reduction, optimizer and penalty, each by its name."""

from dataclasses import dataclass

from nn_tui.nn.losses import LOSSES, Loss
from nn_tui.nn.optimizers import OPTIMIZERS, Optimizer
from nn_tui.nn.penalties import PENALTIES, Penalty


@dataclass(frozen=True)
class Method:
    """The names are those of the registries; ``mean`` averages a batch's gradient.

    ``carry`` keeps the sums of a short last batch for the next epoch's first update.
    """

    loss: str = "half_squared_error"
    mean: bool = False
    optimizer: str = "sgd"
    penalty: str = "none"
    carry: bool = False

    @property
    def loss_entry(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def optimizer_entry(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def penalty_entry(self) -> Penalty:
        return PENALTIES[self.penalty]
