"""One experiment under a person's hands: what they may ask for, and change."""

import asyncio
from collections.abc import Callable
from typing import Any

from nn_tui import experiment
from nn_tui.data.dataset import number_of_class
from nn_tui.data.errors import MissingValues
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_recipe, reconcile_output_and_loss, with_typed_value
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.training.edits import (
    DatumEdit,
    Edit,
    ParameterEdit,
    PruneEdit,
    RecipeEdit,
    parameter_name,
)
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session.run_opener import RunOpener, read_data


class Session(RunOpener):
    """A worker that changes and explains the run, besides going to others and to other moments."""

    def change(self, key: str, text: str) -> str:
        """Set a field to what was typed; says what that does.

        Raises RecipeError, a sentence, if the value is not allowed; nothing changes then.
        """
        recipe, also = reconcile_output_and_loss(
            with_typed_value(self.requested_recipe, key, text), key
        )
        check_recipe(recipe)
        if recipe == self.requested_recipe:
            return ""
        field = FIELDS[key]
        shown = f"{field.label} is {field.kind.show(recipe[key])}{also}"
        restarts = self._restarts(key, recipe)
        ended = not self.running and 0 < self.goal <= self.trainer.epoch
        if ended and not restarts and field.section != "view" and key != "training.epochs":
            shown += (
                f" from epoch {self.trainer.edit_epoch + 1:,} on; {self._keys['run']} trains on"
            )
        self._asked = recipe
        self._ask(lambda: self._change(key, recipe[key]))
        return f"{shown}: restarted; {self._keys['undo']} takes it back" if restarts else shown

    def set_parameter(self, name: str, index: tuple[int, ...], text: str) -> None:
        """Set a weight or bias to what was typed; raises RecipeError for what is no number."""
        value = _number(parameter_name(name, index), text)
        self._ask(lambda: self._edit(lambda epoch: ParameterEdit(epoch, name, index, value)))

    def prune(self, name: str, index: tuple[int, ...]) -> None:
        """Cut a weight off."""
        self._ask(lambda: self._edit(lambda epoch: PruneEdit(epoch, name, index)))

    def set_datum(self, sample: int, column: int, text: str) -> None:
        """Set a number of the data, or a class by its name, to what was typed.

        Raises RecipeError or DataError for what is neither.
        """
        dataset = self.trainer.dataset
        if dataset.classes and column >= len(dataset.raw_names):
            value = number_of_class(dataset, text.strip())
        else:
            name = (*dataset.raw_names, *dataset.target_names)[column]
            value = _number(f"{name} of sample {sample + 1:,}", text)
        self._ask(lambda: self._edit(lambda epoch: DatumEdit(epoch, sample, column, value)))

    def recover(self) -> None:
        """After a divergence: back to where the loss was lowest, with a smaller learning rate."""
        self.pause()

        async def job() -> None:
            best, rate = self.trainer.history.curve().best, self.trainer.smaller_rate
            await asyncio.to_thread(self.timeline.go_to, best)
            await self._edit(lambda e: RecipeEdit(e, (("training.learning_rate", rate),)))
            back = f"{self._keys['undo']} takes it back"
            self._say(f"back at epoch {best:,}, with a learning rate of {rate:g}; {back}", False)

        self._ask(job)

    def explain(self, show: Callable[[StepDebugger, Snapshot], None]) -> None:
        """Pause, and hand over a walk through the next epoch's first update, on a copy."""
        self.running = False

        def made(trainer: Trainer) -> tuple[StepDebugger, Snapshot]:
            walk = StepDebugger(trainer.step(), trainer.first_samples().tolist())
            walk.forward()
            return walk, trainer.snapshot()

        async def job() -> None:
            show(*await asyncio.to_thread(made, self.trainer))

        self._ask(job)

    # Jobs

    async def _edit(self, make: Callable[[int], Edit]) -> None:
        left = await asyncio.to_thread(self.timeline.edit, make)
        self._say(f"{self.timeline.undoable}; {self._keys['undo']} takes it back", False)
        self._keep_left(left)

    async def _change(self, key: str, value: Any) -> None:
        # What was asked for before this is in the recipe by now.
        recipe, also = reconcile_output_and_loss(self.recipe.with_value(key, value), key)
        check_recipe(recipe)
        if self._restarts(key, recipe):
            await self._load(recipe, key, also)
            return
        before = self.recipe.training.epochs
        changes = tuple(c for c in self.recipe.differences(recipe) if not c[0].startswith("view."))
        if changes:
            left = await asyncio.to_thread(self.timeline.edit, lambda e: RecipeEdit(e, changes))
            self._keep_left(left)
        self.trainer.set_view(recipe.view)
        if key == "training.epochs":
            self.goal = value if before == 0 or self.trainer.epoch < value else self.goal

    def _restarts(self, key: str, recipe: Recipe) -> bool:
        """Whether ``recipe``, where ``key`` is new, means another network or other samples."""
        return (
            not FIELDS[key].live
            or experiment.needs_classes(recipe) != experiment.needs_classes(self.recipe)
            or build_architecture(recipe, self.trainer.dataset) != self.trainer.network
        )

    async def _load(self, recipe: Recipe, key: str, also: str) -> None:
        """Begin again with ``recipe``, where ``key`` is new, ``also`` more, and its samples."""
        label, value = FIELDS[key].label, FIELDS[key].kind.show(recipe[key])
        dataset = None
        classes = experiment.needs_classes
        if recipe.data != self.recipe.data or classes(recipe) != classes(self.recipe):
            stop = self._keys["back"]
            try:
                with self._jobs.stoppable() as stopped:
                    dataset = await read_data(recipe, stopped, self._say, stop)
            except MissingValues as gaps:
                if self.recipe.data.missing == "drop":  # and was told not to
                    raise InputError(f"{gaps.found}; such rows stay left out") from None
                self._ask_to_drop(gaps, lambda: self._ask(lambda: self._drop_and_load(key, recipe)))
                return
        known = self.timeline.run.dataset.notes
        left = await self._renew(recipe, f"{label} {value}", dataset)
        of_file = dataset is not None and recipe.data.source not in SOURCES
        if of_file or left:  # of a file it was told how far reading is
            notes = [note for note in dataset.notes if note not in known] if dataset else []
            told = [*notes, left, f"{self._keys['undo']} takes it back"]
            words = "; ".join(word for word in ("restarted", *told) if word)
            self._say(f"{label} is {value}{also}: {words}", False)

    async def _drop_and_load(self, key: str, wanted: Recipe) -> None:
        """As ``_load``, without rows with gaps; what else was changed since stays so."""
        recipe, also = reconcile_output_and_loss(self.recipe.with_value(key, wanted[key]), key)
        await self._load(recipe.with_value("data.missing", "drop"), key, also)


def _number(what: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        shown = text.strip()[:40] or "nothing"
        raise RecipeError(f"{what} = {shown} is not allowed: it must be a number") from None
