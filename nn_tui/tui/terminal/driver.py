"""The terminal as it really is: slow, stalled, gone, put aside, or sending nonsense.

Textual's driver expects a terminal that takes every byte at once and stays for ever.
The private names of Textual that this leans on are listed in a test.
"""

import errno
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from nn_tui.errors import internal_error
from nn_tui.text import make_printable
from nn_tui.tui.terminal.error_hooks import hand_on_errors_of, stray_errors_to
from nn_tui.tui.terminal.escape_sequences import LARGEST_WINDOW, Kind, Piece
from nn_tui.tui.terminal.input_queue import InputQueueApp
from nn_tui.tui.terminal.input_reader import EventParser, pieces_read
from nn_tui.tui.terminal.output import NonBlockingOutput
from nn_tui.tui.terminal.signals import SignalHandler

_LEAVE = (
    "\x18"  # ends an escape sequence of which only half came through
    "\x1b[?2026l"
    + "".join(f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016))
    + "\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Switches off every mode that Textual may have switched on."""

_MOST_AHEAD = 2000
"""Events that may wait to be handled; what is typed beyond them is dropped, but for Ctrl+C."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, writing through an ``NonBlockingOutput`` and prepared for signals."""

    def __init__(self, app: "TerminalDriverApp", **options: Any) -> None:
        super().__init__(app, **options)
        stream = cast(Any, sys.__stderr__)
        self._size = self._size or self._get_terminal_size()
        self._outlet = NonBlockingOutput(stream)
        self._file = cast(Any, self._outlet)
        self._on_screen = False
        self._entry: list[str] | None = None
        self._raw: list[Any] = []
        self._sent = self._delivered = 0  # events, counted by the input thread and by the loop
        self.leaving: SignalHandler | None = None

    # The modes of the terminal

    def start_application_mode(self) -> None:
        """Take the terminal, noting how, and be ready for signals."""
        app = cast("TerminalDriverApp", self._app)
        self.leaving = SignalHandler(self.restore, app.kept, self.say)
        hand_on_errors_of(self._loop, app.stray_error)
        self._entry = []
        self._on_screen = True  # a signal may come before all modes are set
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._entry_text, self._entry = "".join(self._entry), None
        with suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back; nothing that is still queued is written."""
        self.disable_input()
        self.restore()

    def restore(self) -> None:
        """Give the terminal back as it was, as far as it takes bytes; from anywhere."""
        self._outlet.shut()
        if not self._on_screen:
            return
        self._on_screen = False
        self._outlet.write_last(_LEAVE)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def say(self, sentence: str) -> None:
        """Print a sentence, if there is one, after the terminal was given back."""
        if sentence:
            self._outlet.write_last(f"nn-tui: {make_printable(sentence)}\r\n")

    def write(self, data: str) -> None:
        """Queue ``data`` for the terminal."""
        if self._entry is not None:
            self._entry.append(data)
        super().write(data)

    # Put aside and taken up again

    def _sigtstp_application(self, *_: object) -> None:
        self.restore()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)  # does nothing where nobody could go on with it
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        if not self._on_screen:
            self._take_again()

    def _sigcont_application(self, *_: object) -> None:
        self._take_again()

    def _take_again(self) -> None:
        """Set all modes anew, as a shell may have changed them, and paint everything."""
        if not self._raw or not self._set_raw():
            return
        self._outlet.write_last("\x1b[<u" + self._entry_text)
        self._outlet.open()
        self._on_screen = True
        signal.raise_signal(signal.SIGWINCH)
        self.call_in_loop(cast("TerminalDriverApp", self._app).taken_again)

    def _set_raw(self) -> bool:
        """Whether that went well; in the background this waits for the foreground."""
        while True:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
                return True
            except termios.error as error:
                if error.args[0] != errno.EINTR:
                    return False

    # What comes from the terminal

    def _get_terminal_size(self) -> tuple[int, int]:
        """The window's size; the environment is asked only where the terminal has none."""
        size = (0, 0)
        with suppress(OSError):
            size = os.get_terminal_size(self.fileno)
        columns, rows = (
            measured or _number(os.environ.get(name, ""), usual)
            for measured, name, usual in zip(size, ("COLUMNS", "LINES"), (80, 24), strict=True)
        )
        return min(columns, LARGEST_WINDOW[0]), min(rows, LARGEST_WINDOW[1])

    def run_input_thread(self) -> None:
        """Read what is typed and pasted until input is no longer wanted or can come."""
        assert self.leaving is not None
        parser = EventParser(self._debug)
        try:
            for pieces in pieces_read(self.fileno, self.exit_event):
                self._hand_on(parser, pieces)
        except EOFError:
            self.leaving.vanished()
        except Exception as error:
            cast("TerminalDriverApp", self._app).stray_error(error)

    def _hand_on(self, parser: EventParser, pieces: list[Piece]) -> None:
        """Tell the app what came."""
        app = cast("TerminalDriverApp", self._app)
        if any(piece.kind is Kind.ANSWER for piece in pieces):
            self.call_in_loop(app.answered)
        for piece in pieces:
            room = self._room
            if piece.kind is Kind.INTERRUPT:
                app.interrupted()
                room = 1
            elif piece.kind is Kind.ANSWER or not room:
                continue
            app.key_came()
            for event in parser.events(piece, room):
                self.process_message(event)

    @property
    def _room(self) -> int:
        """How many more events may wait."""
        app = cast("TerminalDriverApp", self._app)
        return max(0, _MOST_AHEAD - (self._sent - self._delivered) - app.events_waiting)

    def send_message(self, message: Message) -> None:
        """Send what came from the terminal to the app."""
        self._sent += 1
        self.call_in_loop(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        self._delivered += 1
        self._app.post_message(message)

    def call_in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        """Have something called by the loop; from any thread. RuntimeError once it is closed."""
        self._loop.call_soon_threadsafe(call, *arguments)


class TerminalDriverApp(InputQueueApp):
    """An app that never waits for its terminal, and leaves it in order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._strayed = False

    def get_driver_class(self) -> type[Driver]:
        """One that never waits."""
        return TerminalDriver

    def key_came(self) -> None:
        """Something was typed, or done with the mouse; told by the thread that reads it."""

    def answered(self) -> None:
        """The terminal has answered what it was asked last."""

    def interrupted(self) -> None:
        """Ctrl+C came; told by the thread that reads it, ahead of all that waits."""

    def taken_again(self) -> None:
        """The terminal was put aside, and shows who knows what: paint everything."""
        self.refresh()

    def keep(self) -> str:
        """Save what must not be lost and say so in a sentence, or nothing.

        Called where a signal or an internal error ends the program, in the signal's handler:
        it must wait for nothing that may not come, and be done in half a second.
        """
        return ""

    def kept(self) -> str:
        """``keep``, and where that fails, what is lost by it."""
        try:
            return self.keep()
        except Exception as error:
            return f"what was not saved yet is lost: {error}"

    def reported(self, error: BaseException, then: str = "") -> str:
        """Write ``error`` down; returns the sentence for it, which says ``then`` what to do."""
        return internal_error(error, None, then)

    def run_to_the_end(self, mouse: bool = True) -> int:
        """Run; returns the exit code, once the terminal is as before.

        Raises the exception that ended the program, wherever in it that came from, what must
        not be lost being kept.
        """
        try:
            with stray_errors_to(self.stray_error):
                return self.run_quietly(mouse)
        except BaseException:
            if isinstance(driver := self._driver, TerminalDriver):
                driver.restore()
                driver.say(self.kept())
                if driver.leaving:
                    driver.leaving.last_words = None  # whoever catches this has them
            raise

    def stray_error(self, error: BaseException) -> None:
        """End the program because of ``error``, which nobody caught; from any thread.

        If the loop is stuck, for instance behind a thread that has just died, all that is to
        be done is done without it.
        """
        if self._strayed or self.quitting:
            return
        self._strayed = True
        if isinstance(driver := self._driver, TerminalDriver) and driver.leaving:
            with suppress(RuntimeError):  # the loop is closed
                driver.call_in_loop(self.fail, error)
            driver.leaving.last_words = lambda: self.reported(error)
            driver.leaving.within_a_second(1)

    def leave_within_a_second(self) -> None:
        """Have the program end by then, even if the terminal takes nothing any more."""
        if isinstance(driver := self._driver, TerminalDriver) and driver.leaving:
            driver.leaving.within_a_second(0)

    def action_suspend_process(self) -> None:
        """Back to the shell; with all of this job, which may be more than one process."""
        if isinstance(self._driver, TerminalDriver):
            os.killpg(0, signal.SIGTSTP)


def _number(text: str, usual: int) -> int:
    plain = text if text.isascii() and text.isdigit() and len(text) < 6 else ""
    return int(plain or 0) or usual
