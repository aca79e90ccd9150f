"""One experiment under a person's hands: it owns the trainer and says when it runs.

A single coroutine, ``work``, touches the trainer: it carries out what was asked for
between two slices of training, and during a slice only the slice's thread does. So
nothing needs a lock, a key press waits a slice at most, and the loop never blocks.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.recipe import FIELDS, Recipe, check, typed
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trainer import Trainer

Show = Callable[[Snapshot], None]
Say = Callable[[str, bool], None]
Job = Callable[[], Any]

PACES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.0)
"""Epochs a second from slow to fast; 0 is as fast as it goes."""


class Session:
    """``show`` gets every new snapshot; ``say`` a sentence and whether it is bad news."""

    def __init__(
        self, name: str, recipe: Recipe, dataset: Dataset, frames_per_second: float
    ) -> None:
        self.name = name
        self.preset = recipe
        self.running = False
        self.finished = False
        self.frame_seconds = 1 / frames_per_second
        self.trainer = Trainer(recipe, dataset)
        self.goal = recipe.training.epochs
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._closed = False

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now, live changes included."""
        return self.trainer.recipe

    # What a person may ask for

    def toggle(self) -> None:
        """Run or pause; at the goal, go on for as many epochs again."""
        if self.running:
            self.running = False
        else:
            self.running = True
            self.finished = False
            if self._at_goal():
                self.goal = self.trainer.epoch + self.recipe.training.epochs
            self._ask(lambda: self.trainer.go_on())
        self._wake.set()

    def train(self, epochs: int) -> None:
        """Pause and train so many epochs."""
        self.running = False
        self.finished = False

        async def job() -> None:
            self.trainer.go_on()
            await asyncio.to_thread(self.trainer.run_epochs, epochs)

        self._ask(job)

    def restart(self) -> None:
        """Back to epoch 0 with the same start weights."""
        self._ask(lambda: self._renew(self.recipe, self.trainer.dataset))

    def redraw_weights(self) -> None:
        """Back to epoch 0 with the next seed's start weights."""

        def job() -> Any:
            seed = (self.recipe.network.seed + 1) % 2**32
            recipe = self.recipe.with_value("network.seed", seed)
            return self._renew(recipe, self.trainer.dataset)

        self._ask(job)

    def change(self, key: str, text: str) -> str:
        """Set a field to what was typed; says what that does.

        Raises RecipeError, a sentence, if the value is not allowed; nothing changes then.
        """
        recipe = typed(self.recipe, key, text)
        check(recipe)
        if recipe == self.recipe:
            return ""
        field = FIELDS[key]
        shown = f"{field.label} is {field.kind.show(recipe[key])}"
        if field.live:
            self._ask(lambda: self._set_live(key, recipe[key]))
            return shown
        self._ask(lambda: self._load(self.name, recipe, self.preset))
        return f"{shown}: restarted"

    def open(self, name: str, recipe: Recipe) -> None:
        """Put another experiment in the place of this one, paused at epoch 0."""
        self.running = False
        self._ask(lambda: self._load(name, recipe, recipe))

    def close(self) -> None:
        """Let ``work`` end after the slice it is in."""
        self.running = False
        self._closed = True
        self._wake.set()

    async def settled(self) -> None:
        """Wait until everything asked for is done and nothing runs."""
        await self._idle.wait()

    # The worker

    async def work(self, show: Show, say: Say) -> None:
        """Carry out what is asked for and train while ``running``; ends by ``close``."""
        self._say = say
        show(await asyncio.to_thread(self.trainer.snapshot))
        while not self._closed:
            if not self._jobs and not self.running:
                self._idle.set()
                await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                await self._carry_out(self._jobs.popleft())
            if self.running and not self._closed:
                await self._slice()
            self._notice()
            show(await asyncio.to_thread(self.trainer.snapshot))

    async def _carry_out(self, job: Job) -> None:
        try:
            outcome = job()
            if asyncio.iscoroutine(outcome):
                await outcome
        except (ValueError, MemoryError) as error:
            # The job changed nothing before it failed: the last good state goes on.
            self._say(str(error) or "there is not enough memory for that", True)

    async def _slice(self) -> None:
        pace = self.recipe.view.pace
        if not pace:
            goal = self.goal or None
            await asyncio.to_thread(self.trainer.run_for, self.frame_seconds, goal)
            return
        epochs = max(1, round(pace * self.frame_seconds))
        if self.goal:
            epochs = max(0, min(epochs, self.goal - self.trainer.epoch))
        began = asyncio.get_running_loop().time()
        await asyncio.to_thread(self.trainer.run_epochs, epochs)
        left = epochs / pace - (asyncio.get_running_loop().time() - began)
        if left > 0 and not self._at_goal():
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                return

    def _notice(self) -> None:
        if self.running and self.trainer.diverged:
            self.running = False
            self._say(f"{self.trainer.diverged} ([ halves it)", True)
        elif self.running and self.trainer.stopped:
            self.running = False
            self.finished = True
            self._say(f"{self.trainer.stopped}; space goes on", False)
        elif self.running and self._at_goal():
            self.running = False
            self.finished = True
            more = self.recipe.training.epochs
            self._say(f"{self.trainer.epoch:,} epochs are done; space trains {more:,} more", False)

    def _at_goal(self) -> bool:
        return 0 < self.goal <= self.trainer.epoch

    # Jobs

    def _ask(self, job: Job) -> None:
        self._idle.clear()
        self._jobs.append(job)
        self._wake.set()

    def _set_live(self, key: str, value: Any) -> None:
        before = self.recipe.training.epochs
        self.trainer.set(self.recipe.with_value(key, value))
        if key == "training.epochs":
            self.goal = value if before == 0 or self.trainer.epoch < value else self.goal

    async def _load(self, name: str, recipe: Recipe, preset: Recipe) -> None:
        dataset = self.trainer.dataset
        if recipe.data != self.recipe.data or name != self.name:
            dataset = await asyncio.to_thread(experiment.dataset, recipe)
        self.name, self.preset = name, preset
        await self._renew(recipe, dataset)

    async def _renew(self, recipe: Recipe, dataset: Dataset) -> None:
        self.trainer = await asyncio.to_thread(Trainer, recipe, dataset)
        self.goal = recipe.training.epochs
        self.finished = False
