"""A terminal in the test's hands: the program on a real pty, pyte for eyes.

It can be slow (``bytes_a_second``), stall (``stall``) and vanish (``hang_up``).

Every wait is for something to appear, with a limit so generous that only a program that
hangs reaches it; a failing wait shows what the screen showed.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyte

from tests.forked import PROGRAM, start_program

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0

KEYS = {
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "space": " ",
    "ctrl+c": "\x03",
    "ctrl+p": "\x10",
    "ctrl+s": "\x13",
    "ctrl+z": "\x1a",
}

MODES = {
    1000: "mouse clicks",
    1002: "mouse drags",
    1003: "mouse moves",
    1004: "focus",
    1006: "mouse in SGR",
    1015: "mouse in urxvt",
    1049: "alternate screen",
    2004: "bracketed paste",
    2026: "synchronised output",
    2048: "resizes in band",
}
"""Private modes that are off in a shell's terminal; a cursor (25) and wrap (7) are on."""

# pyte prints what it does not know: the keyboard protocol's push, set and pop.
_KITTY = re.compile(rb"\x1b\[([<>=])[\d;]*u")
_PRIVATE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_UNFINISHED = re.compile(rb"\x1b(\[[<>=?]?[\d;]*\$?)?\Z")

# A picture is shown once it is there from beginning to end, to who can do that and says so.
_CAN_IT = b"\x1b[?2026$p"
_IT_CAN = "\x1b[?2026;2$y"
_BEGINS, _ENDS = b"\x1b[?2026h", b"\x1b[?2026l"

_PORTION = 128
"""Bytes that a slow line brings at once."""

Wanted = str | Callable[["Terminal"], Any]


