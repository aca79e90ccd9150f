"""What a screen may know of a run at a moment: numbers and copies, nothing that moves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture, views
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.edit_effects import samples_after
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.metrics import Scores, known
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.run import Run
from nn_tui.types import Array


@dataclass(frozen=True)
class EpochMetrics:
    """How good the network was after an epoch; None where there is no such figure."""

    evaluated: int
    train_loss: float
    test_loss: float | None
    train_error: float
    test_error: float | None
    train_accuracy: float | None
    test_accuracy: float | None


def epoch_metrics(
    epoch: int, losses: tuple[Array, Array], scores: Sequence[Scores]
) -> EpochMetrics:
    """From losses and scores of ``epoch``, of training samples and of test samples if any.

    A loss is an array of one number, or empty.
    """
    train, *test = scores
    return EpochMetrics(
        evaluated=epoch,
        train_loss=float(losses[0][0]),
        test_loss=float(losses[1][0]) if test else None,
        train_error=float(train.error[0]),
        test_error=float(test[0].error[0]) if test else None,
        train_accuracy=known(train.accuracy),
        test_accuracy=known(test[0].accuracy) if test else None,
    )


@dataclass(frozen=True, eq=False)
class Snapshot:
    """``parameters`` and ``gradient`` are flat (parameter_count,).

    ``losses`` has the losses and metrics of all evaluated epochs.

    ``gradient`` is that of the training loss at these parameters, over all training samples:
    summed or averaged over them as ``training.reduction`` says. Where that would take long it
    is that of the last update, and not ``gradient_is_current``; zero before the first.
    ``diverged``, ``stopped`` and ``rising`` are sentences, or empty. Losses and accuracies are
    None where there are none; they are those of the end of epoch ``evaluated``, which is
    ``epoch`` unless the run was left in the middle of an epoch (``progress`` above 0).
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
    gradient_is_current: bool = True
    mask: Array | None = None
    """False where a parameter is cut off (parameter_count,); None where none ever was."""
    edits: tuple[Edit, ...] = ()
    """What was changed up to now, oldest first."""
    ahead: Curve | None = None
    """The whole curve of the run, where one has gone back in it."""

    @property
    def classifies(self) -> bool:
        """Whether samples have classes, so that accuracy has a meaning, known or not."""
        return self.dataset.decision_rule(self.network.output) is not None

    @property
    def updated(self) -> bool:
        """Whether there was an update."""
        return self.epoch > 0 or self.progress > 0

    @property
    def has_gradient(self) -> bool:
        """Whether ``gradient`` is one."""
        return self.gradient_is_current or self.updated

    @property
    def change_is_current(self) -> bool:
        """Whether nothing but training made the parameters what they are since the last epoch."""
        return not any(edit.epoch >= self.epoch for edit in self.edits)

    @cached_property
    def changes(self) -> dict[str, Array]:
        """``change`` by weight and bias; empty where there is none."""
        return {} if self.change is None else views(self.change, self.network)

    @cached_property
    def masks(self) -> dict[str, Array]:
        """``mask`` by weight and bias; empty where nothing was ever cut off."""
        return {} if self.mask is None else views(self.mask, self.network)

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


@dataclass(frozen=True, eq=False)
class RunSummary:
    """As ``Snapshot`` has them; ``recipe`` and ``dataset`` are those at the end."""

    recipe: Recipe
    dataset: Dataset
    network: Architecture
    epoch: int
    losses: Curve
    train_loss: float
    test_loss: float | None
    train_error: float
    test_error: float | None
    train_accuracy: float | None
    test_accuracy: float | None
    seconds: float
    diverged: str


def summarize_run(snapshot: Snapshot) -> RunSummary:
    """What a run has come to."""
    return RunSummary(**{entry.name: getattr(snapshot, entry.name) for entry in fields(RunSummary)})


def as_trained(seen: RunSummary, run: Run) -> RunSummary:
    """The same without what was changed after its last epoch, by which nothing was trained.

    Recipe and samples are those of the last epoch, losses and accuracies what it ended with;
    they are NaN or None where that was not evaluated.
    """
    trained = tuple(edit for edit in run.edits if edit.epoch < seen.epoch)
    if seen.epoch == 0 or len(trained) == len(run.edits):
        return seen
    recipe, dataset = run.recipe, samples_after(run.dataset, trained)
    for edit in trained:
        recipe = edit.applied_to(recipe) if isinstance(edit, RecipeEdit) else recipe
    network = build_architecture(recipe, dataset)

    def recorded(name: str) -> float | None:
        return known(seen.losses.value(name, seen.epoch))

    return replace(
        seen,
        recipe=recipe,
        dataset=dataset,
        network=network,
        train_loss=_number(recorded("train_loss")),
        test_loss=recorded("test_loss"),
        train_error=_number(recorded("train_error")),
        test_error=recorded("test_error"),
        train_accuracy=recorded("train_accuracy"),
        test_accuracy=recorded("test_accuracy"),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value
