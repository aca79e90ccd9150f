"""The program: panes around a session, and the keys that a person presses."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.command import Provider
from textual.containers import Horizontal, Vertical
from textual.events import Event, Key
from textual.worker import Worker, WorkerState

from nn_tui.errors import internal_error
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import SavedRun as SavedRun
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.settings import Settings
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.tui.actions import EditActionsApp
from nn_tui.tui.appearance import Appearance, ThemedApp, appearance_for, colour_system
from nn_tui.tui.bindings import BINDINGS
from nn_tui.tui.command_palette import CommandProvider
from nn_tui.tui.drawing.status_bar import Status
from nn_tui.tui.help_topics import screen_bindings
from nn_tui.tui.keymap import KeyNames, keymap_of
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.network import NetworkPane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.session.listener import MissingValuesQuestion, SessionMessage
from nn_tui.tui.session.session import Session
from nn_tui.tui.terminal.driver import TerminalDriverApp
from nn_tui.tui.terminal.painter import PainterApp
from nn_tui.tui.tour.controller import TourMessagesApp
from nn_tui.tui.widgets.footer import KeysLine
from nn_tui.tui.widgets.message_lines import Banner, InfoLine, StatusLine

_PANE_BINDINGS = {
    pane.TITLE: pane.BINDINGS
    for pane in (DataPane, HyperparametersPane, WeightsPane, NetworkPane, LossPane)
}

Report = Callable[[BaseException], str | None]


class NnTui(EditActionsApp, TourMessagesApp, ThemedApp, PainterApp, TerminalDriverApp):
    """One screen; the session trains, the panes show its last snapshot."""

    AUTO_FOCUS = "#hyperparameters"
    CSS_PATH = "app.tcss"
    TITLE = "nn-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {CommandProvider}
    HELP = """
    # nn-tui

    A network, its data, its weights and its loss. `run` trains and pauses, `epoch` trains
    one epoch; watch what the numbers do, then change one and watch again. `next-pane` or a
    pane's number moves there, and its help stands first here.

    The word behind each key is its name: under `[keys]` in the settings file, whose place
    `nn-tui paths` tells, `run = "g"` gives it another key.
    """

    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(
        self,
        timeline: Timeline,
        saver: Autosaver | None = None,
        unfinished: SavedRun | None = None,
        looks: Appearance | None = None,
        keys: Mapping[str, Sequence[str]] | None = None,
        report: Report | None = None,
        welcome: bool = False,
        note: str = "",
        bad_note: bool = False,
    ) -> None:
        """``report`` writes down an error of the program's, and says where, if it could.

        ``note`` is shown first, as bad news where it is a ``bad_note``.
        """
        super().__init__(looks=looks or Appearance())
        self._report = report
        self._interrupted = False
        self._unfinished, self._welcome = unfinished, welcome
        self._note, self._bad_note = note, bad_note
        nodes = {"": self.BINDINGS, **_PANE_BINDINGS}
        self.keymap = keymap_of(keys or {}, nodes, screen_bindings() if keys else ())
        self.set_keymap(self.keymap)
        self.key_names = KeyNames(nodes.values(), self.keymap)
        frames = 10 if "SSH_CONNECTION" in os.environ else 15
        self.session = Session(timeline, frames, AppListener(self), saver)

    @property
    def status(self) -> Status:
        """What the top line says besides the snapshot."""
        return Status(self.session.display_name, self.session.running, self.session.finished)

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        yield Banner(id="banner")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield DataPane().data_bind(NnTui.snapshot)
                yield HyperparametersPane().data_bind(NnTui.snapshot)
            with Vertical(id="right"):
                with Horizontal(id="pictures"):
                    yield WeightsPane().data_bind(NnTui.snapshot, NnTui.chosen_sample)
                    yield NetworkPane().data_bind(NnTui.snapshot)
                yield LossPane().data_bind(NnTui.snapshot, NnTui.pins)
        yield self._tour.data_bind(NnTui.snapshot)
        yield InfoLine(id="info")
        yield KeysLine(id="keys")

    def on_mount(self) -> None:
        """Show the first snapshot, before anything is painted, and start the worker."""
        self._arrange()
        self._hinted = "hyperparameters"  # the first message replaces its hint
        self.query_one(HyperparametersPane).focus()
        keys = self.key_names.with_key_names("`run` trains, `epoch` one epoch, `help` helps")
        quits = self.key_names.with_key_names("`quit` saves and quits")
        told = f"{self._note}; {keys}" if self._note else f"{keys}, {quits}"
        self.show_message(told, self._bad_note)
        self.show_snapshot(self.session.timeline.snapshot())
        self.call_after_refresh(self._welcome_back)
        self._work()

    @work(exit_on_error=False, exclusive=True)
    async def _work(self) -> None:
        await self.session.work()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A failure in training is told, and the screen stays; ``space`` starts it again."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None or self.quitting:
            return
        if self.snapshot is None:
            self.fail(error)
            return
        self.failure = self.reported(
            error,
            f"training stopped; {self.key_names['run']} continues from the last complete epoch",
        )
        self.query_one(StatusLine).repaint()
        self.update_banner()

    def reported(self, error: BaseException, then: str = "") -> str:
        """Write ``error`` down; returns the sentence for it, which says ``then`` what to do.

        Where nothing can be written down, ``error`` ends the program.
        """
        if self._report is None:
            self.fail(error)
            return internal_error(error, None, then)
        error.add_note(str(self._recent))
        return internal_error(error, self._report(error), then)

    def _revive(self) -> None:
        """Start the worker anew after a failure."""
        self.failure = ""
        self.update_banner()
        self._work()
        self.show_message(f"training can go on; {self.key_names['run']} trains")

    def interrupted(self) -> None:
        if "ctrl+c" in self.keymap.get("quit-at-once", "ctrl+c").split(","):
            self._interrupted = True
            self.leave_within_a_second()

    def key_came(self) -> None:
        self.session.slices.key_priority.claim()

    def taken_up(self, event: Event) -> None:
        """What a key does is painted next."""
        if isinstance(event, Key):
            self.session.slices.key_priority.key_handled()

    def painted(self) -> None:
        self.session.slices.key_priority.frame_sent()

    # Showing

    def show_session_message(self, message: SessionMessage) -> None:
        """Show a message of the session, with the keys that its advice names."""
        if not self.quitting:
            self.show_message(message.sentence(self.key_names.with_key_names), message.bad)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self.quitting:
            return  # the panes may be gone by now
        try:
            self.snapshot = snapshot
            self.pins = self.session.pins
            self.query_one(StatusLine).repaint()
            self.update_banner()
        except Exception as error:  # a picture's, not training's
            self.fail(error)

    def update_running(self) -> None:
        """The name of ``space`` follows, and the status line.

        When training pauses, that waits for the epoch at which it does, which is shown next.
        """
        if not self.quitting:
            self.refresh_bindings()
            if self.session.running:
                self.query_one(StatusLine).repaint()

    def _welcome_back(self) -> None:
        """Offer what one has left unfinished, or to be shown around."""
        if self._unfinished is not None:
            self.offer(self._unfinished)
        elif self._welcome:
            self._tour.begin(fresh=False)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``space`` is called run or pause."""
        if action == "go":
            return not self.session.running
        if action == "stop":
            return self.session.running
        return super().check_action(action, parameters)

    def action_go(self) -> None:
        """Run."""
        if self.session.failed:
            self._revive()
            return
        self.show_message("")
        self.session.toggle()

    def action_stop(self) -> None:
        """Pause."""
        self.action_go()

    def action_unzoom(self) -> None:
        """Out of what takes long, or out of the zoom."""
        if not self.session.cancel():
            super().action_unzoom()

    async def action_quit(self) -> None:
        """Leave after the slice of training that is under way; the run is saved."""
        self.quitting = True
        self.leave_within_a_second()
        self.session.close()
        self.link.hush()
        await asyncio.to_thread(self.keep)
        await self._last_answer()
        self.exit(0)

    def keep(self) -> str:
        """Save the run; unless a person wanted to leave, it is offered at the next start."""
        saver = self.session.saver
        in_order = self.quitting or self._interrupted
        return saver.leave(self.session.timeline, in_order) if saver else ""


