"""Safe opening of the files in a run folder, which may come from an untrusted source.

Symbolic links are not followed; pipes and devices are rejected without blocking.
"""

import errno
import os
import stat
from pathlib import Path
from typing import IO

from nn_tui.fileio import kind_of


class NotAFile(OSError):
    """The path is not a regular file; ``strerror`` says what it is."""


def open_descriptor(path: Path, flags: int = os.O_RDONLY) -> int:
    """Open a regular file; returns its descriptor. Raises OSError, such as NotAFile."""
    try:
        _check(path, os.lstat(path).st_mode)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
    number = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        _check(path, os.fstat(number).st_mode)  # it may have been replaced meanwhile
    except NotAFile:
        os.close(number)
        raise
    return number


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file for reading. Raises OSError, such as NotAFile."""
    return os.fdopen(open_descriptor(path), "rb")


def is_regular(path: Path) -> bool:
    """Whether ``path`` is a regular file, not a link."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether ``path`` is a folder, not a link."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _check(path: Path, mode: int) -> None:
    kind = kind_of(mode)
    if kind:
        raise NotAFile(errno.EINVAL, f"it is {kind}, not a file", str(path))
