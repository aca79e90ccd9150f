"""An epoch that is run in pieces, so that it can be left unfinished."""

import time
from bisect import bisect_left
from math import inf

import numpy as np

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
        self._pieces = loop.pieces(epoch)
        self._starts, self._end = frozenset(loop.starts), loop.starts[-1]
        self._position = 0
        self._update_seconds = 0.0
        """Seconds of the last update."""
        self._since_update = 0.0
        if saved is not None:
            if not 0 < saved.updates < len(loop.starts):
                raise ValueError(f"its epoch does not have {saved.updates} updates")
            loop.take_up(saved)
            self._position = loop.starts[saved.updates]

    def run(self, until: float) -> None:
        """Run at least one piece, until the end or until the clock reaches ``until``.

        It stops between two updates where the next would not finish in time, so that the run
        can be saved there, however long updates take.
        """
        began = now = time.perf_counter()
        with np.errstate(all="ignore"):
            while not self.done:
                self._pieces[self._position]()
                self._position += 1
                before, now = now, time.perf_counter()
                self._since_update += now - before
                if self._position not in self._starts and self._position < self._end:
                    late = now > until + _EXTRA_SECONDS
                else:
                    self._update_seconds, self._since_update = self._since_update, 0.0
                    late = now > until or now + self._update_seconds > until + _EXTRA_SECONDS
                if late:
                    break
        self.seconds += now - began

    @property
    def done(self) -> bool:
        return self._position == len(self._pieces)

    @property
    def updates(self) -> int | None:
        """The number of finished updates; None in the middle of one."""
        starts = self._loop.starts
        position = min(
            self._position, starts[-1]
        )  # the evaluation after the last update is repeated
        updates = bisect_left(starts, position)
        return updates if starts[updates] == position else None

    @property
    def saved(self) -> PartialEpochState | None:
        """A copy of its state; None before the first update and in the middle of one."""
        return self._loop.partial_epoch(self.updates) if self.updates else None

    @property
    def progress(self) -> float:
        """The finished share, 0 … 1."""
        return self._position / max(1, len(self._pieces))
