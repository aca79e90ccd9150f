"""Undo and redo: the changes of a session, each with the positions before and after it.

``tui/session/navigator.py`` says what was undone, in words of ``edit_descriptions``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nn_tui.training.branches import RunBranch
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import Edit

MOST_UNDO_ENTRIES = 200


class BranchPosition(NamedTuple):
    """A position in the session: an epoch of one of its runs."""

    branch: RunBranch
    epoch: int


@dataclass(frozen=True, eq=False)
class UndoEntry:
    """A change that can be undone, an ``edit`` or a restart, with the positions around it."""

    what: str
    before: BranchPosition
    after: BranchPosition
    edit: Edit | None = None


class UndoStack:
    """Changes that can be undone, ``done`` oldest first, and undone ones that can be redone."""

    def __init__(self, done: Sequence[UndoEntry] = ()) -> None:
        self._done = list(done)
        self._undone: list[UndoEntry] = []

    @property
    def what(self) -> str:
        """The change that would be undone, or empty."""
        return self._done[-1].what if self._done else ""

    def push(self, entry: UndoEntry) -> None:
        """Add a change; those undone before it can no longer be redone."""
        self._done.append(entry)
        self._undone.clear()
        del self._done[:-MOST_UNDO_ENTRIES]

    def undo(self, current: BranchPosition) -> UndoEntry | None:
        """The change to undo, if any; redoing it leads to ``current``."""
        if not self._done:
            return None
        entry = self._done.pop()
        self._undone.append(replace(entry, after=current))
        return entry

    def redo(self) -> UndoEntry | None:
        """The change to redo, if any."""
        if not self._undone:
            return None
        entry = self._undone.pop()
        self._done.append(entry)
        return entry


def undo_entries(branch: RunBranch) -> list[UndoEntry]:
    """The undo entries of a saved run: its last ``MOST_UNDO_ENTRIES`` edits."""
    run, edits = branch.run, branch.run.edits
    oldest = max(0, len(edits) - MOST_UNDO_ENTRIES)
    branches = [RunBranch(replace(run, edits=edits[:n])) for n in range(oldest, len(edits))]
    return [
        UndoEntry(
            describe_edit(edit, run.dataset),
            BranchPosition(old, edit.epoch),
            BranchPosition(new, edit.epoch),
            edit,
        )
        for edit, old, new in zip(edits[oldest:], branches, [*branches[1:], branch], strict=False)
    ]
