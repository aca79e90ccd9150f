"""The driver for real terminals: slow, stalled, disconnected, suspended, or sending garbage.

Textual's driver expects a terminal that takes every byte at once and never goes away.
A test lists the private names of Textual that this depends on.
"""

import errno
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, cast

from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from nn_tui.text import make_printable
from nn_tui.tui.terminal.error_hooks import pass_on_loop_errors
from nn_tui.tui.terminal.escape_sequences import LARGEST_WINDOW, Kind, Piece
from nn_tui.tui.terminal.input_reader import EventParser, pieces_read
from nn_tui.tui.terminal.output import NonBlockingOutput
from nn_tui.tui.terminal.signals import SignalHandler

_RESET_MODES = (
    "\x18"  # ends an incomplete escape sequence
    "\x1b[?2026l"
    + "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016))
    + "\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Switches off every mode that Textual may have switched on."""

_MOST_AHEAD = 2000
"""Events that may wait; whatever is typed beyond them is dropped, except Ctrl+C."""


class DriverApp(Protocol):
    """What the driver needs of the app."""

    @property
    def events_waiting(self) -> int: ...
    def key_received(self) -> None: ...
    def interrupt_received(self) -> None: ...
    def terminal_answered(self) -> None: ...
    def terminal_resumed(self) -> None: ...
    def save_before_exit(self) -> str: ...
    def stray_error(self, error: BaseException) -> None: ...


class TerminalDriver(LinuxDriver):
    """Textual's driver, writing through a ``NonBlockingOutput`` and handling signals."""

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        stream = cast(Any, sys.__stderr__)
        self._size = self._size or self._get_terminal_size()
        self._output = NonBlockingOutput(stream)
        self._file = cast(Any, self._output)
        self._on_screen = False
        self._entry: list[str] | None = None
        self._raw: list[Any] = []
        self._sent = self._delivered = 0  # events, counted by the input thread and the loop
        self.signals: SignalHandler | None = None

    @property
    def _listener(self) -> DriverApp:
        return cast(DriverApp, self._app)

    # The modes of the terminal

    def start_application_mode(self) -> None:
        """Set the terminal's modes and install the signal handlers."""
        app = self._listener
        self.signals = SignalHandler(self.restore, app.save_before_exit, self.say)
        pass_on_loop_errors(self._loop, app.stray_error)
        self._entry = []
        self._on_screen = True  # a signal may arrive before all modes are set
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._entry_text, self._entry = "".join(self._entry), None
        with suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Restore the terminal; queued output is dropped."""
        self.disable_input()
        self.restore()

    def restore(self) -> None:
        """Restore the terminal's modes, as far as it takes bytes; from any thread or signal."""
        self._output.shut()
        if not self._on_screen:
            return
        self._on_screen = False
        self._output.write_last(_RESET_MODES)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def say(self, sentence: str) -> None:
        """Print a message, if not empty, after the terminal was restored."""
        if sentence:
            self._output.write_last(f"nn-tui: {make_printable(sentence)}\r\n")

    def write(self, data: str) -> None:
        """Queue ``data`` for the terminal."""
        if self._entry is not None:
            self._entry.append(data)
        super().write(data)

    # Suspending

    def _sigtstp_application(self, *_: object) -> None:
        self.restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)  # does nothing where no shell could resume it
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        if not self._on_screen:
            self._resume()

    def _sigcont_application(self, *_: object) -> None:
        self._resume()

    def _resume(self) -> None:
        """Set all modes again, as a shell may have changed them, and repaint."""
        if not self._raw or not self._set_raw():
            return
        self._output.write_last("\x1b[<u" + self._entry_text)
        self._output.open()
        self._on_screen = True
        signal.raise_signal(signal.SIGWINCH)
        self.call_in_loop(self._listener.terminal_resumed)

    def _set_raw(self) -> bool:
        """Set raw mode; return whether that worked. A background job waits for the foreground."""
        while True:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
                return True
            except termios.error as error:
                if error.args[0] != errno.EINTR:
                    return False

    # Input

    def _get_terminal_size(self) -> tuple[int, int]:
        """Window columns and rows; from the environment if the terminal does not know them."""
        size = (0, 0)
        with suppress(OSError):
            size = os.get_terminal_size(self.fileno)
        columns, rows = (
            measured or _number(os.environ.get(name, ""), usual)
            for measured, name, usual in zip(size, ("COLUMNS", "LINES"), (80, 24), strict=True)
        )
        return min(columns, LARGEST_WINDOW[0]), min(rows, LARGEST_WINDOW[1])

    def run_input_thread(self) -> None:
        """Read input until it is no longer wanted or the terminal is gone."""
        assert self.signals is not None
        parser = EventParser(self._debug)
        try:
            for pieces in pieces_read(self.fileno, self.exit_event):
                self._send_events(parser, pieces)
        except EOFError:
            self.signals.terminal_lost()
        except Exception as error:
            self._listener.stray_error(error)

    def _send_events(self, parser: EventParser, pieces: list[Piece]) -> None:
        """Send the events of ``pieces`` to the app."""
        app = self._listener
        if any(piece.kind is Kind.ANSWER for piece in pieces):
            self.call_in_loop(app.terminal_answered)
        for piece in pieces:
            room = self._room
            if piece.kind is Kind.INTERRUPT:
                app.interrupt_received()
                room = 1
            elif piece.kind is Kind.ANSWER or not room:
                continue
            app.key_received()
            for event in parser.events(piece, room):
                self.process_message(event)

    @property
    def _room(self) -> int:
        """The number of further events that may wait."""
        app = self._listener
        return max(0, _MOST_AHEAD - (self._sent - self._delivered) - app.events_waiting)

    def send_message(self, message: Message) -> None:
        """Send an event of the terminal to the app."""
        self._sent += 1
        self.call_in_loop(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        self._delivered += 1
        self._app.post_message(message)

    def call_in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        """Schedule a call in the event loop; from any thread. RuntimeError if it is closed."""
        self._loop.call_soon_threadsafe(call, *arguments)


def _number(text: str, usual: int) -> int:
    plain = text if text.isascii() and text.isdigit() and len(text) < 6 else ""
    return int(plain or 0) or usual
