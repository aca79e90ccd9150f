"""The way through the samples for one recipe: whole epochs, or pieces of one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.nn.compiler import Call
from nn_tui.nn.state import Saved, State
from nn_tui.nn.step import Step, Workspace
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.batches import Epochs, FullBatch, MiniBatches
from nn_tui.training.evaluator import Evaluator
from nn_tui.training.keyframe import Halfway

Array = NDArray[Any]
Losses = tuple[Array, Array]
"""Mean losses of training and of test samples, one for each evaluated epoch.

The second is empty where no sample is held back for testing.
"""


class Course:
    """``inputs`` and ``targets`` are of the state's dtype; the first ``split`` rows train."""

    def __init__(
        self, state: State, inputs: Array, targets: Array, split: int, recipe: Recipe
    ) -> None:
        self.state = state
        self.every = recipe.training.evaluate_every
        per = state.method.loss_entry.per
        self._train_scale, self._test_scale = per * split, per * max(1, len(inputs) - split)
        with np.errstate(all="ignore"):
            self._test = Evaluator(state, inputs[split:], targets[split:])
            self._epochs = _epochs(state, inputs[:split], targets[:split], self._test, recipe)

    @property
    def predictions(self) -> list[Array]:
        """(training samples, outputs) and (test samples, outputs) by the last evaluation."""
        return [self._epochs.predictions, self._test.predictions]

    def losses(self) -> Losses:
        """The losses by the last evaluation."""
        train = np.array([self._epochs.train_total() / self._train_scale])
        test = np.array([self._test.loss()] if self._test.samples else [])
        return train, test

    def due(self, epoch: int) -> bool:
        """Whether the loss after ``epoch`` is to be had."""
        return epoch % self.every == 0

    def run(self, epochs: range) -> Losses:
        """Whole epochs from rest; the losses of those that are due."""
        count = self._due_in(epochs)
        train, test = np.empty(count), np.empty(count if self._test.samples else 0)
        # The last epoch by itself, so that one can see how far it moved the weights.
        parts = [part for part in (epochs[:-1], epochs[-1:]) if len(part)]
        done = 0
        with np.errstate(all="ignore"):
            for part in parts:
                self._remember()
                due = self._due_in(part)
                here = slice(done, done + due)
                self._epochs.run(part, self.every, train[here], test[here])
                done += due
        return train / self._train_scale, test / self._test_scale

    def _remember(self) -> None:
        np.copyto(self.state.arrays["previous"], self.state.parameters)

    def _due_in(self, epochs: range) -> int:
        return sum(1 for epoch in epochs if self.due(epoch)) if self.every > 1 else len(epochs)

    def pieces(self, epoch: int) -> list[Call]:
        """Calls that together make ``epoch`` from rest; its loss is had, if it is due."""
        self._epochs.begin(epoch)
        self._remember()
        evaluation = self._epochs.evaluation if self.due(epoch) else ()
        return [*self._epochs.updates, *evaluation]

    @property
    def starts(self) -> tuple[int, ...]:
        """The pieces before each update of an epoch, and before what comes after the last."""
        return self._epochs.starts

    def take_up(self, halfway: Halfway) -> None:
        """Be within an epoch whose ``pieces`` were asked for; ValueError for a foreign state."""
        self.state.restore(halfway.saved)
        with np.errstate(all="ignore"):
            self._epochs.take_up(halfway.updates)

    def refresh(self) -> None:
        """Make losses and predictions those of the weights as they stand."""
        with np.errstate(all="ignore"):
            self._epochs.refresh()

    def restore(self, saved: Saved) -> None:
        """Go back to an earlier state, at rest."""
        self.state.restore(saved)
        self.refresh()

    def sound(self, losses: Losses) -> bool:
        """Whether the losses and all weights are finite numbers."""
        return all(bool(np.isfinite(loss).all()) for loss in losses) and self.state.finite()

    def step(self, epoch: int, before: Saved | None = None) -> Step:
        """The first update of ``epoch`` on a copy of the state.

        ``before`` is the state at the epoch's start, where the course is in its midst.
        """
        inputs, targets, part = self._epochs.first_batch(epoch)
        state = self.state.copy()
        if before is not None:
            state.restore(before)
        return Step(state, inputs, targets, Workspace(state, len(inputs)), part=part)

    def first_samples(self, epoch: int) -> Array:
        """Where in the training data the samples of that update are (samples,)."""
        return self._epochs.first_samples(epoch)


def _epochs(state: State, inputs: Array, targets: Array, test: Evaluator, recipe: Recipe) -> Epochs:
    training = recipe.training
    size, partial = training.batch_size, training.partial_batch
    if isinstance(size, str) or size == len(inputs) or (size > len(inputs) and partial == "keep"):
        return FullBatch(state, inputs, targets, test)
    seed = _numbers(recipe.network.seed) if training.shuffle else None
    return MiniBatches(state, inputs, targets, test, size, partial, seed)


def _numbers(seed: int | str) -> list[int]:
    """A seed as NumPy takes it."""
    return list(seed.encode()) if isinstance(seed, str) else [seed]
