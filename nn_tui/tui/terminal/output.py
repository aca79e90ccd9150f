"""Non-blocking output to the terminal, which can be shut at any moment.

If nobody reads from a terminal, a write to it blocks forever. So nothing here waits longer than
0.1 s without checking whether the output was shut.
"""

import os
import select
import termios
import threading
import time
from contextlib import suppress
from typing import TextIO

_CHUNK = 4096
_LOOK = 0.1
"""Seconds between a waiting writer's checks whether the output was shut."""

_PATIENCE = 0.25
"""Seconds that the last message may take."""


class NonBlockingOutput:
    """Replaces the terminal's text ``stream`` for Textual's writer thread.

    Never raises: if the terminal is gone, output is dropped.
    """

    def __init__(self, stream: TextIO) -> None:
        self._fd = _reopened(stream.fileno())
        self._encoding = stream.encoding
        self._open = True
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """The file descriptor of the terminal."""
        return self._fd

    def write(self, text: str) -> None:
        """Write everything, or until the output is shut."""
        data = text.encode(self._encoding, "replace")
        while data and self._open:
            if not self._ready(_LOOK):
                continue
            with self._lock:
                data = data[self._send(data) :] if self._open else b""

    def flush(self) -> None:
        """Do nothing: nothing is buffered."""

    def shut(self) -> None:
        """Drop all further output; an escape sequence may be cut in half."""
        self._open = False

    def open(self) -> None:
        """Accept output again."""
        self._open = True

    def write_last(self, text: str) -> None:
        """Write although shut, as much as the terminal takes within 0.25 s.

        If the terminal is blocked, its pending output is dropped, so that ``text`` comes first
        once it is read again. Safe in a signal handler.
        """
        data = text.encode(self._encoding, "replace")
        until = time.monotonic() + _PATIENCE
        held = self._lock.acquire(timeout=_LOOK)
        try:
            if not self._ready(0):
                with suppress(termios.error):
                    termios.tcflush(self._fd, termios.TCOFLUSH)
            while data and time.monotonic() < until:
                if self._ready(_LOOK):
                    data = data[self._send(data) :]
        finally:
            if held:
                self._lock.release()

    def _ready(self, seconds: float) -> bool:
        try:
            return bool(select.select([], [self._fd], [], seconds)[1])
        except (OSError, ValueError):
            return True  # the write will fail

    def _send(self, data: bytes) -> int:
        """Send a chunk; return the number of bytes that are done."""
        try:
            return os.write(self._fd, data[:_CHUNK])
        except BlockingIOError:
            time.sleep(0.005)  # another process is writing
            return 0
        except OSError:
            return len(data)


def _reopened(number: int) -> int:
    """Open the terminal of file descriptor ``number`` again, non-blocking.

    O_NONBLOCK belongs to the open file, which the shell shares; so the terminal is opened
    again. If that is not allowed, as after ``su``, writes may block.
    """
    try:
        return os.open(os.ttyname(number), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return os.dup(number)
