"""Why a run could not be kept, and what a person can do about it, in a sentence."""

import errno
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason

_ROOM = "make room"
_LEAVE = "let it be written to, or start with --state-dir FOLDER"
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EACCES: _LEAVE,
    errno.EPERM: _LEAVE,
    errno.EROFS: _LEAVE,
    errno.ENOTDIR: "move the file away that is in the place of a folder",
    errno.EEXIST: "move the file away that is in the place of a folder",
}


def unsaved_sentence(error: Exception, shelf: Path) -> str:
    """What hinders saving in the folder ``shelf``; training goes on, and so do the attempts."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        advice = _ADVICE.get(cause.errno or 0, "see to it")
        return f"not saved: {reason(cause)} in {shelf}; {advice}, it is tried again all the time"
    if isinstance(error, InputError):
        return f"not saved: {error}"
    return f"not saved: {type(error).__name__}: {error}; it is tried again all the time"
