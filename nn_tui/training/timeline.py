"""A sitting: the runs of it, where one stands, and the way back by undo and redo.

A run is told in full by its start and its edits. A change makes another run of it, which is
remembered beside those before it.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

from nn_tui.training.branches import RunBranch
from nn_tui.training.edit_descriptions import describe_edit, transition, undone
from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trainer import Trainer

MOST_STEPS = 200


class BranchPosition(NamedTuple):
    """Where one stands in a sitting: an epoch of one of its runs."""

    branch: RunBranch
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


P = ParamSpec("P")
R = TypeVar("R")

MOST_STRANDS = 200
"""Runs of a sitting that are remembered besides the current one."""

Method = Callable[Concatenate["Timeline", P], R]


def _alone(method: Method[P, R]) -> Method[P, R]:
    """``method`` with the timeline's lock held."""

    @wraps(method)
    def locked(self: "Timeline", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            return method(self, *args, **kwargs)

    return locked


class Timeline:
    """Between calls one stands at a moment of ``strand.run``.

    At a moment of epoch e all edits up to and with epoch e are in effect. ``keyframe`` and
    ``halfway`` are where a run that was saved is gone on with. ``lock`` is held while
    something changes, so that whoever must save can wait for a moment that is whole.
    Raises what ``Trainer`` raises where a run cannot be had.
    """

    def __init__(
        self,
        run: Run,
        keyframe: Keyframe | None = None,
        halfway: PartialEpochState | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self._follower = RunReplayer(run, keyframe, halfway)
        self.branch = RunBranch(run)
        self.branches: list[RunBranch] = [self.branch]
        """All of this sitting, oldest first."""
        self._undo = UndoStack(steps_to(self.branch) if keyframe is not None else ())

    # Looking

    @property
    def whole(self) -> bool:
        """Whether the trainer is at a moment that can be gone on from."""
        return self._follower.whole

    @property
    def corrupted(self) -> bool:
        """Whether something broke off, so that there is no such moment until ``repair``."""
        return self._follower.corrupted

    @property
    def trainer(self) -> Trainer:
        """What trains now; at another start, and after ``repair``, it is another one."""
        return self._follower.trainer

    @property
    def run(self) -> Run:
        """The run one is in, with edits that lie ahead of where one stands."""
        return self.branch.run

    @property
    def place(self) -> RunPosition:
        """Where one stands."""
        return RunPosition(self.run, self.trainer.epoch)

    @property
    def furthest(self) -> int:
        """The last epoch that this run has reached."""
        return max(self.branch.furthest, self.trainer.epoch)

    @property
    def undoable(self) -> str:
        """What ``undo`` would take back, or empty."""
        return self._undo.what

    @_alone
    def snapshot(self) -> Snapshot:
        """The moment as it is, with what is known of the run ahead of it."""
        snapshot = self.trainer.snapshot()
        known = self.branch.outcome
        ahead = known.losses if known and known.epoch > snapshot.epoch else None
        return replace(snapshot, ahead=ahead)

    # Running

    @_alone
    def run_for(
        self,
        seconds: float,
        last_epoch: int | None = None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train as ``Trainer.run_for`` does; the edits of the run are made on the way."""
        self._follower.run_for(seconds, last_epoch, interrupted)

    def clear_stop(self) -> None:
        """Let a diverged or stopped run continue."""
        self.trainer.clear_stop()

    @_alone
    def repair(self) -> None:
        """Replace a corrupted trainer by another, at the last moment kept."""
        self._follower.repair()

    # Changing

    @_alone
    def edit(self, make: Callable[[int], Edit]) -> RunBranch | None:
        """Make the edit that ``make`` gives for the epoch after which it takes effect.

        Made in the past it forks the run; the strand left behind is returned then. Raises
        what ``Trainer.apply`` raises, and changes nothing.
        """
        before, epoch = self.snapshot(), self.trainer.edit_epoch
        edit = make(epoch)
        self._follower.edit(edit)
        old = self.branch
        old.leave(before)
        forks = old.furthest > epoch
        old.continued = not forks
        self._enter(RunBranch(self._follower.run))
        what = describe_edit(edit, self.run.dataset)
        self._undo.made(
            UndoEntry(what, BranchPosition(old, epoch), BranchPosition(self.branch, 0), edit)
        )
        return old if forks else None

    @_alone
    def start(self, run: Run, what: str) -> None:
        """Be at epoch 0 of another run; it can be undone."""
        follower = RunReplayer(run)
        old = self._leave()
        self._follower = follower
        self._enter(RunBranch(run))
        self._undo.made(UndoEntry(what, old, BranchPosition(self.branch, 0)))

    @_alone
    def remember(self, earlier: "Timeline") -> None:
        """Know the runs of the timeline that this one takes the place of in a sitting."""
        earlier.branch.leave(earlier.snapshot())
        others = (
            strand
            for strand in earlier.branches
            if strand.furthest > self.trainer.epoch or not strand.run.equals(self.run)
        )
        self.branches = [*others, *self.branches][-MOST_STRANDS:]

    # Going back and forth

    @_alone
    def go_to(self, epoch: int, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Be at ``epoch`` of this run, from 0 to ``furthest``.

        What has to be trained again for that can be ``cancelled``, and one then stands
        where that left off.
        """
        self._leave()
        self._stand_at(self.branch, max(0, min(epoch, self.furthest)), cancelled)

    @_alone
    def jump(self, place: RunPosition, what: str) -> None:
        """Be at a moment of any run of this sitting; it can be undone."""
        old = self._leave()
        known = (strand for strand in self.branches if strand.run is place.run)
        strand = next(known, None) or RunBranch(place.run)
        self._stand_at(strand, place.epoch)
        if strand not in self.branches:
            self._enter(strand)
        self._undo.made(UndoEntry(what, old, BranchPosition(strand, place.epoch)))

    @_alone
    def undo(self) -> str:
        """Be at the moment before the last change; says which values went back to which."""
        step = self._undo.back(BranchPosition(self.branch, self.trainer.epoch))
        if step is None:
            return ""
        self._leave()
        left = self.trainer.recipe
        self._stand_at(*step.before)
        step.before.branch.continued = False
        return undone(step.what, step.edit, left, self.trainer.snapshot())

    @_alone
    def redo(self) -> str:
        """Be again where one was before the last undo; says which values are other ones now."""
        step = self._undo.again()
        if step is None:
            return ""
        self._leave()
        left = self.trainer.recipe
        self._stand_at(*step.after)
        return transition(step.what, left, self.trainer.recipe)

    # Inside

    def _leave(self) -> BranchPosition:
        """Remember how far the run has come; returns where one stands."""
        self.branch.leave(self.snapshot())
        return BranchPosition(self.branch, self.trainer.epoch)

    def _enter(self, strand: RunBranch) -> None:
        self.branch = strand
        self.branches.append(strand)
        del self.branches[:-MOST_STRANDS]

    def _stand_at(
        self, strand: RunBranch, epoch: int, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        if not strand.run.starts_like(self.run):
            self._follower = RunReplayer(strand.run)
        self.branch = strand
        self._follower.go_to(strand.run, epoch, cancelled)
