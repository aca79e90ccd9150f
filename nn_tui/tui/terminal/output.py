"""The way of bytes to the terminal, which can be shut at any moment.

A terminal that nobody reads takes no bytes, and whoever writes to it waits for ever. So
nothing here waits longer than a tenth of a second without looking whether it still may.
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
"""Seconds after which a waiting writer looks whether the outlet was shut."""

_PATIENCE = 0.25
"""Seconds that the last words may take to be written."""


class NonBlockingOutput:
    """Takes what Textual's writer thread writes.

    Stands in for the text stream of the terminal, ``stream``. Never raises: where the
    terminal is gone, bytes are too.
    """

    def __init__(self, stream: TextIO) -> None:
        self._number = _way_to(stream.fileno())
        self._encoding = stream.encoding
        self._open = True
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """The file number that is written to."""
        return self._number

    def write(self, text: str) -> None:
        """Write everything, or up to the moment when the outlet is shut."""
        data = text.encode(self._encoding, "replace")
        while data and self._open:
            if not self._ready(_LOOK):
                continue
            with self._lock:
                data = data[self._send(data) :] if self._open else b""

    def flush(self) -> None:
        """Nothing is kept back that could be flushed."""

    def shut(self) -> None:
        """Drop whatever is written from now on; half an escape sequence may be out."""
        self._open = False

    def open(self) -> None:
        """Let what is written through again."""
        self._open = True

    def write_last(self, text: str) -> None:
        """Past the shut outlet, as much as the terminal takes in a moment.

        Where the terminal is held up, what waits on its way is dropped to make room: these
        words come first once somebody reads again. Safe in a signal's handler.
        """
        data = text.encode(self._encoding, "replace")
        until = time.monotonic() + _PATIENCE
        held = self._lock.acquire(timeout=_LOOK)
        try:
            if not self._ready(0):
                with suppress(termios.error):
                    termios.tcflush(self._number, termios.TCOFLUSH)
            while data and time.monotonic() < until:
                if self._ready(_LOOK):
                    data = data[self._send(data) :]
        finally:
            if held:
                self._lock.release()

    def _ready(self, seconds: float) -> bool:
        try:
            return bool(select.select([], [self._number], [], seconds)[1])
        except (OSError, ValueError):
            return True  # writing will tell

    def _send(self, data: bytes) -> int:
        """How many bytes need not be sent any more."""
        try:
            return os.write(self._number, data[:_CHUNK])
        except BlockingIOError:
            time.sleep(0.005)  # another process is writing
            return 0
        except OSError:
            return len(data)


def _way_to(number: int) -> int:
    """A file number of our own for the terminal that ``number`` is: one that never blocks.

    Not to block is a property of what was opened, which the shell shares with us; so the
    terminal is opened anew. Where that is not allowed, as after ``su``, writing may block.
    """
    try:
        return os.open(os.ttyname(number), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return os.dup(number)
