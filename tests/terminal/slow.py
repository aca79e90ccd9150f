"""A terminal at the end of a slow line."""

import time
from typing import Any

from tests.terminal.harness import Terminal

_PORTION = 128


class SlowTerminal(Terminal):
    """Reads ``bytes_per_second`` at most, from when that is set."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.bytes_per_second = float("inf")
        self._next = 0.0
        super().__init__(*arguments, **options)

    def _most(self) -> int:
        return super()._most() if self.bytes_per_second == float("inf") else _PORTION

    def _read(self, timeout: float) -> bool:
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, timeout))
            if wait > timeout:
                return True  # there may be more, but not yet
        before = len(self.received)
        found = super()._read(timeout)
        taken = len(self.received) - before
        self._next = max(self._next, time.monotonic() - 0.05) + taken / self.bytes_per_second
        return found
