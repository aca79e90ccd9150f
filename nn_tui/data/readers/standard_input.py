"""Standard input as a data file, named ``-``.

It can be read only once, so it is copied to a temporary file, which is removed when the program
exits: a run reads its data again whenever its split or its columns change.
"""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from nn_tui.data.errors import DataError

STANDARD_INPUT = "-"
"""The name of standard input where a data file is expected."""

SHOWN_NAME = "standard input"
"""Its name in messages."""

_lock = threading.Lock()
_copies: list["IO[bytes]"] = []


def spooled_path() -> Path:
    """Return the path of a copy of standard input, which is read on the first call.

    Raises DataError if nothing is piped into the program, and OSError.
    """
    with _lock:
        if not _copies:
            _copies.append(_copy())
        return Path(_copies[0].name)


def _copy() -> "IO[bytes]":
    import shutil  # imported on first use: start-up time
    import tempfile

    source = sys.stdin
    if source is None or source.closed:
        raise DataError("it is closed; name a file")
    if source.isatty():
        raise DataError(
            "nothing is piped into the program; name a file, or redirect one with < FILE.csv"
        )
    copy = tempfile.NamedTemporaryFile(prefix="nn-tui-")  # noqa: SIM115 (closed at exit)
    shutil.copyfileobj(source.buffer, copy)
    copy.flush()
    return copy


def reattach_terminal() -> None:
    """Make the terminal standard input again, once the piped data are read; if there is one."""
    if not _copies:
        return
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
        try:
            os.dup2(terminal, sys.stdin.fileno())
        finally:
            os.close(terminal)
