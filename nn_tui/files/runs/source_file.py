"""The data file that a run's samples were read from: where it is, and whether it was changed."""

import os
from dataclasses import dataclass
from typing import Any

from nn_tui.data.sources import SOURCES
from nn_tui.recipe.recipe import Recipe

_LONGEST_PATH = 4096


@dataclass(frozen=True)
class SourceFile:
    """``path`` is absolute; ``size`` in bytes and ``modified`` in nanoseconds, as it was read.

    Both are -1 where the file could not be looked at.
    """

    path: str
    size: int = -1
    modified: int = -1

    @property
    def state(self) -> str:
        """What became of the file since, in words; empty where it is as it was."""
        now = _looked_at(self.path)
        if now.size < 0:
            return "is not there any more"
        known = self.size >= 0
        return "was changed since" if known and now != self else ""

    def as_json(self) -> list[Any]:
        """A list that ``source_file_of`` turns into the same."""
        return [self.path, self.size, self.modified]


def source_file(recipe: Recipe) -> SourceFile | None:
    """The file of ``recipe``'s samples as it is now; None for samples that are built in."""
    source = recipe.data.source
    if source in SOURCES:
        return None
    try:
        return _looked_at(os.path.abspath(os.path.expanduser(source)))
    except (OSError, ValueError):  # the working folder was deleted
        return _looked_at(source)


def source_file_of(made: object) -> SourceFile | None:
    """What ``as_json`` made, or None; raises ValueError for anything else."""
    if made is None:
        return None
    if not isinstance(made, list) or len(made) != 3:
        raise ValueError("its source file is not described")
    path, size, modified = made
    whole = all(isinstance(number, int) and -1 <= number < 2**63 for number in (size, modified))
    if not isinstance(path, str) or not whole or not 0 < len(path) <= _LONGEST_PATH:
        raise ValueError("its source file is not described")
    return SourceFile(path, size, modified)


def _looked_at(path: str) -> SourceFile:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return SourceFile(path)
    return SourceFile(path, found.st_size, found.st_mtime_ns)
