"""Edits the current run: fields of the recipe, weights, samples."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from nn_tui import experiment
from nn_tui.data.dataset import number_of_class
from nn_tui.data.errors import MissingValues
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.recipe.presets import before_new_target, recipe_for_samples
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
from nn_tui.tui.session.edit_request import EditRequest, PreparedEdit, prepare_edit
from nn_tui.tui.session.listener import SessionMessage
from nn_tui.tui.session.pin_board import PinBoard
from nn_tui.tui.session.run_opener import RunOpener
from nn_tui.tui.session.worker import Worker

_UNDO = "`undo` undoes it"


class RunEditor:
    """Validates edits at once, makes them when their turn comes.

    An edit in the past starts a new branch; the branch left behind is pinned.
    """

    def __init__(self, worker: Worker, opener: RunOpener, pin_board: PinBoard) -> None:
        self._worker = worker
        self._opener = opener
        self._pin_board = pin_board
        self.refusal: Callable[[str], str] = lambda key: ""
        """Why a key of the recipe, ``weights`` or ``data`` may not change now, or empty."""

    def _check_allowed(self, key: str) -> None:
        if refusal := self.refusal(key):
            raise RecipeError(refusal)

    def set_field(self, request: EditRequest) -> SessionMessage:
        """Request that a field is set; returns the effect, or no text if it has none.

        Raises RecipeError if the recipe does not allow the value; nothing changes then.
        """
        self._check_allowed(request.key)
        worker = self._worker
        prepared = prepare_edit(request, worker.requested_recipe)
        if prepared.recipe == prepared.before:
            return SessionMessage("")
        worker.requested_recipe = prepared.recipe
        worker.request(lambda: self._set_field(prepared))
        text = prepared.description
        if self._restarts(prepared):
            return SessionMessage(f"{text}: restarted", _UNDO)
        field = prepared.field
        ended = not worker.running and 0 < worker.goal <= worker.timeline.epoch
        if ended and field.section != "view" and field.key != "training.epochs":
            return SessionMessage(
                f"{text} from epoch {worker.trainer.edit_epoch + 1:,} on", "`run` continues"
            )
        return SessionMessage(text)

    def set_parameter(self, name: str, index: tuple[int, ...], text: str) -> None:
        """Request that a weight or bias is set; raises RecipeError if ``text`` is no number."""
        self._check_allowed("weights")
        value = _parse_number(parameter_name(name, index), text)
        self._request_edit(lambda epoch: ParameterEdit(epoch, name, index, value))

    def prune(self, name: str, index: tuple[int, ...]) -> None:
        """Request that a weight is pruned. Raises RecipeError if that is not allowed now."""
        self._check_allowed("weights")
        self._request_edit(lambda epoch: PruneEdit(epoch, name, index))

    def set_datum(self, sample: int, column: int, text: str) -> None:
        """Request that a value of the data is set, or a class by its name.

        Raises RecipeError or DataError if ``text`` is neither.
        """
        self._check_allowed("data")
        dataset = self._worker.trainer.dataset
        if dataset.classes and column >= len(dataset.raw_names):
            value = number_of_class(dataset, text.strip())
        else:
            name = (*dataset.raw_names, *dataset.target_names)[column]
            value = _parse_number(f"{name} of sample {sample + 1:,}", text)
        self._request_edit(lambda epoch: DatumEdit(epoch, sample, column, value))

    def recover(self) -> None:
        """After a divergence, go back to the lowest loss with a smaller learning rate."""
        worker = self._worker
        worker.pause()

        async def job() -> None:
            best, rate = worker.trainer.history.curve().best, worker.trainer.smaller_rate
            await asyncio.to_thread(worker.timeline.go_to, best)
            await self._edit(lambda e: RecipeEdit(e, (("training.learning_rate", rate),)))
            worker.show_message(f"back at epoch {best:,} with learning rate {rate:g}", _UNDO)

        worker.request(job)

    # Jobs

    def _request_edit(self, make: Callable[[int], Edit]) -> None:
        async def job() -> None:
            await self._edit(make)
            self._worker.show_message(self._worker.timeline.undoable, _UNDO)

        self._worker.request(job)

    async def _edit(self, make: Callable[[int], Edit]) -> None:
        left_behind = await asyncio.to_thread(self._worker.timeline.edit, make)
        self._pin_board.add_left_behind(left_behind)

    async def _set_field(self, prepared: PreparedEdit) -> None:
        worker = self._worker
        prepared = prepared.rebased(worker.recipe)
        if self._restarts(prepared):
            await self._restart(prepared)
            return
        epochs_before = worker.recipe.training.epochs
        if changes := prepared.changes:
            await self._edit(lambda epoch: RecipeEdit(epoch, changes))
        worker.timeline.set_view(prepared.recipe.view)
        if prepared.field.key == "training.epochs":
            epochs = prepared.recipe.training.epochs
            if epochs_before == 0 or worker.timeline.epoch < epochs:
                worker.goal = epochs

    def _restarts(self, prepared: PreparedEdit) -> bool:
        """Whether the edit needs another network or other samples."""
        trainer, recipe = self._worker.trainer, prepared.recipe
        return (
            not prepared.field.live
            or experiment.needs_classes(recipe) != experiment.needs_classes(trainer.recipe)
            or build_architecture(recipe, trainer.dataset) != trainer.network
        )

    async def _restart(self, prepared: PreparedEdit) -> None:
        """Start a run with the edited recipe, after loading its samples if they are others."""
        worker, recipe = self._worker, prepared.recipe
        dataset = None
        new_target = prepared.field.key in _OF_TARGET and recipe.network.output == "auto"
        if new_target:
            recipe = before_new_target(recipe)
        if _data_differ(recipe, worker.recipe):
            try:
                dataset = await self._opener.load_dataset(recipe)
            except MissingValues as missing:
                before = worker.recipe.data.missing
                if before != "refuse":  # the edit is to refuse them
                    still = "dropped" if before == "drop" else "filled in"
                    raise InputError(f"{missing.found}; such values are still {still}") from None

                async def handle(how: str) -> None:
                    again = prepared.rebased(worker.recipe)  # other fields may have changed
                    handling = again.recipe.with_value("data.missing", how)
                    await self._restart(replace(again, recipe=handling))

                self._opener.ask_about_missing(
                    missing, lambda how: worker.request(partial(handle, how))
                )
                return
        if new_target and dataset is not None:
            recipe = recipe_for_samples(recipe, dataset)
        known_notes = worker.timeline.run.dataset.notes
        description = f"{prepared.field.label} {prepared.value_text}"
        lost = await self._opener.start_run(recipe, description, dataset)
        of_file = dataset is not None and recipe.data.source not in SOURCES
        if of_file or lost:  # the progress of loading a file has replaced the first message
            notes = [note for note in dataset.notes if note not in known_notes] if dataset else []
            details = "; ".join(part for part in ("restarted", *notes, lost) if part)
            worker.show_message(f"{prepared.description}: {details}", _UNDO)


_OF_TARGET = ("data.target", "data.task")
"""Fields with which the loss may have to change, where it was chosen to suit the target."""


def _data_differ(recipe: Recipe, other: Recipe) -> bool:
    needs_classes = experiment.needs_classes
    return recipe.data != other.data or needs_classes(recipe) != needs_classes(other)


def _parse_number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        shown = text.strip()[:40] or "nothing"
        raise RecipeError(f"{name} = {shown} is not allowed: it must be a number") from None
