"""Opening the files of a run's folder, whatever was put in their place.

A folder may come from somebody else. A link is not followed, and a pipe or a device is
refused before anything could wait for it.
"""

import errno
import os
import stat
from pathlib import Path
from typing import IO

from nn_tui.fileio import kind_of


class NotAFile(OSError):
    """Something other than a regular file; ``strerror`` says what it is."""


def descriptor(path: Path, flags: int = os.O_RDONLY) -> int:
    """The number of the open file; raises OSError, NotAFile for anything but a regular file."""
    try:
        _check(path, os.lstat(path).st_mode)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
    number = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
    try:
        _check(path, os.fstat(number).st_mode)  # it may have been exchanged meanwhile
    except NotAFile:
        os.close(number)
        raise
    return number


def open_regular(path: Path) -> IO[bytes]:
    """The file to be read; raises OSError, NotAFile for anything but a regular file."""
    return os.fdopen(descriptor(path), "rb")


def is_regular(path: Path) -> bool:
    """Whether there is a regular file; a link to one is none."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder; a link to one is none."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _check(path: Path, mode: int) -> None:
    kind = kind_of(mode)
    if kind:
        raise NotAFile(errno.EINVAL, f"it is {kind}, not a file", str(path))
