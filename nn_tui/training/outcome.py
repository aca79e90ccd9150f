"""What a run had come to: its figures and its curve, without its weights."""

from dataclasses import dataclass, fields

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Outcome:
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


def outcome(snapshot: Snapshot) -> Outcome:
    """What a run has come to."""
    return Outcome(**{entry.name: getattr(snapshot, entry.name) for entry in fields(Outcome)})
