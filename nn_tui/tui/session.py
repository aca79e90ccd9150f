"""One experiment under a person's hands: it owns the timeline and says when it runs.

A single coroutine, ``work``, touches timeline and trainer: it carries out what was asked
for between two slices of training, and during a slice only the slice's thread does. So
nothing needs a lock, a key press ends the slice, and the loop never blocks.
"""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.editing import number_of_class
from nn_tui.fields import FIELDS
from nn_tui.files.runs.folder import RunFolder
from nn_tui.files.runs.saver import Saver
from nn_tui.nn.walk import Walk
from nn_tui.presets import PRESETS
from nn_tui.recipe import Recipe, RecipeError
from nn_tui.recipe_text import check, fitted, typed
from nn_tui.sitting import reopen
from nn_tui.training.changes import data_edits
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit, place_of
from nn_tui.training.outcome import outcome
from nn_tui.training.pin import Pin
from nn_tui.training.plan import architecture
from nn_tui.training.run import Place, Run
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.strand import Strand
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.pacing import Pacer
from nn_tui.tui.pin_labels import labelled
from nn_tui.tui.reading import read_data, read_experiment
from nn_tui.tui.right_of_way import RightOfWay

Show = Callable[[Snapshot], None]
Say = Callable[[str, bool], None]
Job = Callable[[], Any]

_TRY_AGAIN = 2.0
"""Seconds from one attempt to save to the next, where nothing else happens."""

PACES = (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0, 0.0)
"""Epochs a second from slow to fast; 0 is as fast as it goes."""


