"""When to draw: often enough to follow training, seldom enough to be cheap."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_DRAWING_SHARE = 0.045
"""Share of the time for drawing; switching between the threads costs some more."""
_COSTLY_SHARE = 0.015
"""Share of the time for one costly picture."""
_LONGEST_SLICE = 0.15
"""Most seconds of training between two calls of ``due``."""
_LONGEST_CLAIM = 0.04
"""Seconds after which training continues although the key has changed nothing visible."""

FRAMES_PER_SECOND, FRAMES_OVER_SSH = 15, 10
"""Pictures per second that are sent at most."""


class FramePacer:
    """Decides between two slices of training whether the next frame is due.

    ``is_ready`` tells whether the terminal has taken the last frame. ``clock`` is the time,
    ``cpu_time`` that of the event loop's thread, which during training is spent on drawing.
    """

    def __init__(
        self,
        frames_per_second: float,
        is_ready: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        cpu_time: Callable[[], float] = time.thread_time,
    ) -> None:
        self.frame_seconds = 1 / frames_per_second
        self._is_ready = is_ready
        self._clock = clock
        self._cpu_time = cpu_time
        self._last_frame = self._last_call = clock()
        self._cpu_at_last_call = cpu_time()
        self._credit = 0.0  # seconds of drawing allowed now

    def due(self) -> bool:
        """Return whether to show a frame now, and if so start the wait for the next.

        A frame is not due before ``frame_seconds`` have passed, nor while drawing has
        exceeded its share of the time.
        """
        now, cpu = self._clock(), self._cpu_time()
        earned = _DRAWING_SHARE * (now - self._last_call) - (cpu - self._cpu_at_last_call)
        # A pause or a burst of keys counts for one second at most.
        self._credit = max(-_DRAWING_SHARE, min(_DRAWING_SHARE, self._credit + earned))
        self._last_call, self._cpu_at_last_call = now, cpu
        early = now - self._last_frame < 0.9 * self.frame_seconds
        if early or self._credit < 0 or not self._is_ready():
            return False
        self._last_frame = now
        return True

    @property
    def slice_seconds(self) -> float:
        """Seconds of training until a frame can be due again."""
        return min(max(self.frame_seconds, -self._credit / _DRAWING_SHARE), _LONGEST_SLICE)


class DrawBudget:
    """Draws a costly picture less often than a cheap one."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        cpu_time: Callable[[], float] = time.thread_time,
    ) -> None:
        self._clock = clock
        self._cpu_time = cpu_time
        self._drawn_at = self._cost = 0.0

    def due(self) -> bool:
        """Whether the last drawing has used no more than its share of the time since."""
        return self._clock() - self._drawn_at >= self._cost / _COSTLY_SHARE

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Measure the cost of the drawing done in the block."""
        before = self._cpu_time()
        yield
        self._drawn_at, self._cost = self._clock(), self._cpu_time() - before


class KeyPriority:
    """Pauses training until the effect of a key is on the screen.

    Training gets at least half of the time, even while a key is held down.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.claimed = False
        self._clock = clock
        self._not_before = 0.0
        self._handled = False
        self._released = asyncio.Event()

    def claim(self) -> None:
        """A key was pressed; may be called in any thread."""
        if self._clock() >= self._not_before:
            self.claimed = True

    def key_handled(self) -> None:
        """The key reached its handler; the next frame may show its effect."""
        self._handled = self.claimed

    def frame_sent(self) -> None:
        """A frame was written to the terminal."""
        if self._handled:
            self.claimed = self._handled = False
            self._released.set()

    async def wait(self) -> None:
        """Wait until the screen shows the effect of the key, if one was pressed."""
        if not self.claimed:
            return
        start = self._clock()
        self._released.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._released.wait(), _LONGEST_CLAIM)
        self.claimed = self._handled = False
        now = self._clock()
        self._not_before = now + (now - start)
