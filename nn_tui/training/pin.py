"""A run kept for comparison."""

from dataclasses import dataclass

from nn_tui.training.run import Place
from nn_tui.training.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Pin:
    """What a run had come to, and the moment to go back to.

    ``snapshot.losses`` is its curve, ``snapshot.recipe`` its recipe at the end.
    """

    label: str
    snapshot: Snapshot
    place: Place
