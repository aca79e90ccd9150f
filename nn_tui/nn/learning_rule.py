"""The learning rule: loss, reduction, optimizer and regularization."""

from dataclasses import dataclass, replace

from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.label_smoothing import LabelSmoothing
from nn_tui.nn.line_changes import Changes
from nn_tui.nn.losses import LOSSES, Loss
from nn_tui.nn.optimizers import OPTIMIZERS, Optimizer
from nn_tui.nn.regularizers import KEEP_PRUNED, PENALTIES, Regularizer
from nn_tui.nn.schedules import RateSchedule
from nn_tui.nn.syntax import Function
from nn_tui.nn.templates import StatementTemplate


@dataclass(frozen=True)
class LearningRule:
    """Registry names of loss, optimizer and regularizer; ``mean`` averages batch gradients.

    ``carry`` adds the gradients of an incomplete last batch to the next epoch's first
    update. ``pruned`` adds a mask that keeps pruned weights at zero. ``class_weights`` weight
    the loss of each sample by its class; ``smoothing`` moves the targets of classes towards
    their mean. ``dropout`` and ``input_noise`` add random numbers to the forward pass of an
    update; ``evaluates`` is set in the rule of an evaluation instead. ``clip`` limits the
    norm of the gradient; ``schedule`` sets the learning rate of every epoch, None a constant
    one. ``lines`` are changes of the lines that the others give, ``functions`` further helper
    functions that they may call.
    """

    loss: str = "half_squared_error"
    mean: bool = False
    optimizer: str = "sgd"
    penalty: str = "none"
    carry: bool = False
    pruned: bool = False
    class_weights: ClassWeights | None = None
    smoothing: LabelSmoothing | None = None
    dropout: bool = False
    input_noise: bool = False
    evaluates: bool = False
    clip: bool = False
    schedule: RateSchedule | None = None
    lines: Changes = ()
    functions: tuple[Function, ...] = ()

    @property
    def noisy(self) -> bool:
        """Whether an update reads random numbers, so that predictions need their own pass."""
        return self.dropout or self.input_noise

    @property
    def for_evaluation(self) -> "LearningRule":
        """The same rule without random numbers."""
        if not self.noisy:
            return self
        return replace(self, dropout=False, input_noise=False, evaluates=True)

    @property
    def loss_entry(self) -> Loss:
        return LOSSES[self.loss]

    @property
    def optimizer_entry(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def weight_memory(self) -> tuple[str, ...]:
        """Suffixes of the state arrays per weight, initialized to one."""
        kept = self.penalty_entry.memory
        return kept if not self.pruned or "alive" in kept else (*kept, "alive")

    @property
    def has_mask(self) -> bool:
        """Whether there are arrays ``…_alive``, zero where a weight is pruned."""
        return "alive" in self.weight_memory

    @property
    def post_update(self) -> tuple[StatementTemplate, ...]:
        """The lines after the optimizer's for every weight matrix ``{p}``."""
        templates = self.penalty_entry.post_update
        return (
            templates if not self.pruned or KEEP_PRUNED in templates else (*templates, KEEP_PRUNED)
        )

    @property
    def penalty_entry(self) -> Regularizer:
        return PENALTIES[self.penalty]
