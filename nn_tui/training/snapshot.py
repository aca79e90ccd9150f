"""Immutable copies of a run's state, for display: ``Snapshot`` and ``RunSummary``."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture, views
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.edit_effects import samples_after
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.metrics import known, metric_columns
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.replica_results import ReplicaResults
from nn_tui.training.run import Run
from nn_tui.training.stopping import BestEpoch
from nn_tui.types import Array


@dataclass(frozen=True)
class EpochMetrics:
    """Losses and metrics after epoch ``evaluated``; None where not applicable.

    ``metrics`` are the columns of ``training.metrics.METRICS``, such as ``train_accuracy``.
    """

    evaluated: int
    train_loss: float
    test_loss: float | None
    validation_loss: float | None
    metrics: Mapping[str, float | None]


def epoch_metrics(
    epoch: int, losses: Mapping[str, Array], metrics: Mapping[str, Array]
) -> EpochMetrics:
    """From the losses of the parts of the dataset and the metrics, each (1,)."""
    values = {part: float(loss[0]) for part, loss in losses.items()}
    return EpochMetrics(
        evaluated=epoch,
        train_loss=values["train"],
        test_loss=values.get("test"),
        validation_loss=values.get("validation"),
        metrics={name: known(values) for name, values in metrics.items()},
    )


def last_metrics(epochs: Array, losses: Mapping[str, Array], metrics: Array) -> EpochMetrics:
    """Those of the last of ``epochs``; ``losses`` (epochs,), ``metrics`` as of ``Metrics.rows``."""
    columns = metric_columns(losses)
    last = dict(zip(columns, metrics[: len(columns), -1:], strict=True))
    return epoch_metrics(int(epochs[-1]), {k: loss[-1:] for k, loss in losses.items()}, last)


@dataclass(frozen=True, eq=False, kw_only=True)
class RunSummary:
    """The result of a run at ``epoch``.

    ``losses`` are the losses, metrics and gradient norms of all evaluated epochs.
    Test loss, validation loss and metrics are None where not applicable. ``seconds`` is the
    time spent training. ``diverged`` is a sentence, or empty. ``best`` is the epoch with the
    lowest validation loss, or test loss, or training loss, of the first that there is.
    """

    recipe: Recipe
    dataset: Dataset
    network: Architecture
    epoch: int
    losses: Curve
    train_loss: float
    test_loss: float | None
    metrics: Mapping[str, float | None]
    seconds: float
    diverged: str = ""
    validation_loss: float | None = None
    best: BestEpoch | None = None

    @property
    def train_accuracy(self) -> float | None:
        """The fraction of training samples that are classified correctly."""
        return self.metrics.get("train_accuracy")

    @property
    def test_accuracy(self) -> float | None:
        return self.metrics.get("test_accuracy")

    @property
    def all_correct(self) -> bool:
        """Whether all samples, of every part, are known to be classified correctly."""
        known = [self.metrics[name] for name in self.metrics if name.endswith("_accuracy")]
        return bool(known) and all(value == 1 for value in known)

    @property
    def train_error(self) -> float:
        """The mean absolute error over training samples and outputs; NaN if not evaluated."""
        return _number(self.metrics.get("train_error"))

    @property
    def test_error(self) -> float | None:
        return self.metrics.get("test_error")

    @property
    def classifies(self) -> bool:
        """Whether the samples have classes, so that accuracy applies, known or not."""
        return self.dataset.decision_rule(self.network.output) is not None


@dataclass(frozen=True, eq=False, kw_only=True)
class Snapshot(RunSummary):
    """The whole state of a run. ``parameters`` and ``gradient`` are flat (parameter_count,).

    ``gradient`` is what ``gradient_source`` computes when it is first asked for: that of the
    training loss at these parameters over all training samples, their sum or mean as
    ``training.reduction`` says. Where that would take long it is that of the last update, and
    not ``gradient_is_current``; zero before the first. ``stopped`` and
    ``rising`` are sentences, or empty. Losses and metrics are those after epoch
    ``evaluated``, which is ``epoch`` except within an epoch (``progress`` above 0).
    """

    parameters: Array
    gradient_source: Callable[[], Array]
    epochs_per_second: float
    """Of the last call that trained; 0 before the first."""
    stopped: str = ""
    rising: str = ""
    progress: float = 0.0
    """The finished share of the next epoch, 0 … 1."""
    evaluated: int = 0
    change: Array | None = None
    """The change of every parameter in the last epoch, (parameter_count,); None at epoch 0."""
    update: Array | None = None
    """The change of every parameter by the next update, (parameter_count,), where asked for."""
    gradient_is_current: bool = True
    mask: Array | None = None
    """False where a parameter is pruned (parameter_count,); None if none ever was."""
    edits: tuple[Edit, ...] = ()
    """The edits up to now, oldest first."""
    start_recipe: Recipe | None = None
    """The recipe of epoch 0, before any edit; None if it is not known."""
    ahead: Curve | None = None
    """The run's whole curve, where ``epoch`` is an earlier one."""
    replicas: ReplicaResults | None = None
    """Of all replicas, of which this is the one shown; None if there is only one."""

    @property
    def experiment(self) -> Recipe:
        """The recipe of all replicas; ``recipe`` is that of the one shown."""
        return self.recipe if self.replicas is None else self.replicas.recipe

    @property
    def updated(self) -> bool:
        """Whether there was any update."""
        return self.epoch > 0 or self.progress > 0

    @property
    def has_gradient(self) -> bool:
        """Whether ``gradient`` is known."""
        return self.gradient_is_current or self.updated

    @property
    def change_is_current(self) -> bool:
        """Whether no edit changed the run since the last epoch."""
        return not any(edit.epoch >= self.epoch for edit in self.edits)

    @cached_property
    def changes(self) -> dict[str, Array]:
        """``change`` by weight and bias; empty at epoch 0."""
        return {} if self.change is None else views(self.change, self.network)

    @cached_property
    def updates(self) -> dict[str, Array]:
        """``update`` by weight and bias; empty if it is not known."""
        return {} if self.update is None else views(self.update, self.network)

    @cached_property
    def masks(self) -> dict[str, Array]:
        """``mask`` by weight and bias; empty if nothing was ever pruned."""
        return {} if self.mask is None else views(self.mask, self.network)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Weights and biases ``W0 W1 … b0 b1 …`` by name, read-only."""
        named = views(self.parameters, self.network)
        for view in named.values():
            view.setflags(write=False)
        return named

    @cached_property
    def gradient(self) -> Array:
        """The gradient of the loss, (parameter_count,)."""
        return self.gradient_source()

    @cached_property
    def gradients(self) -> dict[str, Array]:
        """The gradient of the loss by every weight and bias, by name."""
        return views(self.gradient, self.network)


def summarize_run(snapshot: Snapshot) -> RunSummary:
    """The result of the run at the snapshot's epoch, without its parameters."""
    return RunSummary(**{entry.name: getattr(snapshot, entry.name) for entry in fields(RunSummary)})


def as_trained(summary: RunSummary, run: Run) -> RunSummary:
    """The summary without edits made after the last epoch, which no epoch was trained with.

    Recipe and data are those of the last epoch, losses and metrics those recorded of it: NaN
    or None where it was not evaluated.
    """
    trained = tuple(edit for edit in run.edits if edit.epoch < summary.epoch)
    if summary.epoch == 0 or len(trained) == len(run.edits):
        return summary
    recipe, dataset = run.recipe, samples_after(run.dataset, trained)
    for edit in trained:
        recipe = edit.applied_to(recipe) if isinstance(edit, RecipeEdit) else recipe

    def recorded(name: str) -> float | None:
        return known(summary.losses.value(name, summary.epoch))

    return replace(
        summary,
        recipe=recipe,
        dataset=dataset,
        network=build_architecture(recipe, dataset),
        train_loss=_number(recorded("train_loss")),
        test_loss=recorded("test_loss"),
        validation_loss=recorded("validation_loss"),
        metrics={name: recorded(name) for name in summary.metrics},
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value