class Session:
    """``show`` gets every new snapshot; ``say`` a sentence and whether it is bad news.

    ``saver`` keeps the run on disk, if there is one. Training gives ``way`` to keys.
    ``failed`` is true once ``work`` has ended by an error of the program's; calling it
    again goes on from the last whole moment.
    """

    def __init__(
        self,
        timeline: Timeline,
        frames_per_second: float,
        saver: Saver | None = None,
        terminal_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.running = False
        self.finished = False
        self.failed = False
        self.frame_seconds = 1 / frames_per_second
        self.way = RightOfWay()
        self._pacer = Pacer(frames_per_second, terminal_ready)
        self.timeline = timeline
        self.saver = saver
        self.goal = 0
        self.title = ""
        self.pins: tuple[Pin, ...] = ()
        self._asked: Recipe | None = None
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._closed = False
        self._cancelled = threading.Event()
        self._busy = False
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

    # What a person may ask for: running

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

    def restart(self) -> None:
        """Back to epoch 0 with the same start weights."""
        self._ask(lambda: self._renew(self.recipe, "restart"))

    def redraw_weights(self) -> None:
        """Back to epoch 0 with the next seed's start weights."""

        def job() -> Any:
            recipe = self.recipe.with_value("network.seed", next_seed(self.recipe.network.seed))
            return self._renew(recipe, "new weights")

        self._ask(job)

    def open(self, text: str) -> None:
        """Put what ``text`` names in the place of this experiment, paused at epoch 0.

        It is a preset, the path of a recipe or of a data file, or a playground link.
        """
        self.pause()

        async def job() -> None:
            with self._interruptible():
                found = await read_experiment(text, self._cancelled, self._say)
            run = Run(found.name, found.recipe, found.dataset, preset=found.recipe)
            await asyncio.to_thread(self.timeline.start, run, f"{found.name} opened")
            self._arrive()
            what = "; ".join(found.notes) or (PRESETS[text].help if text in PRESETS else "")
            self._say(f"{found.name} is open{what and ': '}{what}; space trains", False)

        self._ask(job)

    def reopen(self, folder: RunFolder) -> None:
        """Go on with a saved run, where it was left."""
        self.pause()

        async def job() -> None:
            assert self.saver is not None
            own = self.saver.held(folder)
            if own is not None and own is self.saver.folder_of(self.timeline.run):
                self._say(f"{self.called} is open already; space trains", False)
                return
            reopened = await asyncio.to_thread(reopen, own or folder, self.saver.shelf)
            self.saver.adopt(reopened.timeline.run, reopened.folder)
            self.timeline = reopened.timeline
            self._arrive()
            epoch = self.trainer.epoch
            name = reopened.folder.title or self.name
            self._say(f"{name} goes on at epoch {epoch:,}; space trains", False)
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
            self._say(f"this run is called {self.title} now; o lists it", False)
            done()

        self._ask(job)

    # What a person may ask for: changes

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
        return f"{shown}: restarted; u takes it back" if restarts else shown

    def set_parameter(self, name: str, index: tuple[int, ...], text: str) -> None:
        """Set a weight or bias to what was typed; raises RecipeError for what is no number."""
        value = _number(place_of(name, index), text)
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
            value = _number(f"sample {sample + 1:,}", text)
        self._ask(lambda: self._edit(lambda epoch: DatumEdit(epoch, sample, column, value)))

    def recover(self) -> None:
        """After a divergence: back to where the loss was lowest, with half the rate."""
        self.pause()

        async def job() -> None:
            best = self.trainer.history.curve().best
            rate = self.recipe.training.learning_rate / 2
            await asyncio.to_thread(self.timeline.go_to, best)
            await self._edit(lambda e: RecipeEdit(e, (("training.learning_rate", rate),)))
            self._say(
                f"back at epoch {best:,}, with a learning rate of {rate:g}; u takes it back", False
            )

        self._ask(job)

    # What a person may ask for: going back and forth

    def undo(self) -> None:
        """Be at the moment before the last change."""
        self.pause()
        self._ask(partial(self._go, self.timeline.undo, "undone", "there is nothing to undo"))

    def redo(self) -> None:
        """Be again where one was before the last undo."""
        self.pause()
        self._ask(partial(self._go, self.timeline.redo, "done again", "there is nothing to redo"))

    def go_to(self, epoch: int) -> None:
        """Be at another epoch of this run."""
        self.pause()
        self._ask(lambda: self._travel(epoch))

    def go_by(self, direction: int) -> None:
        """Be some epochs earlier or later: a hundredth of the run or so."""
        self.pause()

        def job() -> Any:
            here, step = self.trainer.epoch, _stride(self.timeline.furthest)
            aligned = here - here % step
            earlier = aligned if aligned < here else here - step
            return self._travel(earlier if direction < 0 else aligned + step)

        self._ask(job)

    def jump(self, place: Place, what: str) -> None:
        """Be at a moment of another run of this sitting."""
        self.pause()

        async def job() -> None:
            await asyncio.to_thread(self.timeline.jump, place, what)
            self._arrive()
            self._say(f"{what}; u goes back", False)

        self._ask(job)

    def pin(self) -> None:
        """Keep the run as it stands for comparison."""

        async def job() -> None:
            snapshot = await asyncio.to_thread(self.timeline.snapshot)
            self._keep(Pin("", outcome(snapshot), self.place))
            self._say(f"pinned as {self.pins[-1].label}; C compares, P unpins all", False)

        self._ask(job)

    def keep(self, pin: Pin) -> None:
        """Keep another run of this sitting for comparison."""
        self._ask(lambda: self._keep(pin))

    def unpin(self, pin: Pin | None = None) -> None:
        """Forget a pin, or all of them."""

        def job() -> None:
            self.pins = labelled(
                p for p in self.pins if pin is not None and p.place is not pin.place
            )

        self._ask(job)

    def explain(self, show: Callable[[Walk, Snapshot], None]) -> None:
        """Pause, and hand over a walk through the next epoch's first update, on a copy."""
        self.running = False

        def made(trainer: Trainer) -> tuple[Walk, Snapshot]:
            walk = Walk(trainer.step())
            walk.forward()
            return walk, trainer.snapshot()

        async def job() -> None:
            show(*await asyncio.to_thread(made, self.trainer))

        self._ask(job)

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

    # The worker

    async def work(self, show: Show, say: Say) -> None:
        """Carry out what is asked for and train while ``running``; ends by ``close``.

        Whatever goes wrong inside is raised, after which it can be called again.
        """
        self._say = say
        if self.saver is not None:
            self.saver.changed = partial(_call_soon, asyncio.get_running_loop(), self._wake.set)
        try:
            await self._mend()
            await self._look_up_title()
            await self._work(show)
        except Exception:
            self.failed, self.running, self._asked = True, False, None
            self._jobs.clear()
            self._idle.set()
            raise

    async def _mend(self) -> None:
        """Be at the last whole moment, if training broke off."""
        if self.timeline.torn:
            await asyncio.to_thread(self.timeline.mend)
            self._arrive()
        self.failed = False

    async def _work(self, show: Show) -> None:
        show(await asyncio.to_thread(self.timeline.snapshot))
        while not self._closed:
            if not self._jobs and not self.running:
                self._idle.set()
                await self._rest()
            self._wake.clear()
            asked = bool(self._jobs)
            while self._jobs:
                await self._carry_out(self._jobs.popleft())
            self._asked = None
            if asked:
                await self._look_up_title()
            if self.running and not self._closed:
                await self._slice()
            self._notice()
            at_once = asked or not self.running
            if self.saver is not None and at_once:
                await asyncio.to_thread(self.saver.offer, self.timeline, at_once)
            if at_once or self.recipe.view.pace or self._pacer.due():
                show(await asyncio.to_thread(self.timeline.snapshot))
        self._idle.set()

    async def _rest(self) -> None:
        """Until something is asked for; what could not be saved is tried again meanwhile."""
        while not self._wake.is_set():
            patience = _TRY_AGAIN if self.saver and self.saver.problem else None
            try:
                await asyncio.wait_for(self._wake.wait(), patience)
            except TimeoutError:
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
        if not pace:
            await self._train(self.goal or None, lambda: bool(self._jobs) or not self.running)
            return
        epochs = max(1, round(pace * self.frame_seconds))
        if self.goal:
            epochs = max(0, min(epochs, self.goal - self.trainer.epoch))
        began, before = asyncio.get_running_loop().time(), self.trainer.epoch
        await self._train(before + epochs)
        made = self.trainer.epoch - before
        left = made / pace - (asyncio.get_running_loop().time() - began)
        if left > 0 and not self._at_goal():
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                return

    async def _train(
        self, last_epoch: int | None, unwanted: Callable[[], bool] = lambda: False
    ) -> None:
        """A slice of training, cut short by a key or where it is ``unwanted``."""

        def slice_() -> None:
            self.timeline.run_for(self.frame_seconds, last_epoch, interrupted)
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
            self._say(f"{self.trainer.epoch:,} epochs are done; space trains {more:,} more", False)

    def _hindrance(self) -> tuple[str, bool] | tuple[()]:
        """Why the trainer will not go on by itself, and whether that is bad news."""
        if self.trainer.diverged:
            return f"{self.trainer.diverged} ([ goes back and halves the learning rate)", True
        return (f"{self.trainer.stopped}; space goes on", False) if self.trainer.stopped else ()

    def _at_goal(self) -> bool:
        return 0 < self.goal <= self.trainer.epoch

    # Jobs

    def _ask(self, job: Job) -> None:
        if self.failed:
            return  # nobody is there to do it
        self._idle.clear()
        self._jobs.append(job)
        self._wake.set()

    async def _edit(self, make: Callable[[int], Edit]) -> None:
        left = await asyncio.to_thread(self.timeline.edit, make)
        self._say(f"{self.timeline.undoable}; u takes it back", False)
        self._keep_left(left)

    def _keep(self, pin: Pin) -> None:
        self.pins = labelled((*self.pins, pin))

    def _keep_left(self, left: Strand | None) -> None:
        """Pin what was left behind by a change in the past, if it is."""
        if left is not None and left.outcome is not None:
            self._keep(Pin("", left.outcome, left.end, "before the change"))

    async def _change(self, key: str, value: Any) -> None:
        # What was asked for before this is in the recipe by now.
        recipe, _ = fitted(self.recipe.with_value(key, value), key)
        check(recipe)
        if self._restarts(key, recipe):
            field = FIELDS[key]
            await self._load(recipe, f"{field.label} {field.kind.show(value)}")
            return
        before = self.recipe.training.epochs
        changes = tuple(c for c in self.recipe.differences(recipe) if not c[0].startswith("view."))
        if changes:
            left = await asyncio.to_thread(self.timeline.edit, lambda e: RecipeEdit(e, changes))
            self._keep_left(left)
        self.trainer.watch(recipe.view)
        if key == "training.epochs":
            self.goal = value if before == 0 or self.trainer.epoch < value else self.goal

    def _restarts(self, key: str, recipe: Recipe) -> bool:
        """Whether ``recipe``, where ``key`` is new, means another network or other samples."""
        return (
            not FIELDS[key].live
            or experiment.needs_classes(recipe) != experiment.needs_classes(self.recipe)
            or architecture(recipe, self.trainer.dataset) != self.trainer.network
        )

    async def _load(self, recipe: Recipe, what: str) -> None:
        dataset = None
        classes = experiment.needs_classes
        if recipe.data != self.recipe.data or classes(recipe) != classes(self.recipe):
            with self._interruptible():
                dataset = await read_data(recipe, self._cancelled, self._say)
        await self._renew(recipe, what, dataset)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """What may be stopped by ``cancel``."""
        self._busy = True
        self._cancelled.clear()
        try:
            yield
        finally:
            self._busy = False

    async def _renew(self, recipe: Recipe, what: str, dataset: Dataset | None = None) -> None:
        """Begin another run, with ``dataset`` or with the samples as they are now."""
        edits: tuple[Edit, ...] = ()
        if dataset is None:
            dataset = self.timeline.run.dataset
            edits = tuple(replace(edit, epoch=0) for edit in data_edits(self.trainer.edits))
        run = Run(self.name, recipe, dataset, edits=edits, preset=self.preset)
        await asyncio.to_thread(self.timeline.start, run, what)
        self._arrive()

    async def _go(self, way: Callable[[], str], done: str, nothing: str) -> None:
        what = await asyncio.to_thread(way)
        self._arrive()
        self._say(f"{done}: {what}; epoch {self.trainer.epoch:,}" if what else nothing, False)

    async def _travel(self, epoch: int) -> None:
        furthest = self.timeline.furthest
        if epoch > furthest and self.trainer.epoch == furthest:
            self._say(f"epoch {furthest:,} is the latest; space trains on", False)
            return
        with self._interruptible():
            await asyncio.to_thread(self.timeline.go_to, epoch, self._cancelled.is_set)
        here = self.trainer.epoch
        ahead = "" if here == furthest else "; space goes on from here, a change forks the run"
        self._say(f"epoch {here:,} of {furthest:,}{ahead}", False)

    def _arrive(self) -> None:
        """Set the goal anew where one has come to another run."""
        epochs = self.recipe.training.epochs
        self.goal = max(epochs, self.trainer.epoch) if epochs else 0
        self.finished = False


def _call_soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """Have the loop call something, from any thread; nothing if it is closed by now."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(call)


def next_seed(seed: int | str) -> int | str:
    """Another seed of the same kind."""
    return f"{random.random():.5f}" if isinstance(seed, str) else (seed + 1) % 2**32


def _stride(furthest: int) -> int:
    """The largest power of ten that makes a hundred steps of so many epochs, or more."""
    return int(10 ** max(0, len(str(furthest)) - 3))


def _number(what: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        shown = text.strip()[:40] or "nothing"
        raise RecipeError(f"{what} = {shown} is not allowed: it must be a number") from None
