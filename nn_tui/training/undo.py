"""What can be undone, and what can be done again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nn_tui.training.branches import RunBranch
from nn_tui.training.edits import Edit
from nn_tui.training.told import describe_edit

MOST_STEPS = 200


class BranchPosition(NamedTuple):
    """Where one stands in a sitting: an epoch of one of its runs."""

    strand: RunBranch
    epoch: int


@dataclass(frozen=True, eq=False)
class UndoEntry:
    """Something that can be undone: from one moment to another, by an ``edit`` or a restart."""

    what: str
    before: BranchPosition
    after: BranchPosition
    edit: Edit | None = None


class UndoStack:
    """``made`` are the steps that led here, oldest first; the newest is undone first."""

    def __init__(self, made: Sequence[UndoEntry] = ()) -> None:
        self._made = list(made)
        self._undone: list[UndoEntry] = []

    @property
    def what(self) -> str:
        """What would be taken back, or empty."""
        return self._made[-1].what if self._made else ""

    def made(self, step: UndoEntry) -> None:
        """Another step was made; what was undone before it cannot be redone."""
        self._made.append(step)
        self._undone.clear()
        del self._made[:-MOST_STEPS]

    def back(self, here: BranchPosition) -> UndoEntry | None:
        """The step to take back, if any; done again, it leads to ``here``."""
        if not self._made:
            return None
        step = self._made.pop()
        self._undone.append(replace(step, after=here))
        return step

    def again(self) -> UndoEntry | None:
        """The step to do again, if any."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._made.append(step)
        return step


def steps_to(strand: RunBranch) -> list[UndoEntry]:
    """What led to the end of a run that was saved: its edits, the last ``MOST_STEPS`` of them."""
    run, edits = strand.run, strand.run.edits
    oldest = max(0, len(edits) - MOST_STEPS)
    strands = [RunBranch(replace(run, edits=edits[:n])) for n in range(oldest, len(edits))]
    return [
        UndoEntry(
            describe_edit(edit, run.dataset),
            BranchPosition(old, edit.epoch),
            BranchPosition(new, edit.epoch),
            edit,
        )
        for edit, old, new in zip(edits[oldest:], strands, [*strands[1:], strand], strict=False)
    ]
