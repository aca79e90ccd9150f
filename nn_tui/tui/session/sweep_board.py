"""The sweep of this session: trained beside the laboratory, and kept with the run."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.recipe.field_types import SeedField
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edit_effects import samples_after
from nn_tui.training.edits import Edit
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.process_executor import ProcessExecutor, default_jobs
from nn_tui.trials.remarks import Edge
from nn_tui.trials.runner import same_samples
from nn_tui.trials.sweep import Sweep, folder_name
from nn_tui.trials.sweep_folder import SweepFolder, is_sweep_folder
from nn_tui.trials.sweep_results import SweepResults, median_outcome
from nn_tui.trials.trial_curve import TrialCurve
from nn_tui.tui.session.run_opener import RunOpener
from nn_tui.tui.session.sweep_proposal import extended
from nn_tui.tui.session.sweep_thread import SweepProgress, SweepThread
from nn_tui.tui.session.worker import Worker

_NICENESS = 10
"""So that the worker processes leave the laboratory its share of the processors."""
_PROMPT_SECONDS = 5.0
"""A trial that took no longer is trained at once when it is opened."""
_WIDER = 2
"""Values that an axis grows by."""
_MOST_CURVES = 2000
"""In memory."""
_PATIENCE = 0.5
"""Seconds to wait for the processes' end."""


