"""The coroutine that trains and carries out requests.

Only ``Worker.work`` touches timeline and trainer: requests are carried out between two slices
of training, and during a slice only the slice's thread is at work. So no lock is needed, a
key press ends the slice, and the event loop never blocks.
"""

import asyncio
from dataclasses import replace

from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.run import RunPosition
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session.job_queue import Job, JobQueue
from nn_tui.tui.session.listener import SessionListener, SessionMessage
from nn_tui.tui.session.pause_message import pause_message
from nn_tui.tui.session.training_slices import SliceRunner

_RETRY_SECONDS = 2.0
"""Seconds between two attempts to save while nothing else happens."""


class Worker:
    """Owns the timeline and decides when training runs.

    ``saver`` keeps the run on disk, if there is one. ``failed`` is true after ``work`` has
    raised an unexpected error; calling ``work`` again continues from the last valid state.
    """

    def __init__(
        self,
        timeline: Timeline,
        jobs: JobQueue,
        slices: SliceRunner,
        listener: SessionListener,
        saver: Autosaver | None = None,
    ) -> None:
        self.timeline = timeline
        self.jobs = jobs
        self.listener = listener
        self.saver = saver
        self.title = saver.title(timeline.run) if saver else ""
        self.goal = 0
        """The epoch at which training pauses; 0 for never."""
        self.finished = False
        self.failed = False
        self.measures_update = False
        """Whether snapshots have the next update."""
        self.refused = 0
        """How many requests turned out to be impossible."""
        self._slices = slices
        self._running = False
        self._requested_recipe: Recipe | None = None
        self._restored: RunPosition | None = None
        """Where the run was taken back to its best epoch at its end."""
        self._closed = False
        self.run_replaced()

    @property
    def trainer(self) -> Trainer:
        """The trainer of the current run; a restart replaces it."""
        return self.timeline.trainer

    @property
    def recipe(self) -> Recipe:
        """The recipe now, edits included."""
        return self.timeline.recipe

    @property
    def requested_recipe(self) -> Recipe:
        """The recipe once all requests are carried out."""
        requested = self._requested_recipe
        return self.recipe if requested is None else requested

    @requested_recipe.setter
    def requested_recipe(self, recipe: Recipe) -> None:
        self._requested_recipe = recipe

    @property
    def running(self) -> bool:
        """Whether training continues until it is paused or reaches its goal."""
        return self._running

    @running.setter
    def running(self, running: bool) -> None:
        if running != self._running:
            self._running = running
            self._slices.wake()
            self.listener.on_running_changed()

    # Requests

    def request(self, job: Job) -> None:
        """Have a job carried out after those requested before; ignored once ``failed``."""
        if not self.failed:
            self.jobs.put(job)

    def toggle(self) -> None:
        """Run or pause; at the goal, continue for as many epochs again."""
        if self.running:
            self.running = False
        else:
            self.finished = False
            self.running = True
            end = self._end()
            if 0 < self.goal <= end:
                self.goal = end + self.recipe.training.epochs
            self.request(lambda: self._continue(end))
        self.jobs.wake()

    def _end(self) -> int:
        """The epoch to continue from: the end of a run that was taken back to its best epoch."""
        epoch, restored = self.timeline.epoch, self._restored
        if restored and restored.run is self.timeline.run and restored.epoch == epoch:
            return self.timeline.furthest
        return epoch

    async def _continue(self, end: int) -> None:
        self._restored = None
        if end > self.timeline.epoch:
            with self.jobs.cancellable() as cancelled:
                await asyncio.to_thread(self.timeline.go_to, end, cancelled)
        self.timeline.clear_stop()

    def pause(self) -> None:
        """Stop training after the current slice."""
        self.finished = False
        self.running = False

    def train(self, epochs: int) -> None:
        """Pause, then train so many epochs."""
        self.pause()

        async def job() -> None:
            await self._settle()
            self.timeline.clear_stop()
            last = self.timeline.epoch + epochs
            message = None
            while not (self._closed or self.timeline.epoch >= last or message):
                await self._slices.run_frame(self.timeline, last, self._is_closed)
                message = pause_message(self.timeline)
            if message:
                self.listener.on_message(message)

        self.request(job)

    def close(self) -> None:
        """Let ``work`` return after the current slice."""
        self.running = False
        self._closed = True
        self.jobs.cancel()
        self.jobs.wake()

    # For jobs

    def show_message(self, text: str, advice: str = "", bad: bool = False) -> None:
        """Hand a message to the listener."""
        self.listener.on_message(SessionMessage(text, advice, bad))

    def run_replaced(self) -> None:
        """Set the goal of the run that has become the current one."""
        epochs = self.recipe.training.epochs
        self.goal = max(epochs, self.timeline.epoch) if epochs else 0
        self.finished = False

    async def update_title(self) -> None:
        """Read the title under which the run is saved."""
        if self.saver is not None:
            self.title = await asyncio.to_thread(self.saver.title, self.timeline.run)

    # The coroutine

    async def work(self) -> None:
        """Carry out requests, and train while ``running``, until ``close``.

        Unexpected errors are raised; it can be called again afterwards.
        """
        if self.saver is not None:
            self.saver.changed = self.jobs.waker()
        try:
            if self.failed:
                await self._recover()
                await self._show()
            await self._work()
        except Exception:
            self.failed, self.running, self._requested_recipe = True, False, None
            self.jobs.clear()
            raise

    async def _recover(self) -> None:
        """Return to the last valid state if training was interrupted by an error."""
        if self.timeline.corrupted:
            await asyncio.to_thread(self.timeline.repair)
            self.run_replaced()
        self.failed = False

    async def _work(self) -> None:
        while not self._closed:
            if not self.jobs.pending and not self.running:
                self.jobs.mark_idle()
                await self._sleep()
            self.jobs.clear_wake()
            requested = self.jobs.pending
            while self.jobs.pending:
                await self._carry_out(self.jobs.get())
            self._requested_recipe = None
            self.jobs.mark_processed()
            if requested:
                await self.update_title()
            if self.running and not self._closed:
                await self._train_slice()
            await self._pause_if_due()
            self._show_notes()
            at_once = requested or not self.running
            if not self.running:
                await self._settle()
            if self.saver is not None and at_once:
                await asyncio.to_thread(self.saver.save_if_due, self.timeline, at_once)
            if at_once:
                await self._show()
            elif await self._slices.frame_due(self.recipe.view.pace):
                await self._show_beside_training()
        self.jobs.mark_idle()

    async def _settle(self) -> None:
        """Train replicas that are behind up to the epoch of the others, until the next request."""
        if self.timeline.group is not None:
            await asyncio.to_thread(self.timeline.settle, self._is_requested)

    async def _show(self) -> None:
        self.listener.on_snapshot(await asyncio.to_thread(self._snapshot, self.running))

    async def _show_beside_training(self) -> None:
        """Show the state once the next slice has begun in its thread."""
        snapshot = await asyncio.to_thread(self._snapshot)
        asyncio.get_running_loop().call_soon(self.listener.on_snapshot, snapshot)

    def _snapshot(self, hurried: bool = False) -> Snapshot:
        snapshot = self.timeline.snapshot(hurried)
        if not self.measures_update:
            return snapshot
        return replace(snapshot, update=self.trainer.next_update())

    def _show_notes(self) -> None:
        if notes := self.saver.take_notes() if self.saver is not None else ():
            self.show_message("; ".join(notes), bad=True)

    async def _sleep(self) -> None:
        """Sleep until the next request, and retry meanwhile to save what could not be saved."""
        while await self.jobs.sleep(self._seconds_to_retry()):
            assert self.saver is not None
            await asyncio.to_thread(self.saver.save_if_due, self.timeline, True)

    def _seconds_to_retry(self) -> float | None:
        return _RETRY_SECONDS if self.saver and self.saver.problem else None

    async def _carry_out(self, job: Job) -> None:
        try:
            result = job()
            if asyncio.iscoroutine(result):
                await result
        except (InputError, MemoryError) as error:
            if self.timeline.corrupted:
                raise
            # The job failed before it changed anything: the state is still valid.
            self.refused += 1
            self.show_message(str(error) or "not enough memory", bad=True)

    async def _train_slice(self) -> None:
        pace, goal = self.recipe.view.pace, self.goal or None
        if pace:
            await self._slices.run_paced(self.timeline, goal, self._is_closed, pace)
        else:
            await self._slices.run_at_full_speed(self.timeline, goal, self._is_interrupted)

    def _is_closed(self) -> bool:
        return self._closed

    def _is_requested(self) -> bool:
        return self._closed or self.jobs.pending

    def _is_interrupted(self) -> bool:
        return self._is_requested() or not self.running

    async def _pause_if_due(self) -> None:
        message = pause_message(self.timeline, self.goal) if self.running else None
        if message is not None:
            self.finished = not self.timeline.diverged
            self.running = False
            best = await asyncio.to_thread(self.timeline.restore_best)
            if best is not None:
                self._restored = RunPosition(self.timeline.run, best.epoch)
                text = f"{message.text}; back at epoch {best.epoch:,}, the best"
                message = message._replace(text=text)
            self.listener.on_message(message)
