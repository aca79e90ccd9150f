"""Run epochs of a recipe, and stop where training diverges or reaches its target loss."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import flatten
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State, StateSnapshot
from nn_tui.nn.step import Step
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import divergence, loop_builder, model_builder
from nn_tui.training.chunk_size import ChunkSize
from nn_tui.training.edits import PruneEdit
from nn_tui.training.epoch_recorder import EpochRecorder
from nn_tui.training.history import LossHistory
from nn_tui.training.interruption import flag_of, never
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.memory_estimate import refuse_too_large
from nn_tui.training.metrics import recorded
from nn_tui.training.partial_epoch import PartialEpoch
from nn_tui.training.snapshot import EpochMetrics, epoch_metrics
from nn_tui.training.stopping import StopCheck
from nn_tui.training.training_loop import Losses, TrainingLoop
from nn_tui.types import Array


class EpochRunner:
    """Trains the network of ``recipe`` on ``dataset``, epoch by epoch.

    ``weights`` (``W0 b0 W1 …`` by name) replace the recipe's initial weights. Raises
    RecipeError where recipe and data do not fit or the memory does not suffice, ValueError
    where the weights do not fit.

    It is *at rest* between two epochs; only then may recipe, dataset and parameters be
    changed. ``diverged`` and ``stopped`` are sentences, empty until the run diverges (the
    loss or a weight is not finite, or the loss grows without bound) or it stops by itself
    (``stopping``); then nothing is trained until ``clear_stop``.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset, weights: Mapping[str, Array] | None = None
    ) -> None:
        refuse_too_large(recipe, dataset)
        model_builder.check_batches(recipe, dataset.train_count)
        self.recipe, self.dataset = recipe, dataset
        self.network = model_builder.build_architecture(recipe, dataset)
        model_builder.check_lines(recipe, dataset, self.network)
        if weights is None:
            self.start = model_builder.start_parameters(recipe, self.network)
        else:
            self.start = flatten(weights, self.network)
        self.epoch = 0
        self.diverged = self.stopped = ""
        self.divergence = divergence.DivergenceCheck()
        self.stop = StopCheck(dataset.parts)
        history = LossHistory(recorded(self.network, dataset.parts))
        self.recorder = EpochRecorder(history, tuple(dataset.parts))
        self._pruned = False
        self._chunk = ChunkSize()
        self._partial: PartialEpoch | None = None
        self._metrics: EpochMetrics | None = None
        self.loop = self._new_loop(self._new_state(self.start))
        losses = self.loop.losses()
        history.append(np.arange(1), (*losses, *self.loop.start_metrics()))
        self.divergence.start(losses[0])
        self.stop.append(np.arange(1), self.recorder.by_part(losses))

    # Running

    def run(self, goal: float, until: float, interrupted: Callable[[], bool] = never) -> None:
        """Train up to epoch ``goal``, until ``time.perf_counter()`` reaches ``until``.

        An epoch that takes long is left unfinished, between two updates unless those take
        long too, and is continued by the next call. Returns soon after ``interrupted``.
        """
        flag = flag_of(interrupted) if self.loop.compiled is not None else None
        if not self.stopped:
            self.stop.resume(self.epoch - self.epoch % self.loop.every, self.recipe)
        while self.epoch < goal and not (self.diverged or self.stopped):
            now, first, epoch_seconds = time.perf_counter(), self.epoch, 0.0
            limit = self._chunk.seconds(until - now, interrupted is not never and flag is None)
            if self.loop.room(self.epoch) < self._chunk.epochs:
                self._settle()
            count = int(min(self._chunk.epochs, goal - self.epoch, self.loop.room(self.epoch)))
            if count > 1 and self._partial is None:
                self._run_chunk(count, limit, flag)
            else:
                epoch_seconds = self._run_pieces(now + self._chunk.piece(limit))
            took = time.perf_counter() - now
            if self._partial is None:
                took = max(took, epoch_seconds)
                self._chunk.fit(limit, took, self.epoch - first, count, flag is not None)
            if time.perf_counter() + took > until or interrupted():
                break
        self._settle()

    @contextmanager
    def without_checks(self) -> Iterator[None]:
        """No check stops the run for a while."""
        enabled = self.divergence.enabled, self.stop.enabled
        self.divergence.enabled = self.stop.enabled = False
        try:
            yield
        finally:
            self.divergence.enabled, self.stop.enabled = enabled

    def clear_stop(self) -> None:
        """Let a diverged or stopped run continue, without the check that stopped it."""
        if self.stopped:
            self.stop.clear(self.epoch, self.recipe)
        if self.diverged:
            self.divergence.enabled = False
        self.diverged = self.stopped = ""

    def expect_edit(self, epoch: int, stop_changed: bool, comparable: bool) -> None:
        """Let the run continue with an edit made at ``epoch``, with all checks it affects.

        ``stop_changed``: it changes when the run stops; ``comparable``: the losses after it are
        comparable with those before.
        """
        if stop_changed:
            self.stopped = ""
        self.diverged = ""
        self.divergence.restart(epoch)
        self.stop.expect_edit(epoch, stop_changed, comparable)

    @property
    def smaller_rate(self) -> float:
        """The learning rate to try after a divergence: half of it, or less if a limit is known."""
        return self.divergence.smaller_rate(self.recipe.training.learning_rate)

    @property
    def rising(self) -> str:
        """How far the loss has risen, if it rises steadily and by a relevant amount."""
        return "" if self.diverged else self.divergence.rising

    # Position

    @property
    def at_rest(self) -> bool:
        """Whether no epoch is unfinished."""
        return self._partial is None

    @property
    def position(self) -> tuple[int, int | None]:
        """The epoch, and the updates done of the next one; None in the middle of an update."""
        return self.epoch, self._partial.updates if self._partial else 0

    @property
    def progress(self) -> float:
        """The finished share of the next epoch, 0 … 1."""
        return self._partial.progress if self._partial else 0.0

    @property
    def partial_epoch(self) -> PartialEpochState | None:
        """A copy of the unfinished epoch's state; None at rest and in the middle of an update.

        With the keyframe it is all that is needed to continue from there.
        """
        return self._partial.saved if self._partial else None

    def enter(self, saved: PartialEpochState) -> None:
        """At rest, restore the unfinished next epoch. Raises ValueError if it does not fit."""
        self.evaluate()
        self._partial = PartialEpoch(self.loop, self.epoch + 1, saved)

    def state_at_rest(self) -> StateSnapshot:
        """A copy of the state after the last finished epoch."""
        return self._partial.before if self._partial else self.loop.state.save()

    def last_evaluation(self) -> EpochMetrics:
        """Losses and metrics of the current parameters; within an epoch, of those at its start."""
        return self._metrics if self._partial and self._metrics else self.evaluate()

    def evaluate(self) -> EpochMetrics:
        """Losses and metrics of the current parameters, at rest."""
        if self._metrics is None or self._metrics.evaluated != self.epoch:
            if not self.loop.due(self.epoch):
                self.loop.refresh()
            losses = self.recorder.by_part(self.loop.losses())
            self._metrics = epoch_metrics(self.epoch, losses, self.loop.metrics())
        return self._metrics

    def step(self) -> Step:
        """The next epoch's first update, to step through and to show its source.

        It works on a copy of the run's state. Within an epoch it is that epoch's first
        update, from where the epoch began.
        """
        return self.loop.step(self.epoch + 1, self._partial.before if self._partial else None)

    # Changing, at rest

    def set_recipe(self, recipe: Recipe) -> None:
        """Continue with ``recipe``, which differs in live fields only."""
        previous, self.recipe = self.recipe, recipe
        old = self.loop.state
        self._set_scalars()
        if recipe.training.evaluate_every != previous.training.evaluate_every:
            self._parameters_changed()  # an epoch may be due now that was not evaluated
        elif recipe.lines or recipe.training.label_smoothing != previous.training.label_smoothing:
            self._parameters_changed()  # the error, known between epochs, may read other numbers
        network = model_builder.build_architecture(recipe, self.dataset)
        new_batches = not loop_builder.same_batches(recipe, previous)
        if network == self.network and self._learning_rule() == old.rule and not new_batches:
            return
        self.network = network
        self._rebuild_loop(old)
        if new_batches:
            self.loop.state.clear_carried()

    def set_dataset(self, dataset: Dataset) -> None:
        """Continue with ``dataset``, which has the same shape."""
        self.dataset = dataset
        state = self.loop.state
        if self._learning_rule() == state.rule:
            self.loop = self._new_loop(state)
        else:  # a class has another number of samples, and weight
            self._rebuild_loop(state)
        self._parameters_changed()

    def set_parameter(self, name: str, index: tuple[int, ...], value: float) -> None:
        """Set a weight or bias; a pruned weight is trained again."""
        self.loop.state.set_parameter(name, index, value)
        self._parameters_changed()

    def prune(self, name: str, index: tuple[int, ...]) -> None:
        """Set a weight to zero permanently."""
        self._pruned = True
        if not self.loop.state.rule.has_mask:
            self._rebuild_loop(self.loop.state)
        self.loop.state.prune(name, index)
        self._parameters_changed()

    def restore(self, keyframe: Keyframe, recipe: Recipe, dataset: Dataset) -> None:
        """Return to ``keyframe`` of a run with the same start, with its recipe and dataset."""
        same_batches = loop_builder.same_batches(recipe, self.recipe)
        new_data = not same_batches or dataset is not self.dataset
        self._partial = None
        self.recipe, self.dataset = recipe, dataset
        self._pruned = any(isinstance(edit, PruneEdit) for edit in keyframe.edits)
        self.epoch = keyframe.epoch
        history = keyframe.history.with_names(self.recorder.history.names)
        self.recorder.history = history
        self.diverged = self.stopped = ""
        self.network = model_builder.build_architecture(recipe, dataset)
        old = self.loop.state
        if new_data or self._learning_rule() != old.rule or self.network != old.network:
            self.loop = self._new_loop(self._new_state(self.start))
        self._set_scalars()
        self.loop.restore(keyframe.saved)
        self._metrics = None
        last_edit = max((edit.epoch for edit in keyframe.edits), default=0)
        self.divergence.restore(history.curve(), last_edit)
        train = self.loop.losses()[0]
        self.stop.restore(keyframe.best, history.curve(), last_edit, train, recipe)

    # Inside

    def _learning_rule(self) -> LearningRule:
        return loop_builder.build_rule(self.recipe, self.dataset, self.network, self._pruned)

    def _set_scalars(self) -> None:
        for name, value in model_builder.scalar_values(self.recipe).items():
            self.loop.state.scalars.set(name, value)
        self.loop.every = self.recipe.training.evaluate_every

    def _new_state(self, parameters: Array) -> State:
        rule = self._learning_rule()
        return loop_builder.build_state(self.recipe, self.network, rule, parameters)

    def _new_loop(self, state: State) -> TrainingLoop:
        """A loop that trains ``state`` on the current dataset."""
        targets = model_builder.targets(self.recipe, self.dataset, self.network)
        made = self.recipe, self.dataset, targets, state
        self.divergence.natural_loss = loop_builder.unproblematic_loss(*made)
        return loop_builder.build_loop(*made)

    def _rebuild_loop(self, old: State) -> None:
        state = self._new_state(old.parameters)
        state.continue_from(old)
        self.loop = self._new_loop(state)
        self._metrics = None

    def _parameters_changed(self) -> None:
        self.loop.refresh()
        self._metrics = None

    def _run_chunk(self, count: int, seconds: float, flag: Array | None) -> None:
        """Train up to ``count`` whole epochs together, for about ``seconds`` or until ``flag``.

        If one of them must stop the run, they are trained one by one again.
        """
        before = self.loop.state.save()
        epochs = range(self.epoch + 1, self.epoch + count + 1)
        done, losses = self.loop.run(epochs, seconds, flag)
        epochs = epochs[:done]
        if self.loop.sound(losses) and not self._would_stop(epochs, losses):
            self._record(epochs, losses)
            self.epoch += done
            return
        self.loop.restore(before)
        for epoch in epochs:
            before = self.loop.state.save()
            self._end_epoch(before, self.loop.run(range(epoch, epoch + 1))[1])
            if self.diverged or self.stopped:
                return

    def _would_stop(self, epochs: range, losses: Losses) -> bool:
        """Whether any of the next losses would stop the run."""
        due, parts = self.loop.due_epochs(epochs), self.recorder.by_part(losses)
        stops = self.stop.would_stop(due, parts, self.recipe)
        return stops or self.divergence.would_grow(losses[0])

    def _run_pieces(self, until: float) -> float:
        """Train one epoch, or the part of it that is possible before ``until``.

        Returns the seconds the epoch has taken so far, inf if unknown.
        """
        if self._partial is None:
            if self._metrics is None or self.loop.due(self.epoch):
                self.evaluate()  # its predictions are about to be overwritten
            self._partial = PartialEpoch(self.loop, self.epoch + 1)
        partial = self._partial
        partial.run(until)
        if partial.done:
            self._partial = None
            due = self.loop.due(self.epoch + 1)
            self._end_epoch(partial.before, self.loop.take() if due else self.loop.no_losses())
            self._settle()
        return partial.seconds

    def _end_epoch(self, before: StateSnapshot, losses: Losses) -> None:
        """Count an epoch, or return to ``before`` it if it diverged."""
        epoch = self.epoch + 1
        if not self.loop.sound(losses):
            self.loop.restore(before)
            self._diverge(epoch, divergence.not_finite(epoch, losses[0]))
            return
        self._record(range(epoch, epoch + 1), losses)
        self.epoch = epoch
        self.stopped = self.stop.stopped(epoch, self.recorder.by_part(losses), self.recipe)
        if not self.stopped and self.divergence.grown:
            self._diverge(epoch, f"the loss has risen {self.divergence.growth}")

    def _diverge(self, epoch: int, what: str) -> None:
        """Set ``diverged``: ``what`` happened in ``epoch``, and its cause if it is measurable."""
        first, start = self.loop.step(1), self.start
        exceeded = divergence.exceeded_limit(self.recipe, self.dataset, first, start)
        self.divergence.exceeded = exceeded
        self.diverged = divergence.diverged(epoch, what, self.recipe, self.dataset, exceeded)

    def _record(self, epochs: range, losses: Losses) -> None:
        due = self.loop.due_epochs(epochs)
        if not len(due):
            return
        self.loop.keep(len(due))
        self.recorder.append(due, losses)
        if not self.loop.room(epochs.stop - 1):
            self._settle()
        self.divergence.growth.append(due, losses[0])
        self.stop.append(due, self.recorder.by_part(losses))

    def _settle(self) -> None:
        """Move the recorded epochs into the history, with their metrics."""
        self._metrics = self.recorder.settle(self.loop) or self._metrics
