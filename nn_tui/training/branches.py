"""A run as far as it was ever carried out in this sitting."""

from nn_tui.training.outcome import Outcome, outcome
from nn_tui.training.run import Place, Run
from nn_tui.training.snapshot import Snapshot


class Strand:
    """``outcome`` is what it had come to when one last left its furthest epoch."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.outcome: Outcome | None = None
        self.continued = False
        """Whether another strand goes on from its furthest epoch, by an edit made there."""

    def leave(self, snapshot: Snapshot) -> None:
        """Remember how far it has come."""
        if snapshot.epoch >= self.furthest:
            self.outcome = outcome(snapshot)

    @property
    def furthest(self) -> int:
        """The last epoch it is known to have reached."""
        return self.outcome.epoch if self.outcome else 0

    @property
    def end(self) -> Place:
        """Its furthest moment."""
        return Place(self.run, self.furthest)
