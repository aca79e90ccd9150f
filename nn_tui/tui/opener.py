"""Another run in the place of the one there is: restarted, opened, gone on with; and its name."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import MissingValues
from nn_tui.files.runs.folder import RunFolder
from nn_tui.presets import PRESETS
from nn_tui.recipe import Recipe
from nn_tui.sitting import reopen
from nn_tui.training.changes import data_edits
from nn_tui.training.edits import Edit
from nn_tui.training.run import Run
from nn_tui.tui.reading import read_experiment
from nn_tui.tui.traveller import Traveller

Ask = Callable[[MissingValues, Callable[[], object]], object]
"""Asks a person whether rows with gaps are to be left out; the call does so."""


class Opener(Traveller):
    """A worker that a person may ask for a run from its start, or for one that was saved.

    Where a file has missing values, ``ask`` is called; without it, the file is refused.
    """

    ask: Ask | None = None

    def restart(self) -> None:
        """Back to epoch 0 with the same start weights."""
        self._ask(lambda: self._renew(self.recipe, "restart"))

    def redraw_weights(self) -> None:
        """Back to epoch 0 with the next seed's start weights."""

        def job() -> Any:
            recipe = self.recipe.with_value("network.seed", next_seed(self.recipe.network.seed))
            return self._renew(recipe, "new weights")

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
                f"{found.name} is open{what and ': '}{what}; {self._keys['run']} trains", False
            )

        self._ask(job)

    def reopen(self, folder: RunFolder) -> None:
        """Go on with a saved run, where it was left."""
        self.pause()

        async def job() -> None:
            assert self.saver is not None
            own = self.saver.held(folder)
            if own is not None and own is self.saver.folder_of(self.timeline.run):
                self._say(f"{self.called} is open already; {self._keys['run']} trains", False)
                return
            reopened = await asyncio.to_thread(reopen, own or folder, self.saver.shelf)
            self.saver.adopt(reopened.timeline.run, reopened.folder)
            await asyncio.to_thread(reopened.timeline.remember, self.timeline)
            self.timeline = reopened.timeline
            self._arrive()
            epoch = self.trainer.epoch
            name = reopened.folder.title or self.name
            self._say(f"{name} goes on at epoch {epoch:,}; {self._keys['run']} trains", False)
            for note in reopened.notes:
                self._say(note, True)

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

    async def _renew(self, recipe: Recipe, what: str, dataset: Dataset | None = None) -> None:
        """Begin another run, with ``dataset`` or with the samples as they are now.

        One that was called after its samples is called after the new ones.
        """
        edits: tuple[Edit, ...] = ()
        if dataset is None:
            dataset = self.timeline.run.dataset
            edits = tuple(replace(edit, epoch=0) for edit in data_edits(self.trainer.edits))
        after_samples = self.name == self.timeline.run.dataset.name
        name = dataset.name if after_samples else self.name
        run = Run(name, recipe, dataset, edits=edits, preset=self.preset)
        await asyncio.to_thread(self.timeline.start, run, what)
        self._arrive()

    def _ask_to_drop(self, gaps: MissingValues, drop: Callable[[], object]) -> None:
        """Have a person asked; raises ``gaps`` where nobody can be, or no row would be left."""
        if self.ask is None or not gaps.left:
            raise gaps
        self.ask(gaps, drop)


def next_seed(seed: int | str) -> int | str:
    """Another seed of the same kind."""
    return f"{random.random():.5f}" if isinstance(seed, str) else (seed + 1) % 2**32
