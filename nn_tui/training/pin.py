"""A run kept for comparison."""

from dataclasses import dataclass

from nn_tui.training.outcome import RunSummary
from nn_tui.training.run import RunPosition


@dataclass(frozen=True, eq=False)
class PinnedRun:
    """What a run had come to, and the moment to go back to.

    ``note`` says why it was kept, where its recipe would not tell it apart.
    """

    label: str
    outcome: RunSummary
    place: RunPosition
    note: str = ""
