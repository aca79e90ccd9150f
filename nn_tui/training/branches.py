"""A run as far as it was ever carried out in this sitting."""

from dataclasses import dataclass

from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import RunSummary, Snapshot, summarize_run


class RunBranch:
    """``outcome`` is what it had come to when one last left its furthest epoch."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.outcome: RunSummary | None = None
        self.continued = False
        """Whether another strand goes on from its furthest epoch, by an edit made there."""

    def leave(self, snapshot: Snapshot) -> None:
        """Remember how far it has come."""
        if snapshot.epoch >= self.furthest:
            self.outcome = summarize_run(snapshot)

    @property
    def furthest(self) -> int:
        """The last epoch it is known to have reached."""
        return self.outcome.epoch if self.outcome else 0

    @property
    def end(self) -> RunPosition:
        """Its furthest moment."""
        return RunPosition(self.run, self.furthest)


@dataclass(frozen=True, eq=False)
class PinnedRun:
    """What a run had come to, and the moment to go back to.

    ``note`` says why it was kept, where its recipe would not tell it apart.
    """

    label: str
    outcome: RunSummary
    place: RunPosition
    note: str = ""
