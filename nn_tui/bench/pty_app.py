"""A program on a pseudo-terminal, whose output is read as fast as it is written."""

import os
import re
import select
import subprocess
import sys
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from nn_tui.bench.timing import Skipped

_ESCAPE = re.compile(r"\x1b(?:\[([?<>=]?)([\d;]*)([@-~])|\][^\a\x1b]*(?:\a|\x1b\\)|[78=>c])")
_STATUS_REQUEST = "\x1b[5n"
_UNFINISHED = re.compile(r"\x1b(?:\[[?<>=]?[\d;]*|\][^\a\x1b]*)?\Z")


class TerminalScreen:
    """The text on a terminal of ``columns`` x ``rows``, followed from its output."""

    def __init__(self, columns: int, rows: int) -> None:
        self._cells = [[" "] * columns for _ in range(rows)]
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self.questions = 0
        """Number of unanswered status requests (DSR)."""
        self._x = self._y = 0

    @property
    def lines(self) -> list[str]:
        """The rows of text."""
        return ["".join(row) for row in self._cells]

    @property
    def text(self) -> str:
        """All rows, joined by newlines."""
        return "\n".join(self.lines)

    def feed(self, data: bytes) -> None:
        """Process output, which may end within an escape sequence."""
        text = self._rest + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._rest = text[end:]
        at = 0
        for escape in _ESCAPE.finditer(text, 0, end):
            self._write(text[at : escape.start()])
            at = escape.end()
            if not escape[1] and escape[3] and escape[3] in "HGBCD":
                self._move(escape[2], escape[3])
            self.questions += escape[0] == _STATUS_REQUEST
        self._write(text[at:end])

    def _move(self, numbers: str, kind: str) -> None:
        if kind in "BCD":
            by = int(numbers or 1)
            self._x += {"C": by, "D": -by}.get(kind, 0)
            self._y += by if kind == "B" else 0
            return
        given = [int(number or 1) - 1 for number in numbers.split(";")]
        if kind == "G":
            self._x = given[0]
        else:
            self._y, self._x = given[0], given[1] if len(given) > 1 else 0

    def _write(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._x, self._y = 0, self._y + 1
            elif character == "\b":
                self._x -= 1
            elif character >= " ":
                if self._y < len(self._cells) and self._x < len(self._cells[0]):
                    self._cells[self._y][self._x] = character
                self._x += 1


_TIMEOUT = 60.0
_ROOT = str(Path(__file__).parents[2])


class PtyApp:
    """Context manager that runs ``python *program *words`` and kills it on exit.

    Raises Skipped where there are no pseudo-terminals.
    """

    def __init__(
        self,
        words: Sequence[str] = (),
        size: tuple[int, int] = (80, 24),
        program: Sequence[str] = ("-m", "nn_tui"),
        over_ssh: bool = False,
    ) -> None:
        try:
            import fcntl
            import pty
            import struct
            import termios
        except ImportError:
            raise Skipped("this system has no pseudo-terminals") from None
        self.screen = TerminalScreen(*size)
        self.received = self.frames = 0
        self._shown = -1
        self._folder = TemporaryDirectory(prefix="nn-tui-bench-")
        self._ours, theirs = pty.openpty()
        packed = struct.pack("HHHH", size[1], size[0], 0, 0)
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, packed)
        self._process = subprocess.Popen(
            [sys.executable, *program, *words],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=_environment(over_ssh, self._folder.name),
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> "PtyApp":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)
        self._folder.cleanup()

    def kill(self) -> float:
        """Kill the process; returns the time in monotonic seconds."""
        at = time.monotonic()
        self._process.kill()
        self._process.wait()
        return at

    @property
    def state_dir(self) -> Path:
        """Its state folder."""
        return Path(self._folder.name)

    def press(self, keys: str) -> None:
        """Send ``keys``."""
        os.write(self._ours, keys.encode())

    def read_for(self, seconds: float) -> None:
        """Read output for that long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._read(left)

    def wait_for(self, wanted: Callable[[TerminalScreen], object]) -> None:
        """Read until ``wanted(screen)`` is true. Raises RuntimeError after a timeout."""
        until = time.perf_counter() + _TIMEOUT
        while not wanted(self.screen):
            self._read(0.1)
            if time.perf_counter() > until:
                raise RuntimeError(f"not seen within {_TIMEOUT:g} s on:\n{self.screen.text}")

    @property
    def epoch(self) -> int:
        """The epoch in the status line, or -1."""
        found = re.search(r"epoch +([\d,]+)", self.screen.lines[0])
        return int(found[1].replace(",", "")) if found else -1

    def cpu_seconds(self) -> float:
        """CPU time of the process. Raises Skipped where the system does not report it."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            raise Skipped("this system does not report the CPU time of a process") from None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _read(self, seconds: float) -> None:
        if select.select([self._ours], [], [], seconds)[0]:
            with suppress(OSError):  # the process has exited
                data = os.read(self._ours, 1 << 16)
                self.received += len(data)
                self.screen.feed(data)
                os.write(self._ours, b"\x1b[0n" * self.screen.questions)
                self.screen.questions = 0
                if self.epoch != self._shown:
                    self.frames += 1
                    self._shown = self.epoch


def _environment(over_ssh: bool, folder: str) -> dict[str, str]:
    """Environment of a true-colour terminal, with ``folder`` as state folder."""
    unwanted = (
        *("NO_COLOR", "TMUX", "COLUMNS", "LINES", "SSH_CONNECTION"),
        "PYTHONDONTWRITEBYTECODE",  # an installed program has compiled bytecode
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith("TEXTUAL")
    }
    kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
    kept["NN_TUI_STATE_DIR"] = folder
    kept["PYTHONPATH"] = os.pathsep.join([_ROOT, *filter(None, [kept.get("PYTHONPATH")])])
    return kept | ({"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"} if over_ssh else {})
