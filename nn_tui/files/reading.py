"""Opening files that a person named."""

import os
import stat
from pathlib import Path

from nn_tui.absent import absent
from nn_tui.errors import InputError


def regular_file(path: Path) -> Path:
    """``path``, if it is a file with an end.

    Raises InputError where nothing is there, or something one cannot read to its end, such
    as a folder or a pipe.
    """
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        raise InputError(absent(path)) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from None
    if stat.S_ISDIR(kind):
        raise InputError(f"{path} is a folder; name a file in it")
    if not stat.S_ISREG(kind):
        raise InputError(f"{path} is a pipe or a device; name an ordinary file")
    return path


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
