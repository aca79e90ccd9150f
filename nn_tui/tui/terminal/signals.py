"""Ways out that need neither the event loop nor the terminal to answer.

A signal may come while the loop is stuck, while nobody reads the terminal, or because it
is gone. Its handler gives the terminal back, keeps what must not be lost and ends the
process, all within a second.
"""

import _thread
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""The signals that end the program."""

_LONGEST = 0.7
"""Seconds after which a way out is cut short."""


class SignalHandler:
    """Handles the signals that end the program, from the moment it is made.

    ``restore`` gives the terminal back, ``keep`` saves and returns a sentence about it
    (or nothing), ``say`` prints that; it prints ``last_words`` too, if there are any. All of
    them are called in the main thread, perhaps in the middle of anything else there, and must
    wait for nothing that may not come.
    """

    def __init__(
        self,
        restore: Callable[[], None],
        keep: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._restore, self._keep, self._say = restore, keep, say
        self.last_words: Callable[[], str] | None = None
        self._code: int | None = None
        self._ignored = [s for s in SIGNALS if signal.getsignal(s) is signal.SIG_IGN]
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def exit_within_a_second(self, code: int) -> None:
        """Have the process end with ``code`` by then, whatever the loop is doing."""
        _thread.start_new_thread(self._insist, (code, _LONGEST))

    def vanished(self) -> None:
        """End because the terminal is gone, whoever ignores the signal for it; any thread."""
        _thread.start_new_thread(self._insist, (128 + signal.SIGHUP, 0))

    def _insist(self, code: int, seconds: float) -> None:
        time.sleep(seconds)
        self._code = code
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        _end_after(_LONGEST, code)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._code is None and number in self._ignored:
            return  # as ``nohup`` wants it
        for other in (*SIGNALS, signal.SIGTTOU):
            signal.signal(other, signal.SIG_IGN)
        code = 128 + number if self._code is None else self._code
        _thread.start_new_thread(_end_after, (_LONGEST, code))
        self._restore()
        self._say(self._keep())
        if self.last_words is not None:
            self._say(self.last_words())
        os._exit(code)


def _end_after(seconds: float, code: int) -> None:
    time.sleep(seconds)
    os._exit(code)
