"""Another run in the place of the one there is: restarted, opened, gone on with; and its name."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import LoadCancelled, MissingValues
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.runs import reopen_run
from nn_tui.text import brief
from nn_tui.training.edit_effects import edits_kept, edits_lost
from nn_tui.training.run import Run
from nn_tui.tui.session.navigator import Navigator

T = TypeVar("T")

Say = Callable[[str, bool], None]
Progress = Callable[[float], None]
Stopped = Callable[[], bool]


async def read_data(recipe: Recipe, stopped: Stopped, say: Say, stop: str) -> Dataset:
    """The samples of ``recipe``; ``say`` hears how far it is.

    ``stop`` is the key after which ``stopped`` says so.

    Raises InputError, also once it was ``stopped``.
    """

    def read(progress: Progress) -> Dataset:
        return experiment.dataset_of(recipe, progress, stopped)

    return await _read(recipe.data.source, read, say, stop)


async def read_experiment(
    text: str, assignments: Sequence[str], stopped: Stopped, say: Say, stop: str
) -> Experiment:
    """What ``text`` names: a preset, a recipe, a data file, a link, with some ``KEY=VALUE``s.

    Raises as ``read_data``.
    """

    def read(progress: Progress) -> Experiment:
        return experiment.load_experiment(text, assignments, (), progress, stopped)

    return await _read(text, read, say, stop)


async def _read(what: str, read: Callable[[Progress], T], say: Say, stop: str) -> T:
    loop = asyncio.get_running_loop()
    told = 0

    def progress(share: float) -> None:
        nonlocal told
        percent = int(100 * share)
        if percent > told:
            told = percent
            sentence = f"reading {what}: {percent} % ({stop} stops it)"
            loop.call_soon_threadsafe(say, sentence, False)

    try:
        return await asyncio.to_thread(read, progress)
    except LoadCancelled:
        raise InputError("reading was stopped; everything is as it was") from None


Ask = Callable[[MissingValues, Callable[[], object]], object]
"""Asks a person whether rows with gaps are to be left out; the call does so."""


class RunOpener(Navigator):
    """A worker that a person may ask for a run from its start, or for one that was saved.

    Where a file has missing values, ``ask`` is called; without it, the file is refused.
    """

    ask: Ask | None = None

    def restart(self) -> None:
        """Back to epoch 0 with the same start weights."""

        async def job() -> None:
            left = await self._renew(self.recipe, "restart")
            self._say_left("restarted with the same weights", left)

        self._ask(job)

    def redraw_weights(self) -> None:
        """Back to epoch 0 with the next seed's start weights."""

        async def job() -> None:
            recipe = self.recipe.with_value("network.seed", next_seed(self.recipe.network.seed))
            left = await self._renew(recipe, "new weights")
            self._say_left("restarted with new weights", left)

        self._ask(job)

    def open(self, text: str, drop: bool = False) -> None:
        """Put what ``text`` names in the place of this experiment, paused at epoch 0.

        It is a preset, the path of a recipe or of a data file, or a playground link. With
        ``drop``, rows with missing values are left out.
        """
        self.pause()
        assignments = ("data.missing=drop",) if drop else ()

        async def job() -> None:
            stop = self._keys["back"]
            try:
                with self._jobs.stoppable() as stopped:
                    found = await read_experiment(text, assignments, stopped, self._say, stop)
            except MissingValues as gaps:
                self._ask_to_drop(gaps, lambda: self.open(text, drop=True))
                return
            run = Run(found.name, found.recipe, found.dataset, preset=found.recipe)
            await asyncio.to_thread(self.timeline.start, run, f"{found.name} opened")
            self._arrive()
            what = "; ".join(found.notes) or (PRESETS[text].help if text in PRESETS else "")
            self._say(
                f"{brief(found.name)} is open{what and ': '}{what}; {self._keys['run']} trains",
                False,
            )

        self._ask(job)

    def reopen(self, folder: RunFolder) -> None:
        """Go on with a saved run, where it was left."""
        self.pause()

        async def job() -> None:
            assert self.saver is not None
            own = self.saver.held(folder)
            if own is not None and own is self.saver.folder_of(self.timeline.run):
                self._say(f"{self.display_name} is open already; {self._keys['run']} trains", False)
                return
            reopened = await asyncio.to_thread(reopen_run, own or folder, self.saver.shelf)
            self.saver.adopt(reopened.timeline.run, reopened.folder, reopened.file)
            await asyncio.to_thread(reopened.timeline.remember, self.timeline)
            self.timeline = reopened.timeline
            self._arrive()
            self._say(f"{reopened.sentence}; {self._keys['run']} trains", bool(reopened.notes))

        self._ask(job)

    def rename(self, title: str, done: Callable[[], object] = lambda: None) -> None:
        """Give the run a name of its own, under which it is kept; then ``done`` is called."""

        async def job() -> None:
            if self.saver is None:
                self._say("this run cannot have a name of its own: runs are not kept here", True)
                return
            await asyncio.to_thread(self.saver.rename, self.timeline.run, title)
            await self._look_up_title()
            self._say(f"this run is called {self.title} now; {self._keys['open']} lists it", False)
            done()

        self._ask(job)

    # Jobs

    async def _renew(self, recipe: Recipe, what: str, dataset: Dataset | None = None) -> str:
        """Begin another run, with ``dataset`` or with the samples as they are now.

        One that was called after its samples is called after the new ones. Cells set by hand
        stay so where the samples are the same ones; says what else set by hand is gone.
        """
        made, old = self.trainer.edits, self.timeline.run.dataset
        dataset = dataset or old
        edits = await asyncio.to_thread(edits_kept, made, old, dataset, recipe)
        after_samples = self.name == old.name
        name = dataset.name if after_samples else self.name
        run = Run(name, recipe, dataset, edits=edits, preset=self.preset)
        await asyncio.to_thread(self.timeline.start, run, what)
        self._arrive()
        return edits_lost(made, edits)

    def _say_left(self, done: str, left: str) -> None:
        """Say after a restart what is gone by it, if anything is."""
        if left:
            self._say(f"{done}; {left}; {self._keys['undo']} takes it back", False)

    def _ask_to_drop(self, gaps: MissingValues, drop: Callable[[], object]) -> None:
        """Have a person asked; raises ``gaps`` where nobody can be, or no row would be left."""
        if self.ask is None or not gaps.left:
            raise gaps
        self.ask(gaps, drop)


def next_seed(seed: int | str) -> int | str:
    """Another seed of the same kind."""
    return f"{random.random():.5f}" if isinstance(seed, str) else (seed + 1) % 2**32
