"""Files that a person named: read if they are there, written whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

from nn_tui.errors import InputError
from nn_tui.text import make_printable, suggest

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
"""How a file system says that it cannot write down to the disk on demand."""


def regular_file(path: Path) -> Path:
    """``path``, if it is an ordinary file, which can be read to its end without waiting.

    Raises InputError where nothing is there, or something else is.
    """
    try:
        kind = other_than_a_file(path)
    except FileNotFoundError:
        raise InputError(absent(path)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from None
    if kind == _FOLDER:
        raise InputError(f"{path} is a folder; name a file in it")
    if kind:
        raise InputError(f"{path} is {kind}; name an ordinary file")
    return path


def other_than_a_file(path: Path) -> str:
    """What is there instead of an ordinary file, such as ``a folder``; empty if one is there.

    Raises OSError where nothing is there, or ValueError for what cannot be a name.
    """
    status = os.stat(path)
    kind = kind_of(status.st_mode)
    return kind if kind or status.st_size or not _has_content(path) else _STREAM


def kind_of(mode: int) -> str:
    """What has such a ``st_mode``, such as ``a folder``; empty for a regular file."""
    return next((kind for is_kind, kind in _KINDS if is_kind(mode)), "")


def _has_content(path: Path) -> bool:
    """Whether a file whose size is 0 has content all the same, or has one to wait for."""
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
    suffix = os.path.splitext(entry.name)[1].lower()
    try:
        return suffix in suffixes and entry.is_file() and not entry.name.startswith(".")
    except OSError:
        return False


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a UTF-8 file, without a byte order mark.

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
    """Why an operating system refused, in its own words."""
    text = error.strerror if isinstance(error, OSError) else None
    return text or str(error)


def absent(path: Path) -> str:
    """A sentence on a file that is not there, with the nearest name in its folder."""
    name, folder = _shown(path.name), folder_of(path)
    try:
        names = os.listdir(path.parent)
    except (FileNotFoundError, NotADirectoryError):
        return f"there is no file {name}, for there is no folder {folder}"
    except OSError:
        names = []
    if path.name in names:
        return f"{name} in {folder} is a link to a file that is not there"
    near = suggest(path.name, names)
    hint = ""
    if near:
        hint = f"; did you mean {make_printable(str(path.parent / near[0]))}?"
    elif len(path.parts) == 1:
        hint = "; one that is elsewhere has its folder before its name"
    return f"there is no file {name} in {folder}{hint}"


def folder_of(path: Path) -> str:
    """The folder, from the root on, in which a path is looked for."""
    try:
        folder = os.path.abspath(path.parent)
    except OSError:  # the working folder was deleted
        folder = str(path.parent)
    return _shown(folder)


def _shown(text: str) -> str:
    return make_printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


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


def replace_file(
    path: Path, write: Callable[[IO[bytes]], object], follow_link: bool = True
) -> bool:
    """Put what ``write(file)`` writes in the place of ``path``.

    The content grows in a temporary file of the same folder, so that ``path`` is at every
    moment the old file or the new one, whatever happens. A link stays a link and its file is
    replaced, unless ``follow_link`` is false. Returns whether the file system has written it
    down to the disk; some cannot do that on demand. Raises InputError, whose cause is the
    operating system's refusal.
    """
    try:
        target = _target(path) if follow_link else path
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
    if target.is_file() and not target.is_symlink():
        os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
    return temporary


def sync(number: int) -> bool:
    """Write an open file down to the disk; false where its file system cannot on demand.

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
    # Without this a power cut may undo the renaming.
    number = os.open(folder, os.O_RDONLY)
    try:
        return sync(number)
    finally:
        os.close(number)


def _cannot_write(path: Path, error: OSError) -> InputError:
    return InputError(f"cannot write {path}: {reason(error)}")
