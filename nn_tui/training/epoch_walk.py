"""Going through an epoch in parts: what a walk offers, and the walk through Python calls."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nn_tui.nn.compiler import Call


class EpochWalk(Protocol):
    """The updates of one epoch and its evaluation, a part at a time."""

    update_count: int

    def run(self, until: float, extra: float) -> None:
        """Run at least something, until the clock reaches ``until`` or the end.

        It stops in the middle of an update only where that would take more than ``extra``
        seconds longer.
        """

    def go_to(self, updates: int) -> None:
        """Continue after so many updates."""

    @property
    def done(self) -> bool: ...

    @property
    def updates(self) -> int | None:
        """The number of finished updates; None in the middle of one."""

    @property
    def progress(self) -> float:
        """The finished share, 0 … 1."""


class CallWalk:
    """Makes ``calls`` one after the other; ``starts`` are the calls before each update, and
    before the evaluation."""

    def __init__(self, calls: Sequence[Call], starts: Sequence[int]) -> None:
        self.update_count = len(starts) - 1
        self._calls = calls
        self._starts, self._between = starts, frozenset(starts)
        self._position = 0
        self._update_seconds = 0.0
        """Seconds of the last update."""
        self._since_update = 0.0

    def run(self, until: float, extra: float) -> None:
        now = time.perf_counter()
        with np.errstate(all="ignore"):
            while not self.done:
                self._calls[self._position]()
                self._position += 1
                before, now = now, time.perf_counter()
                self._since_update += now - before
                if self._position not in self._between and self._position < self._starts[-1]:
                    late = now > until + extra
                else:
                    self._update_seconds, self._since_update = self._since_update, 0.0
                    late = now > until or now + self._update_seconds > until + extra
                if late:
                    break

    def go_to(self, updates: int) -> None:
        self._position = self._starts[updates]

    @property
    def done(self) -> bool:
        return self._position == len(self._calls)

    @property
    def updates(self) -> int | None:
        # The evaluation after the last update is repeated.
        position = min(self._position, self._starts[-1])
        updates = bisect_left(self._starts, position)
        return updates if self._starts[updates] == position else None

    @property
    def progress(self) -> float:
        return self._position / max(1, len(self._calls))
