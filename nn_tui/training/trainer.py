"""One run: a recipe being carried out, epoch by epoch, on arrays of its own."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.data.dataset import Dataset
from nn_tui.nn.method import Method
from nn_tui.nn.parameters import flatten
from nn_tui.nn.state import Saved, State
from nn_tui.nn.step import Step
from nn_tui.recipe import Recipe, View
from nn_tui.training import plan, verdicts
from nn_tui.training.changes import changed, data_edits, samples_after
from nn_tui.training.cost import refuse_too_large
from nn_tui.training.course import Course, Losses
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.history import History
from nn_tui.training.keyframe import Keyframe
from nn_tui.training.open_epoch import OpenEpoch
from nn_tui.training.snapshot import Figures, Snapshot, figures

Array = NDArray[Any]
Listener = Callable[[Array, Array, Array], None]

_CHUNK_EPOCHS = 4096
_CHUNK_SECONDS = 0.005


class Trainer:
    """Trains until told to stop; between calls, everything it shows belongs together.

    ``weights`` (``W0 b0 W1 …`` by name) replace the recipe's start weights. Raises
    RecipeError where recipe and samples do not fit or the memory does not suffice,
    ValueError where the weights do not fit.

    ``diverged`` and ``stopped`` are sentences once the run has blown up or come below its
    ``training.stop_loss``; it then stands still until an edit or ``go_on``. ``recipe``,
    ``dataset`` and ``edits`` are as they will be when everything asked for is in effect.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset, weights: Mapping[str, Array] | None = None
    ) -> None:
        refuse_too_large(recipe, dataset)
        plan.check_batches(recipe, dataset.train_count)
        self.recipe = self._obeyed = recipe
        self.dataset = self._start_dataset = dataset
        self.edits: tuple[Edit, ...] = ()
        self._pending: list[tuple[Edit, Recipe]] = []
        self._pruned = False
        self.network = plan.architecture(recipe, dataset)
        if weights is None:
            self.start = plan.start_parameters(recipe, self.network)
        else:
            self.start = flatten(weights, self.network)
        self.epoch = 0
        self.seconds = 0.0
        self.rate = 0.0
        self.diverged = ""
        self.stopped = ""
        self.history = History()
        self.listeners: list[Listener] = [self.history.append]
        self._heeds_stop_loss = True
        self._chunk = 1
        self._open: OpenEpoch | None = None
        self._seen: Figures | None = None
        self._course = self._new_course(self._new_state(self.start))
        self._record(range(1), self._course.losses())

    # Running

    def run_epochs(self, count: int) -> None:
        """Train ``count`` epochs, fewer if the run diverges or stops.

        An epoch that ``run_for`` left in the middle is finished, and counts as one.
        """
        self._advance(self.epoch + count, math.inf)

    def run_for(
        self,
        seconds: float,
        last_epoch: int | None = None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        """Train for about ``seconds``, to ``last_epoch`` at most.

        An epoch that takes long is left in the middle and gone on with next time. It ends
        a few milliseconds after it is ``interrupted``.
        """
        until = time.perf_counter() + seconds
        self._advance(math.inf if last_epoch is None else last_epoch, until, interrupted)

    def go_on(self) -> None:
        """Let a run that diverged or stopped go on; its stop loss is not heeded any more."""
        if self.stopped:
            self._heeds_stop_loss = False
        self.diverged = self.stopped = ""

    def step(self) -> Step:
        """The next epoch's first update, for walking and for its source.

        It works on a copy of the run's state: walking it changes nothing here. In the
        middle of an epoch it is that epoch's first update, from where the epoch began.
        """
        return self._course.step(self.epoch + 1, self._open.before if self._open else None)

    # Changing

    @property
    def at_rest(self) -> bool:
        """Whether no epoch was left in the middle."""
        return self._open is None

    @property
    def moment(self) -> int:
        """The last epoch that is done without a change that is made now."""
        return self.epoch + (not self.at_rest)

    def apply(self, edit: Edit) -> None:
        """Make a change; ``edit.epoch`` must be ``moment``.

        In the middle of an epoch it takes effect at the epoch's end, so that a run is told
        in full by its recipe and its edits. Raises RecipeError or DataError, and leaves
        everything as it is, where the run cannot go on like that.
        """
        assert edit.epoch == self.moment
        recipe, dataset = changed(edit, self.recipe, self.dataset, self.network)
        if recipe.training.stop_loss != self.recipe.training.stop_loss:
            self._heeds_stop_loss, self.stopped = True, ""
        self.diverged = ""
        self.recipe, self.dataset = recipe, dataset
        self.edits = (*self.edits, edit)
        self._pending.append((edit, recipe))
        if self.at_rest:
            self._obey()

    def set(self, recipe: Recipe) -> None:
        """Go on by ``recipe``, which differs in live fields only: one edit for all of them.

        Raises as ``apply`` does.
        """
        changes = self.recipe.differences(replace(recipe, view=self.recipe.view))
        if changes:
            self.apply(RecipeEdit(self.moment, changes))
        self.watch(recipe.view)

    def watch(self, view: View) -> None:
        """Be watched in another way, which changes no number and is no edit."""
        self.recipe = replace(self.recipe, view=view)

    def _obey(self) -> None:
        pending, self._pending = self._pending, []
        for edit, recipe in pending:
            match edit:
                case RecipeEdit():
                    self._follow(recipe)
                case DatumEdit():
                    self._course = self._new_course(self._course.state)
                case PruneEdit():
                    self._cut_off(edit)
                case ParameterEdit():
                    self._course.state.set_parameter(edit.name, edit.index, edit.value)
            if not isinstance(edit, RecipeEdit):
                self._course.refresh()
                self._seen = None

    def _follow(self, recipe: Recipe) -> None:
        before, self._obeyed = self._obeyed, recipe
        old = self._course.state
        for name, value in plan.scalars(recipe).items():
            old.scalars.set(name, value)
        self._course.every = recipe.training.evaluate_every
        network = plan.architecture(recipe, self.dataset)
        new_batches = _batches(recipe) != _batches(before)
        if network == self.network and self._method() == old.method and not new_batches:
            return
        self.network = network
        self._go_on_by_another_method(old)
        if new_batches:
            self._course.state.forget_carried()

    def _go_on_by_another_method(self, old: State) -> None:
        state = self._new_state(old.parameters)
        state.adopt(old)
        self._course = self._new_course(state)
        self._seen = None

    def _cut_off(self, edit: PruneEdit) -> None:
        self._pruned = True
        if not self._course.state.method.cuts:
            self._go_on_by_another_method(self._course.state)
        self._course.state.prune(edit.name, edit.index)

    # Going back

    def keyframe(self) -> Keyframe:
        """This moment, in copies; only at rest."""
        assert self.at_rest
        return Keyframe(
            epoch=self.epoch,
            edits=self.edits,
            recipe=self._obeyed,
            saved=self._course.state.save(),
            history=self.history.copy(),
            seconds=self.seconds,
        )

    def resume(self, keyframe: Keyframe) -> None:
        """Be where this run was, or a run with the same start, at ``keyframe``."""
        before, samples = self._obeyed, self.dataset
        self._open, self._pending = None, []
        self.recipe = self._obeyed = replace(keyframe.recipe, view=self.recipe.view)
        if data_edits(keyframe.edits) != data_edits(self.edits):
            self.dataset = samples_after(self._start_dataset, keyframe.edits)
        self.edits = keyframe.edits
        self._pruned = any(isinstance(edit, PruneEdit) for edit in self.edits)
        self.epoch, self.seconds = keyframe.epoch, keyframe.seconds
        self.history = keyframe.history.copy()
        self.listeners[0] = self.history.append
        self.diverged = self.stopped = ""
        self.network = plan.architecture(self.recipe, self.dataset)
        old = self._course
        same_batches = _batches(before) == _batches(self.recipe)
        same_lines = self._method() == old.state.method and self.network == old.state.network
        if samples is not self.dataset or not same_batches or not same_lines:
            self._course = self._new_course(self._new_state(self.start))
        for name, value in plan.scalars(self.recipe).items():
            self._course.state.scalars.set(name, value)
        self._course.every = self.recipe.training.evaluate_every
        self._course.restore(keyframe.saved)
        self._seen = None
        self._heeds_stop_loss = not verdicts.falls_below(self._course.losses()[0], self.recipe)

    def replay(self, epoch: int, seconds: float) -> None:
        """Train towards ``epoch`` for about ``seconds``, whatever the stop loss says."""
        heeds, self._heeds_stop_loss = self._heeds_stop_loss, False
        self.run_for(seconds, epoch)
        self._heeds_stop_loss = heeds

    # Looking

    def snapshot(self) -> Snapshot:
        """The run as it stands, in copies."""
        seen = self._seen if self._open and self._seen else self._look()
        state = self._course.state
        return Snapshot(
            recipe=self.recipe,
            dataset=self.dataset,
            network=self.network,
            epoch=self.epoch,
            parameters=state.parameters.copy(),
            gradient=-state.arrays["descent"],
            losses=self.history.curve(),
            seconds=self.seconds,
            epochs_per_second=self.rate,
            diverged=self.diverged,
            stopped=self.stopped,
            progress=self._progress(),
            change=state.parameters - state.arrays["previous"] if self.epoch else None,
            alive=self._alive(state),
            edits=self.edits,
            **vars(seen),
        )

    def _alive(self, state: State) -> Array | None:
        alive = state.arrays.get("parameters_alive")
        return None if alive is None else alive > 0

    def _look(self) -> Figures:
        """The figures of the weights as they stand, at rest."""
        if self._seen is None or self._seen.evaluated != self.epoch:
            if not self._course.due(self.epoch):
                self._course.refresh()
            losses, predictions = self._course.losses(), self._course.predictions
            self._seen = figures(self.epoch, losses, predictions, self.dataset, self._wanted)
        return self._seen

    # Inside

    def _method(self) -> Method:
        return replace(plan.method(self._obeyed), pruned=self._pruned)

    def _new_state(self, parameters: Array) -> State:
        scalars, dtype = plan.scalars(self._obeyed), self._obeyed.network.dtype
        return State(self.network, self._method(), parameters, scalars, dtype)

    def _new_course(self, state: State) -> Course:
        """The way of ``state`` through the samples as they are now."""
        self._wanted = plan.targets(self._obeyed, self.dataset, self.network)
        inputs = np.ascontiguousarray(self.dataset.inputs, state.dtype)
        targets = np.ascontiguousarray(self._wanted, state.dtype)
        return Course(state, inputs, targets, self.dataset.train_count, self._obeyed)

    def _advance(
        self, goal: float, until: float, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        began, first = time.perf_counter(), self.epoch + self._progress()
        while self.epoch < goal and not (self.diverged or self.stopped):
            now = time.perf_counter()
            count = int(min(self._chunk, goal - self.epoch))
            if count > 1 and self._open is None:
                self._run_chunk(count)
                took = time.perf_counter() - now
            else:
                took = self._run_pieces(now + _CHUNK_SECONDS)
            if self._open is not None:
                took = time.perf_counter() - now
            elif took < _CHUNK_SECONDS / 2:
                self._chunk = min(self._chunk * 2, _CHUNK_EPOCHS)
            elif took > _CHUNK_SECONDS:
                self._chunk = max(self._chunk // 2, 1)
            if time.perf_counter() + took > until or interrupted():
                break
        took = time.perf_counter() - began
        self.seconds += took
        self.rate = (self.epoch + self._progress() - first) / took

    def _run_chunk(self, count: int) -> None:
        """Whole epochs, as fast as they go; if something happens in one, again one by one."""
        before = self._course.state.save()
        epochs = range(self.epoch + 1, self.epoch + count + 1)
        losses = self._course.run(epochs)
        if self._course.sound(losses) and not self._stops(losses):
            self._record(epochs, losses)
            self.epoch += count
            return
        self._course.restore(before)
        for epoch in epochs:
            before = self._course.state.save()
            losses = self._course.run(range(epoch, epoch + 1))
            self._end_epoch(before, losses)
            if self.diverged or self.stopped:
                return

    def _run_pieces(self, until: float) -> float:
        """One epoch, or what can be done of it before the clock says ``until``.

        Returns the seconds it has taken so far.
        """
        if self._open is None:
            if self._seen is None or self._course.due(self.epoch):
                self._look()  # its predictions are about to be overwritten
            self._open = OpenEpoch(self._course, self.epoch + 1)
        run = self._open
        run.run(until)
        if run.done:
            self._open = None
            due = self._course.due(self.epoch + 1)
            nothing = np.empty(0)
            self._end_epoch(run.before, self._course.losses() if due else (nothing, nothing))
            self._obey()
        return run.seconds

    def _end_epoch(self, before: Saved, losses: Losses) -> None:
        """Count an epoch, or go back ``before`` it if it diverged."""
        epoch = self.epoch + 1
        if not self._course.sound(losses):
            self._course.restore(before)
            self.diverged = verdicts.diverged(epoch, losses[0], self._obeyed, self.dataset)
            return
        self._record(range(epoch, epoch + 1), losses)
        self.epoch = epoch
        if self._stops(losses):
            self.stopped = verdicts.stopped(epoch, losses[0], self._obeyed)

    def _stops(self, losses: Losses) -> bool:
        return self._heeds_stop_loss and verdicts.falls_below(losses[0], self._obeyed)

    def _record(self, epochs: range, losses: Losses) -> None:
        due = np.arange(epochs.start, epochs.stop)
        due = due[due % self._course.every == 0]
        train, test = losses
        if not len(test):
            test = np.full(len(train), np.nan)
        if len(due):
            for listener in self.listeners:
                listener(due, train, test)

    def _progress(self) -> float:
        return self._open.progress if self._open else 0.0


def _batches(recipe: Recipe) -> tuple[int | str, str, bool]:
    training = recipe.training
    return training.batch_size, training.partial_batch, training.shuffle
