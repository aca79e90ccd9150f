"""A throw-away SSH server on the loopback, with its own keys and port."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.terminal.harness import PATIENCE

_SERVER = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")

MISSING = [
    name
    for name, found in (
        ("sshd", _SERVER),
        ("ssh", shutil.which("ssh")),
        ("ssh-keygen", shutil.which("ssh-keygen")),
    )
    if not found
]
"""The programs that are needed and not installed."""

_CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
PermitUserEnvironment no
"""


class Sshd:
    """Serves the user who runs the tests; what it needs is in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = _free_port()
        for name in ("host", "user"):
            _make_key(folder / name)
        config = _CONFIG.format(port=self._port, folder=folder) + _arithmetic()
        (folder / "config").write_text(config)
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [str(_SERVER), "-D", "-e", "-f", str(folder / "config")],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )
        self._wait()

    def client(self, *words: str) -> tuple[str, ...]:
        """The command line of a client with a terminal that runs the shell command ``words``."""
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR")
        return (
            *("ssh", "-F", "/dev/null", "-t", "-i", str(self._folder / "user")),
            *("-p", str(self._port), "-o", "IdentitiesOnly=yes"),
            *(word for option in options for word in ("-o", option)),
            "127.0.0.1",
            *words,
        )

    def log(self) -> str:
        """What the server has said."""
        return (self._folder / "log").read_text(errors="replace")

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self._process.poll() is None, f"sshd ended: {self.log()}"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(f"sshd does not answer: {self.log()}")


def _arithmetic() -> str:
    """The line that gives a session the settings of NumPy's kernels that the tests run with.

    Another kernel rounds otherwise, and runs are compared bit for bit.
    """
    named = [f"{k}={v}" for k, v in os.environ.items() if k.startswith(("OPENBLAS_", "OMP_"))]
    return f"SetEnv {' '.join(named)}\n" if named else ""


def _make_key(path: Path) -> None:
    words = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path))
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
