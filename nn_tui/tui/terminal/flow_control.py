"""Flow control: an estimate of how fast the terminal takes output, and of what is in flight.

A slow connection cannot be detected directly. Buffers between program and terminal (of a
pseudo-terminal, of SSH) may take seconds to empty, and anything sent meanwhile, such as the
effect of a key, waits behind them. There are two signs: most terminals answer a status
request when they reach it, and a write that blocks means that the nearest buffer is full.

While the terminal is not ``ready``, ``painter`` holds a frame back; while it has nothing to
``spare``, ``session/frame_rate`` makes none.
"""

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Any

from textual.driver import Driver

_ROOM = 13_000
"""Bytes in the buffer of a pseudo-terminal."""
_LATE = 0.25
"""Seconds of output that may be in flight when more is sent."""
_WAITED = 0.05
"""Seconds from which on a write counts as blocked."""
_LONG = 1.0
"""A block of so many seconds suffices to estimate the rate …"""
_TOGETHER = 5.0
"""… shorter ones do if at most so many seconds lie between them."""
_SLOWEST = 1000.0
_CAUTION = 0.9
_GROWTH = 1.0004
"""Factor per second by which the estimated rate grows without a block …"""
_FORGOTTEN = 240.0
"""… and seconds without a block after which it is unlimited again."""
_UNKNOWN = 2500.0
"""Bytes per second for frames that nobody waits for, while the rate is unknown."""
_REMEMBERED = 2.0
"""Seconds of output that a burst, such as a dialog, keeps frames back at most."""
_PATIENCE = 2.0
"""Seconds to wait for an answer."""
_MOST_MISSES = 3


class FlowControl:
    """Is notified of every write and every answer, and decides when to send more.

    Writes may be reported from another thread: a lock protects the counters.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._rate = inf  # bytes per second
        self._backlog = 0.0  # estimated bytes in flight at the time below
        self._at = 0.0
        self._burst = 0.0  # the same for a slow connection
        self._waited_at = -inf
        self._full_at = -inf  # when the nearest buffer was last full
        self._since_full = 0  # bytes sent since then
        self.limit = inf
        """Bytes per second of frames that nobody waits for; what a key shows comes first."""
        self._over = 0.0  # bytes sent beyond the limit
        self._curious = True  # whether the terminal may be one that answers
        self._paused = False
        self._asked_at = -inf
        self._misses = _MOST_MISSES  # no waiting before the first answer

    @property
    def ready(self) -> bool:
        """Whether output sent now arrives soon."""
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
        """Whether a frame that nobody waits for may be sent without delaying the next key."""
        with self._lock:
            known = self._answers or self._rate < inf
            return self.ready and self._over <= 0 and (known or self._burst <= _UNKNOWN * _LATE)

    @property
    def asks(self) -> bool:
        """Whether to add a status request to the next frame."""
        return not self._paused and (self._curious or self._answers)

    def asked(self) -> None:
        """A status request was sent after all other output."""
        self._asked_at, self._curious = self._clock(), False

    def pause_requests(self) -> None:
        """Send no status requests: another program would receive the answer."""
        self._paused = True

    def resume_requests(self) -> None:
        """Send status requests again, after the program was resumed."""
        self._paused = False

    def answered(self) -> None:
        """An answer arrived: the terminal has taken everything up to the request."""
        with self._lock:
            self._asked_at, self._misses = -inf, 0
            self._backlog = 0.0

    def took(self, size: int, began: float) -> None:
        """A write of ``size`` bytes, started at time ``began``, has just ended."""
        with self._lock:
            now = self._clock()
            self._settle(now)
            self._backlog += size
            self._burst = min(self._burst + size, _ROOM)
            if self.limit < inf:
                self._over = min(self._over + size, self.limit * _REMEMBERED)
            self._since_full += size
            waited, passed = now - began, now - self._full_at
            if waited >= _LONG:
                # A blocked write continues when the buffer is almost empty.
                self._slow_down(now, max(_ROOM, size) / waited, size)
            elif waited > _WAITED and _LONG <= passed <= _TOGETHER:
                # Full then, full now: as much was taken as was sent.
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
        """Whether an answer may be in flight."""
        return self._clock() - self._asked_at < _PATIENCE

    def _settle(self, now: float) -> None:
        passed, self._at = now - self._at, now
        self._burst = max(0.0, self._burst - _UNKNOWN * passed)
        self._over = max(0.0, self._over - self.limit * passed) if self._over else 0.0
        if self._rate == inf:
            self._backlog = 0.0
            return
        self._backlog = max(0.0, self._backlog - self._rate * passed)
        self._rate = inf if now - self._waited_at > _FORGOTTEN else self._rate * _GROWTH**passed


class OutputMeter:
    """A text file that reports each write to the flow control.

    ``expect`` is called by the event loop, ``write`` and ``flush`` by the writer thread.
    """

    def __init__(self, file: Any, flow: FlowControl) -> None:
        self._file = file
        self._flow = flow
        self._expected = self._written = self._flushed = 0
        self._size = 0
        self._began = 0.0

    @property
    def idle(self) -> bool:
        """Whether all expected output is written and flushed."""
        return self._flushed == self._expected

    def expect(self) -> None:
        """One more ``write`` follows."""
        self._expected += 1

    def write(self, text: str) -> None:
        """Write; may block, or buffer until the next flush."""
        if not self._size:
            self._began = time.monotonic()
        self._size += len(text.encode(errors="replace"))
        self._file.write(text)
        self._written += 1

    def flush(self) -> None:
        """Flush; may block."""
        self._file.flush()
        if self._size:
            self._flow.took(self._size, self._began)
        self._size = 0
        self._flushed = self._written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def metered(driver: type[Driver], flow: FlowControl) -> type[Driver]:
    """Return a subclass of ``driver`` that reports its writes to ``flow``."""

    class MeteredDriver(driver):  # type: ignore[valid-type, misc]
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.meter: OutputMeter | None = None
            file = getattr(self, "_file", None)
            if file is not None:
                self.meter = self._file = OutputMeter(file, flow)

        def write(self, data: str) -> None:
            if self.meter is not None:
                self.meter.expect()
            super().write(data)

    return MeteredDriver


def idle(driver: Driver | None) -> bool:
    """Whether all output was written."""
    meter = getattr(driver, "meter", None)
    return meter is None or meter.idle
