"""Exits that need neither the event loop nor a responding terminal.

A signal may arrive while the loop is blocked, while nobody reads from the terminal, or because
it is gone. Its handler restores the terminal, saves and ends the process within a second.

Ctrl+C in the terminal is no signal but a key: ``driver`` passes it on, and
``TerminalApp.interrupt_received`` decides what it does.
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
"""Seconds after which the process ends even if an exit is not complete."""


class SignalHandler:
    """Handles the signals that end the program, once constructed.

    ``restore`` restores the terminal, ``save`` saves and returns a message, ``say`` prints
    it, and then the result of ``last_words``, if set. All are called in the main thread, at
    any point of its work, and must not wait for anything that may not come.
    """

    def __init__(
        self,
        restore: Callable[[], None],
        save: Callable[[], str],
        say: Callable[[str], None],
    ) -> None:
        self._restore, self._save, self._say = restore, save, say
        self.last_words: Callable[[], str] | None = None
        self._code: int | None = None
        self._ignored = [s for s in SIGNALS if signal.getsignal(s) is signal.SIG_IGN]
        for number in SIGNALS:
            signal.signal(number, self._on_signal)

    def exit_within_a_second(self, code: int) -> None:
        """End the process with ``code`` within a second, whatever the loop is doing."""
        _thread.start_new_thread(self._force_exit, (code, _LONGEST))

    def terminal_lost(self) -> None:
        """End because the terminal is gone, even if SIGHUP is ignored; from any thread."""
        _thread.start_new_thread(self._force_exit, (128 + signal.SIGHUP, 0))

    def _force_exit(self, code: int, seconds: float) -> None:
        time.sleep(seconds)
        self._code = code
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        _end_after(_LONGEST, code)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._code is None and number in self._ignored:
            return  # ignored by ``nohup``
        for other in (*SIGNALS, signal.SIGTTOU):
            signal.signal(other, signal.SIG_IGN)
        code = 128 + number if self._code is None else self._code
        _thread.start_new_thread(_end_after, (_LONGEST, code))
        self._restore()
        self._say(self._save())
        if self.last_words is not None:
            self._say(self.last_words())
        os._exit(code)


def _end_after(seconds: float, code: int) -> None:
    time.sleep(seconds)
    os._exit(code)
