"""Reading regular files with helpful errors, and replacing files atomically."""

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from nn_tui.errors import InputError
from nn_tui.spelling import suggest
from nn_tui.text import make_printable

_LONGEST = 200
_FOLDER = "a folder"
_STREAM = "a file of the system's without a size, which may never end"
_KINDS = (
    (stat.S_ISDIR, _FOLDER),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a link"),
)
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
"""Errors of file systems that do not support synchronization."""


def regular_file(path: Path) -> Path:
    """Return ``path`` if it is a regular file. Raises InputError otherwise."""
    try:
        kind = irregular_kind(path)
    except FileNotFoundError:
        raise InputError(missing_file_message(path)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from None
    if kind == _FOLDER:
        raise InputError(f"{path} is a folder; name a file in it")
    if kind:
        raise InputError(f"{path} is {kind}; name an ordinary file")
    return path


def irregular_kind(path: Path) -> str:
    """Return what is at ``path``, such as ``a folder``; empty for a regular file.

    Raises OSError if it does not exist, ValueError for an invalid name.
    """
    status = os.stat(path)
    kind = kind_of(status.st_mode)
    return kind if kind or status.st_size or not _has_content(path) else _STREAM


def kind_of(mode: int) -> str:
    """Return the kind of file of a ``st_mode``, such as ``a folder``; empty if regular."""
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "")


def _has_content(path: Path) -> bool:
    """Return whether a file of size 0 has content, or would block a reader."""
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return bool(os.read(number, 1))
    except BlockingIOError:
        return True
    finally:
        os.close(number)


class ListedFile(NamedTuple):
    """A file of a folder: its size in bytes, and when it was modified, in seconds since 1970."""

    path: Path
    size: int
    modified: float

    @property
    def name(self) -> str:
        return self.path.name


_MOST_LISTED = 500


def list_files(folder: Path, suffixes: Collection[str]) -> list[ListedFile]:
    """The visible regular files with one of the ``suffixes``, by name; at most 500.

    Empty if the folder cannot be read.
    """
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if _is_listed(entry, suffixes):
                    status = entry.stat()
                    found.append(ListedFile(Path(entry.path), status.st_size, status.st_mtime))
    except OSError:
        return []
    return sorted(found, key=lambda file: make_printable(file.name).lower())[:_MOST_LISTED]


def _is_listed(entry: "os.DirEntry[str]", suffixes: Collection[str]) -> bool:
    named = entry.name.lower().endswith(tuple(suffixes)) and not entry.name.startswith(".")
    try:
        return named and entry.is_file()
    except OSError:
        return False


def pasted_path(text: str) -> str:
    """Return the path in a typed or pasted text: without quotes, backslashes or ``file://``.

    Terminals paste a file that is dropped on them in one of these ways.
    """
    if os.path.lexists(text):
        return text
    if len(text) > 2 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if text.startswith("file://"):
        from urllib.parse import unquote

        return unquote(text.removeprefix("file://").removeprefix("localhost"))
    plain = re.sub(r"\\(.)", r"\1", text)
    return plain if os.path.lexists(os.path.expanduser(plain)) else text


TEMPORARY_NAME = re.compile(r"\.nn-tui-\w+\.tmp")
"""The names of files that are renamed once they are complete."""


def read_text(path: Path, most_bytes: int) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises InputError, also for a file larger than ``most_bytes``.
    """
    try:
        with open(regular_file(path), "rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from None
    if len(content) > most_bytes:
        raise InputError(f"{path} is larger than {most_bytes:,} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{path} is not UTF-8 text (line {line})") from None


def reason(error: Exception) -> str:
    """Return the message of an error, for OSError that of the operating system."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error)


def missing_file_message(path: Path) -> str:
    """Return a message for a missing file, with the closest name in its folder."""
    name, folder = _shown(path.name), folder_of(path)
    try:
        names = os.listdir(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {name}, because there is no folder {folder}"
    except OSError:
        names = []
    if path.name in names:
        return f"{name} in {folder} is a link to a missing file"
    near = suggest(path.name, names)
    hint = ""
    if near:
        hint = f"; did you mean {make_printable(str(path.parent / near[0]))}?"
    elif len(path.parts) == 1:
        hint = "; for a file in another folder, give its path"
    return f"there is no file {name} in {folder}{hint}"


def folder_of(path: Path) -> str:
    """Return the absolute folder of a path."""
    try:
        folder = os.path.abspath(path.parent)
    except OSError:  # the working folder was deleted
        folder = str(path.parent)
    return _shown(folder)


def _shown(text: str) -> str:
    return make_printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


class FileAlreadyExists(InputError):
    """The output file exists and must not be overwritten."""


def check_new(path: Path, replace: bool = False) -> None:
    """Raise FileAlreadyExists for an existing file, unless ``replace`` is true.

    Raises InputError for a link in any case: its target was not named by the user.
    """
    if path.is_symlink():
        there = os.readlink(path)
        raise InputError(f"cannot write {path}: it is a link to {there}; name the file itself")
    if os.path.lexists(path) and not replace:
        raise FileAlreadyExists(f"{path} already exists")


def check_writable(path: Path) -> None:
    """Raise InputError if ``replace_file(path, …)`` would fail."""
    try:
        target = _resolve_link(path)
        temporary = _create_beside(target)
        os.unlink(temporary)
    except OSError as error:
        raise _cannot_write(path, error) from error


def replace_file(
    path: Path, write: Callable[[IO[bytes]], object], follow_link: bool = True
) -> bool:
    """Replace ``path`` atomically with what ``write(file)`` writes.

    The content is written to a temporary file in the same folder, so ``path`` is always
    either the old or the new file. The target of a link is replaced, unless ``follow_link``
    is false. Returns whether the file has been synchronized to disk, which some file systems
    do not support. Raises InputError, caused by the OSError.
    """
    try:
        target = _resolve_link(path) if follow_link else path
        temporary = _create_beside(target)
        try:
            with open(temporary, "wb") as file:
                write(file)
                file.flush()
                on_disk = sync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        return _sync_folder(target.parent) and on_disk
    except OSError as error:
        raise _cannot_write(path, error) from error


def _resolve_link(path: Path) -> Path:
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
    if target.is_file() and not target.is_symlink():
        os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
    return temporary


def sync(number: int) -> bool:
    """Synchronize an open file to disk; return whether the file system supports it.

    Raises OSError.
    """
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
        return False
    return True


def _sync_folder(folder: Path) -> bool:
    # Without this, a power failure may revert the renaming.
    number = os.open(folder, os.O_RDONLY)
    try:
        return sync(number)
    finally:
        os.close(number)


def _cannot_write(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot write {path}: {reason(error)}")
