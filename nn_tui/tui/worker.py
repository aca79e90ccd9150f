"""What owns the timeline and says when training runs.

A single coroutine, ``work``, touches timeline and trainer: it carries out what was asked
for between two slices of training, and during a slice only the slice's thread does. So
nothing needs a lock, a key press ends the slice, and the loop never blocks.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from nn_tui.files.runs.saver import Saver
from nn_tui.recipe import Recipe
from nn_tui.training.pin import Pin
from nn_tui.training.run import Place
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.bindings import OWN_KEYS
from nn_tui.tui.keys import KeyNames
from nn_tui.tui.pacing import Pacer
from nn_tui.tui.right_of_way import RightOfWay

Show = Callable[[Snapshot], None]
Say = Callable[[str, bool], None]
Job = Callable[[], Any]

_LONG = 0.2
"""Seconds from which on the next key need not wait for what the last one asked for."""
_TRY_AGAIN = 2.0
"""Seconds from one attempt to save to the next, where nothing else happens."""


class Worker:
    """``show`` gets every new snapshot; ``say`` a sentence and whether it is bad news.

    ``saver`` keeps the run on disk, if there is one. Training gives ``way`` to keys, which
    sentences call by the names in ``keys``.
    ``failed`` is true once ``work`` has ended by an error of the program's; calling it
    again goes on from the last whole moment.
    """

    def __init__(
        self,
        timeline: Timeline,
        frames_per_second: float,
        saver: Saver | None = None,
        terminal_spare: Callable[[], bool] = lambda: True,
        keys: KeyNames = OWN_KEYS,
    ) -> None:
        self.running = False
        self.finished = False
        self.failed = False
        self.frame_seconds = 1 / frames_per_second
        self.way = RightOfWay()
        self._spare = terminal_spare
        self._pacer = Pacer(frames_per_second, terminal_spare)
        self.timeline = timeline
        self.saver = saver
        self._keys = keys
        self.goal = 0
        self.title = saver.title(timeline.run) if saver else ""
        self.pins: tuple[Pin, ...] = ()
        self._asked: Recipe | None = None
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._nothing_asked = asyncio.Event()
        self._nothing_asked.set()
        self._closed = False
        self._cancelled = threading.Event()
        self._busy = False
        self._due = 0.0  # when the next epochs are, where they are paced
        self._arrive()

    @property
    def trainer(self) -> Trainer:
        """What trains now; after a restart it is another one."""
        return self.timeline.trainer

    @property
    def name(self) -> str:
        """What the experiment is called."""
        return self.timeline.run.name

    @property
    def called(self) -> str:
        """The name that a person gave the run, or the experiment's."""
        return self.title or self.name

    @property
    def preset(self) -> Recipe:
        """What the experiment was before anything was changed."""
        return self.timeline.run.preset or self.timeline.run.recipe

    @property
    def place(self) -> Place:
        """The moment one stands at."""
        return self.timeline.place

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now, live changes included."""
        return self.trainer.recipe

    @property
    def wanted(self) -> Recipe:
        """The recipe as it will be when everything asked for is done."""
        return self.recipe if self._asked is None else self._asked

    # Running

    def toggle(self) -> None:
        """Run or pause; at the goal, go on for as many epochs again."""
        if self.running:
            self.running = False
        else:
            self.running = True
            self.finished = False
            if self._at_goal():
                self.goal = self.trainer.epoch + self.recipe.training.epochs
            self._ask(lambda: self.timeline.go_on())
        self._wake.set()

    def train(self, epochs: int) -> None:
        """Pause and train so many epochs."""
        self.pause()

        async def job() -> None:
            self.timeline.go_on()
            last = self.trainer.epoch + epochs
            while not (self._closed or self.trainer.epoch >= last or self._hindrance()):
                await self._train(last)
            if self._hindrance():
                self._say(*self._hindrance())

        self._ask(job)

    def pause(self) -> None:
        """Let nothing run."""
        self.running = False
        self.finished = False

    def cancel(self) -> bool:
        """Stop what takes long; says whether there was something."""
        self._cancelled.set()
        return self._busy

    def close(self) -> None:
        """Let ``work`` end after the slice it is in."""
        self.running = False
        self._cancelled.set()
        self._closed = True
        self._wake.set()

    async def settled(self) -> None:
        """Wait until everything asked for is done and nothing runs."""
        await self._idle.wait()

    async def asked_is_done(self) -> None:
        """Wait until everything asked for so far is done, but not where it takes long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nothing_asked.wait(), _LONG)

    # The coroutine

    async def work(self, show: Show, say: Say) -> None:
        """Carry out what is asked for and train while ``running``; ends by ``close``.

        Whatever goes wrong inside is raised, after which it can be called again.
        """
        self._say = say
        if self.saver is not None:
            self.saver.changed = partial(_call_soon, asyncio.get_running_loop(), self._wake.set)
        try:
            if self.failed:
                await self._mend()
                show(await asyncio.to_thread(self.timeline.snapshot))
            await self._work(show)
        except Exception:
            self.failed, self.running, self._asked = True, False, None
            self._jobs.clear()
            self._nothing_asked.set()
            self._idle.set()
            raise

    async def _mend(self) -> None:
        """Be at the last whole moment, if training broke off."""
        if self.timeline.torn:
            await asyncio.to_thread(self.timeline.mend)
            self._arrive()
        self.failed = False

    async def _work(self, show: Show) -> None:
        while not self._closed:
            if not self._jobs and not self.running:
                self._idle.set()
                await self._rest()
            self._wake.clear()
            asked = bool(self._jobs)
            while self._jobs:
                await self._carry_out(self._jobs.popleft())
            self._asked = None
            self._nothing_asked.set()
            if asked:
                await self._look_up_title()
            if self.running and not self._closed:
                await self._slice()
            self._notice()
            at_once = asked or not self.running
            if self.saver is not None and at_once:
                await asyncio.to_thread(self.saver.offer, self.timeline, at_once)
            if at_once or await self._picture_due():
                show(await asyncio.to_thread(self.timeline.snapshot))
        self._idle.set()

    async def _picture_due(self) -> bool:
        """Whether to show how training goes; what a key did is shown first."""
        if not self.recipe.view.pace:
            return not self.way.claimed and self._pacer.due()
        await self.way.passed()  # the next of these pictures may be a second away
        return self._spare()

    async def _rest(self) -> None:
        """Until something is asked for; what could not be saved is tried again meanwhile."""
        while not self._wake.is_set():
            patience = _TRY_AGAIN if self.saver and self.saver.problem else None
            if await self._undisturbed(patience):
                assert self.saver is not None
                await asyncio.to_thread(self.saver.offer, self.timeline, True)

    async def _carry_out(self, job: Job) -> None:
        try:
            result = job()
            if asyncio.iscoroutine(result):
                await result
        except (ValueError, MemoryError) as error:
            if self.timeline.torn:
                raise
            # The job changed nothing before it failed: the last good state goes on.
            self._say(str(error) or "there is not enough memory for that", True)

    async def _look_up_title(self) -> None:
        if self.saver is not None:
            self.title = await asyncio.to_thread(self.saver.title, self.timeline.run)

    async def _slice(self) -> None:
        pace = self.recipe.view.pace
        if pace:
            await self._paced_slice(pace)
        else:
            await self._train(self.goal or None, self._pacer.slice_seconds, self._unwanted)

    async def _paced_slice(self, pace: float) -> None:
        """So many epochs as there are in a frame, and a wait until the next are due.

        What is asked for ends the wait, which is then gone on with.
        """
        epochs = max(1, round(pace * self.frame_seconds))
        if self.goal:
            epochs = max(0, min(epochs, self.goal - self.trainer.epoch))
        clock, before = asyncio.get_running_loop().time, self.trainer.epoch
        late = clock() - self._due
        if -epochs / pace <= late < 0 and not await self._undisturbed(-late):
            return
        began = clock()
        if 0 <= began - self._due <= epochs / pace:
            began = self._due  # what was drawn in between is no reason to be late
        await self._train(before + epochs)
        self._due = began + (self.trainer.epoch - before) / pace
        left = self._due - clock()
        if left > 0 and not self._at_goal():
            await self._undisturbed(left)

    async def _undisturbed(self, seconds: float | None) -> bool:
        """Wait, without a time for ever; whether nothing was asked for in all of it."""
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return True
        return False

    def _unwanted(self) -> bool:
        """Whether training flat out has to make room for something else."""
        return bool(self._jobs) or not self.running

    async def _train(
        self,
        last_epoch: int | None,
        seconds: float | None = None,
        unwanted: Callable[[], bool] = lambda: False,
    ) -> None:
        """A slice of training, by default of a frame, cut short by a key or as ``unwanted``."""

        def slice_() -> None:
            self.timeline.run_for(seconds or self.frame_seconds, last_epoch, interrupted)
            if self.saver is not None:
                self.saver.offer(self.timeline)

        def interrupted() -> bool:
            return self.way.claimed or self._closed or unwanted()

        await self.way.passed()
        await asyncio.to_thread(slice_)

    def _notice(self) -> None:
        if self.running and self._hindrance():
            self.running = False
            self.finished = not self.trainer.diverged
            self._say(*self._hindrance())
        elif self.running and self._at_goal():
            self.running = False
            self.finished = True
            more = self.recipe.training.epochs
            go_on = f"{self._keys['run']} trains {more:,} more"
            self._say(f"{self.trainer.epoch:,} epochs are done; {go_on}", False)

    def _hindrance(self) -> tuple[str, bool] | tuple[()]:
        """Why the trainer will not go on by itself, and whether that is bad news."""
        if self.trainer.diverged:
            way_out = f"{self._keys['halve']} goes back and halves the learning rate"
            return f"{self.trainer.diverged} ({way_out})", True
        if self.trainer.stopped:
            return f"{self.trainer.stopped}; {self._keys['run']} goes on", False
        return ()

    def _at_goal(self) -> bool:
        return 0 < self.goal <= self.trainer.epoch

    def _ask(self, job: Job) -> None:
        if self.failed:
            return  # nobody is there to do it
        self._idle.clear()
        self._nothing_asked.clear()
        self._jobs.append(job)
        self._wake.set()

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """What may be stopped by ``cancel``."""
        self._busy = True
        self._cancelled.clear()
        try:
            yield
        finally:
            self._busy = False

    def _arrive(self) -> None:
        """Set the goal anew where one has come to another run."""
        epochs = self.recipe.training.epochs
        self.goal = max(epochs, self.trainer.epoch) if epochs else 0
        self.finished = False


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Have the loop call something, from any thread; nothing if it is closed by now."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call)
