"""The training loop of one recipe: whole epochs, or pieces of one."""

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import inf, isfinite
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.nn.kernels import status
from nn_tui.nn.state import State, StateSnapshot
from nn_tui.nn.step import Step, Workspace
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.batches import EpochPlan, FullBatch, MiniBatches
from nn_tui.training.epoch_block import EpochBlock
from nn_tui.training.epoch_noise import EpochNoise
from nn_tui.training.epoch_walk import CallWalk, EpochWalk
from nn_tui.training.evaluator import Evaluator
from nn_tui.training.keyframe import PartialEpochState
from nn_tui.training.metrics import Metrics
from nn_tui.types import Array

if TYPE_CHECKING:
    from nn_tui.training.compiled_epochs import CompiledEpochs

Losses = tuple[Array, ...]
"""Mean losses of the ``parts`` of the dataset, the training set first, each (evaluated epochs,)."""


class TrainingLoop:
    """Trains ``state``. ``inputs`` and ``targets`` have its dtype.

    ``parts`` are the rows of the training set and of sets that are only evaluated. ``metrics``
    are recorded for every evaluated epoch in addition to its losses.
    """

    def __init__(
        self,
        state: State,
        inputs: Array,
        targets: Array,
        parts: Mapping[str, slice],
        recipe: Recipe,
        metrics: Metrics,
    ) -> None:
        self.state = state
        self.every = recipe.training.evaluate_every
        per = state.rule.loss_entry.loss_denominator
        self._scales = [per * (rows.stop - rows.start) for rows in parts.values()]
        (train, *held_out) = ((inputs[rows], targets[rows]) for rows in parts.values())
        with np.errstate(all="ignore"):
            self._held_out = [Evaluator(state, *samples) for samples in held_out]
            self._epochs = _epochs(state, *train, self._held_out, recipe)
        self._metrics = metrics
        self._totals = [self._epochs.total, *(other.total for other in self._held_out)]
        self._block = EpochBlock(self.predictions, self._epochs.gradient, self._totals)
        self._kept = 0

    @property
    def predictions(self) -> list[Array]:
        """(samples, outputs) of each part, of the last evaluation."""
        return [self._epochs.predictions, *(other.predictions for other in self._held_out)]

    def losses(self) -> Losses:
        """The losses of the last evaluation."""
        train = np.array([float(self._epochs.total) / self._scales[0]])
        return train, *(np.array([other.loss()]) for other in self._held_out)

    def no_losses(self) -> Losses:
        """The losses of no epoch."""
        return tuple(np.empty(0) for _ in self._scales)

    def due(self, epoch: int) -> bool:
        """Whether the loss after ``epoch`` is evaluated."""
        return epoch % self.every == 0

    def start_metrics(self) -> Array:
        """The metrics (names, 1) of the last evaluation, before any update."""
        gradient = np.full_like(self._epochs.gradient[None], np.nan)
        return self._metrics.rows([made[None] for made in self.predictions], gradient, 1)

    def metrics(self) -> Mapping[str, Array]:
        """The metrics by column, each (1,), of the last evaluation."""
        return self._metrics.of([made[None] for made in self.predictions])

    def room(self, epoch: int) -> int:
        """How many epochs can be run after ``epoch`` before the metrics must be collected."""
        if not self._block.copies:
            return 0 if self._kept else self.every - epoch % self.every
        return (self._block.capacity - self._kept) * self.every

    def run(
        self, epochs: range, seconds: float = inf, flag: Array | None = None
    ) -> tuple[int, Losses]:
        """Run whole epochs, at most ``room``; return how many, and the losses of those due.

        It may return earlier: with a loss that is not finite or, where the loop is compiled,
        after ``seconds`` or once ``flag`` is not 0. ``keep`` must be called at once for their
        metrics.
        """
        row = self._kept
        if self.state.rule.schedule is not None or self._epochs.noise is not None:
            done = self._run_singly(epochs, seconds, flag)
        elif self.compiled is not None:
            done = self.compiled.run(epochs, self.every, row, seconds, flag)
        else:
            done = len(epochs)
            self._run_calls(epochs, row)
        row += len(self.due_epochs(epochs[:done]))
        totals = self._block.totals(slice(self._kept, row))
        pairs = zip(totals, self._scales, strict=True)
        return done, tuple(total.astype(np.float64) / scale for total, scale in pairs)

    def _run_singly(self, epochs: range, seconds: float, flag: Array | None) -> int:
        """Run whole epochs that are prepared one by one; return how many."""
        until, row = time.perf_counter() + seconds, self._kept
        for done, epoch in enumerate(epochs, 1):
            self._prepare(epoch)
            one = range(epoch, epoch + 1)
            if self.compiled is not None:
                self.compiled.run(one, self.every, row, inf)
            else:
                self._run_calls(one, row)
            row += self.due(epoch)
            stopped = self.compiled is not None and flag is not None and flag[0]
            if stopped or time.perf_counter() > until or not all(map(isfinite, self._totals)):
                return done
        return len(epochs)

    def _prepare(self, epoch: int) -> None:
        """Before ``epoch``, set what differs from epoch to epoch."""
        self.state.set_epoch(epoch)
        if self._epochs.noise is not None:
            self._epochs.noise.draw(epoch)

    def _run_calls(self, epochs: range, row: int) -> None:
        """Run whole epochs by Python functions; store those that are due from ``row`` on."""
        with np.errstate(all="ignore"):
            # The last epoch by itself, to record how much it changed the weights.
            for part in (epochs[:-1], epochs[-1:]):
                if len(part):
                    self._remember()
                    self._epochs.run(part, self.every, self._block, row)
                    row += len(self.due_epochs(part))

    @cached_property
    def compiled(self) -> "CompiledEpochs | None":
        """The same epochs in the extension; None where it is not used or cannot run them."""
        if not status.is_used():
            return None
        from nn_tui.training.compiled_epochs import CompiledEpochs

        try:
            return CompiledEpochs(self.state, self._epochs, self._totals, self._block)
        except LookupError:
            return None

    def do_without_extension(self) -> None:
        """Run all epochs by Python functions, to compare both."""
        self.compiled = None

    def take(self) -> Losses:
        """The losses of a due epoch that was run in pieces."""
        self._block.take(self._kept)
        return self.losses()

    def keep(self, due: int) -> None:
        """Keep the results of the ``due`` evaluated epochs that were just run."""
        self._kept += due

    @property
    def kept_predictions(self) -> Sequence[Array]:
        """Those (epochs, samples, outputs) of each part, of all epochs kept since ``collect``."""
        return self._block.predictions(slice(self._kept))

    def collect(self) -> Array:
        """The metrics (names, epochs) of all epochs kept since the last call."""
        predictions, gradients = self.kept_predictions, self._block.gradients(slice(self._kept))
        self._kept = 0
        return self._metrics.rows(predictions, gradients, self._epochs.epoch_updates)

    def _remember(self) -> None:
        np.copyto(self.state.arrays["previous"], self.state.parameters)

    def due_epochs(self, epochs: range) -> Array:
        """Those of ``epochs`` whose loss is evaluated."""
        return np.arange(-epochs.start % self.every + epochs.start, epochs.stop, self.every)

    def walk(self, epoch: int) -> EpochWalk:
        """``epoch`` in parts, with its evaluation if it is due."""
        self._prepare(epoch)
        if self.compiled is not None:
            from nn_tui.training.compiled_epochs import CompiledWalk

            updates = len(self._epochs.plan)
            return CompiledWalk(self.compiled, epoch, self.every, updates)
        self._epochs.begin(epoch)
        self._remember()
        evaluation = self._epochs.evaluation if self.due(epoch) else ()
        return CallWalk([*self._epochs.updates, *evaluation], self._epochs.starts)

    def take_up(self, epoch: int, saved: PartialEpochState) -> None:
        """Restore the unfinished ``epoch``; raises ValueError for a foreign state."""
        self.state.restore(saved.saved)
        self._prepare(epoch)
        self._epochs.begin(epoch)
        with np.errstate(all="ignore"):
            self._epochs.take_up(saved.updates)
        if self._epochs.gradient_sum is not None:
            known = saved.gradient_sum
            self._epochs.gradient_sum[...] = np.nan if known is None else known

    def partial_epoch(self, updates: int) -> PartialEpochState:
        """A copy of the state of an epoch after so many of its updates."""
        added = self._epochs.gradient_sum
        return PartialEpochState(
            updates, self.state.save(), None if added is None else added.copy()
        )

    def refresh(self) -> None:
        """Recompute losses and predictions with the current weights."""
        with np.errstate(all="ignore"):
            self._epochs.refresh()

    def restore(self, saved: StateSnapshot) -> None:
        """Return to an earlier state between two epochs."""
        self.state.restore(saved)
        self.refresh()

    def sound(self, losses: Losses) -> bool:
        """Whether the losses and all weights are finite numbers."""
        return all(bool(np.isfinite(loss).all()) for loss in losses) and self.state.is_finite()

    def step(self, epoch: int, before: StateSnapshot | None = None) -> Step:
        """The first update of ``epoch`` on a copy of the state.

        ``before`` is the state at the epoch's start, if the loop is within an epoch.
        """
        inputs, targets, part, noise = self._epochs.first_batch(epoch)
        state = self.state.copy()
        if before is not None:
            state.restore(before)
        state.set_epoch(epoch)
        workspace = Workspace(state, len(inputs))
        return Step(state, inputs, targets, workspace, part=part, noise=noise)

    def first_samples(self, epoch: int) -> Array:
        """The rows of the training set which that update uses, (samples,)."""
        return self._epochs.first_samples(epoch)


def _epochs(
    state: State, inputs: Array, targets: Array, held_out: Sequence[Evaluator], recipe: Recipe
) -> EpochPlan:
    training = recipe.training
    size, partial = training.batch_size, training.partial_batch
    count, seed = len(inputs), _numbers(recipe.network.seed)
    noise = EpochNoise(state.network, state.rule, count, seed, state.dtype)
    if isinstance(size, str) or size == count or (size > count and partial == "keep"):
        if not state.rule.noisy:
            return FullBatch(state, inputs, targets, held_out)
        # The forward pass of an update is not that of the evaluation.
        return MiniBatches(state, inputs, targets, held_out, count, noise=noise)
    return MiniBatches(
        state,
        inputs,
        targets,
        held_out,
        size,
        partial,
        seed if training.shuffle else None,
        noise if state.rule.noisy else None,
    )


def _numbers(seed: int | str) -> list[int]:
    """A seed in the form that NumPy accepts."""
    return list(seed.encode()) if isinstance(seed, str) else [seed]
