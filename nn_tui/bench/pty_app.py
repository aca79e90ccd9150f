"""A program on a pseudo-terminal of its own, read as fast as it writes."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from nn_tui.bench.eye import TerminalScreen
from nn_tui.bench.libraries import Skipped

_PATIENCE = 60.0
_ROOT = str(Path(__file__).parents[2])


class PtyApp:
    """``python …`` with ``words``, by default the program itself; ends it when it is left.

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
        self.eye = TerminalScreen(*size)
        self.received = self.pictures = 0
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
            env=_surroundings(over_ssh, self._folder.name),
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
        """End it outright; when that was, in monotonic seconds."""
        at = time.monotonic()
        self._process.kill()
        self._process.wait()
        return at

    @property
    def state_dir(self) -> Path:
        """Where it keeps its runs."""
        return Path(self._folder.name)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def read_for(self, seconds: float) -> None:
        """Read whatever comes for so long."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._read(left)

    def wait_for(self, wanted: Callable[[TerminalScreen], object]) -> None:
        """Read until the screen shows it. Raises RuntimeError if it never does."""
        until = time.perf_counter() + _PATIENCE
        while not wanted(self.eye):
            self._read(0.1)
            if time.perf_counter() > until:
                raise RuntimeError(f"not seen in {_PATIENCE:g} s on:\n{self.eye.text}")

    @property
    def epoch(self) -> int:
        """The epoch that the status line tells, or -1."""
        found = re.search(r"epoch +([\d,]+)", self.eye.lines[0])
        return int(found[1].replace(",", "")) if found else -1

    def processor_seconds(self) -> float:
        """Time the processor has spent on it. Raises Skipped where the system does not say."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            raise Skipped("this system does not say how busy a process is") from None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _read(self, seconds: float) -> None:
        if select.select([self._ours], [], [], seconds)[0]:
            with suppress(OSError):  # it has ended
                data = os.read(self._ours, 1 << 16)
                self.received += len(data)
                self.eye.feed(data)
                os.write(self._ours, b"\x1b[0n" * self.eye.questions)
                self.eye.questions = 0
                if self.epoch != self._shown:
                    self.pictures += 1
                    self._shown = self.epoch


def _surroundings(over_ssh: bool, folder: str) -> dict[str, str]:
    """A terminal of all colours, whatever this one is; runs are kept in ``folder``."""
    unwanted = (
        *("NO_COLOR", "TMUX", "COLUMNS", "LINES", "SSH_CONNECTION"),
        "PYTHONDONTWRITEBYTECODE",  # an installed program has its bytecode
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
