"""The branches of a session: runs that share a start, and pinned results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import RunSummary, Snapshot, summarize_run


class ReplicaOutcome(NamedTuple):
    """The result of a replica, and its position as a run of its own."""

    summary: RunSummary
    position: RunPosition


class RunBranch:
    """A run, and its result at the furthest epoch it has reached in this session."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.furthest = 0
        """The last epoch it has reached."""
        self.outcome: RunSummary | None = None
        self.replicas: Sequence[ReplicaOutcome] = ()
        """The results of all its replicas, if it has several, but not very many."""
        self.continued = False
        """Whether another branch continues from its furthest epoch, by an edit made there."""

    def leave(
        self, snapshot: Snapshot, reached: int, replicas: Sequence[ReplicaOutcome] = ()
    ) -> None:
        """Record the results, if the epoch ``reached``, by one of its replicas, is the furthest."""
        if reached >= self.furthest:
            self.furthest = reached
            self.outcome = summarize_run(snapshot)
            self.replicas = replicas

    @property
    def end(self) -> RunPosition:
        """The position of its furthest epoch."""
        return RunPosition(self.run, self.furthest)


@dataclass(frozen=True, eq=False)
class PinnedRun:
    """The result of a run, kept for comparison, and the position to return to.

    ``note`` says why it was pinned, where its recipe does not distinguish it.
    """

    label: str
    outcome: RunSummary
    position: RunPosition
    note: str = ""
