"""What can be undone, and what can be done again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nn_tui.training.branches import Strand
from nn_tui.training.edits import Edit
from nn_tui.training.told import described

MOST_STEPS = 200


class Stand(NamedTuple):
    """Where one stands in a sitting: an epoch of one of its runs."""

    strand: Strand
    epoch: int


@dataclass(frozen=True, eq=False)
class Step:
    """Something that can be undone: from one moment to another, by an ``edit`` or a restart."""

    what: str
    before: Stand
    after: Stand
    edit: Edit | None = None


class Undo:
    """``made`` are the steps that led here, oldest first; the newest is undone first."""

    def __init__(self, made: Sequence[Step] = ()) -> None:
        self._made = list(made)
        self._undone: list[Step] = []

    @property
    def what(self) -> str:
        """What would be taken back, or empty."""
        return self._made[-1].what if self._made else ""

    def made(self, step: Step) -> None:
        """Another step was made; what was undone before it cannot be redone."""
        self._made.append(step)
        self._undone.clear()
        del self._made[:-MOST_STEPS]

    def back(self, here: Stand) -> Step | None:
        """The step to take back, if any; done again, it leads to ``here``."""
        if not self._made:
            return None
        step = self._made.pop()
        self._undone.append(replace(step, after=here))
        return step

    def again(self) -> Step | None:
        """The step to do again, if any."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._made.append(step)
        return step


def steps_to(strand: Strand) -> list[Step]:
    """What led to the end of a run that was saved: its edits, the last ``MOST_STEPS`` of them."""
    run, edits = strand.run, strand.run.edits
    oldest = max(0, len(edits) - MOST_STEPS)
    strands = [Strand(replace(run, edits=edits[:n])) for n in range(oldest, len(edits))]
    return [
        Step(described(edit, run.dataset), Stand(old, edit.epoch), Stand(new, edit.epoch), edit)
        for edit, old, new in zip(edits[oldest:], strands, [*strands[1:], strand], strict=False)
    ]
