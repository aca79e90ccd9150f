"""When to show what training has come to: often enough to watch, seldom enough to be cheap."""

import time
from collections.abc import Callable

_COST = 0.1
"""The share of the time that painting may take."""


class Pacer:
    """Between two slices of training it says whether the next picture is due.

    ``ready`` tells whether the terminal has taken the last one. ``clock`` is the time and
    ``spent`` how long the loop's thread has worked, which while training is painting.
    """

    def __init__(
        self,
        frames_per_second: float,
        ready: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self.frame_seconds = 1 / frames_per_second
        self._ready = ready
        self._clock = clock
        self._spent = spent
        self._shown_at = clock()
        self._spent_before = spent()

    def due(self) -> bool:
        """Whether to show a picture now; if so, the next is due later."""
        now, spent = self._clock(), self._spent()
        wait = max(self.frame_seconds, (spent - self._spent_before) / _COST)
        if now - self._shown_at < wait * 0.9 or not self._ready():
            return False
        self._shown_at, self._spent_before = now, spent
        return True