def clean_environment() -> dict[str, str]:
    """The surroundings, without what would change how a program draws."""
    unwanted = ("NO_COLOR", "TMUX", "COLUMNS", "LINES", "COLORTERM")
    prefixes = ("SSH_", "TEXTUAL", "KITTY", "LC_")
    return {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith(prefixes)
    } | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class Terminal:
    """``python -m nn_tui`` (or another ``command``) on a pty of ``columns`` x ``rows``."""

    def __init__(
        self,
        columns: int,
        rows: int,
        words: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        command: Sequence[str] = PROGRAM,
        cwd: Path | None = None,
        controlling: bool = True,
        answering: bool = True,
    ) -> None:
        self.received = bytearray()
        self.bytes_a_second = 0
        self._next = 0.0
        """How fast the terminal takes what the program writes; 0 is at once."""
        self.seconds_to_end = 0.0
        """How long the program's end was waited for."""
        self._rest = b""
        self._texts: dict[int, str] = {}
        self._screen = pyte.Screen(columns, rows)
        self._answering = answering  # as real ones do
        if answering:
            self._screen.write_process_input = self._answer
        self._stream = pyte.ByteStream(self._screen)
        self._ours, self._theirs = pty.openpty()
        self._set_size(columns, rows)
        self._settings = termios.tcgetattr(self._theirs)
        self.process = start_program(
            words, cwd, {**clean_environment(), **(env or {})}, self._theirs, controlling, command
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Typing

    def type(self, text: str) -> None:
        """Send text as it is."""
        self.type_bytes(text.encode())

    def type_bytes(self, data: bytes) -> None:
        """Send bytes, which need not be text."""
        while data:
            _, writable, _ = select.select([], [self._ours], [], 1)
            if writable:
                data = data[os.write(self._ours, data[:4096]) :]
            self._read(0)

    def press(self, *names: str) -> None:
        """Press keys by name; a single character is its own name.

        Wait for what escape does before the next key: together they would be alt and that key.
        """
        for name in names:
            self.type(KEYS.get(name, name))

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size; the program gets its signal."""
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def spoil(self) -> None:
        """Wipe the window and tell the program of its size, as after a change of it."""
        self._screen.erase_in_display(2)
        self.send_signal(signal.SIGWINCH)

    # Trouble

    def stall(self) -> None:
        """Read no more, and wait until the program's writing is held up."""
        waiting = -1
        until = time.monotonic() + PATIENCE
        while waiting != (waiting := self._unread()) or not waiting:
            assert time.monotonic() < until, "the program writes nothing that could be held up"
            time.sleep(0.3)

    def hang_up(self) -> None:
        """Vanish; the program gets SIGHUP if this is its controlling terminal."""
        os.close(self._theirs)
        os.close(self._ours)
        self._ours = self._theirs = -1

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    # Looking

    @property
    def lines(self) -> list[str]:
        """The screen as text, a line each."""
        screen = self._screen
        for number in screen.dirty:
            line = screen.buffer[number]
            text = "".join([line[column].data for column in range(screen.columns)])
            self._texts[number] = text  # the cell behind a wide character is empty
        screen.dirty.clear()
        return [self._texts[number] for number in range(screen.lines)]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int, bool]:
        """Column, row, and whether it shows."""
        cursor = self._screen.cursor
        return cursor.x, cursor.y, not cursor.hidden

    def colours(self, line: int) -> list[tuple[str, str]]:
        """Ink and paper of every cell of a line."""
        row = self._screen.buffer[line]
        return [(row[x].fg, row[x].bg) for x in range(self._screen.columns)]

    def pane(self, title: str) -> list[str]:
        """The lines inside the frame with that title; none if it is not on the screen."""
        return framed(self.lines, title) or framed(self.lines, _SHORT_TITLES.get(title, title))

    def panes(self) -> set[str]:
        """The titles of all panes on the screen."""
        return {t for t in PANE_TITLES if self.pane(t)}

    def find(self, pattern: str) -> str:
        """The first group of a regular expression on the screen, or an empty text."""
        found = re.search(pattern, self.text)
        return found.group(1) if found else ""

    @property
    def epoch(self) -> int:
        """The epoch that the status line tells, or -1."""
        found = self.find(r"epoch ([\d,]+)")
        return int(found.replace(",", "")) if found else -1

    # Modes

    @property
    def modes_on(self) -> set[str]:
        """The terminal modes that are not as a shell expects them."""
        state = dict.fromkeys(MODES, False) | {25: True, 7: True}
        for found in _PRIVATE.finditer(bytes(self.received)):
            for number in found[1].split(b";"):
                state[int(number)] = found[2] == b"h"
        on = {MODES.get(number, str(number)) for number, set_ in state.items() if set_}
        on = on - {"25", "7"} | ({"cursor hidden"} if not state[25] else set())
        on |= {"no wrapping"} if not state[7] else set()
        pushed = 0
        for found in _KITTY.finditer(bytes(self.received)):
            pushed += {b">": 1, b"<": -1, b"=": 0}[found[1]]
        return on | ({"keyboard protocol"} if pushed > 0 else set())

    @property
    def settings_changed(self) -> bool:
        """Whether echo, line mode and the like differ from before the program."""
        return termios.tcgetattr(self._theirs) != self._settings

    @property
    def after_leaving(self) -> str:
        """What was printed after the alternate screen was left, without escapes."""
        tail = bytes(self.received).rpartition(b"\x1b[?1049l")[2]
        return re.sub(rb"\x1b\[[<>=?]?[\d;]*[A-Za-z]|\x1b[78=>]", b"", tail).decode().strip()

    # Waiting

    def wait_for(self, wanted: Wanted, timeout: float = PATIENCE) -> None:
        """Read until a text is on the screen, or a function of the terminal is true."""
        until = time.monotonic() + timeout
        while not self._met(wanted):
            ended = self.process.poll() is not None
            if not self._read(0.05) and ended:
                raise AssertionError(self._complaint(wanted, "the program ended"))
            if time.monotonic() > until:
                raise AssertionError(self._complaint(wanted, f"nothing in {timeout:g} s"))

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> None:
        """Read until a text is on the screen no more."""
        self.wait_for(lambda terminal: text not in terminal.text, timeout)

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """Read until the program has ended; its exit code."""
        began = time.monotonic()
        while self.process.poll() is None:
            self._read(0.01)
            if time.monotonic() > began + timeout:
                raise AssertionError(self._complaint("the end", f"it runs on after {timeout:g} s"))
        self.seconds_to_end = time.monotonic() - began
        self.read_on()
        return self.process.returncode

    def wait_end(self, timeout: float = PATIENCE) -> int:
        """Wait until the program has ended, reading nothing meanwhile; its exit code."""
        began = time.monotonic()
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it runs on after {timeout:g} s") from None
        finally:
            self.seconds_to_end = time.monotonic() - began

    def look_for(self, seconds: float) -> None:
        """Read whatever comes for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._read(left)

    def read_on(self) -> None:
        """Read what was written while nobody read."""
        while self._read(0):
            pass

    def close(self) -> None:
        """End the program, if need be, and give the pty back."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in (self._ours, self._theirs):
            with suppress(OSError):
                os.close(end)

    # Inside

    def _met(self, wanted: Wanted) -> bool:
        return wanted in self.text if isinstance(wanted, str) else bool(wanted(self))

    def _complaint(self, wanted: Wanted, why: str) -> str:
        name = repr(wanted) if isinstance(wanted, str) else getattr(wanted, "__name__", "it")
        screen = "\n".join(line.rstrip() for line in self.lines).rstrip()
        return f"waiting for {name}: {why}. The screen:\n{screen}"

    def _answer(self, text: str) -> None:
        with suppress(OSError):  # nobody is there any more
            os.write(self._ours, text.encode())

    def _unread(self) -> int:
        """How many bytes the program has written and nobody has read."""
        count = fcntl.ioctl(self._ours, termios.FIONREAD, b"\0" * 4)
        return int(struct.unpack("i", count)[0])

    def _read(self, timeout: float) -> bool:
        wait = self._next - time.monotonic()
        if wait > 0:
            time.sleep(min(wait, timeout))
            if wait > timeout:
                return True  # there may be more, but not yet
        readable, _, _ = select.select([self._ours], [], [], timeout)
        if not readable:
            return False
        try:
            data = os.read(self._ours, _PORTION if self.bytes_a_second else 1 << 16)
        except OSError:  # the other end is closed
            return False
        self.received += data
        if self.bytes_a_second:
            due = max(self._next, time.monotonic() - 0.05)
            self._next = due + len(data) / self.bytes_a_second
        self._take(_KITTY.sub(b"", self._rest + data))
        return True

    def _take(self, data: bytes) -> None:
        """Show what is whole, and keep the rest for when it is."""
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        begun = data.rfind(_BEGINS)
        if begun > data.rfind(_ENDS):
            cut = min(cut, begun)
        self._rest, data = data[cut:], data[:cut]
        if self._answering and _CAN_IT in data:
            self._answer(_IT_CAN)
        self._stream.feed(data)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


PANE_TITLES = ("1 Data", "2 Hyperparameters", "3 Weights", "4 Network", "5 Loss")
_SHORT_TITLES = {"2 Hyperparameters": "2 Hyper"}
"""Titles where panes share a place, which names the others in small letters."""


def framed(lines: Sequence[str], title: str) -> list[str]:
    """The text inside the frame with ``title`` in its upper border, light or heavy."""
    for top, line in enumerate(line.replace("┍", "╭").replace("┑", "╮") for line in lines):
        at = line.find(f" {title} ")
        left, right = line.rfind("╭", 0, max(at, 0)), line.find("╮", at)
        if at < 0 or left < 0 or right < 0 or "╮" in line[left:at]:
            continue
        inside = []
        for below in lines[top + 1 :]:
            if below[left] == "╰":
                return inside
            inside.append(below[left + 1 : right])
    return []
