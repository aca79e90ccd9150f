"""The data file of a run, and whether it has changed since it was read."""

import os
from dataclasses import dataclass
from typing import Any

from nn_tui.data.readers.standard_input import SHOWN_NAME, STANDARD_INPUT
from nn_tui.data.sources import SOURCES
from nn_tui.recipe.recipe import Recipe

_LONGEST_PATH = 4096


@dataclass(frozen=True)
class SourceFile:
    """Absolute ``path`` of a file, its ``size`` in bytes and time ``modified`` in nanoseconds.

    Both are -1 if unknown. The path of standard input is ``SHOWN_NAME``.
    """

    path: str
    size: int = -1
    modified: int = -1

    @property
    def state(self) -> str:
        """How the file has changed since, for messages; empty if it has not."""
        if self.path == SHOWN_NAME:
            return "cannot be read again"
        now = _inspect(self.path)
        if now.size < 0:
            return "no longer exists"
        known = self.size >= 0
        return "has changed" if known and now != self else ""

    def as_json(self) -> list[Any]:
        """A list for JSON; ``source_file_from_json`` is the inverse."""
        return [self.path, self.size, self.modified]


def source_file(recipe: Recipe) -> SourceFile | None:
    """The data file of a recipe in its current state; None for built-in data."""
    source = recipe.data.source
    if source in SOURCES:
        return None
    if source == STANDARD_INPUT:
        return SourceFile(SHOWN_NAME)
    try:
        return _inspect(os.path.abspath(os.path.expanduser(source)))
    except (OSError, ValueError):  # the working directory was deleted
        return _inspect(source)


def source_file_from_json(value: object) -> SourceFile | None:
    """The inverse of ``as_json``, also of None. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("invalid source file")
    path, size, modified = value
    integers = all(isinstance(number, int) and -1 <= number < 2**63 for number in (size, modified))
    if not isinstance(path, str) or not integers or not 0 < len(path) <= _LONGEST_PATH:
        raise ValueError("invalid source file")
    return SourceFile(path, size, modified)


def _inspect(path: str) -> SourceFile:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return SourceFile(path)
    return SourceFile(path, status.st_size, status.st_mtime_ns)
