"""What a screen may know of a run at a moment: numbers and copies, nothing that moves."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.parameters import views
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.edits import Edit
from nn_tui.training.trace import Trace

Array = NDArray[Any]


@dataclass(frozen=True)
class Figures:
    """How good the network was after an epoch; None where there is no such figure."""

    evaluated: int
    train_loss: float
    test_loss: float | None
    train_error: float
    test_error: float | None
    train_accuracy: float | None
    test_accuracy: float | None


def figures(
    epoch: int,
    losses: tuple[Array, Array],
    predictions: list[Array],
    dataset: Dataset,
    wanted: Array,
    output: str,
) -> Figures:
    """From the losses and predictions, each of training and test samples, to all figures.

    A loss is an array of one number, or empty; ``wanted`` are the targets (samples,
    outputs) of all samples, ``output`` is the activation that they are encoded for.
    """
    split, rule = dataset.train_count, dataset.decision_rule(output)
    (train_error, train_accuracy), (test_error, test_accuracy) = (
        _error_and_accuracy(rule, made, part)
        for made, part in zip(predictions, (wanted[:split], wanted[split:]), strict=True)
    )
    return Figures(
        evaluated=epoch,
        train_loss=float(losses[0][0]),
        test_loss=float(losses[1][0]) if dataset.test_count else None,
        train_error=train_error or 0.0,
        test_error=test_error,
        train_accuracy=train_accuracy,
        test_accuracy=test_accuracy,
    )


def _error_and_accuracy(
    rule: DecisionRule | None, made: Array, wanted: Array
) -> tuple[float | None, float | None]:
    if not len(made):
        return None, None
    accuracy = math.nan if rule is None else float(rule.accuracy(made, wanted))
    with np.errstate(all="ignore"):
        error = float(np.mean(np.abs(wanted - made)))
    return error, None if math.isnan(accuracy) else accuracy


@dataclass(frozen=True, eq=False)
class Snapshot:
    """``parameters`` and ``gradient`` are flat (parameter_count,), ``losses`` all epochs'.

    ``gradient`` is that of the last update, zero before the first. ``diverged``,
    ``stopped`` and ``rising`` are sentences, or empty. Losses and accuracies are None where
    there are none; they are those of the end of epoch ``evaluated``, which is ``epoch`` unless
    the run was left in the middle of an epoch (``progress`` above 0).
    """

    recipe: Recipe
    dataset: Dataset
    network: Architecture
    epoch: int
    parameters: Array
    gradient: Array
    losses: Curve
    train_loss: float
    test_loss: float | None
    train_error: float
    """Mean absolute error over training samples and outputs."""
    test_error: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    """Time spent training."""
    epochs_per_second: float
    """Over the last stretch of training; 0 before the first."""
    diverged: str = ""
    stopped: str = ""
    rising: str = ""
    progress: float = 0.0
    """How much of the next epoch is done, 0 … 1."""
    evaluated: int = 0
    change: Array | None = None
    """How far every parameter moved in the last epoch, (parameter_count,); None before that."""
    alive: Array | None = None
    """False where a parameter is cut off (parameter_count,); None where none ever was."""
    edits: tuple[Edit, ...] = ()
    """What was changed up to now, oldest first."""
    ahead: Curve | None = None
    """The whole curve of the run, where one has gone back in it."""
    trace: Trace | None = None
    """Accuracies, errors and gradients as they were seen from time to time."""

    @property
    def classifies(self) -> bool:
        """Whether samples have classes, so that accuracy has a meaning, known or not."""
        return self.dataset.decision_rule(self.network.output) is not None

    @property
    def updated(self) -> bool:
        """Whether there was an update, so that ``gradient`` is one."""
        return self.epoch > 0 or self.progress > 0

    @cached_property
    def changes(self) -> dict[str, Array]:
        """``change`` by weight and bias; empty where there is none."""
        return {} if self.change is None else views(self.change, self.network)

    @cached_property
    def living(self) -> dict[str, Array]:
        """``alive`` by weight and bias; empty where nothing was ever cut off."""
        return {} if self.alive is None else views(self.alive, self.network)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Every ``W0 W1 … b0 b1 …`` by name, read-only."""
        named = views(self.parameters, self.network)
        for view in named.values():
            view.setflags(write=False)
        return named

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """The gradient of the loss by every weight and bias, by name."""
        return views(self.gradient, self.network)
