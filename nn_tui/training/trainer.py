"""One run: a recipe being carried out, epoch by epoch, on arrays of its own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.nn.state import State
from nn_tui.recipe.recipe import Recipe, View
from nn_tui.training import loss_gradient
from nn_tui.training import model_builder as plan
from nn_tui.training import stopping as verdicts
from nn_tui.training.edit_effects import apply_edit, data_edits, samples_after
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.epoch_runner import EpochRunner
from nn_tui.training.keyframe import Keyframe
from nn_tui.training.loss_gradient import LossGradient
from nn_tui.training.loss_growth import LossGrowth
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array


class Trainer(EpochRunner):
    """A runner that takes edits, and can be where it was before.

    Between calls, everything it shows belongs together. Once ``diverged`` or ``stopped``
    it stands still until an edit or ``go_on``. ``recipe``, ``dataset`` and ``edits`` are as
    they will be when everything asked for is in effect.
    """

    def __init__(
        self, recipe: Recipe, dataset: Dataset, weights: Mapping[str, Array] | None = None
    ) -> None:
        super().__init__(recipe, dataset, weights)
        self.recipe = recipe
        self.edits: tuple[Edit, ...] = ()
        self._start_dataset = dataset
        self._pending: list[tuple[Edit, Recipe]] = []
        self._loss_gradient: tuple[tuple[Any, ...], LossGradient] | None = None

    # Changing

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
        recipe, dataset = apply_edit(edit, self.recipe, self.dataset, self.network)
        if recipe.training.stop_loss != self.recipe.training.stop_loss:
            self._stop_loss_enabled, self.stopped = True, ""
        self.diverged, self._heeds_growth = "", True
        self._growth.restart(edit.epoch)
        self.recipe, self.dataset = recipe, dataset
        self.edits = (*self.edits, edit)
        self._pending.append((edit, recipe))
        if self.at_rest:
            self._apply_pending()

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

    def _epoch_ended(self) -> None:
        self._apply_pending()

    def _apply_pending(self) -> None:
        pending, self._pending = self._pending, []
        for edit, recipe in pending:
            match edit:
                case RecipeEdit():
                    self._apply_recipe(recipe)
                case DatumEdit():
                    self._loop = self._new_loop(self._loop.state)
                case PruneEdit():
                    self._prune(edit)
                case ParameterEdit():
                    self._loop.state.set_parameter(edit.name, edit.index, edit.value)
            if not isinstance(edit, RecipeEdit):
                self._loop.refresh()
                self._seen = None

    def _apply_recipe(self, recipe: Recipe) -> None:
        before, self._effective_recipe = self._effective_recipe, recipe
        old = self._loop.state
        for name, value in plan.scalar_values(recipe).items():
            old.scalars.set(name, value)
        self._loop.every = recipe.training.evaluate_every
        network = plan.build_architecture(recipe, self.dataset)
        new_batches = _batches(recipe) != _batches(before)
        if network == self.network and self._method() == old.method and not new_batches:
            return
        self.network = network
        self._rebuild_loop(old)
        if new_batches:
            self._loop.state.forget_carried()

    def _rebuild_loop(self, old: State) -> None:
        state = self._new_state(old.parameters)
        state.adopt(old)
        self._loop = self._new_loop(state)
        self._seen = None

    def _prune(self, edit: PruneEdit) -> None:
        self._pruned = True
        if not self._loop.state.method.cuts:
            self._rebuild_loop(self._loop.state)
        self._loop.state.prune(edit.name, edit.index)

    # Going back

    def keyframe(self) -> Keyframe:
        """The last moment at rest, in copies."""
        return Keyframe(
            epoch=self.epoch,
            edits=self.edits[: len(self.edits) - len(self._pending)],
            recipe=self._effective_recipe,
            saved=self._open.before if self._open else self._loop.state.save(),
            history=self.history.copy(),
            seconds=self.seconds,
        )

    def resume(self, keyframe: Keyframe) -> None:
        """Be where this run was, or a run with the same start, at ``keyframe``."""
        before, samples = self._effective_recipe, self.dataset
        self._open, self._pending = None, []
        self.recipe = self._effective_recipe = replace(keyframe.recipe, view=self.recipe.view)
        if data_edits(keyframe.edits) != data_edits(self.edits):
            self.dataset = samples_after(self._start_dataset, keyframe.edits)
        self.edits = keyframe.edits
        self._pruned = any(isinstance(edit, PruneEdit) for edit in self.edits)
        self.epoch, self.seconds = keyframe.epoch, keyframe.seconds
        self.history = keyframe.history.with_names(self.history.names)
        self.diverged = self.stopped = ""
        self._heeds_growth = True
        changed_at = max((edit.epoch for edit in keyframe.edits), default=0)
        self._growth = LossGrowth.of(self.history.curve(), changed_at)
        self.network = plan.build_architecture(self.recipe, self.dataset)
        old = self._loop
        same_batches = _batches(before) == _batches(self.recipe)
        same_lines = self._method() == old.state.method and self.network == old.state.network
        if samples is not self.dataset or not same_batches or not same_lines:
            self._loop = self._new_loop(self._new_state(self.start))
        for name, value in plan.scalar_values(self.recipe).items():
            self._loop.state.scalars.set(name, value)
        self._loop.every = self.recipe.training.evaluate_every
        self._loop.restore(keyframe.saved)
        self._seen = None
        self._stop_loss_enabled = not verdicts.falls_below(self._loop.losses()[0], self.recipe)

    def replay(self, epoch: int, seconds: float) -> None:
        """Train towards ``epoch`` for about ``seconds``, whatever stopped the run before."""
        heeds = self._stop_loss_enabled, self._heeds_growth
        self._stop_loss_enabled = self._heeds_growth = False
        self.run_for(seconds, epoch)
        self._stop_loss_enabled, self._heeds_growth = heeds

    # Looking

    def snapshot(self) -> Snapshot:
        """The run as it stands, in copies."""
        seen = self._seen if self._open and self._seen else self._look()
        state = self._loop.state
        gradient = self._gradient()
        of_last_update = 0.0 - state.arrays["descent"]  # where that is zero, without a minus
        return Snapshot(
            recipe=self.recipe,
            dataset=self.dataset,
            network=self.network,
            epoch=self.epoch,
            parameters=state.parameters.copy(),
            gradient=of_last_update if gradient is None else gradient,
            gradient_is_current=gradient is not None,
            losses=self.history.curve(),
            seconds=self.seconds,
            epochs_per_second=self.rate,
            diverged=self.diverged,
            stopped=self.stopped,
            rising=self.rising,
            progress=self._progress(),
            change=state.parameters - state.arrays["previous"] if self.epoch else None,
            mask=self._alive(state),
            edits=self.edits,
            **vars(seen),
        )

    def _gradient(self) -> Array | None:
        """Over all training samples, at the parameters as they are; None where it takes long."""
        recipe, dataset, count = self.recipe, self.dataset, self.dataset.train_count
        if count * self.network.weight_count > loss_gradient.MOST_WORK:
            return None
        network = plan.build_architecture(recipe, dataset)
        training, dtype = recipe.training, recipe.network.dtype
        made_for = (network, training.loss, training.reduction, dtype, dataset)
        if self._loss_gradient is None or self._loss_gradient[0] != made_for:
            targets = plan.targets(recipe, dataset, network)[:count]
            made = LossGradient(
                network,
                training.loss,
                training.reduction == "mean",
                dataset.inputs[:count],
                targets,
                dtype,
            )
            self._loss_gradient = made_for, made
        return self._loss_gradient[1].at(self._loop.state.parameters)

    def _alive(self, state: State) -> Array | None:
        alive = state.arrays.get("parameters_alive")
        return None if alive is None else alive > 0


def _batches(recipe: Recipe) -> tuple[int | str, str, bool]:
    training = recipe.training
    return training.batch_size, training.partial_batch, training.shuffle
