"""When to draw: often enough to follow training, seldom enough to be cheap."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_TIERS = ((0.05, 0.0), (0.2, 1 / 8), (0.3, 1 / 2))
"""Shares of the program's CPU time that frames may take if they are so many seconds apart."""
_COSTLY_SHARE = 0.1
"""Share of the time for one costly picture."""
_UNCHANGED = 0.25
"""Seconds after which a picture that did not change is drawn again."""
_LONGEST_SLICE = 0.15
"""Most seconds of training between two calls of ``due``."""
_MOST_CHARGED = 0.3
"""Seconds of CPU time for which one frame is charged at most, as after a burst of keys."""
_LONGEST_CLAIM = 0.04
"""Seconds after which training continues although the key has changed nothing visible."""

FRAMES_PER_SECOND, FRAMES_OVER_SSH = 15, 10
"""Pictures per second that are sent at most."""
BYTES_OVER_SSH = 25_000
"""Bytes per second of pictures that nobody waits for."""


class FramePacer:
    """Decides between two slices of training whether the next frame is due.

    ``is_ready`` tells whether the terminal has taken the last frame. ``clock`` is the time,
    ``drawing_time`` the CPU time of the event loop's thread, which during training is spent on
    drawing, and ``cpu_time`` that of the whole program.

    Cheap frames are shown at the frame rate, dearer ones less often, so that drawing takes a
    small share of what the program computes. The share is larger before less than 8 frames a
    second are shown, and larger still before less than 2 are. It is one of CPU time: on a busy
    machine drawing gets less of the time, as training does.
    """

    def __init__(
        self,
        frames_per_second: float,
        is_ready: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
        drawing_time: Callable[[], float] = time.thread_time,
        cpu_time: Callable[[], float] = time.process_time,
    ) -> None:
        self.frame_seconds = 1 / frames_per_second
        self._is_ready = is_ready
        self._clock = clock
        self._drawing_time = drawing_time
        self._cpu_time = cpu_time
        self._frame_at, self._drawn_at, self._computed_at = clock(), drawing_time(), cpu_time()

    def due(self) -> bool:
        """Return whether to show a frame now, and if so start the wait for the next."""
        if self._wait > 0 or not self._is_ready():
            return False
        self._frame_at = self._clock()
        self._drawn_at, self._computed_at = self._drawing_time(), self._cpu_time()
        return True

    @property
    def _wait(self) -> float:
        """Seconds until the next frame is due, if the program computes all the time."""
        passed = self._clock() - self._frame_at
        drawn = min(self._drawing_time() - self._drawn_at, _MOST_CHARGED)
        computed = self._cpu_time() - self._computed_at
        allowed = min(max(drawn / share - computed, apart - passed) for share, apart in _TIERS)
        return max(0.9 * self.frame_seconds - passed, allowed)

    @property
    def slice_seconds(self) -> float:
        """Seconds of training until a frame can be due again."""
        return min(max(self.frame_seconds, self._wait), _LONGEST_SLICE)


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

    def due(self, changed: bool = True) -> bool:
        """Whether the last drawing has used no more than its share of the time since.

        If it ``changed`` nothing, the next one is less urgent.
        """
        least = 0.0 if changed else _UNCHANGED
        return self._clock() - self._drawn_at >= max(least, self._cost / _COSTLY_SHARE)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Measure the cost of the drawing done in the block."""
        before = self._cpu_time()
        yield
        self._drawn_at, self._cost = self._clock(), self._cpu_time() - before


class KeyPriority:
    """Pauses training until the effect of a key is on the screen.

    Training gets at least half of the time, even while a key is held down. ``on_claim`` is called
    with each claim, in its thread.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        on_claim: Callable[[], None] = lambda: None,
    ) -> None:
        self.claimed = False
        self._clock = clock
        self._on_claim = on_claim
        self._not_before = 0.0
        self._handled = False
        self._released = asyncio.Event()

    def claim(self) -> None:
        """A key was pressed; may be called in any thread."""
        if self._clock() >= self._not_before:
            self.claimed = True
            self._on_claim()

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
