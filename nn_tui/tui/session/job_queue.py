"""What the worker was asked to do, in the order in which it was asked.

A key asks and has done with it; the worker takes one job after the other, rests while there
is none, and can be stopped in one that takes long.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Job = Callable[[], Any]
"""Does something at once, or returns the coroutine that does it."""


class JobQueue:
    """Asked for and taken in one event loop; only ``waker`` gives other threads a say."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._caught_up = asyncio.Event()
        self._caught_up.set()
        self._stop = threading.Event()
        self._stoppable = False

    def ask(self, job: Job) -> None:
        """Have something done after all that was asked for before."""
        self._idle.clear()
        self._caught_up.clear()
        self._waiting.append(job)
        self._wake.set()

    @property
    def waiting(self) -> bool:
        """Whether there is something to do."""
        return bool(self._waiting)

    def take(self) -> Job:
        """What is to be done next."""
        return self._waiting.popleft()

    def drop(self) -> None:
        """Forget what was asked for."""
        self._waiting.clear()
        self._caught_up.set()
        self._idle.set()

    def caught_up(self) -> None:
        """All that was asked for is done; training may be under way."""
        self._caught_up.set()

    async def carried_out(self, seconds: float) -> None:
        """Wait until all that was asked for is done, or so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._caught_up.wait(), seconds)

    # Rest

    def done(self) -> None:
        """Nothing is under way any more, nor will be before something is asked for."""
        self._idle.set()

    async def settled(self) -> None:
        """Wait until all is ``done``."""
        await self._idle.wait()

    def wake(self) -> None:
        """End the worker's rest, though nothing was asked for."""
        self._wake.set()

    def waker(self) -> Callable[[], None]:
        """What wakes it from any thread; nothing happens once the running loop is closed."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wake.set)

        return wake

    def awake(self) -> None:
        """All that woke it is seen to now; the next rest is for what comes from here on."""
        self._wake.clear()

    async def undisturbed(self, seconds: float | None) -> bool:
        """Wait, without a time for ever; whether nothing was asked for in all of it."""
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return True
        return False

    # What takes long

    @contextmanager
    def stoppable(self) -> Iterator[Callable[[], bool]]:
        """For a job that looks from time to time whether it was told to stop."""
        self._stoppable = True
        self._stop.clear()
        try:
            yield self._stop.is_set
        finally:
            self._stoppable = False

    def stop(self) -> bool:
        """Stop what takes long; says whether there was something."""
        self._stop.set()
        return self._stoppable
