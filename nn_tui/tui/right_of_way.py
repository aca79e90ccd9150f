"""A person's key goes before training.

Python runs one thread at a time. While the training thread computes, whatever has to be
done for a key takes twice as long, and a dozen hand-overs more. So from the moment a key
comes until the screen shows what it did, training stands aside.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

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