class AppListener:
    """Shows in the app what its session reports."""

    def __init__(self, app: NnTui) -> None:
        self._app = app

    def on_snapshot(self, snapshot: Snapshot) -> None:
        self._app.show_snapshot(snapshot)

    def on_message(self, message: SessionMessage) -> None:
        self._app.show_session_message(message)

    def on_question(self, question: MissingValuesQuestion) -> None:
        self._app.ask_to_drop(question.missing, question.drop_rows)

    def on_explanation(self, debugger: StepDebugger, snapshot: Snapshot) -> None:
        self._app.open_explanation(debugger, snapshot)

    def on_running_changed(self) -> None:
        self._app.update_running()

    def is_ready(self) -> bool:
        return self._app.terminal_spare


def run(
    timeline: Timeline,
    saver: Autosaver,
    unfinished: SavedRun | None,
    settings: Settings,
    report: Report,
    mouse: bool = True,
    welcome: bool = False,
    note: str = "",
    bad_note: bool = False,
) -> int:
    """Open the screen, with the mouse or without it; returns the exit code.

    ``report`` writes down an error of the program's, and says where, if it could.
    ``welcome`` begins with the first minute. ``note`` is shown first, as bad news where it
    is a ``bad_note``.

    Raises InputError, before anything is drawn, for settings that cannot be.
    """
    looks = appearance_for(settings, os.environ, colour_system())
    # The training thread gives way after so many seconds: a key waits for it several times.
    sys.setswitchinterval(0.0005)
    app = NnTui(timeline, saver, unfinished, looks, settings.keys, report, welcome, note, bad_note)
    return app.run_to_the_end(mouse)
