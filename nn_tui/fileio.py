"""Writing files that a person named: whole or not at all."""

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from nn_tui.errors import InputError
from nn_tui.files.reading import reason


class AlreadyThere(InputError):
    """A file is there that nobody said may be replaced."""


def check_new(path: Path, replace: bool = False) -> None:
    """Raises AlreadyThere where a file is there, unless it is to be replaced.

    Raises InputError for a link, whatever is to be done: the file it leads to was not
    named by anybody.
    """
    if path.is_symlink():
        there = os.readlink(path)
        raise InputError(f"cannot write {path}: it is a link to {there}; name the file itself")
    if os.path.lexists(path) and not replace:
        raise AlreadyThere(f"{path} is there already")


def check_writable(path: Path) -> None:
    """Raises InputError if ``replace_file(path, …)`` would fail as things are."""
    try:
        target = _target(path)
        temporary = _create_beside(target)
        os.unlink(temporary)
    except OSError as error:
        raise _cannot_write(path, error) from error


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Put what ``write(file)`` writes in the place of ``path``.

    The content grows in a temporary file of the same folder, so that ``path`` is at every
    moment the old file or the new one, whatever happens. Raises InputError, whose cause is
    the operating system's refusal.
    """
    try:
        target = _target(path)
        temporary = _create_beside(target)
        try:
            with open(temporary, "wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error


def _target(path: Path) -> Path:
    target = Path(os.path.realpath(path))  # a link stays a link
    if target.exists() and not target.is_file():
        kind = "folder" if target.is_dir() else "pipe or a device"
        raise InputError(f"cannot write {path}: it is a {kind}")
    return target


def _create_beside(target: Path) -> Path:
    if not target.name or not target.parent.is_dir():
        raise InputError(f"cannot write {target.name}: there is no folder {target.parent}")
    temporary = target.parent / f".nn-tui-{secrets.token_hex(8)}.tmp"
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    if target.exists():
        os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
    return temporary


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may undo the renaming.
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _cannot_write(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot write {path}: {reason(error)}")
