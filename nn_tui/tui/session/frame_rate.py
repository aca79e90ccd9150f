"""When to draw: often enough to follow training, seldom enough to be cheap."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_LOST_SHARE = 0.07
"""Share of the time that training may lose to drawing; switching between threads costs more."""
_DRAWING_SHARE = 0.5
"""Share of one processor for drawing, where training loses nothing to it."""
_COSTLY_SHARE, _FREE_COSTLY_SHARE = 0.015, 0.2
"""Share of the time for one costly picture, and where training loses nothing to it."""
_LONGEST_SLICE = 0.15
"""Most seconds of training between two calls of ``due``."""
_LONGEST_CLAIM = 0.04
"""Seconds after which training continues although the key has changed nothing visible."""

FRAMES_PER_SECOND, FRAMES_OVER_SSH = 15, 10
"""Pictures per second that are sent at most."""
BYTES_OVER_SSH = 25_000
"""Bytes per second of pictures that nobody waits for."""


class _Allowance:
    """Seconds that may be spent now: a share of the time, saved up for one second at most."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._left = 0.0

    def pass_time(self, seconds: float, spent: float) -> None:
        """So many seconds have passed, of which so many were spent."""
        # A pause or a burst of keys counts for one second at most.
        left = self._left + self._share * seconds - spent
        self._left = max(-self._share, min(self._share, left))

    @property
    def wait(self) -> float:
        """Seconds until something may be spent."""
        return max(0.0, -self._left / self._share)


class FramePacer:
    """Decides between two slices of training whether the next frame is due.

    ``is_ready`` tells whether the terminal has taken the last frame. ``clock`` is the time,
    ``cpu_time`` that of the event loop's thread, which during training is spent on drawing.

    Where a processor is left over, drawing goes on beside training and costs it nothing. So
    drawing is charged only for the time during which training did not compute, which
    ``trained`` tells; on a busy machine that is all of its CPU time.
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
        self._trained = 0.0  # seconds of CPU time since the last call
        self._lost, self._drawing = _Allowance(_LOST_SHARE), _Allowance(_DRAWING_SHARE)

    def trained(self, cpu_seconds: float) -> None:
        """Training has computed for so many seconds of CPU time."""
        self._trained += cpu_seconds

    def due(self) -> bool:
        """Return whether to show a frame now, and if so start the wait for the next.

        A frame is not due before ``frame_seconds`` have passed, nor while drawing has
        exceeded its share of the time.
        """
        now, cpu = self._clock(), self._cpu_time()
        passed, drawn = now - self._last_call, cpu - self._cpu_at_last_call
        self._lost.pass_time(passed, min(drawn, max(0.0, passed - self._trained)))
        self._drawing.pass_time(passed, drawn)
        self._last_call, self._cpu_at_last_call, self._trained = now, cpu, 0.0
        early = now - self._last_frame < 0.9 * self.frame_seconds
        if early or self._wait or not self._is_ready():
            return False
        self._last_frame = now
        return True

    @property
    def _wait(self) -> float:
        return max(self._lost.wait, self._drawing.wait)

    @property
    def free(self) -> bool:
        """Whether training has lost less to drawing lately than it may."""
        return not self._lost.wait

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

    def due(self, free: bool = False) -> bool:
        """Whether the last drawing has used no more than its share of the time since.

        The share is larger where drawing is ``free``: training loses nothing to it.
        """
        share = _FREE_COSTLY_SHARE if free else _COSTLY_SHARE
        return self._clock() - self._drawn_at >= self._cost / share

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
