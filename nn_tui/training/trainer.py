"""A training run that accepts edits and can return to an earlier epoch."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.step import Step
from nn_tui.recipe.recipe import Recipe, View
from nn_tui.training.edit_effects import apply_edit, data_edits, samples_after
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.epoch_recorder import Listener
from nn_tui.training.epoch_runner import EpochRunner
from nn_tui.training.history import LossHistory
from nn_tui.training.interruption import never
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.loss_gradient import MOST_WORK, CurrentGradient
from nn_tui.training.model_builder import blank_lines
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.stopping import BestEpoch, monitored
from nn_tui.types import Array

_STOPPING = ("training.stop_loss", "training.patience")
"""Fields that tell when a run stops by itself."""
_OF_LOSS = ("training.loss", "training.class_weights", "training.label_smoothing")
"""Fields that tell what the loss measures."""


class Trainer:
    """An ``EpochRunner`` together with the edits of its run.

    Between calls, everything it shows is consistent. Raises as ``EpochRunner`` does.
    ``recipe``, ``dataset`` and ``edits`` include edits that take effect at the end of the
    current epoch. ``seconds`` is the time spent training, ``rate`` the epochs per second of
    the last call that trained.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset, weights: Mapping[str, Array] | None = None
    ) -> None:
        self.runner = EpochRunner(recipe, dataset, weights)
        self.recipe = recipe
        self.dataset = dataset
        self.edits: tuple[Edit, ...] = ()
        self.seconds = 0.0
        self.rate = 0.0
        self._start_recipe, self._start_dataset = recipe, dataset
        self._pending: list[tuple[Edit, Recipe, Dataset]] = []
        self._gradient = CurrentGradient()

    # The run

    @property
    def network(self) -> Architecture:
        return self.runner.network

    @property
    def start(self) -> Array:
        """The parameters at epoch 0, (parameter_count,)."""
        return self.runner.start

    @property
    def history(self) -> LossHistory:
        return self.runner.recorder.history

    @property
    def listeners(self) -> list[Listener]:
        """Called with every evaluated epoch."""
        return self.runner.recorder.listeners

    @property
    def epoch(self) -> int:
        """How many epochs are finished."""
        return self.runner.epoch

    @property
    def diverged(self) -> str:
        """Why training diverged, or empty."""
        return self.runner.diverged

    @property
    def stopped(self) -> str:
        """Why training stopped, or empty."""
        return f"{self.blank} is blank" if self.blank else self.runner.stopped

    @property
    def blank(self) -> str:
        """The name of the first line that is blank, or empty; nothing is trained then."""
        found = blank_lines(self.recipe, self.dataset)
        return found[0] if found else ""

    @property
    def best(self) -> BestEpoch | None:
        """The epoch with the lowest loss of the validation set, or else of the test set.

        Without both, of the training set; None before the first loss that is comparable.
        """
        return self.runner.stop.best

    @property
    def rising(self) -> str:
        """How far the loss has risen, or empty."""
        return self.runner.rising

    @property
    def smaller_rate(self) -> float:
        """The learning rate to try after a divergence."""
        return self.runner.smaller_rate

    @property
    def at_rest(self) -> bool:
        """Whether no epoch is unfinished."""
        return self.runner.at_rest

    @property
    def position(self) -> tuple[int, int | None]:
        """The epoch, and the updates done of the next one; None in the middle of an update."""
        return self.runner.position

    @property
    def partial_epoch(self) -> PartialEpochState | None:
        """A copy of the unfinished epoch's state; None at rest and in the middle of an update."""
        return self.runner.partial_epoch

    def step(self) -> Step:
        """The next epoch's first update, on a copy of the state; see ``EpochRunner.step``."""
        return self.runner.step()

    def first_samples(self) -> Array:
        """The rows of the training set which that update uses, (samples,)."""
        return self.runner.loop.first_samples(self.epoch + 1)

    def next_update(self) -> Array | None:
        """The change (parameter_count,) by the next epoch's first update.

        None where a line is blank, and where that takes long.
        """
        samples = len(self.first_samples())
        if self.blank or samples * self.network.weight_count > MOST_WORK:
            return None
        step = self.step()
        parameters = step.state.parameters
        before = parameters.copy()
        with np.errstate(all="ignore"):
            for call in (*step.forward_calls, *step.backward_calls):
                call()
            change: Array = parameters - before
        return change

    # Training

    def run_epochs(self, count: int) -> None:
        """Train ``count`` epochs, fewer if the run diverges or stops.

        An epoch that ``run_for`` left unfinished is finished, and counts as one.
        """
        self._advance(self.epoch + count, math.inf)

    def run_for(
        self,
        seconds: float,
        last_epoch: int | None = None,
        interrupted: Callable[[], bool] = never,
    ) -> None:
        """Train for about ``seconds``, up to ``last_epoch``.

        An epoch that takes long is left unfinished and continued by the next call. Returns
        soon after ``interrupted``.
        """
        until = time.perf_counter() + seconds
        self._advance(math.inf if last_epoch is None else last_epoch, until, interrupted)

    def replay(self, epoch: int, seconds: float) -> None:
        """Train up to ``epoch`` for about ``seconds``, whatever stopped the run before."""
        with self.runner.without_checks():
            self.run_for(seconds, epoch)

    def clear_stop(self) -> None:
        """Let a diverged or stopped run continue, without the check that stopped it."""
        self.runner.clear_stop()

    def _advance(self, goal: float, until: float, interrupted: Callable[[], bool] = never) -> None:
        if self.blank:
            return
        began, first = time.perf_counter(), self.epoch + self.runner.progress
        running = True
        if self._pending:  # they take effect at the end of the unfinished epoch
            self.runner.run(min(goal, self.epoch + 1), until, interrupted)
            if self.at_rest:
                self._apply_pending()
            running = time.perf_counter() < until and not interrupted()
        if running:
            self.runner.run(goal, until, interrupted)
        took = time.perf_counter() - began
        self.seconds += took
        self.rate = (self.epoch + self.runner.progress - first) / took

    # Editing

    @property
    def edit_epoch(self) -> int:
        """The last epoch without an edit that is made now."""
        return self.epoch + (not self.at_rest)

    def apply(self, edit: Edit) -> None:
        """Make an edit; ``edit.epoch`` must be ``edit_epoch``.

        Within an epoch it takes effect at the epoch's end, so that recipe and edits determine
        the run. Raises RecipeError or DataError, and changes nothing, where the run cannot
        continue with it.
        """
        assert edit.epoch == self.edit_epoch
        recipe, dataset = apply_edit(edit, self.recipe, self.dataset, self.network)
        stop_changed = any(recipe[key] != self.recipe[key] for key in _STOPPING)
        self.runner.expect_edit(edit.epoch, stop_changed, self._comparable(edit, recipe))
        self.recipe, self.dataset = recipe, dataset
        self.edits = (*self.edits, edit)
        self._pending.append((edit, recipe, dataset))
        if self.at_rest:
            self._apply_pending()

    def _comparable(self, edit: Edit, recipe: Recipe) -> bool:
        """Whether the losses that tell the best epoch measure the same with ``edit``."""
        if isinstance(edit, DatumEdit):
            return self.dataset.part_of(edit.sample) != monitored(self.dataset.parts)
        if recipe["lines.loss"] != self.recipe["lines.loss"]:
            return False
        return all(recipe[key] == self.recipe[key] for key in _OF_LOSS)

    def set(self, recipe: Recipe) -> None:
        """Continue with ``recipe``, which differs in live fields only: one edit for all of them.

        Raises as ``apply`` does.
        """
        changes = self.recipe.differences(replace(recipe, view=self.recipe.view))
        if changes:
            self.apply(RecipeEdit(self.edit_epoch, changes))
        self.set_view(recipe.view)

    def set_view(self, view: View) -> None:
        """Set the recipe's view settings, which change no number and are no edit."""
        self.recipe = replace(self.recipe, view=view)

    def _apply_pending(self) -> None:
        pending, self._pending = self._pending, []
        for edit, recipe, dataset in pending:
            match edit:
                case RecipeEdit():
                    self.runner.set_recipe(recipe)
                case DatumEdit():
                    self.runner.set_dataset(dataset)
                case PruneEdit():
                    self.runner.prune(edit.name, edit.index)
                case ParameterEdit():
                    self.runner.set_parameter(edit.name, edit.index, edit.value)

    # Going back

    def keyframe(self) -> Keyframe:
        """A copy of the state after the last finished epoch."""
        return Keyframe(
            epoch=self.epoch,
            edits=self.edits[: len(self.edits) - len(self._pending)],
            recipe=self.runner.recipe,
            saved=self.runner.state_at_rest(),
            history=self.history.copy(),
            seconds=self.seconds,
            best=self.best,
        )

    def restore(self, keyframe: Keyframe) -> None:
        """Return to ``keyframe`` of this run or of a run with the same start."""
        self._pending = []
        self.recipe = replace(keyframe.recipe, view=self.recipe.view)
        if data_edits(keyframe.edits) != data_edits(self.edits):
            self.dataset = samples_after(self._start_dataset, keyframe.edits)
        self.edits = keyframe.edits
        self.seconds = keyframe.seconds
        self.runner.restore(keyframe, self.recipe, self.dataset)

    def enter(self, saved: PartialEpochState) -> None:
        """At rest, restore the unfinished next epoch. Raises ValueError if it does not fit."""
        self.runner.enter(saved)

    # Reading

    def snapshot(self) -> Snapshot:
        """A copy of the run's current state."""
        evaluation, state = self.runner.last_evaluation(), self.runner.loop.state
        parameters = state.parameters.copy()
        gradient = self._gradient.source(self.recipe, self.dataset, parameters)
        of_last_update = 0.0 - state.arrays["descent"]  # not -descent, which turns 0 into -0
        mask = state.arrays.get("parameters_alive")
        return Snapshot(
            recipe=self.recipe,
            dataset=self.dataset,
            network=self.network,
            epoch=self.epoch,
            parameters=parameters,
            gradient_source=gradient or (lambda: of_last_update),
            gradient_is_current=gradient is not None,
            losses=self.history.curve(),
            seconds=self.seconds,
            epochs_per_second=self.rate,
            diverged=self.diverged,
            stopped=self.stopped,
            rising=self.rising,
            progress=self.runner.progress,
            change=state.parameters - state.arrays["previous"] if self.epoch else None,
            mask=None if mask is None else mask > 0,
            edits=self.edits,
            start_recipe=self._start_recipe,
            best=self.best,
            **vars(evaluation),
        )
