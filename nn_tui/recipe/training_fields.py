"""The recipe keys of the section ``training``."""

from collections.abc import Callable

from nn_tui.data.generators import GENERATORS
from nn_tui.nn.losses import LOSSES, REDUCTIONS
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.recipe.field import Field, needs_random_numbers
from nn_tui.recipe.field_types import (
    ChoiceField,
    ClassWeightsField,
    FlagField,
    IntegerField,
    NumberField,
)
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import MOST_REPLICAS


def _needs_classes(recipe: Recipe) -> str:
    data = recipe.data
    numbers = data.source in GENERATORS and not GENERATORS[data.source].classes
    return "only for classes" if numbers or data.task == "regression" else ""


def _needs_optimizer_with(name: str) -> Callable[[Recipe], str]:
    def inactive_reason(recipe: Recipe) -> str:
        used = name in OPTIMIZERS[recipe.training.optimizer].scalars
        return "" if used else f"not used by {recipe.training.optimizer}"

    return inactive_reason


def _needs_mini_batches(recipe: Recipe) -> str:
    return "only with mini-batches" if recipe.training.batch_size == "all" else ""


def _needs_regularization(recipe: Recipe) -> str:
    return "only with regularization" if recipe.training.penalty == "none" else ""


def _needs_schedule_with(name: str) -> Callable[[Recipe], str]:
    def inactive_reason(recipe: Recipe) -> str:
        schedule = recipe.training.schedule
        return "" if name in SCHEDULES[schedule].uses else f"not used by {schedule}"

    return inactive_reason


