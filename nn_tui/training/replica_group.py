"""Replicas of a run: the same experiment from consecutive weight seeds, trained side by side.

Each is a run of its own, with a trainer of its own, and has bit for bit the weights that its
seed alone would give; they share the arrays of the data. Edits and moves to other epochs are
those of all. A replica that diverges stays where it did, and the others continue.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from nn_tui.recipe.recipe import Recipe, View
from nn_tui.recipe.replicas import replica_recipe, replica_seeds
from nn_tui.training.curve import Curve
from nn_tui.training.edits import Edit
from nn_tui.training.interruption import never
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.keyframes import ROOM
from nn_tui.training.memory_estimate import refuse_too_large
from nn_tui.training.replica_results import ReplicaResult, ReplicaResults
from nn_tui.training.run import Run
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array

_LEAST_SHARE = 0.025
"""Seconds that one replica is trained before the next: switching costs about a twentieth of it."""
_LONGEST_ROUND = 1.0
"""Seconds in which every replica is trained once, however many there are."""
_MOST_WHOLE = 64
"""The largest number of replicas whose curves are kept after a move in time."""
_SHARE = 0.05
"""Largest share of the time for copies of the losses while training."""


class ReplicaState(NamedTuple):
    """Where a saved replica continues."""

    keyframe: Keyframe
    partial: PartialEpochState | None = None


class _WholeCurves(NamedTuple):
    """The curves of all replicas with these ``edits`` up to ``epoch``, before a move in time."""

    edits: tuple[Edit, ...]
    epoch: int
    curves: tuple[Curve, ...]


class ReplicaGroup:
    """The replicas of ``run``, at epoch 0 or where ``saved`` continues, in the order of seeds.

    It is used as a ``RunReplayer``: ``trainer`` is that of the replica ``shown``. Between two
    calls all replicas have finished the same epochs, apart from those that diverged, and those
    interrupted in a long epoch, which are trained first by the next call. Target loss and
    patience stop no single replica. Raises as ``Trainer`` does, and RecipeError if the memory
    does not suffice for all.
    """

    def __init__(self, run: Run, saved: Sequence[ReplicaState] = (), shown: int = 0) -> None:
        self.run = run
        self.seeds = replica_seeds(run.recipe)
        refuse_too_large(run.recipe, run.dataset)
        self.shown = shown
        self.stops_at_target = True
        """Whether training is to pause once all are below the target loss."""
        room = ROOM // len(self.seeds)
        self.members = [
            RunReplayer(replica_run(run, index), *state, room=room, stops=False)
            for index, state in enumerate(saved or [(None, None)] * len(self.seeds))
        ]
        self._curves: dict[int, tuple[object, Curve]] = {}
        self._whole = _WholeCurves((), 0, ())
        self._results: ReplicaResults | None = None
        self._copied_at = self._copying = 0.0

    # Reading

    @property
    def trainer(self) -> Trainer:
        """The trainer of the replica that is shown."""
        return self.members[self.shown].trainer

    @property
    def shown_run(self) -> Run:
        """The run of the replica that is shown, as a run of its own."""
        return self.members[self.shown].run

    @property
    def recipe(self) -> Recipe:
        """The recipe of all replicas now, edits included."""
        recipe = self.trainer.recipe.with_value("network.seed", self.seeds[0])
        return recipe.with_value("training.replicas", len(self.seeds))

    @property
    def whole(self) -> bool:
        """Whether all trainers are in a state that training can continue from."""
        return all(member.whole for member in self.members)

    @property
    def corrupted(self) -> bool:
        """Whether an internal error left a trainer in an invalid state, until ``repair``."""
        return any(member.corrupted for member in self.members)

    @property
    def training(self) -> list[RunReplayer]:
        """The replicas that have not diverged."""
        return [member for member in self.members if not member.trainer.diverged]

    @property
    def epoch(self) -> int:
        """How many epochs are finished by all that have not diverged."""
        return min((member.trainer.epoch for member in self.training), default=self.reached)

    @property
    def reached(self) -> int:
        """How many epochs are finished by one of them."""
        return max(member.trainer.epoch for member in self.members)

    @property
    def edit_epoch(self) -> int:
        """The last epoch without an edit that is made now."""
        return max(member.trainer.edit_epoch for member in self.members)

    @property
    def position(self) -> tuple[object, ...]:
        """The positions of all trainers."""
        return tuple(member.trainer.position for member in self.members)

    @property
    def diverged(self) -> str:
        """Why the replica shown diverged, if all of them have."""
        return "" if self.training else self.trainer.diverged

    @property
    def below_target(self) -> bool:
        """Whether all that have not diverged are below the target loss."""
        target = self.recipe.training.stop_loss
        training = self.training
        return (
            not isinstance(target, str)
            and bool(training)
            and all(m.trainer.runner.last_evaluation().train_loss < target for m in training)
        )

    def results(self, hurried: bool = False) -> ReplicaResults:
        """The losses of all replicas; if ``hurried``, older ones where copying takes long."""
        now = time.perf_counter()
        late = now - self._copied_at < self._copying / _SHARE
        known = self._results
        if known is not None and hurried and late and known.shown == self.shown:
            return known
        found = [self._result(index) for index in range(len(self.members))]
        self._results = ReplicaResults(self.recipe, found, self.shown)
        self._copied_at = time.perf_counter()
        self._copying = self._copied_at - now
        return self._results

    @property
    def ahead(self) -> Curve | None:
        """The whole curve of the replica shown, where the current epoch is an earlier one."""
        edits, epoch, curves = self._whole
        known = epoch > self.trainer.epoch and edits == self.run.edits
        return curves[self.shown] if known else None

    def states(self) -> list[ReplicaState]:
        """Copies of all states, to be saved; the group must be ``whole``."""
        return [
            ReplicaState(member.trainer.keyframe(), member.trainer.partial_epoch)
            for member in self.members
        ]

    def recorded_states(self) -> list[tuple[int, Array]]:
        """The recorded states of the replica that is shown; see ``RunReplayer``."""
        return self.members[self.shown].recorded_states()

    def single(self) -> RunReplayer:
        """The replica that is shown, copied, as a run of its own."""
        state = ReplicaState(self.trainer.keyframe(), self.trainer.partial_epoch)
        return RunReplayer(self.shown_run, *state)

    # Running

    def run_for(
        self, seconds: float, last_epoch: int | None, interrupted: Callable[[], bool]
    ) -> None:
        """Train all for about ``seconds``, up to ``last_epoch``; see ``Trainer.run_for``."""
        until = time.perf_counter() + seconds
        while self._align(until, interrupted):
            training = self.training
            if not training or (last_epoch is not None and self.epoch >= last_epoch):
                return
            count = len(training)
            share = max(seconds / count, min(_LEAST_SHARE, _LONGEST_ROUND / count))
            training[0].run_for(share, last_epoch, interrupted)
            self._align(until + seconds / 2, interrupted)
            if interrupted() or time.perf_counter() >= until:
                return

    def _align(self, until: float = math.inf, interrupted: Callable[[], bool] = never) -> bool:
        """Train those that are behind up to the epoch of the first; False if not all are there.

        That takes long at most until ``until``, and soon ends when ``interrupted``.
        """
        goal = self.reached
        for member in self.training:
            while member.trainer.epoch < goal and not member.trainer.diverged:
                if interrupted() or time.perf_counter() >= until:
                    return False
                member.run_for(until - time.perf_counter(), goal, interrupted)
        return True

    def clear_stop(self) -> None:
        """Continue below the target loss, and after a divergence of all replicas."""
        self.stops_at_target = not self.below_target
        if not self.training:
            for member in self.members:
                member.trainer.clear_stop()

    # Changing

    def settle(self, interrupted: Callable[[], bool] = never) -> None:
        """Finish the epochs that others have finished, so that an edit is one of all."""
        self._align(interrupted=interrupted)

    def edit(self, edit: Edit) -> None:
        """Apply ``edit`` to all; those that diverged earlier do not reach it.

        Raises as ``Trainer.apply`` does, and changes nothing then.
        """
        shown = self.members[self.shown]
        for member in sorted(self.members, key=lambda member: member is not shown):
            if member.trainer.edit_epoch == edit.epoch:
                member.edit(edit)
            else:
                member.run = member.run.with_edit(edit)
        self.run = self.run.with_edit(edit)

    def go_to(self, run: Run, epoch: int, cancelled: Callable[[], bool]) -> None:
        """Go to ``epoch`` of ``run`` with all replicas, the shown one first."""
        known = self._whole
        farther = known.edits != self.run.edits or self.reached >= known.epoch
        if farther and len(self.members) <= _MOST_WHOLE:
            curves = tuple(member.trainer.history.curve() for member in self.members)
            self._whole = _WholeCurves(self.run.edits, self.reached, curves)
        self.run = run
        shown = self.members[self.shown]
        for member in sorted(self.members, key=lambda member: member is not shown):
            own = member.run
            if own.edits != run.edits:
                own = replace(own, edits=run.edits)
            member.go_to(own, epoch, cancelled)

    def repair(self) -> None:
        """Replace corrupted trainers by new ones at their nearest keyframes."""
        for member in self.members:
            if member.corrupted:
                member.repair()

    def set_view(self, view: View) -> None:
        """Set the view settings of all recipes."""
        for member in self.members:
            member.trainer.set_view(view)

    # Inside

    def _result(self, index: int) -> ReplicaResult:
        trainer = self.members[index].trainer
        key = (self.members[index].run, trainer.position, trainer.diverged)
        known = self._curves.get(index)
        if known is None or known[0] != key:
            known = self._curves[index] = key, trainer.history.curve_of("train_loss")
        loss = trainer.runner.last_evaluation().train_loss
        return ReplicaResult(self.seeds[index], trainer.epoch, loss, known[1], trainer.diverged)


def replica_run(run: Run, index: int) -> Run:
    """The replica with that index as a run of its own."""
    recipe = replica_recipe(run.recipe, replica_seeds(run.recipe)[index])
    preset = run.preset and run.preset.with_value("training.replicas", 1)
    return replace(run, recipe=recipe, preset=preset)


def replayer_of(
    run: Run,
    keyframe: Keyframe | None = None,
    partial: PartialEpochState | None = None,
    replicas: Sequence[ReplicaState] = (),
    shown: int = 0,
) -> RunReplayer | ReplicaGroup:
    """The replayer of ``run``: of all its replicas, if it has several."""
    if run.recipe.training.replicas > 1:
        return ReplicaGroup(run, replicas, shown)
    return RunReplayer(run, keyframe, partial)
