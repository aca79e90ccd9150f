"""An epoch that is run piece by piece, so that it can be left in the middle."""

import time
from bisect import bisect_left
from math import inf

import numpy as np

from nn_tui.training.keyframe import PartialEpochState
from nn_tui.training.training_loop import TrainingLoop

_TO_THE_UPDATES_END = 0.02
"""Seconds that it may run on to be left between two updates, where it can be saved."""


class PartialEpoch:
    """``epoch`` of a course at rest; ``before`` is the state it began with.

    It begins anew, or ``halfway`` where one was saved. Raises ValueError where this epoch
    never was there.
    """

    def __init__(
        self, course: TrainingLoop, epoch: int, halfway: PartialEpochState | None = None
    ) -> None:
        self.before = course.state.save()
        self.seconds = 0.0 if halfway is None else inf
        """How long it has taken; where it was begun elsewhere, who knows how long."""
        self._loop = course
        self._pieces = course.pieces(epoch)
        self._starts, self._end = frozenset(course.starts), course.starts[-1]
        self._position = 0
        self._update_seconds = 0.0
        """How long the last update took."""
        self._since_update = 0.0
        if halfway is not None:
            if not 0 < halfway.updates < len(course.starts):
                raise ValueError("its epoch has not so many updates")
            course.take_up(halfway)
            self._position = course.starts[halfway.updates]

    def run(self, until: float) -> None:
        """Go on, for a piece at least, till the end or till the clock says ``until``.

        It ends between two updates where the next would not come to its end in time, so that
        there is a moment to save after each, however long they take.
        """
        began = now = time.perf_counter()
        with np.errstate(all="ignore"):
            while not self.done:
                self._pieces[self._position]()
                self._position += 1
                before, now = now, time.perf_counter()
                self._since_update += now - before
                if self._position not in self._starts and self._position < self._end:
                    late = now > until + _TO_THE_UPDATES_END
                else:
                    self._update_seconds, self._since_update = self._since_update, 0.0
                    late = now > until or now + self._update_seconds > until + _TO_THE_UPDATES_END
                if late:
                    break
        self.seconds += now - began

    @property
    def done(self) -> bool:
        return self._position == len(self._pieces)

    @property
    def updates(self) -> int | None:
        """How many updates are done; None in the middle of one."""
        starts = self._loop.starts
        position = min(self._position, starts[-1])  # what comes after is done over
        updates = bisect_left(starts, position)
        return updates if starts[updates] == position else None

    @property
    def halfway(self) -> PartialEpochState | None:
        """How far it has come, in copies; None before the first update, or in the middle of one."""
        return self._loop.halfway(self.updates) if self.updates else None

    @property
    def progress(self) -> float:
        """How much of it is done, 0 … 1."""
        return self._position / max(1, len(self._pieces))
