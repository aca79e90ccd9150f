"""How fast the terminal takes what is sent to it, as far as that can be told from here.

A terminal at the end of a slow line does not say so. Between it and the program there
are buffers (of a pseudo-terminal, of SSH) that take seconds to empty, and whatever is
sent meanwhile, such as what a key did, waits behind them. Two things give it away: most
terminals answer a question when they come to it, and a write that has to wait means that
the nearest buffer is full.
"""

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Any

from textual.driver import Driver

_ROOM = 13_000
"""Bytes that a pseudo-terminal holds."""
_LATE = 0.25
"""So many seconds' worth may be on the way when something more is sent."""
_WAITED = 0.05
"""A write that takes so many seconds waited for room."""
_LONG = 1.0
"""A wait of so many seconds says by itself how slow the line is …"""
_TOGETHER = 5.0
"""… and shorter ones do where so many seconds or less lie between them."""
_SLOWEST = 1000.0
_CAUTION = 0.9
_GROWTH = 1.0004
"""A line that is not full may be so much faster with every second …"""
_FORGOTTEN = 240.0
"""… and after so many without a wait it is taken for a fast one."""
_UNKNOWN = 2500.0
"""Bytes a second for pictures that nobody waits for, where nothing gives the line away."""
_PATIENCE = 2.0
"""Seconds to wait for an answer."""
_MOST_MISSES = 3


class FlowControl:
    """Told of every write and every answer, it says when to send more.

    The writes may be told from another thread than the rest: a lock keeps what it counts
    together.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._rate = inf  # bytes a second that may be sent
        self._backlog = 0.0  # bytes believed to be on the way at the time below
        self._at = 0.0
        self._burst = 0.0  # the same, if the line were a slow one
        self._waited_at = -inf
        self._full_at = -inf  # when the nearest buffer was seen to be full
        self._since_full = 0  # bytes sent since then
        self._curious = True  # whether the terminal is one that answers
        self._hushed = False
        self._asked_at = -inf
        self._misses = _MOST_MISSES  # nothing is waited for before the first answer

    @property
    def ready(self) -> bool:
        """Whether what is sent now gets there soon."""
        with self._lock:
            now = self._clock()
            if self._answers and self._asked_at > -inf:
                if self.awaits_answer:
                    return False
                self._asked_at, self._misses = -inf, self._misses + 1
            self._settle(now)
            return self._backlog <= self._rate * _LATE

    @property
    def spare(self) -> bool:
        """Whether a picture that nobody waits for may be sent; a key must not wait behind it."""
        with self._lock:
            known = self._answers or self._rate < inf
            return self.ready and (known or self._burst <= _UNKNOWN * _LATE)

    @property
    def asks(self) -> bool:
        """Whether to put a question behind the next picture."""
        return not self._hushed and (self._curious or self._answers)

    def asked(self) -> None:
        """A question went out behind everything else; one that answers is waited for."""
        self._asked_at, self._curious = self._clock(), False

    def hush(self) -> None:
        """Ask nothing until further notice: whoever gets the terminal would get the answer."""
        self._hushed = True

    def listen(self) -> None:
        """Ask again: the terminal was taken again."""
        self._hushed = False

    def answered(self) -> None:
        """An answer came: the terminal has taken everything up to the question."""
        with self._lock:
            self._asked_at, self._misses = -inf, 0
            self._backlog = 0.0

    def took(self, size: int, began: float) -> None:
        """A write of ``size`` bytes that began then has just come to its end."""
        with self._lock:
            now = self._clock()
            self._settle(now)
            self._backlog += size
            self._burst = min(self._burst + size, _ROOM)
            self._since_full += size
            waited, passed = now - began, now - self._full_at
            if waited >= _LONG:
                # A write that may block goes on when the buffer is all but empty.
                self._slow_down(now, max(_ROOM, size) / waited, size)
            elif waited > _WAITED and _LONG <= passed <= _TOGETHER:
                # Full then, full now: what went in meanwhile is what came out.
                self._slow_down(now, self._since_full / passed, _ROOM)
            elif waited > _WAITED and passed > _TOGETHER:
                self._full_at, self._since_full = now, 0

    def _slow_down(self, now: float, rate: float, backlog: float) -> None:
        self._rate, self._backlog = max(_SLOWEST, _CAUTION * rate), backlog
        self._waited_at = self._full_at = now
        self._since_full = 0

    @property
    def _answers(self) -> bool:
        return self._misses < _MOST_MISSES

    @property
    def awaits_answer(self) -> bool:
        """Whether the answer to a question may be on its way, be it the first."""
        return self._clock() - self._asked_at < _PATIENCE

    def _settle(self, now: float) -> None:
        passed, self._at = now - self._at, now
        self._burst = max(0.0, self._burst - _UNKNOWN * passed)
        if self._rate == inf:
            self._backlog = 0.0
            return
        self._backlog = max(0.0, self._backlog - self._rate * passed)
        self._rate = inf if now - self._waited_at > _FORGOTTEN else self._rate * _GROWTH**passed


class OutputMeter:
    """A text file that tells a link how each write went.

    ``expect`` is the loop's to call, ``write`` and ``flush`` the writing thread's.
    """

    def __init__(self, file: Any, link: FlowControl) -> None:
        self._file = file
        self._link = link
        self._expected = self._written = self._flushed = 0
        self._size = 0
        self._began = 0.0

    @property
    def idle(self) -> bool:
        """Whether all that is expected has been written and flushed."""
        return self._flushed == self._expected

    def expect(self) -> None:
        """One more ``write`` will come."""
        self._expected += 1

    def write(self, text: str) -> None:
        """Write, which may wait for the terminal, or keep until the next flush."""
        if not self._size:
            self._began = time.monotonic()
        self._size += len(text.encode(errors="replace"))
        self._file.write(text)
        self._written += 1

    def flush(self) -> None:
        """Flush, which may wait for the terminal."""
        self._file.flush()
        if self._size:
            self._link.took(self._size, self._began)
        self._size = 0
        self._flushed = self._written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def metered(driver: type[Driver], link: FlowControl) -> type[Driver]:
    """A driver like ``driver`` whose writes the link is told of."""

    class Watched(driver):  # type: ignore[valid-type, misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.meter: OutputMeter | None = None
            file = getattr(self, "_file", None)
            if file is not None:
                self.meter = self._file = OutputMeter(file, link)

        def write(self, data: str) -> None:
            if self.meter is not None:
                self.meter.expect()
            super().write(data)

    return Watched


def idle(driver: Driver | None) -> bool:
    """Whether the terminal has taken everything that was sent to it."""
    meter = getattr(driver, "meter", None)
    return meter is None or meter.idle
