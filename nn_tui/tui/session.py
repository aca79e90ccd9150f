"""One experiment under a person's hands: it owns the trainer and says when it runs.

A single coroutine, ``work``, touches the trainer: it carries out what was asked for
between two slices of training, and during a slice only the slice's thread does. So
nothing needs a lock, a key press waits a slice at most, and the loop never blocks.
"""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import LoadCancelled
from nn_tui.fields import FIELDS
from nn_tui.recipe import Recipe
from nn_tui.recipe_text import check, fitted, typed
from nn_tui.training.plan import architecture
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trainer import Trainer
from nn_tui.tui.pacing import Pacer

Show = Callable[[Snapshot], None]
Say = Callable[[str, bool], None]
Job = Callable[[], Any]

PACES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.0)
"""Epochs a second from slow to fast; 0 is as fast as it goes."""


class Session:
    """``show`` gets every new snapshot; ``say`` a sentence and whether it is bad news."""

    def __init__(
        self,
        name: str,
        recipe: Recipe,
        dataset: Dataset,
        frames_per_second: float,
        terminal_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.name = name
        self.preset = recipe
        self.running = False
        self.finished = False
        self.frame_seconds = 1 / frames_per_second
        self._pacer = Pacer(frames_per_second, terminal_ready)
        self.trainer = Trainer(recipe, dataset)
        self.goal = recipe.training.epochs
        self._asked: Recipe | None = None
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._closed = False
        self._cancelled = threading.Event()
        self._reading = False

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now, live changes included."""
        return self.trainer.recipe

    @property
    def wanted(self) -> Recipe:
        """The recipe as it will be when everything asked for is done."""
        return self.recipe if self._asked is None else self._asked

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
            last = self.trainer.epoch + epochs
            while not (self._closed or self.trainer.epoch >= last or self._hindrance()):
                await asyncio.to_thread(self.trainer.run_for, self.frame_seconds, last)
            if self._hindrance():
                self._say(*self._hindrance())

        self._ask(job)

    def restart(self) -> None:
        """Back to epoch 0 with the same start weights."""
        self._ask(lambda: self._renew(self.recipe, self.trainer.dataset))

    def redraw_weights(self) -> None:
        """Back to epoch 0 with the next seed's start weights."""

        def job() -> Any:
            recipe = self.recipe.with_value("network.seed", next_seed(self.recipe.network.seed))
            return self._renew(recipe, self.trainer.dataset)

        self._ask(job)

    def change(self, key: str, text: str) -> str:
        """Set a field to what was typed; says what that does.

        Raises RecipeError, a sentence, if the value is not allowed; nothing changes then.
        """
        recipe, also = fitted(typed(self.wanted, key, text), key)
        check(recipe)
        if recipe == self.wanted:
            return ""
        field = FIELDS[key]
        shown = f"{field.label} is {field.kind.show(recipe[key])}{also}"
        restarts = self._restarts(key, recipe)
        self._asked = recipe
        self._ask(lambda: self._change(key, recipe[key]))
        return f"{shown}: restarted" if restarts else shown

    def _restarts(self, key: str, recipe: Recipe) -> bool:
        """Whether ``recipe``, where ``key`` is new, means another network or other samples."""
        return (
            not FIELDS[key].live
            or experiment.needs_classes(recipe) != experiment.needs_classes(self.recipe)
            or architecture(recipe, self.trainer.dataset) != self.trainer.network
        )

    def open(self, name: str, recipe: Recipe) -> None:
        """Put another experiment in the place of this one, paused at epoch 0."""
        self.running = False
        self._asked = recipe
        self._ask(lambda: self._load(name, recipe, recipe))

    def cancel(self) -> bool:
        """Stop reading a file; says whether one was being read."""
        self._cancelled.set()
        return self._reading

    def close(self) -> None:
        """Let ``work`` end after the slice it is in."""
        self.running = False
        self._cancelled.set()
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
            self._asked = None
            if self.running and not self._closed:
                await self._slice()
            self._notice()
            if self.recipe.view.pace or not self.running or self._pacer.due():
                show(await asyncio.to_thread(self.trainer.snapshot))
        self._idle.set()

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
        began, before = asyncio.get_running_loop().time(), self.trainer.epoch
        await asyncio.to_thread(self.trainer.run_for, self.frame_seconds, before + epochs)
        made = self.trainer.epoch - before
        left = made / pace - (asyncio.get_running_loop().time() - began)
        if left > 0 and not self._at_goal():
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                return

    def _notice(self) -> None:
        if self.running and self._hindrance():
            self.running = False
            self.finished = not self.trainer.diverged
            self._say(*self._hindrance())
        elif self.running and self._at_goal():
            self.running = False
            self.finished = True
            more = self.recipe.training.epochs
            self._say(f"{self.trainer.epoch:,} epochs are done; space trains {more:,} more", False)

    def _hindrance(self) -> tuple[str, bool] | tuple[()]:
        """Why the trainer will not go on by itself, and whether that is bad news."""
        if self.trainer.diverged:
            return f"{self.trainer.diverged} ([ halves it)", True
        return (f"{self.trainer.stopped}; space goes on", False) if self.trainer.stopped else ()

    def _at_goal(self) -> bool:
        return 0 < self.goal <= self.trainer.epoch

    # Jobs

    def _ask(self, job: Job) -> None:
        self._idle.clear()
        self._jobs.append(job)
        self._wake.set()

    async def _change(self, key: str, value: Any) -> None:
        # What was asked for before this is in the recipe by now.
        recipe, _ = fitted(self.recipe.with_value(key, value), key)
        check(recipe)
        if self._restarts(key, recipe):
            await self._load(self.name, recipe, self.preset)
            return
        before = self.recipe.training.epochs
        self.trainer.set(recipe)
        if key == "training.epochs":
            self.goal = value if before == 0 or self.trainer.epoch < value else self.goal

    async def _load(self, name: str, recipe: Recipe, preset: Recipe) -> None:
        dataset = self.trainer.dataset
        classes = experiment.needs_classes
        if recipe.data != self.recipe.data or classes(recipe) != classes(self.recipe):
            dataset = await self._read_data(recipe)
        await self._renew(recipe, dataset)
        self.name, self.preset = name, preset

    async def _read_data(self, recipe: Recipe) -> Dataset:
        """Load samples off the loop, telling how far it is; ``cancel`` stops it."""
        loop = asyncio.get_running_loop()
        self._cancelled.clear()
        self._reading = True
        told = 0

        def progress(share: float) -> None:
            nonlocal told
            percent = int(100 * share)
            if percent > told:
                told = percent
                sentence = f"reading {recipe.data.source}: {percent} % (esc stops it)"
                loop.call_soon_threadsafe(self._say, sentence, False)

        try:
            read = partial(experiment.dataset, recipe, progress, self._cancelled.is_set)
            dataset = await asyncio.to_thread(read)
        except LoadCancelled:
            raise ValueError("reading was stopped; everything is as it was") from None
        finally:
            self._reading = False
        for note in dataset.notes:
            self._say(note, False)
        return dataset

    async def _renew(self, recipe: Recipe, dataset: Dataset) -> None:
        self.trainer = await asyncio.to_thread(Trainer, recipe, dataset)
        self.goal = recipe.training.epochs
        self.finished = False


def next_seed(seed: int | str) -> int | str:
    """Another seed of the same kind."""
    return f"{random.random():.5f}" if isinstance(seed, str) else (seed + 1) % 2**32
