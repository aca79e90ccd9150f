"""Signals that stop a command: the first one lets it write what it has."""

import signal
from types import FrameType, TracebackType
from typing import Any

_HANDLED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Context manager that records the first signal; a second one ends the process at once.

    ``signal`` is the recorded signal, or None. Signals that are already ignored, as under
    ``nohup``, stay ignored.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "StopRequest":
        for number in _HANDLED_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._record)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _record(self, number: int, frame: FrameType | None) -> None:
        self.signal = signal.Signals(number)
        for other in self._before:
            signal.signal(other, signal.SIG_DFL)
