"""The timeline of a session: its runs, and the current position among them.

A run is determined by its start and its edits. An edit makes another run, which is kept in
addition to those before it.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from nn_tui.recipe.recipe import Recipe, View
from nn_tui.training.branches import ReplicaOutcome, RunBranch
from nn_tui.training.edit_descriptions import describe_edit, transition, undone
from nn_tui.training.edits import Edit
from nn_tui.training.interruption import never
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.replica_group import ReplicaGroup, ReplicaState, replayer_of
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.training.snapshot import Snapshot, summarize_run
from nn_tui.training.stopping import BestEpoch
from nn_tui.training.trainer import Trainer
from nn_tui.training.undo import BranchPosition, UndoEntry, UndoStack, undo_entries
from nn_tui.types import Array

P = ParamSpec("P")
R = TypeVar("R")

MOST_BRANCHES = 200
"""The largest number of runs kept in a session."""

MOST_LISTED_REPLICAS = 64
"""The largest number of replicas whose results are kept when the run is left."""

Locked = Callable[Concatenate["Timeline", P], R]


def _locked(method: Locked[P, R]) -> Locked[P, R]:
    """``method`` with the timeline's lock held."""

    @wraps(method)
    def locked(self: "Timeline", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            return method(self, *args, **kwargs)

    return locked


class Timeline:
    """The runs of a session, of which ``branch`` is the current one.

    At epoch e all edits up to and including epoch e are in effect. A saved run continues from
    ``keyframe`` and ``partial``, its unfinished epoch. ``lock`` is held during every change,
    so that saving can wait for a consistent state. Raises as ``Trainer`` does.
    """

    def __init__(
        self,
        run: Run,
        keyframe: Keyframe | None = None,
        partial: PartialEpochState | None = None,
        replicas: Sequence[ReplicaState] = (),
        shown: int = 0,
    ) -> None:
        """``replicas`` are the states of a saved run's replicas, of which one is ``shown``."""
        self.lock = threading.RLock()
        self._replayer = replayer_of(run, keyframe, partial, replicas, shown)
        self._set_aside: ReplicaGroup | None = None
        self.branch = RunBranch(run)
        self.branches: list[RunBranch] = [self.branch]
        """All branches of this session, oldest first."""
        self._undo = UndoStack(undo_entries(self.branch) if keyframe is not None else ())

    # Reading

    @property
    def whole(self) -> bool:
        """Whether the trainer is in a state that training can continue from."""
        return self._replayer.whole

    @property
    def corrupted(self) -> bool:
        """Whether an internal error left the trainer in an invalid state, until ``repair``."""
        return self._replayer.corrupted

    @property
    def trainer(self) -> Trainer:
        """The current trainer; another start, and ``repair``, replace it."""
        return self._replayer.trainer

    @property
    def run(self) -> Run:
        """The current run, including edits after the current epoch."""
        return self.branch.run

    @property
    def position(self) -> RunPosition:
        """The current position: that of the replica shown, as a run of its own."""
        group = self.group
        run = self.run if group is None else group.shown_run
        return RunPosition(run, self.trainer.epoch)

    @property
    def group(self) -> ReplicaGroup | None:
        """The replicas of the current run; None if it has only one."""
        return self._replayer if isinstance(self._replayer, ReplicaGroup) else None

    @property
    def recipe(self) -> Recipe:
        """The recipe now, edits included, with all replicas."""
        return self._replayer.recipe

    @property
    def epoch(self) -> int:
        """How many epochs are finished, by all replicas that have not diverged."""
        return self._replayer.epoch

    @property
    def diverged(self) -> str:
        """Why training diverged, of all replicas, or empty."""
        return self._replayer.diverged

    @property
    def progress(self) -> tuple[object, ...]:
        """What changes with every update, of any replica."""
        return self._replayer.position

    @property
    def furthest(self) -> int:
        """The last epoch that this run has reached."""
        return max(self.branch.furthest, self._replayer.reached)

    @property
    def best(self) -> BestEpoch | None:
        """The best epoch of this run, as far as it is known."""
        known = self.branch.outcome
        return known.best if known and known.epoch > self.trainer.epoch else self.trainer.best

    @property
    def undoable(self) -> str:
        """The change that ``undo`` would undo, or empty."""
        return self._undo.what

    @_locked
    def snapshot(self, hurried: bool = False) -> Snapshot:
        """A snapshot of the current state, with the known curve of the epochs after it.

        If ``hurried``, the losses of many replicas may be older.
        """
        snapshot, group = self.trainer.snapshot(), self.group
        if group is not None:
            return replace(snapshot, replicas=group.results(hurried), ahead=group.ahead)
        known = self.branch.outcome
        if known is None or known.epoch <= snapshot.epoch:
            return snapshot
        return replace(snapshot, ahead=known.losses, best=known.best)

    @_locked
    def recorded_states(self) -> list[tuple[int, Array]]:
        """Epochs and parameters recorded of the current run, of the replica shown."""
        return self._replayer.recorded_states()

    # Running

    @_locked
    def run_for(
        self,
        seconds: float,
        last_epoch: int | None = None,
        interrupted: Callable[[], bool] = never,
    ) -> None:
        """Train as ``Trainer.run_for`` does, and apply the run's edits at their epochs."""
        self._replayer.run_for(seconds, last_epoch, interrupted)

    def clear_stop(self) -> None:
        """Let a diverged or stopped run continue."""
        self._replayer.clear_stop()

    @_locked
    def settle(self, interrupted: Callable[[], bool] = never) -> None:
        """Train replicas that are behind up to the epoch of the others, unless ``interrupted``."""
        self._replayer.settle(interrupted)

    def set_view(self, view: View) -> None:
        """Set the recipe's view settings, which change no number."""
        self._replayer.set_view(view)

    @_locked
    def repair(self) -> None:
        """Replace a corrupted trainer by a new one at the nearest keyframe."""
        self._replayer.repair()

    # Changing

    @_locked
    def edit(self, make: Callable[[int], Edit]) -> RunBranch | None:
        """Apply the edit that ``make`` returns for the epoch after which it takes effect.

        An edit of an earlier epoch starts a new branch; the branch left behind is returned
        then. Raises as ``Trainer.apply`` does, and changes nothing then.
        """
        self.settle()
        before, reached, replicas = self.snapshot(), self._replayer.reached, self._left_behind()
        epoch = self._replayer.edit_epoch
        edit = make(epoch)
        self._replayer.edit(edit)
        old = self.branch
        old.leave(before, reached, replicas)
        forks = old.furthest > epoch
        old.continued = not forks
        self._enter(RunBranch(self._replayer.run))
        what = describe_edit(edit, self.run.dataset)
        self._undo.push(
            UndoEntry(what, BranchPosition(old, epoch), BranchPosition(self.branch, 0), edit)
        )
        return old if forks else None

    @_locked
    def start(self, run: Run, what: str) -> None:
        """Go to epoch 0 of another run; this can be undone."""
        replayer = replayer_of(run)
        old = self._leave()
        self._replayer = replayer
        self._enter(RunBranch(run))
        self._undo.push(UndoEntry(what, old, BranchPosition(self.branch, 0)))

    # Replicas

    @_locked
    def show_replica(self, index: int) -> None:
        """Show another replica of the current run."""
        if self.group is not None:
            self.group.shown = index

    @_locked
    def results(self) -> list[ReplicaOutcome]:
        """The result of every replica at the current epoch, and its position as its own run."""
        group = self.group
        if group is None:
            return [ReplicaOutcome(summarize_run(self.snapshot()), self.position)]
        return [
            ReplicaOutcome(
                summarize_run(member.trainer.snapshot()), RunPosition(member.run, member.epoch)
            )
            for member in group.members
        ]

    @_locked
    def replica_snapshots(self) -> list[Snapshot]:
        """A snapshot of every replica; none if the run has only one."""
        group = self.group
        return [] if group is None else [m.trainer.snapshot() for m in group.members]

    @_locked
    def open_replica(self, what: str) -> None:
        """Continue with the replica shown as a run of its own; this can be undone."""
        group = self.group
        if group is None:
            return
        single = group.single()
        old = self._leave()
        self._set_aside, self._replayer = group, single
        self._enter(RunBranch(single.run))
        position = BranchPosition(self.branch, single.trainer.epoch)
        self._undo.push(UndoEntry(what, old, position))

    @_locked
    def remember(self, earlier: "Timeline") -> None:
        """Add the runs of the timeline that this one replaces in the session."""
        earlier._leave()
        others = (
            branch
            for branch in earlier.branches
            if branch.furthest > self.trainer.epoch or not branch.run.equals(self.run)
        )
        self.branches = [*others, *self.branches][-MOST_BRANCHES:]

    # Going back and forth

    @_locked
    def go_to(self, epoch: int, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Go to ``epoch`` of this run, from 0 to ``furthest``.

        If ``cancelled`` while epochs are trained again, it stays where that was interrupted.
        """
        self._leave()
        self._move_to(self.branch, max(0, min(epoch, self.furthest)), cancelled)

    @_locked
    def jump(self, position: RunPosition, what: str) -> None:
        """Go to an epoch of any run of this session; this can be undone."""
        old = self._leave()
        known = (branch for branch in self.branches if branch.run is position.run)
        branch = next(known, None) or RunBranch(position.run)
        self._move_to(branch, position.epoch)
        if branch not in self.branches:
            self._enter(branch)
        self._undo.push(UndoEntry(what, old, BranchPosition(branch, position.epoch)))

    @_locked
    def undo(self) -> str:
        """Undo the last change; return a description of the values before and after."""
        entry = self._undo.undo(BranchPosition(self.branch, self.epoch))
        if entry is None:
            return ""
        self._leave()
        before = self.trainer.recipe
        self._move_to(*entry.before)
        entry.before.branch.continued = False
        return undone(entry.what, entry.edit, before, self.trainer.snapshot())

    @_locked
    def redo(self) -> str:
        """Redo the last undone change; return a description of the values before and after."""
        entry = self._undo.redo()
        if entry is None:
            return ""
        self._leave()
        before = self.trainer.recipe
        self._move_to(*entry.after)
        return transition(entry.what, before, self.trainer.recipe)

    @_locked
    def restore_best(self) -> BestEpoch | None:
        """Go back to the best epoch, as ``training.restore_best`` says; return it if it did.

        Nothing is done after a divergence, within an epoch, at the best epoch, and with
        several replicas, each of which has another best epoch.
        """
        trainer, best = self.trainer, self.trainer.best
        if self.group is not None:
            return None
        if not trainer.recipe.training.restore_best or trainer.diverged or not trainer.at_rest:
            return None
        if best is None or best.epoch >= trainer.epoch:
            return None
        self.go_to(best.epoch)
        return best

    # Inside

    def _leave(self) -> BranchPosition:
        """Record the result of the current branch; return the current position."""
        self.branch.leave(self.snapshot(), self._replayer.reached, self._left_behind())
        return BranchPosition(self.branch, self.epoch)

    def _left_behind(self) -> Sequence[ReplicaOutcome]:
        """The results of the replicas, if there are several, but not very many."""
        few = self.group is not None and len(self.group.members) <= MOST_LISTED_REPLICAS
        return self.results() if few else ()

    def _enter(self, branch: RunBranch) -> None:
        self.branch = branch
        self.branches.append(branch)
        del self.branches[:-MOST_BRANCHES]

    def _move_to(
        self, branch: RunBranch, epoch: int, cancelled: Callable[[], bool] = lambda: False
    ) -> None:
        if not branch.run.starts_like(self.run):
            self._replayer = self._replayer_for(branch.run)
        self.branch = branch
        self._replayer.go_to(branch.run, epoch, cancelled)

    def _replayer_for(self, run: Run) -> RunReplayer | ReplicaGroup:
        """A replayer of ``run``; the replicas that one was opened from last are kept."""
        aside = self._set_aside
        if aside is not None and aside.run.starts_like(run):
            return aside
        return replayer_of(run)
