"""When to show what training has come to: often enough to watch, seldom enough to be cheap."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_SHARE = 0.045
"""How much of the time painting may take; handing over to it and back costs some more."""
_SHARE_OF_ONE = 0.015
"""How much of it one picture may take."""
_LONGEST = 0.15
"""Seconds of training from one time to ask whether a picture is due to the next."""


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
        self._shown_at = self._seen_at = clock()
        self._spent_before = spent()
        self._credit = 0.0  # seconds of painting that may be done now

    def due(self) -> bool:
        """Whether to show a picture now; if so, the next is due later.

        Not before a frame has passed, nor while painting has taken more than its share.
        """
        now, spent = self._clock(), self._spent()
        earned = _SHARE * (now - self._seen_at) - (spent - self._spent_before)
        # Neither a rest nor a burst of keys counts for more than a second.
        self._credit = max(-_SHARE, min(_SHARE, self._credit + earned))
        self._seen_at, self._spent_before = now, spent
        early = now - self._shown_at < 0.9 * self.frame_seconds
        if early or self._credit < 0 or not self._ready():
            return False
        self._shown_at = now
        return True

    @property
    def slice_seconds(self) -> float:
        """How long to train before a picture can be due again."""
        return min(max(self.frame_seconds, -self._credit / _SHARE), _LONGEST)


class DrawBudget:
    """Lets a costly picture be drawn less often than cheap ones."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock = clock
        self._spent = spent
        self._drawn_at = self._cost = 0.0

    def due(self) -> bool:
        """Whether drawing has taken no more than its share since the last time."""
        return self._clock() - self._drawn_at >= self._cost / _SHARE_OF_ONE

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Note what it costs to draw, which is done within."""
        before = self._spent()
        yield
        self._drawn_at, self._cost = self._clock(), self._spent() - before


_LONGEST_CLAIM = 0.04
"""Seconds that training stands aside, where a key changes nothing that could be painted."""


class KeyPriority:
    """Training asks whether it is ``claimed``, and then waits until it has ``passed``.

    Training keeps half of the time at least, even while a key is held down.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.claimed = False
        self._clock = clock
        self._not_before = 0.0
        self._in_hand = False
        self._free = asyncio.Event()

    def claim(self) -> None:
        """A key has come; called by any thread."""
        if self._clock() >= self._not_before:
            self.claimed = True

    def taken_up(self) -> None:
        """What the key is for has begun; the next picture may show it."""
        self._in_hand = self.claimed

    def painted(self) -> None:
        """A picture was sent."""
        if self._in_hand:
            self.claimed = self._in_hand = False
            self._free.set()

    async def passed(self) -> None:
        """Wait, if need be, until the screen shows what the key did."""
        if not self.claimed:
            return
        began = self._clock()
        self._free.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._free.wait(), _LONGEST_CLAIM)
        self.claimed = self._in_hand = False
        now = self._clock()
        self._not_before = now + (now - began)
