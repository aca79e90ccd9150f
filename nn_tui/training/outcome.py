"""What a run had come to: its figures and its curve, without its weights."""

import math
from dataclasses import dataclass, fields, replace

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.changes import samples_after
from nn_tui.training.curve import Curve
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.metrics import known
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.run import Run
from nn_tui.training.snapshot import Snapshot


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
