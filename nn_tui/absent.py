"""Files that are not there: the folder that was looked in, and what may have been meant."""

import difflib
import os
from pathlib import Path

from nn_tui.text import printable

_LONGEST = 200


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
    close = difflib.get_close_matches(path.name, names, 1)
    hint = ""
    if close:
        hint = f"; did you mean {printable(str(path.parent / close[0]))}?"
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
    return printable(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
