"""A result that takes long, computed step by step in a thread while the screen goes on."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Iterator
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

_POLL_SECONDS, _POLLS = 0.02, 4
"""Seconds between two looks at whether a key is being handled, and how many there are at most:
a key that changes nothing visible has no end."""


class Refinement(Generic[Result]):
    """The latest ``result`` of ``key``, and whether it is ``complete``.

    ``start`` runs a coroutine, ``show`` is called after each step, and steps wait a little while
    ``busy``: a key that is pressed waits for one step at most. All calls are made on the event
    loop; the steps run in threads, one at a time, and must not share arrays with others.
    """

    def __init__(
        self,
        start: Callable[[Coroutine[Any, Any, None]], object],
        show: Callable[[], None],
        busy: Callable[[], bool],
    ) -> None:
        self.key: Hashable = None
        self.result: Result | None = None
        self.complete = False
        self._start, self._show, self._busy = start, show, busy
        self._wanted: Hashable = None
        self._make: Callable[[], Iterator[Result]] = lambda: iter(())
        self._working = False

    def want(self, key: Hashable, make: Callable[[], Iterator[Result]]) -> None:
        """Compute the steps of ``make`` for ``key``, instead of those for another key.

        Nothing is done if ``key`` is the one wanted last.
        """
        if key == self._wanted:
            return
        self._wanted, self._make = key, make
        if not self._working:
            self._working = True
            self._start(self._work())

    def keep(self, key: Hashable, result: Result) -> None:
        """Have ``result`` as the complete one for ``key``, computed elsewhere."""
        self._wanted = self.key = key
        self.result, self.complete = result, True

    def cancel(self) -> None:
        """Compute nothing after the current step; the result stays."""
        if self._wanted is not None and not (self.complete and self.key == self._wanted):
            self._wanted = None

    def drop(self) -> None:
        """Forget the result, and compute nothing after the current step."""
        self._wanted = self.key = self.result = None
        self.complete = False

    async def _work(self) -> None:
        try:
            while self._wanted is not None and not (self.complete and self.key == self._wanted):
                await self._take_steps(self._wanted, self._make())
        finally:
            self._working = False

    async def _take_steps(self, key: Hashable, steps: Iterator[Result]) -> None:
        """Take the steps one after the other, as long as ``key`` is wanted."""
        while self._wanted == key:
            for _ in range(_POLLS):
                if not self._busy():
                    break
                await asyncio.sleep(_POLL_SECONDS)
            result = await asyncio.to_thread(next, steps, None)
            if self._wanted != key:
                return
            if result is not None or self.key != key:
                self.key, self.result = key, result
            self.complete = result is None
            self._show()
            if result is None:
                return
