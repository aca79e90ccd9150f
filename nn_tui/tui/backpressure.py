"""How much of what was sent the terminal has yet to take.

Textual hands what it sends to a thread and never asks how far that has come. Here the
file that the thread writes to is watched. The file's name is private to Textual's
drivers; a driver that has no such file, as on Windows, is taken to be always ready.
"""

import time
from typing import Any

from textual.driver import Driver

from nn_tui.tui.terminal.flow_control import FlowControl


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
