"""The program as a process of its own that is there at once.

Python takes half a second to import NumPy and Textual. A server imports them once, and each
program is a fork of it: a process with its own arguments, folder, environment and files, that
runs ``nn_tui.cli.main`` as ``python -m nn_tui`` does.
"""

import atexit
import fcntl
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

ROOT = Path(__file__).parents[1]
PROGRAM = (sys.executable, "-m", "nn_tui")

_LENGTH = 4
"""Bytes that tell the size of an order."""

_WHEN_IMPORTED = (
    *("LANG", "LC_", "NN_TUI_KERNELS", "OMP_", "OPENBLAS_", "PYTHON"),
    *("SSH_", "TEXTUAL_"),  # over SSH, the program sets one of Textual's itself
)
"""Variables that are read by what the server has imported already, or while it was."""

_AS_ELSEWHERE = ("PYTHONDONTWRITEBYTECODE", "TEXTUAL_FPS", "TEXTUAL_SNAPSHOT_TEMPDIR")
"""Those of them that are the same for every test, however they are set."""


class Program:
    """A running program, with those of ``subprocess.Popen``'s methods that tests need.

    It has the terminal, in a session of its own; or its output is kept for ``communicate``.
    """

    def __init__(
        self,
        words: Sequence[str],
        cwd: Path | None,
        env: Mapping[str, str],
        terminal: int | None = None,
        controlling: bool = False,
    ) -> None:
        self.returncode: int | None = None
        self._outputs: list[int] = []
        files = [] if terminal is None else [terminal] * 3
        ends: list[int] = []
        if not files:
            nothing = os.open(os.devnull, os.O_RDONLY)
            (out, out_end), (err, err_end) = os.pipe(), os.pipe()
            self._outputs = [out, err]
            files = ends = [nothing, out_end, err_end]
        status, status_end = os.pipe()
        order = {
            "words": [os.fspath(word) for word in words],
            "cwd": os.fspath(cwd or Path.cwd()),
            "env": dict(env),
            "new_session": terminal is not None,
            "controlling": controlling,
        }
        text = json.dumps(order).encode()
        server = _server()
        socket.send_fds(server, [len(text).to_bytes(_LENGTH)], [*files, status_end])
        server.sendall(text)
        for end in (*ends, status_end):
            os.close(end)
        self._status: BinaryIO = os.fdopen(status, "rb", buffering=0)
        self.pid = int(self._line())

    def poll(self) -> int | None:
        """How it ended, or nothing while it runs."""
        if self.returncode is None and select.select([self._status], [], [], 0)[0]:
            self.returncode = int(self._line())
            self._status.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; how it ended.

        Raises subprocess.TimeoutExpired if it runs on.
        """
        if self.returncode is None and not select.select([self._status], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(PROGRAM, timeout or 0)
        code = self.poll()
        assert code is not None
        return code

    def communicate(self, timeout: float = 120) -> tuple[str, str]:
        """Read its output to its end.

        Raises subprocess.TimeoutExpired if it runs on.
        """
        until = time.monotonic() + timeout
        read = {output: bytearray() for output in self._outputs}
        while self._outputs:
            ready, _, _ = select.select(self._outputs, [], [], max(until - time.monotonic(), 0))
            if not ready:
                raise subprocess.TimeoutExpired(PROGRAM, timeout)
            for output in ready:
                data = os.read(output, 1 << 16)
                read[output] += data
                if not data:
                    os.close(output)
                    self._outputs.remove(output)
        self.wait(max(until - time.monotonic(), 0))
        out, err = (data.decode() for data in read.values()) if read else ("", "")
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has ended, which is not told yet
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _line(self) -> bytes:
        line = bytearray()
        while not line.endswith(b"\n"):
            data = self._status.read(1)
            if not data:
                raise AssertionError("the server of forks has ended")
            line += data
        return bytes(line)


def start_program(
    words: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str],
    terminal: int | None = None,
    controlling: bool = False,
    command: Sequence[str] = PROGRAM,
) -> Program | subprocess.Popen[str]:
    """Start ``nn-tui`` with those words, on a terminal or with its output kept.

    It is forked, unless its environment changes what has been imported, or it is begun by
    another command.
    """
    if command == PROGRAM and _can_fork(env):
        return Program(words, cwd, env, terminal, controlling)
    kept = subprocess.PIPE if terminal is None else terminal
    return subprocess.Popen(
        [*command, *words],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL if terminal is None else terminal,
        stdout=kept,
        stderr=kept,
        text=True,
        start_new_session=terminal is not None,
        preexec_fn=take_terminal if controlling else None,
    )


def take_terminal() -> None:
    """Make standard input the terminal that controls this process."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _can_fork(env: Mapping[str, str]) -> bool:
    """Whether a fork has all of an environment, or what was imported has read another."""
    ours = _environment()
    differ = {name for name in {*env, *ours} if env.get(name) != ours.get(name)}
    return not any(name.startswith(_WHEN_IMPORTED) for name in differ.difference(_AS_ELSEWHERE))


@cache
def _environment() -> Mapping[str, str]:
    """The server's, which stays as it was when the first program was started."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@cache
def _server() -> socket.socket:
    """The line to this process's server, which ends when the line does."""
    ours, theirs = socket.socketpair()
    with theirs:
        serving = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(theirs.fileno())],
            cwd=ROOT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    atexit.register(serving.wait)  # the first to be registered is the last to be called
    atexit.register(ours.close)
    return ours


def _serve(line: socket.socket) -> None:
    """Fork a program for every order, until the one who gives them has ended."""
    import nn_tui.cli
    import nn_tui.tui.app  # noqa: F401

    gc.collect()
    gc.freeze()  # what a program never changes need not be copied for it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        size, files, _, _ = socket.recv_fds(line, _LENGTH, 4)
        if not size:
            return
        text = b""
        while len(text) < int.from_bytes(size):
            part = line.recv(int.from_bytes(size) - len(text))
            if not part:
                return
            text += part
        if not os.fork():
            line.close()
            os._exit(_watch(json.loads(text), files))
        for file in files:
            os.close(file)


def _watch(order: dict[str, Any], files: list[int]) -> int:
    """Start the program, and tell its number and, once it has ended, how."""
    *standard, status = files
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if not pid:
        os.close(status)
        _become_program(order, standard)
    for file in standard:
        os.close(file)
    os.write(status, b"%d\n" % pid)
    if hasattr(os, "pidfd_open"):
        waiting = select.poll()
        waiting.register(os.pidfd_open(pid), select.POLLIN)
        waiting.register(status, 0)
        if any(file == status for file, _ in waiting.poll()):  # nobody is there to end it
            os.kill(pid, signal.SIGKILL)
    _, how = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):
        os.write(status, b"%d\n" % os.waitstatus_to_exitcode(how))
    return 0


def _become_program(order: dict[str, Any], standard: list[int]) -> NoReturn:
    if order["new_session"]:
        os.setsid()
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
    if order["controlling"]:
        take_terminal()
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv[1:] = order["words"]
    sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115
    runpy.run_module("nn_tui", run_name="__main__", alter_sys=True)
    os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
