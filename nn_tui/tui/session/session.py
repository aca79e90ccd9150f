"""One experiment and all that can be requested of it."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from nn_tui.data.typed_row import TypedRow
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.branches import PinnedRun
from nn_tui.training.forward_pass import prediction_debugger
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import Snapshot, summarize_run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session.edit_request import EditRequest
from nn_tui.tui.session.job_queue import JobQueue
from nn_tui.tui.session.listener import SessionListener, SessionMessage
from nn_tui.tui.session.navigator import Navigator
from nn_tui.tui.session.pin_board import PinBoard
from nn_tui.tui.session.replica_browser import ReplicaBrowser
from nn_tui.tui.session.run_editor import RunEditor
from nn_tui.tui.session.run_opener import RunOpener
from nn_tui.tui.session.training_slices import SliceRunner
from nn_tui.tui.session.worker import Worker
from nn_tui.types import Array

if TYPE_CHECKING:
    from nn_tui.nn.explain.stepper import StepDebugger
    from nn_tui.tui.session.sweep_board import SweepBoard

_LONG_REQUEST = 0.2
"""Seconds after which the next key no longer waits for the previous request."""


class Session:
    """The facade of this package.

    Requests return at once and are carried out by ``work``, in their order. What happens is
    reported to ``listener``. ``saver`` keeps the run on disk, if there is one.
    """

    def __init__(
        self,
        timeline: Timeline,
        frames_per_second: float,
        listener: SessionListener,
        saver: Autosaver | None = None,
    ) -> None:
        jobs = JobQueue()
        self.slices = SliceRunner(frames_per_second, saver, listener.is_ready, jobs.sleep)
        jobs.on_wake = self.slices.wake
        self.worker = worker = Worker(timeline, jobs, self.slices, listener, saver)
        navigator = Navigator(worker)
        self._opener = opener = RunOpener(worker)
        self._sweeps: SweepBoard | None = None
        self._jobs = jobs
        self._pin_board = PinBoard()
        self._editor = editor = RunEditor(worker, opener, self._pin_board)

        self.work = worker.work
        self.toggle, self.pause, self.train = worker.toggle, worker.pause, worker.train
        self.close, self.cancel = worker.close, jobs.cancel

        self.undo, self.redo = navigator.undo, navigator.redo
        self.go_to_best = navigator.go_to_best
        self.go_to, self.go_by, self.jump = navigator.go_to, navigator.go_by, navigator.jump

        self.replicas = ReplicaBrowser(worker)
        self.restart, self.redraw_weights = opener.restart, opener.redraw_weights
        self.open, self.reopen, self.rename = opener.open, opener.reopen, opener.rename
        self.open_recipe = opener.open_recipe

        self.set_parameter, self.prune = editor.set_parameter, editor.prune
        self.set_datum, self.recover = editor.set_datum, editor.recover

    # State

    @property
    def running(self) -> bool:
        """Whether training continues until it is paused or reaches its goal."""
        return self.worker.running

    @running.setter
    def running(self, running: bool) -> None:
        self.worker.running = running

    @property
    def finished(self) -> bool:
        """Whether training has paused at its goal or at the target loss."""
        return self.worker.finished

    @property
    def failed(self) -> bool:
        """Whether ``work`` was ended by an unexpected error."""
        return self.worker.failed

    @property
    def saver(self) -> Autosaver | None:
        """Keeps the run on disk."""
        return self.worker.saver

    @property
    def timeline(self) -> Timeline:
        """The runs of this session; ``reopen`` replaces it."""
        return self.worker.timeline

    @property
    def trainer(self) -> Trainer:
        """The trainer of the current run; a restart replaces it."""
        return self.worker.trainer

    @property
    def position(self) -> RunPosition:
        """The current run and epoch."""
        return self.timeline.position

    @property
    def recipe(self) -> Recipe:
        """The recipe now, edits included."""
        return self.worker.recipe

    @property
    def requested_recipe(self) -> Recipe:
        """The recipe once all requests are carried out."""
        return self.worker.requested_recipe

    @property
    def preset(self) -> Recipe:
        """The recipe of the experiment before any change."""
        return self.timeline.run.preset or self.timeline.run.recipe

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return self.timeline.run.name

    @property
    def title(self) -> str:
        """The title that the user gave the run, or empty."""
        return self.worker.title

    @property
    def display_name(self) -> str:
        """The title, or else the name."""
        return self.title or self.name

    @property
    def pins(self) -> tuple[PinnedRun, ...]:
        """Runs pinned for comparison, oldest first."""
        return self._pin_board.labelled(self.name)

    def restrict(self, refusal: Callable[[str], str]) -> None:
        """Refuse edits: ``refusal`` is why a key, ``weights`` or ``data`` may not change, or empty.

        Those are refused with a RecipeError, until the next call.
        """
        self._editor.refusal = refusal

    @property
    def sweeps(self) -> "SweepBoard":
        """The sweep beside the run; its parts are imported when it is first asked for."""
        if self._sweeps is None:
            from nn_tui.tui.session.sweep_board import SweepBoard

            self._sweeps = SweepBoard(
                self.worker, self._opener, lambda key: self._editor.refusal(key)
            )
        return self._sweeps

    @property
    def sweep_progress(self) -> str:
        """How many trials of a running sweep are trained, as in ``87/126``; else empty."""
        return "" if self._sweeps is None else self._sweeps.progress

    def end_sweep(self) -> None:
        """End the processes of a sweep; what is trained is kept. For any thread."""
        if self._sweeps is not None:
            self._sweeps.leave()

    # Requests

    def change(self, key: str, text: str) -> SessionMessage:
        """Set a field of the recipe to a typed value; returns the effect.

        Raises RecipeError if the value is not allowed.
        """
        return self._editor.set_field(EditRequest.from_text(key, text))

    def set_field(self, key: str, value: Any) -> SessionMessage:
        """Set a field of the recipe; returns the effect.

        Raises RecipeError if the value is not allowed.
        """
        return self._editor.set_field(EditRequest.from_value(key, value))

    def pin(self) -> None:
        """Pin the current state for comparison."""

        async def job() -> None:
            snapshot = await asyncio.to_thread(self.timeline.snapshot)
            self._pin_board.add(PinnedRun("", summarize_run(snapshot), self.position))
            advice = "`compare` compares the runs, `unpin` removes all pins"
            self.worker.show_message(f"pinned as {self.pins[-1].label}", advice)

        self.worker.request(job)

    def keep(self, pin: PinnedRun) -> None:
        """Pin another run of this session."""
        self.worker.request(lambda: self._pin_board.add(pin))

    def unpin(self, pin: PinnedRun | None = None) -> None:
        """Remove a pin, or all of them."""
        self.worker.request(lambda: self._pin_board.remove(pin))

    def explain(self, row: TypedRow | None = None) -> None:
        """Pause, and report the first update of the next epoch, to be stepped through.

        With a ``row``, report the prediction for it instead.
        """
        self.running = False

        async def job() -> None:
            make = partial(_step_debugger, self.trainer, row)
            debugger, snapshot = await asyncio.to_thread(make)
            self.worker.listener.on_explanation(debugger, snapshot)

        self.worker.request(job)

    def read_states(self, use: Callable[[Run, list[tuple[int, Array]]], None]) -> None:
        """Hand the current run, and the parameters recorded of it, to ``use``."""
        self.worker.request(lambda: use(self.position.run, self.timeline.recorded_states()))

    def measure_update(self, wanted: bool) -> None:
        """Have snapshots include the next update, or no longer."""
        if wanted and not self.worker.measures_update:
            self.worker.request(lambda: None)  # a new snapshot
        self.worker.measures_update = wanted

    # Waiting

    async def settled(self) -> None:
        """Wait until all requests are carried out and training is paused."""
        await self._jobs.wait_idle()

    async def requests_done(self) -> None:
        """Wait until all requests are carried out, but not for a long one."""
        await self._jobs.wait_processed(_LONG_REQUEST)

    async def accepted(self) -> bool:
        """Wait like ``requests_done``; returns whether none was refused meanwhile."""
        refused = self.worker.refused
        await self.requests_done()
        return self.worker.refused == refused


def _step_debugger(trainer: Trainer, row: TypedRow | None) -> tuple["StepDebugger", Snapshot]:
    """Step through a copy of the state; the first line is executed already."""
    from nn_tui.nn.explain.stepper import StepDebugger

    snapshot = trainer.snapshot()
    if row is not None:
        debugger = prediction_debugger(snapshot, snapshot.dataset.prepare(row.raw))
    else:
        debugger = StepDebugger(trainer.step(), trainer.first_samples().tolist())
    debugger.forward()
    return debugger, snapshot