class SweepBoard:
    """Holds one sweep at a time; the worker's listener is told of every change of it.

    ``results`` is None before the first sweep. ``problem`` is why it does not go on, or empty.
    """

    def __init__(
        self, worker: Worker, opener: RunOpener, refusal: Callable[[str], str] = lambda key: ""
    ) -> None:
        """``refusal`` is why a key may not be changed now, or empty."""
        self._worker, self._opener = worker, opener
        self._refusal = refusal
        self.results: SweepResults | None = None
        self.running = False
        self.seconds_left: float | None = None
        self.problem = ""
        self._measure = ""
        self._dataset: Dataset | None = None
        self._folder: SweepFolder | None = None
        self._sweep: Sweep | None = None
        self._thread: SweepThread | None = None
        self._executor: ProcessExecutor | None = None
        self._temporary: TemporaryDirectory[str] | None = None
        self._curves: dict[int, TrialCurve | None] = {}

    # What is shown

    @property
    def path(self) -> Path | None:
        """The folder of the results; None where they are kept only until the program ends."""
        return None if self._folder is None or self._temporary is not None else self._folder.path

    @property
    def dataset(self) -> Dataset | None:
        """The samples of the sweep shown; None if they are not known."""
        return self._dataset

    @property
    def where(self) -> str:
        """Where trials run, for the user."""
        jobs = default_jobs()
        return "1 process" if jobs == 1 else f"{jobs} processes"

    @property
    def progress(self) -> str:
        """The number of trials trained, as in ``87/126``; empty if the sweep does not run."""
        results = self.results
        if results is None or not self.running:
            return ""
        return f"{len(results.outcomes):,}/{results.plan.count:,}"

    def saved(self) -> list[Path]:
        """Return the folders of the sweeps that are kept with the current run, newest first."""
        saver = self._worker.saver
        folder = saver and saver.folder_of(self._worker.timeline.run)
        if not folder:
            return []
        try:
            with os.scandir(folder.sweeps) as entries:
                found = [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        found = [path for path in found if is_sweep_folder(path)]
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)

    def curve(self, outcome: Outcome) -> TrialCurve | None:
        """Return the losses of a trial, if ``load`` has read them."""
        return self._curves.get(outcome.number)

    async def load(self, outcomes: Sequence[Outcome]) -> bool:
        """Read the losses of trials; return whether any were not known."""
        folder = self._folder
        missing = [outcome for outcome in outcomes if outcome.number not in self._curves]
        if folder is None or not missing:
            return False
        found = await asyncio.to_thread(lambda: [folder.curve(outcome) for outcome in missing])
        if folder is self._folder:
            if len(self._curves) > _MOST_CURVES:
                self._curves.clear()
            self._curves.update(zip((o.number for o in missing), found, strict=True))
        return True

    # Requests

    def begin(self, plan: SweepPlan, again: bool = False) -> None:
        """Train the trials of a plan, except for those that are trained already.

        ``again`` is for other values of the sweep shown, with its samples and beside its results;
        any other is one of the current run.
        """
        worker = self._worker

        async def job() -> None:
            folder = self._folder
            if again and folder is not None:
                dataset, parent = self._known_dataset(), folder.path.parent
            else:
                run, edits = worker.timeline.run, worker.trainer.edits
                dataset = await asyncio.to_thread(samples_after, run.dataset, edits)
                parent = await asyncio.to_thread(self._sweeps_folder)
            name = await asyncio.to_thread(folder_name, plan, dataset.digest)
            await self._open(plan, dataset, parent / name)

        self._request(job)

    def _request(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Have a job carried out; why it cannot be is shown with the results, too."""

        async def guarded() -> None:
            try:
                await job()
            except InputError as error:
                self.problem = str(error)
                self._worker.listener.on_sweep()
                raise

        self._worker.request(guarded)

    def _known_dataset(self) -> Dataset:
        if self._dataset is None:
            raise InputError("this sweep trained other samples: it can be looked at only")
        return self._dataset

    def toggle(self) -> None:
        """Pause the sweep, or let it go on."""
        if self.running and self._thread is not None:
            self._thread.stop()
            return

        async def job() -> None:
            results, folder = self.results, self._folder
            if results is None or folder is None:
                return
            if len(results.outcomes) < results.plan.count:
                await self._open(results.plan, self._known_dataset(), folder.path)

        self._request(job)

    def widen(self, edge: Edge) -> None:
        """Add values beyond the end of a range at which the best setting is."""
        if self.results is None:
            return
        plan = self.results.plan
        axis = plan.axes[edge.axis]
        for _ in range(_WIDER):
            axis = extended(axis, edge.direction) or axis
        axes = (*plan.axes[: edge.axis], axis, *plan.axes[edge.axis + 1 :])
        self.begin(replace(plan, axes=axes), again=True)

    def choose_measure(self, measure: str) -> None:
        """Compare the settings by another measure."""
        self._measure = measure

        async def job() -> None:
            if self.results is not None:
                await self._show(self.results.plan, self.results.outcomes)

        self._worker.request(job)

    def open_saved(self, path: Path) -> None:
        """Show a sweep that is kept with the run."""
        worker = self._worker

        async def job() -> None:
            await self._end()
            folder = SweepFolder(path)
            run, edits = worker.timeline.run, worker.trainer.edits
            read = partial(_read, folder, run.dataset, edits)
            plan, outcomes, self._dataset = await asyncio.to_thread(read)
            self._folder, self._measure = folder, ""
            await self._show(plan, outcomes)

        self._request(job)

    def open_trial(self, outcome: Outcome) -> None:
        """Start the run of a trial in place of the current one; train it unless that takes long."""
        assert self.results is not None
        worker, plan = self._worker, self.results.plan
        worker.pause()
        prompt = outcome.seconds <= _PROMPT_SECONDS

        async def job() -> None:
            for key in plan.keys:
                if refused := self._refusal(key):
                    raise InputError(refused)
            recipe = trial_recipe(plan, outcome)
            recipe = recipe.with_value("view.pace", worker.recipe.view.pace)
            data = await self._samples(recipe, plan.base)
            described = describe_trial(plan, outcome)
            await self._opener.start_run(recipe, f"trial opened: {described}", data)
            trains = "" if prompt else f", `run` trains its {outcome.epochs:,} epochs"
            worker.show_message(
                f"trial opened: {described}", f"`undo` goes back, `sweep` to the sweep{trains}"
            )

        worker.request(job)
        if prompt:
            worker.train(outcome.epochs)

    async def _samples(self, recipe: Recipe, base: Recipe) -> Dataset:
        """The samples that a trial was trained with."""
        worker = self._worker
        run = worker.timeline.run
        own = await asyncio.to_thread(samples_after, run.dataset, worker.trainer.edits)
        known = self._dataset
        if same_samples(recipe, base) and known is not None:
            return run.dataset if own.digest == known.digest else known
        if same_samples(recipe, worker.recipe):
            return run.dataset
        return await self._opener.load_dataset(recipe)

    # The folder and its thread

    def _sweeps_folder(self) -> Path:
        saver = self._worker.saver
        if saver is not None:
            return saver.keep(self._worker.timeline).sweeps
        if self._temporary is None:
            self._temporary = TemporaryDirectory(
                prefix="nn-tui-sweeps-", ignore_cleanup_errors=True
            )
        return Path(self._temporary.name)

    async def _open(self, plan: SweepPlan, dataset: Dataset, path: Path) -> None:
        await self._end()
        folder = SweepFolder(path)
        try:
            sweep = await asyncio.to_thread(Sweep, plan, dataset, folder)
        except InputError:
            folder.close()
            raise
        if self._folder is None or self._folder.path != path:
            self._measure = ""
        self._dataset, self._folder, self._sweep = dataset, folder, sweep
        if self._executor is None:
            self._executor = ProcessExecutor(default_jobs(), _NICENESS)
        self.running = bool(sweep.waiting)
        await self._show(plan, tuple(sweep.outcomes.values()))
        if self.running:
            self._thread = SweepThread(sweep, self._executor, lambda: self._measure, self._reported)
        else:
            await asyncio.to_thread(folder.close)

    async def _show(self, plan: SweepPlan, outcomes: Sequence[Outcome]) -> None:
        results = SweepResults(plan, outcomes, self._measure)
        self.results = await asyncio.to_thread(results.worked_out)
        self.problem, self.seconds_left = "", None
        self._worker.listener.on_sweep()

    def _reported(self, report: SweepProgress) -> None:
        """Show how far the thread is; in the event loop."""
        if self.results is None or report.results.plan is not self.results.plan:
            return  # of the sweep before
        self.results, self.running = report.results, report.running
        self.seconds_left = report.seconds_left
        if not report.running and self._folder is not None:
            self._folder.close()
        if isinstance(report.error, InputError):
            self.problem = str(report.error)
        elif report.error is not None:
            self._worker.listener.on_error(report.error)
        elif not report.running and report.results.best is not None:
            best = median_outcome(report.results.best, report.results.measure)
            if len(report.results.outcomes) == report.results.plan.count:
                text = f"the sweep is complete; best: {describe_trial(report.results.plan, best)}"
                self._worker.show_message(text, "`sweep` shows it")
        self._worker.listener.on_sweep()

    async def _end(self) -> None:
        """End the thread and release the folder."""
        thread, folder = self._thread, self._folder
        self._thread = self._sweep = None
        self.running = False
        if thread is not None:
            await asyncio.to_thread(thread.join)
        if folder is not None:
            await asyncio.to_thread(folder.close)
        self._curves.clear()

    def leave(self) -> None:
        """End thread and processes, keep what is trained; may be called again, in any thread."""
        thread, executor, folder = self._thread, self._executor, self._folder
        self._thread = self._executor = None
        if thread is not None:
            thread.stop()
        if executor is not None:
            closing = Thread(target=executor.close, daemon=True)
            closing.start()
            closing.join(_PATIENCE)
        if thread is not None:
            thread.join()
        if folder is not None:
            folder.close()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None


def _read(
    folder: SweepFolder, dataset: Dataset, edits: Iterable[Edit]
) -> tuple[SweepPlan, list[Outcome], Dataset | None]:
    """The plan and the outcomes of a folder, and the edited samples if it was trained with them."""
    record, base, outcomes = folder.read()
    plan = record.plan(base)
    keys = {trial.key for trial in plan.trials()}
    edited = samples_after(dataset, edits)
    known = edited if edited.digest == record.data else None
    return plan, [outcome for outcome in outcomes if outcome.key in keys], known


def trial_recipe(plan: SweepPlan, outcome: Outcome) -> Recipe:
    """Return the recipe of a trial."""
    seed = SeedField().parse(outcome.key.seed)
    return plan.recipe_of(outcome.setting).with_value("network.seed", seed)


def describe_trial(plan: SweepPlan, outcome: Outcome) -> str:
    """Return the values and the seed of a trial, as in ``learning rate 0.1, seed 2``."""
    values = zip(plan.keys, outcome.key.values, strict=True)
    parts = [f"{field_of(key).label} {text}" for key, text in values]
    if "network.seed" not in plan.keys:
        parts.append(f"seed {outcome.key.seed}")
    return ", ".join(parts)
