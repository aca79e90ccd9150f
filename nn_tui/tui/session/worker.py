"""What owns the timeline and says when training runs.

A single coroutine, ``work``, touches timeline and trainer: it carries out what was asked
for between two slices of training, and during a slice only the slice's thread does. So
nothing needs a lock, a key press ends the slice, and the loop never blocks.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.run import RunPosition
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.session.job_queue import Job, JobQueue
from nn_tui.tui.session.training_slices import SliceRunner


class PauseReason(NamedTuple):
    """What is said of it, and whether that is bad news."""

    sentence: str
    bad: bool


def pause_reason(trainer: Trainer, goal: int, keys: KeyNames) -> PauseReason | None:
    """Why training will not go on from where it stands, if so; a ``goal`` of 0 is none."""
    if trainer.diverged:
        way_out = f"{keys['halve']} goes back and sets {trainer.smaller_rate:g}"
        return PauseReason(f"{trainer.diverged} ({way_out})", True)
    if trainer.stopped:
        return PauseReason(f"{trainer.stopped}; {keys['run']} goes on", False)
    if 0 < goal <= trainer.epoch:
        go_on = f"{keys['run']} trains {trainer.recipe.training.epochs:,} more"
        rising = f"; {trainer.rising}" if trainer.rising else ""
        return PauseReason(f"{trainer.epoch:,} epochs are done{rising}; {go_on}", bool(rising))
    return None


Show = Callable[[Snapshot], None]
Say = Callable[[str, bool], None]

_LONG = 0.2
"""Seconds from which on the next key need not wait for what the last one asked for."""
_TRY_AGAIN = 2.0
"""Seconds from one attempt to save to the next, where nothing else happens."""


class Worker:
    """``show`` gets every new snapshot; ``say`` a sentence and whether it is bad news.

    ``saver`` keeps the run on disk, if there is one. Sentences call keys by their ``keys``.
    ``failed`` is true once ``work`` has ended by an error of the program's; calling it
    again goes on from the last whole moment. ``running_changed`` is called, in the loop,
    when ``running`` is another.
    """

    def __init__(
        self,
        timeline: Timeline,
        frames_per_second: float,
        keys: KeyNames,
        saver: Autosaver | None = None,
        terminal_spare: Callable[[], bool] = lambda: True,
    ) -> None:
        self._running = False
        self.running_changed: Callable[[], None] = lambda: None
        self.finished = False
        self.failed = False
        self._jobs = JobQueue()
        self.slices = SliceRunner(frames_per_second, saver, terminal_spare, self._jobs.undisturbed)
        self.timeline = timeline
        self.saver = saver
        self._keys = keys
        self.goal = 0
        self.title = saver.title(timeline.run) if saver else ""
        self._asked: Recipe | None = None
        self._closed = False
        self._refused = 0
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
    def display_name(self) -> str:
        """The name that a person gave the run, or the experiment's."""
        return self.title or self.name

    @property
    def preset(self) -> Recipe:
        """What the experiment was before anything was changed."""
        return self.timeline.run.preset or self.timeline.run.recipe

    @property
    def place(self) -> RunPosition:
        """The moment one stands at."""
        return self.timeline.place

    @property
    def recipe(self) -> Recipe:
        """The recipe as it is now, live changes included."""
        return self.trainer.recipe

    @property
    def requested_recipe(self) -> Recipe:
        """The recipe as it will be when everything asked for is done."""
        return self.recipe if self._asked is None else self._asked

    # Running

    @property
    def running(self) -> bool:
        """Whether training continues until it is paused or reaches its goal."""
        return self._running

    @running.setter
    def running(self, running: bool) -> None:
        if running != self._running:
            self._running = running
            self.running_changed()

    def toggle(self) -> None:
        """Run or pause; at the goal, go on for as many epochs again."""
        if self.running:
            self.running = False
        else:
            self.finished = False
            self.running = True
            if 0 < self.goal <= self.trainer.epoch:
                self.goal = self.trainer.epoch + self.recipe.training.epochs
            self._ask(lambda: self.timeline.clear_stop())
        self._jobs.wake()

    def train(self, epochs: int) -> None:
        """Pause and train so many epochs."""
        self.pause()

        async def job() -> None:
            self.timeline.clear_stop()
            last = self.trainer.epoch + epochs
            pause = None
            while not (self._closed or self.trainer.epoch >= last or pause):
                await self.slices.frame(self.timeline, last, self._closing)
                pause = pause_reason(self.trainer, 0, self._keys)
            if pause:
                self._say(*pause)

        self._ask(job)

    def pause(self) -> None:
        """Let nothing run."""
        self.finished = False
        self.running = False

    def cancel(self) -> bool:
        """Stop what takes long; says whether there was something."""
        return self._jobs.stop()

    def close(self) -> None:
        """Let ``work`` end after the slice it is in."""
        self.running = False
        self._closed = True
        self._jobs.stop()
        self._jobs.wake()

    async def settled(self) -> None:
        """Wait until everything asked for is done and nothing runs."""
        await self._jobs.settled()

    async def requests_done(self) -> None:
        """Wait until everything asked for so far is done, but not where it takes long."""
        await self._jobs.carried_out(_LONG)

    async def accepted(self) -> bool:
        """Wait as ``requests_done`` does; whether nothing of it was refused meanwhile."""
        before = self._refused
        await self.requests_done()
        return self._refused == before

    # The coroutine

    async def work(self, show: Show, say: Say) -> None:
        """Carry out what is asked for and train while ``running``; ends by ``close``.

        Whatever goes wrong inside is raised, after which it can be called again.
        """
        self._say = say
        if self.saver is not None:
            self.saver.changed = self._jobs.waker()
        try:
            if self.failed:
                await self._repair()
                show(await asyncio.to_thread(self.timeline.snapshot))
            await self._work(show)
        except Exception:
            self.failed, self.running, self._asked = True, False, None
            self._jobs.drop()
            raise

    async def _repair(self) -> None:
        """Be at the last whole moment, if training broke off."""
        if self.timeline.corrupted:
            await asyncio.to_thread(self.timeline.repair)
            self._arrive()
        self.failed = False

    async def _work(self, show: Show) -> None:
        while not self._closed:
            if not self._jobs.waiting and not self.running:
                self._jobs.done()
                await self._rest()
            self._jobs.awake()
            asked = self._jobs.waiting
            while self._jobs.waiting:
                await self._carry_out(self._jobs.take())
            self._asked = None
            self._jobs.caught_up()
            if asked:
                await self._look_up_title()
            if self.running and not self._closed:
                await self._slice()
            self._notice()
            self._tell_of_saving()
            at_once = asked or not self.running
            if self.saver is not None and at_once:
                await asyncio.to_thread(self.saver.offer, self.timeline, at_once)
            if at_once or await self.slices.picture_due(self.recipe.view.pace):
                show(await asyncio.to_thread(self.timeline.snapshot))
        self._jobs.done()

    def _tell_of_saving(self) -> None:
        notes = self.saver.take_notes() if self.saver is not None else ()
        if notes:
            self._say("; ".join(notes), True)

    async def _rest(self) -> None:
        """Until something is asked for; what could not be saved is tried again meanwhile."""
        while await self._jobs.undisturbed(self._patience):
            assert self.saver is not None
            await asyncio.to_thread(self.saver.offer, self.timeline, True)

    @property
    def _patience(self) -> float | None:
        """Seconds of rest until there is something to try again, if there is."""
        return _TRY_AGAIN if self.saver and self.saver.problem else None

    async def _carry_out(self, job: Job) -> None:
        try:
            result = job()
            if asyncio.iscoroutine(result):
                await result
        except (InputError, MemoryError) as error:
            if self.timeline.corrupted:
                raise
            # The job changed nothing before it failed: the last good state goes on.
            self._refused += 1
            self._say(str(error) or "there is not enough memory for that", True)

    async def _look_up_title(self) -> None:
        if self.saver is not None:
            self.title = await asyncio.to_thread(self.saver.title, self.timeline.run)

    async def _slice(self) -> None:
        pace, goal = self.recipe.view.pace, self.goal or None
        if pace:
            await self.slices.at_pace(self.timeline, goal, self._closing, pace)
        else:
            await self.slices.flat_out(self.timeline, goal, self._unwanted)

    def _closing(self) -> bool:
        return self._closed

    def _unwanted(self) -> bool:
        """Whether training flat out has to make room for something else."""
        return self._closed or self._jobs.waiting or not self.running

    def _notice(self) -> None:
        pause = pause_reason(self.trainer, self.goal, self._keys) if self.running else None
        if pause is not None:
            self.finished = not self.trainer.diverged
            self.running = False
            self._say(*pause)

    def _ask(self, job: Job) -> None:
        if self.failed:
            return  # nobody is there to do it
        self._jobs.ask(job)

    def _arrive(self) -> None:
        """Set the goal anew where one has come to another run."""
        epochs = self.recipe.training.epochs
        self.goal = max(epochs, self.trainer.epoch) if epochs else 0
        self.finished = False
