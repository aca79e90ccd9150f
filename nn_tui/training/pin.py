"""A run kept for comparison."""

from dataclasses import dataclass

from nn_tui.training.outcome import Outcome
from nn_tui.training.run import Place


@dataclass(frozen=True, eq=False)
class Pin:
    """What a run had come to, and the moment to go back to.

    ``note`` says why it was kept, where its recipe would not tell it apart.
    """

    label: str
    outcome: Outcome
    place: Place
    note: str = ""
