"""An epoch that is run in parts, so that it can be left unfinished."""

import time
from math import inf

from nn_tui.training.keyframe import PartialEpochState
from nn_tui.training.training_loop import TrainingLoop

_EXTRA_SECONDS = 0.02
"""Seconds it may run longer to stop between two updates, where it can be saved."""


class PartialEpoch:
    """``epoch`` of a training loop at rest; ``before`` is the state it began with.

    It continues from ``saved`` if given. Raises ValueError where that does not fit.
    """

    def __init__(
        self, loop: TrainingLoop, epoch: int, saved: PartialEpochState | None = None
    ) -> None:
        self.before = loop.state.save()
        self.seconds = 0.0 if saved is None else inf
        """Seconds it has taken; unknown, inf, where it continues from ``saved``."""
        self._loop = loop
        self._walk = loop.walk(epoch)
        if saved is not None:
            if not 0 < saved.updates <= self._walk.update_count:
                raise ValueError(f"its epoch does not have {saved.updates} updates")
            loop.take_up(epoch, saved)
            self._walk.go_to(saved.updates)

    def run(self, until: float) -> None:
        """Run a part, until the end or until the clock reaches ``until``.

        It stops between two updates where the next would not finish in time, so that the run
        can be saved there, however long updates take.
        """
        began = time.perf_counter()
        self._walk.run(until, _EXTRA_SECONDS)
        self.seconds += time.perf_counter() - began

    @property
    def done(self) -> bool:
        return self._walk.done

    @property
    def updates(self) -> int | None:
        """The number of finished updates; None in the middle of one."""
        return self._walk.updates

    @property
    def saved(self) -> PartialEpochState | None:
        """A copy of its state; None before the first update and in the middle of one."""
        return self._loop.partial_epoch(self.updates) if self.updates else None

    @property
    def progress(self) -> float:
        """The finished share, 0 … 1."""
        return self._walk.progress