TRAINING_FIELDS = (
    Field(
        "training.loss",
        "loss",
        ChoiceField(lambda: LOSSES),
        "the quantity training minimizes",
        live=True,
    ),
    Field(
        "training.reduction",
        "reduction",
        ChoiceField(lambda: REDUCTIONS),
        "sum or mean of the per-sample gradients",
        live=True,
    ),
    Field(
        "training.class_weights",
        "class weights",
        ClassWeightsField(),
        "weights of the classes in the loss: none, balanced, or 1, 5",
        live=True,
        inactive_reason=_needs_classes,
    ),
    Field(
        "training.label_smoothing",
        "smooth labels",
        NumberField(0, 0.999),
        "share by which the targets of classes move towards their mean",
        live=True,
        inactive_reason=_needs_classes,
    ),
    Field(
        "training.input_noise",
        "input noise",
        NumberField(0, 1e6, finest=1e-3),
        "standard deviation of noise added to the inputs in every update",
        live=True,
    ),
    Field(
        "training.optimizer",
        "optimizer",
        ChoiceField(lambda: OPTIMIZERS),
        "update rule",
        live=True,
    ),
    Field(
        "training.learning_rate",
        "learning rate",
        NumberField(0, 1e6, above=True),
        "step size of an update",
        live=True,
    ),
    Field(
        "training.schedule",
        "schedule",
        ChoiceField(lambda: SCHEDULES),
        "how the learning rate changes from epoch to epoch",
        live=True,
    ),
    Field(
        "training.schedule_epochs",
        "length",
        IntegerField(1, 10**9, word="auto"),
        "epochs of the schedule; auto: as many as the epochs of the run",
        live=True,
        inactive_reason=_needs_schedule_with("schedule_epochs"),
        beneath="training.schedule",
    ),
    Field(
        "training.warmup_epochs",
        "warm-up",
        IntegerField(1, 10**9, word="auto"),
        "epochs in which the learning rate rises; auto: a share of the length",
        live=True,
        inactive_reason=_needs_schedule_with("warmup_epochs"),
        beneath="training.schedule",
    ),
    Field(
        "training.decay_factor",
        "decay factor",
        NumberField(0, 1, above=True),
        "what the learning rate is multiplied by",
        live=True,
        inactive_reason=_needs_schedule_with("decay_factor"),
        beneath="training.schedule",
    ),
    Field(
        "training.final_rate",
        "final rate",
        NumberField(0, 1),
        "learning rate at the end, as a fraction of the learning rate",
        live=True,
        inactive_reason=_needs_schedule_with("final_rate"),
        beneath="training.schedule",
    ),
    Field(
        "training.momentum",
        "momentum",
        NumberField(0, 0.9999),
        "momentum coefficient",
        live=True,
        inactive_reason=_needs_optimizer_with("momentum"),
        beneath="training.optimizer",
    ),
    Field(
        "training.beta1",
        "beta 1",
        NumberField(0, 0.999999),
        "decay rate of the first moment",
        live=True,
        inactive_reason=_needs_optimizer_with("beta1"),
        beneath="training.optimizer",
    ),
    Field(
        "training.beta2",
        "beta 2",
        NumberField(0, 0.999999),
        "decay rate of the second moment",
        live=True,
        inactive_reason=_needs_optimizer_with("beta2"),
        beneath="training.optimizer",
    ),
    Field(
        "training.rho",
        "rho",
        NumberField(0, 0.999999, word="beta2"),
        "decay rate of the squared gradients of rmsprop",
        live=True,
        inactive_reason=_needs_optimizer_with("rho"),
        beneath="training.optimizer",
    ),
    Field(
        "training.epsilon",
        "epsilon",
        NumberField(0, 1, above=True),
        "added to the denominator for numerical stability",
        live=True,
        inactive_reason=_needs_optimizer_with("epsilon"),
        beneath="training.optimizer",
    ),
    Field(
        "training.clip_norm",
        "gradient clip",
        NumberField(0, 1e6, above=True, word="none"),
        "largest norm of the gradient of an update",
        live=True,
    ),
    Field(
        "training.penalty",
        "regularization",
        ChoiceField(lambda: PENALTIES),
        "regularization of the weights; biases are not regularized",
        live=True,
    ),
    Field(
        "training.penalty_rate",
        "reg. strength",
        NumberField(0, 1e6, finest=1e-5),
        "strength λ of the regularization",
        live=True,
        inactive_reason=_needs_regularization,
        beneath="training.penalty",
    ),
    Field(
        "training.batch_size",
        "batch size",
        IntegerField(1, 10_000_000, word="all"),
        "samples per update",
        live=True,
    ),
    Field(
        "training.partial_batch",
        "last batch",
        ChoiceField(
            lambda: {
                "keep": "update with the incomplete batch",
                "drop": "skip the incomplete batch",
                "carry": "complete it in the next epoch, as TensorFlow Playground does",
            }
        ),
        "incomplete last batch: update with it, skip it, or carry it over",
        live=True,
        inactive_reason=_needs_mini_batches,
    ),
    Field(
        "training.shuffle",
        "shuffle",
        FlagField(),
        "shuffle the training samples before every epoch",
        live=True,
        inactive_reason=_needs_mini_batches,
    ),
    Field(
        "training.epochs",
        "epochs",
        IntegerField(0, 10**12),
        "pause after this many; you can continue afterwards; 0: never",
        live=True,
    ),
    Field(
        "training.stop_loss",
        "target loss",
        NumberField(0, 1e300, above=True, word="none", finest=1e-6),
        "pause below this training loss; you can continue afterwards",
        live=True,
    ),
    Field(
        "training.patience",
        "patience",
        IntegerField(0, 10**9),
        "pause after N epochs without a lower held-out loss; 0: never",
        live=True,
    ),
    Field(
        "training.restore_best",
        "restore best",
        FlagField(),
        "end at the epoch with the lowest validation, or else test, loss",
        live=True,
    ),
    Field(
        "training.evaluate_every",
        "evaluate every",
        IntegerField(1, 1_000_000),
        "evaluate the full loss every N epochs; faster with mini-batches",
        live=True,
    ),
    Field(
        "training.replicas",
        "replicas",
        IntegerField(1, MOST_REPLICAS),
        "train this many networks, with consecutive weight seeds",
        inactive_reason=needs_random_numbers,
    ),
)
