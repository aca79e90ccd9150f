"""Epochs of a recipe being carried out, as fast as they go, and noticed when they fail."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import flatten
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State, StateSnapshot
from nn_tui.nn.step import Step
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import model_builder as plan
from nn_tui.training import stopping as verdicts
from nn_tui.training.history import LossHistory
from nn_tui.training.keyframe import PartialEpochState
from nn_tui.training.loss_growth import FACTOR, LEAST_RISES, LossGrowth, natural_loss
from nn_tui.training.memory_estimate import refuse_too_large
from nn_tui.training.metrics import Metrics, recorded
from nn_tui.training.partial_epoch import PartialEpoch
from nn_tui.training.snapshot import EpochMetrics, epoch_metrics
from nn_tui.training.stability import StabilityLimit, stability_limit
from nn_tui.training.training_loop import Losses, TrainingLoop
from nn_tui.types import Array

Listener = Callable[[Array, Array, Array], None]

_CHUNK_EPOCHS = 4096
_CHUNK_SECONDS = 0.008


class EpochRunner:
    """Trains until told to stop; what may change on the way is ``Trainer``'s.

    ``weights`` (``W0 b0 W1 …`` by name) replace the recipe's start weights. Raises
    RecipeError where recipe and samples do not fit or the memory does not suffice,
    ValueError where the weights do not fit.

    ``diverged`` and ``stopped`` are sentences once the run has blown up (the loss or a weight
    is not finite, or the loss grows without bound) or come below its ``training.stop_loss``.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset, weights: Mapping[str, Array] | None = None
    ) -> None:
        refuse_too_large(recipe, dataset)
        plan.check_batches(recipe, dataset.train_count)
        self.dataset = dataset
        self.network = plan.build_architecture(recipe, dataset)
        if weights is None:
            self.start = plan.start_parameters(recipe, self.network)
        else:
            self.start = flatten(weights, self.network)
        self.epoch = 0
        self.seconds = 0.0
        self.rate = 0.0
        self.diverged = ""
        self.stopped = ""
        self._exceeded: StabilityLimit | None = None
        self.history = LossHistory(recorded(self.network, dataset.test_count > 0))
        self.listeners: list[Listener] = []
        self._unsettled: list[tuple[Array, ...]] = []
        self._effective_recipe = recipe
        self._pruned = False
        self._stop_loss_enabled = self._heeds_growth = True
        self._growth = LossGrowth()
        self._chunk = 1
        self._open: PartialEpoch | None = None
        self._seen: EpochMetrics | None = None
        self._loop = self._new_loop(self._new_state(self.start))
        self._first_loss = float(self._loop.losses()[0][0])
        start = self._loop.losses()
        self.history.append(np.arange(1), (*filter(len, start), *self._loop.start_metrics()))
        self._growth.append(np.arange(1), start[0])

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

        An epoch that takes long is left in the middle and gone on with next time, between
        two updates unless those take long too. It ends soon after it is ``interrupted``.
        """
        until = time.perf_counter() + seconds
        self._advance(math.inf if last_epoch is None else last_epoch, until, interrupted)

    def go_on(self) -> None:
        """Let a run that diverged or stopped go on; what stopped it is not heeded any more."""
        if self.stopped:
            self._stop_loss_enabled = False
        if self.diverged:
            self._heeds_growth = False
        self.diverged = self.stopped = ""

    @property
    def smaller_rate(self) -> float:
        """The learning rate to try after a divergence: half of it, or less where that is known."""
        half = self._effective_recipe.training.learning_rate / 2
        return half if self._exceeded is None else min(half, self._exceeded.safe_rate)

    @property
    def rising(self) -> str:
        """How far the loss has risen, where it rises steadily and that is no trifle."""
        growth = self._growth
        steadily = growth.rises >= LEAST_RISES and growth.last > 2 * growth.low
        large = growth.last > self._usual_loss / 100
        return f"the loss has risen {growth}" if steadily and large and not self.diverged else ""

    def step(self) -> Step:
        """The next epoch's first update, for walking and for its source.

        It works on a copy of the run's state: walking it changes nothing here. In the
        middle of an epoch it is that epoch's first update, from where the epoch began.
        """
        return self._loop.step(self.epoch + 1, self._open.before if self._open else None)

    def first_samples(self) -> Array:
        """Where in the training data the samples of that update are (samples,)."""
        return self._loop.first_samples(self.epoch + 1)

    @property
    def at_rest(self) -> bool:
        """Whether no epoch was left in the middle."""
        return self._open is None

    @property
    def position(self) -> tuple[int, int | None]:
        """The epoch, and the updates that are done of the next; None in the middle of one."""
        return self.epoch, self._open.updates if self._open else 0

    @property
    def halfway(self) -> PartialEpochState | None:
        """How far the next epoch has come, in copies; None at rest and in the middle of an update.

        With the keyframe it is all that is needed to go on from there.
        """
        return self._open.halfway if self._open else None

    def enter(self, halfway: PartialEpochState) -> None:
        """At rest, be within the next epoch. Raises ValueError where one cannot be."""
        self._look()
        self._open = PartialEpoch(self._loop, self.epoch + 1, halfway)

    def _epoch_ended(self) -> None:
        """Called at rest after an epoch that was run piece by piece."""

    def _look(self) -> EpochMetrics:
        """The figures of the weights as they stand, at rest."""
        if self._seen is None or self._seen.evaluated != self.epoch:
            if not self._loop.due(self.epoch):
                self._loop.refresh()
            self._seen = epoch_metrics(self.epoch, self._loop.losses(), self._loop.scores())
        return self._seen

    def _method(self) -> LearningRule:
        return replace(plan.build_learning_rule(self._effective_recipe), pruned=self._pruned)

    def _new_state(self, parameters: Array) -> State:
        scalars, dtype = (
            plan.scalar_values(self._effective_recipe),
            self._effective_recipe.network.dtype,
        )
        return State(self.network, self._method(), parameters, scalars, dtype)

    def _new_loop(self, state: State) -> TrainingLoop:
        """The way of ``state`` through the samples as they are now."""
        wanted = plan.targets(self._effective_recipe, self.dataset, self.network)
        inputs = np.ascontiguousarray(self.dataset.inputs, state.dtype)
        targets = np.ascontiguousarray(wanted, state.dtype)
        split = self.dataset.train_count
        self._natural_loss = natural_loss(self._effective_recipe.training.loss, wanted[:split])
        metrics = Metrics(self.dataset, wanted, self.network)
        return TrainingLoop(state, inputs, targets, split, self._effective_recipe, metrics)

    def _advance(
        self, goal: float, until: float, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        began, first = time.perf_counter(), self.epoch + self._progress()
        while self.epoch < goal and not (self.diverged or self.stopped):
            now = time.perf_counter()
            if self._loop.room(self.epoch) < self._chunk:
                self._settle()
            count = int(min(self._chunk, goal - self.epoch, self._loop.room(self.epoch)))
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
        self._settle()
        took = time.perf_counter() - began
        self.seconds += took
        self.rate = (self.epoch + self._progress() - first) / took

    def _run_chunk(self, count: int) -> None:
        """Whole epochs, as fast as they go; if something happens in one, again one by one."""
        before = self._loop.state.save()
        epochs = range(self.epoch + 1, self.epoch + count + 1)
        losses = self._loop.run(epochs)
        if self._loop.sound(losses) and not (self._stops(losses) or self._blows_up(losses)):
            self._record(epochs, losses)
            self.epoch += count
            return
        self._loop.restore(before)
        for epoch in epochs:
            before = self._loop.state.save()
            self._end_epoch(before, self._loop.run(range(epoch, epoch + 1)))
            if self.diverged or self.stopped:
                return

    def _run_pieces(self, until: float) -> float:
        """One epoch, or what can be done of it before the clock says ``until``.

        Returns the seconds it has taken so far, inf where that is not known.
        """
        if self._open is None:
            if self._seen is None or self._loop.due(self.epoch):
                self._look()  # its predictions are about to be overwritten
            self._open = PartialEpoch(self._loop, self.epoch + 1)
        run = self._open
        run.run(until)
        if run.done:
            self._open = None
            due = self._loop.due(self.epoch + 1)
            nothing = np.empty(0)
            self._end_epoch(run.before, self._loop.take() if due else (nothing, nothing))
            self._settle()
            self._epoch_ended()
        return run.seconds

    def _end_epoch(self, before: StateSnapshot, losses: Losses) -> None:
        """Count an epoch, or go back ``before`` it if it diverged."""
        epoch = self.epoch + 1
        if not self._loop.sound(losses):
            self._loop.restore(before)
            self._diverge(epoch, verdicts.not_finite(epoch, losses[0]))
            return
        self._record(range(epoch, epoch + 1), losses)
        self.epoch = epoch
        if self._stops(losses):
            self.stopped = verdicts.stopped(epoch, losses[0], self._effective_recipe)
        elif self._heeds_growth and self._growth.exceeds(FACTOR * self._usual_loss):
            self._diverge(epoch, f"the loss has risen {self._growth}")

    def _diverge(self, epoch: int, what: str) -> None:
        """Say that ``epoch`` diverged, ``what`` was seen there, and why if that can be measured."""
        recipe, dataset = self._effective_recipe, self.dataset
        batch = self._loop.step(1).arrays
        limit = stability_limit(
            recipe, self.network, self.start, batch["l0"], batch["y"], dataset.train_count
        )
        self._exceeded = limit if limit and recipe.training.learning_rate > limit.rate else None
        self.diverged = verdicts.diverged(epoch, what, recipe, dataset, self._exceeded)

    @property
    def _usual_loss(self) -> float:
        """What other losses are measured by."""
        return max(self._first_loss, self._natural_loss)

    def _blows_up(self, losses: Losses) -> bool:
        limit = FACTOR * self._usual_loss
        return self._heeds_growth and self._growth.would_exceed(losses[0], limit)

    def _stops(self, losses: Losses) -> bool:
        return self._stop_loss_enabled and verdicts.falls_below(losses[0], self._effective_recipe)

    def _record(self, epochs: range, losses: Losses) -> None:
        due = np.arange(epochs.start, epochs.stop)
        due = due[due % self._loop.every == 0]
        train, test = losses
        if not len(due):
            return
        self._loop.keep(len(due))
        self._unsettled.append((due, *filter(len, losses)))
        if not self._loop.room(epochs.stop - 1):
            self._settle()
        self._growth.append(due, train)
        if self.listeners:
            test = test if len(test) else np.full(len(train), np.nan)
            for listener in self.listeners:
                listener(due, train, test)

    def _settle(self) -> None:
        """Put what was recorded into the history, with its metrics."""
        if self._unsettled:
            epochs, *losses = map(np.concatenate, zip(*self._unsettled, strict=True))
            self._unsettled.clear()
            self.history.append(epochs, (*losses, *self._loop.collect()))

    def _progress(self) -> float:
        return self._open.progress if self._open else 0.0
