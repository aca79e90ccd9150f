"""Replaces the current run: restart, open, reopen; and gives it a title."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import ColumnError, LoadCancelled, MissingValues
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import LARGEST_SEED
from nn_tui.runs import reopen_run
from nn_tui.text import brief
from nn_tui.training.edit_effects import edits_kept, edits_lost
from nn_tui.training.run import Run
from nn_tui.tui.session.questions import column_question, missing_values_question
from nn_tui.tui.session.worker import Worker

T = TypeVar("T")
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


class RunOpener:
    """Starts runs in place of the current one; each replacement can be undone."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def restart(self) -> None:
        """Go back to epoch 0 with the same initial weights."""

        async def job() -> None:
            lost = await self.start_run(self._worker.recipe, "restart")
            self._show_lost("restarted with the same weights", lost)

        self._worker.request(job)

    def redraw_weights(self) -> None:
        """Go back to epoch 0 with the initial weights of the next seed, or of as many new ones."""

        async def job() -> None:
            recipe = self._worker.recipe
            recipe = recipe.with_value(
                "network.seed", next_seed(recipe.network.seed, recipe.training.replicas)
            )
            lost = await self.start_run(recipe, "new weights")
            self._show_lost("restarted with new weights", lost)

        self._worker.request(job)

    def open(self, name: str, missing: str = "", assignments: Sequence[str] = ()) -> None:
        """Open a preset, a recipe, a data file or a playground link, paused at epoch 0.

        ``missing``, if given, is how to handle missing values. ``assignments`` are settings,
        such as ``data.target=price``.
        """
        worker = self._worker
        worker.pause()
        wanted = (*assignments, f"data.missing={missing}") if missing else tuple(assignments)

        def load(progress: Progress, cancelled: Cancelled) -> Experiment:
            return experiment.load_experiment(name, wanted, (), progress, cancelled)

        async def job() -> None:
            try:
                found = await self._load(name, load)
            except MissingValues as found_missing:
                self.ask_about_missing(found_missing, lambda how: self.open(name, how, assignments))
                return
            except ColumnError as refused:
                data = (await asyncio.to_thread(experiment.settings_of, name, wanted)).data
                question = column_question(
                    refused,
                    data,
                    lambda others: self.open(name, missing, (*assignments, *others)),
                )
                worker.listener.on_question(question)
                return
            run = Run(found.name, found.recipe, found.dataset, preset=found.recipe)
            await asyncio.to_thread(worker.timeline.start, run, f"{found.name} opened")
            worker.run_replaced()
            about = "; ".join(found.notes) or (PRESETS[name].help if name in PRESETS else "")
            text = f"opened {brief(found.name)}"
            advice = "`run` trains"
            if any(column.reason for column in found.dataset.table):
                advice += "; `data.columns` in pane 1 chooses the columns"
            worker.show_message(f"{text}: {about}" if about else text, advice)
            if found.asks_columns and not missing:
                worker.listener.on_columns(await asyncio.to_thread(worker.timeline.snapshot))

        worker.request(job)

    def open_recipe(self, name: str, recipe: Recipe) -> None:
        """Open a recipe under a name, paused at epoch 0."""
        worker = self._worker
        worker.pause()

        async def job() -> None:
            dataset = await self.load_dataset(recipe)
            run = Run(name, recipe, dataset, preset=recipe)
            await asyncio.to_thread(worker.timeline.start, run, f"{name} opened")
            worker.run_replaced()

        worker.request(job)

    def reopen(self, folder: RunFolder) -> None:
        """Continue a saved run where it was left."""
        worker = self._worker
        worker.pause()

        async def job() -> None:
            saver = worker.saver
            assert saver is not None
            held = saver.open_folder_at(folder)
            if held is not None and held is saver.folder_of(worker.timeline.run):
                name = worker.title or worker.timeline.run.name
                worker.show_message(f"{name} is already open", "`run` trains")
                return
            reopened = await asyncio.to_thread(reopen_run, held or folder, saver.store)
            saver.continue_in_folder(reopened.timeline.run, reopened.folder, reopened.file)
            await asyncio.to_thread(reopened.timeline.remember, worker.timeline)
            worker.timeline = reopened.timeline
            worker.run_replaced()
            worker.show_message(reopened.sentence, "`run` trains", bool(reopened.notes))

        worker.request(job)

    def rename(self, title: str) -> None:
        """Save the run under another title."""
        worker = self._worker

        async def job() -> None:
            if worker.saver is None:
                worker.show_message("not renamed: this run is not saved", bad=True)
                return
            await asyncio.to_thread(worker.saver.rename, worker.timeline.run, title)
            await worker.update_title()
            worker.show_message(f"renamed to {worker.title}", "`open` lists it")

        worker.request(job)

    # For jobs

    async def load_dataset(self, recipe: Recipe) -> Dataset:
        """Load the samples of ``recipe``; raises InputError, also when cancelled."""

        def load(progress: Progress, cancelled: Cancelled) -> Dataset:
            return experiment.dataset_of(recipe, progress, cancelled)

        return await self._load(recipe.data.source, load)

    async def start_run(self, recipe: Recipe, description: str, data: Dataset | None = None) -> str:
        """Start a run with ``data`` or the current samples; returns which edits are lost.

        A run named after its samples is renamed after the new ones. Edited cells are kept if
        the samples are the same.
        """
        worker = self._worker
        run, edits = worker.timeline.run, worker.trainer.edits
        dataset = data or run.dataset
        kept = await asyncio.to_thread(edits_kept, edits, run.dataset, dataset, recipe)
        name = dataset.name if run.name == run.dataset.name else run.name
        preset = run.preset or run.recipe
        same = data is None and recipe.network == run.recipe.network
        new = Run(name, recipe, dataset, run.start if same else None, kept, preset)
        await asyncio.to_thread(worker.timeline.start, new, description)
        worker.run_replaced()
        return edits_lost(edits, kept)

    def ask_about_missing(self, missing: MissingValues, answer: Callable[[str], object]) -> None:
        """Ask how to handle missing values, one of ``MISSING``, and call ``answer`` with it."""
        self._worker.listener.on_question(missing_values_question(missing, answer))

    async def _load(self, name: str, load: Callable[[Progress, Cancelled], T]) -> T:
        """Call ``load`` in a thread, show its progress, let it be cancelled."""
        loop = asyncio.get_running_loop()
        shown = 0

        def progress(fraction: float) -> None:
            nonlocal shown
            percent = int(100 * fraction)
            if percent > shown:
                shown = percent
                text = f"loading {name}: {percent} %"
                loop.call_soon_threadsafe(self._worker.show_message, text, "`back` cancels")

        try:
            with self._worker.jobs.cancellable() as cancelled:
                return await asyncio.to_thread(load, progress, cancelled)
        except LoadCancelled:
            raise InputError("loading cancelled; nothing has changed") from None

    def _show_lost(self, text: str, lost: str) -> None:
        if lost:
            self._worker.show_message(f"{text}; {lost}", "`undo` undoes it")


def next_seed(seed: int | str, count: int = 1) -> int | str:
    """Return another seed of the same type, the first of ``count`` new ones."""
    if isinstance(seed, str):
        return f"{random.random():.5f}"
    return seed + count if seed + 2 * count - 1 <= LARGEST_SEED else 0
