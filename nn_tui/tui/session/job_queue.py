"""The requests to a session, carried out in the order in which they arrive.

A key press puts a job and returns at once. The worker takes one job after the other, sleeps
while there is none, and can be cancelled in a long one.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

Job = Callable[[], Any]
"""A function, or a function that returns a coroutine to be awaited."""


class JobQueue:
    """A queue for one event loop; other threads may only call what ``waker`` returns.

    ``on_wake`` is called with every job, and when the worker is woken without one.
    """

    def __init__(self) -> None:
        self.on_wake: Callable[[], None] = lambda: None
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._processed = asyncio.Event()
        self._processed.set()
        self._cancelled = threading.Event()
        self._cancellable = False

    def put(self, job: Job) -> None:
        """Append a job and wake the worker."""
        self._idle.clear()
        self._processed.clear()
        self._jobs.append(job)
        self.wake()

    @property
    def pending(self) -> bool:
        """Whether there are jobs."""
        return bool(self._jobs)

    def get(self) -> Job:
        """Remove and return the oldest job."""
        return self._jobs.popleft()

    def clear(self) -> None:
        """Drop all jobs."""
        self._jobs.clear()
        self._processed.set()
        self._idle.set()

    def mark_processed(self) -> None:
        """All jobs are carried out; training may continue."""
        self._processed.set()

    async def wait_processed(self, seconds: float) -> None:
        """Wait until all jobs are carried out, at most so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._processed.wait(), seconds)

    # Sleep

    def mark_idle(self) -> None:
        """Nothing happens until the next job arrives."""
        self._idle.set()

    async def wait_idle(self) -> None:
        """Wait for ``mark_idle``."""
        await self._idle.wait()

    def wake(self) -> None:
        """End the worker's sleep, and what it does between two looks at the jobs."""
        self._wake.set()
        self.on_wake()

    def waker(self) -> Callable[[], None]:
        """``wake`` for any thread; does nothing once the running loop is closed."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wake.set)

        return wake

    def clear_wake(self) -> None:
        """Let the next sleep last until something new happens."""
        self._wake.clear()

    async def sleep(self, seconds: float | None) -> bool:
        """Sleep so long, or without limit; returns False if something ended it early."""
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return True
        return False

    # Long jobs

    @contextmanager
    def cancellable(self) -> Iterator[Callable[[], bool]]:
        """Let ``cancel`` reach a job that calls the function yielded now and then."""
        self._cancellable = True
        self._cancelled.clear()
        try:
            yield self._cancelled.is_set
        finally:
            self._cancellable = False

    def cancel(self) -> bool:
        """Cancel the job at work; returns whether it is a cancellable one."""
        self._cancelled.set()
        return self._cancellable
