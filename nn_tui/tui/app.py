"""The app: panes around a session, and its keys."""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import BindingType
from textual.command import CommandListItem, Provider
from textual.events import Event, Key, Resize
from textual.screen import Screen
from textual.widget import AwaitMount
from textual.worker import Worker, WorkerState

from nn_tui.errors import internal_error
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import SavedRun
from nn_tui.lessons.course_start import CourseStart
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.tui.actions import EditActions
from nn_tui.tui.appearance import Appearance
from nn_tui.tui.base_app import BACKGROUND, BaseApp
from nn_tui.tui.bindings import BINDINGS, PROGRAM_HELP
from nn_tui.tui.drawing.status_bar import Status
from nn_tui.tui.help_screens import screen_bindings
from nn_tui.tui.keymap import KeyNames, keymap_of, keys_given_away
from nn_tui.tui.messages import Messages
from nn_tui.tui.pane_body import PaneBody
from nn_tui.tui.pane_layout import LESSON
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.network import NetworkPane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.screen_opener import ScreenOpener
from nn_tui.tui.session.frame_rate import BYTES_OVER_SSH, FRAMES_OVER_SSH, FRAMES_PER_SECOND
from nn_tui.tui.session.listener import SessionMessage
from nn_tui.tui.session.questions import Question
from nn_tui.tui.session.session import Session
from nn_tui.tui.theme_choice import StoreTheme, ThemeChoice
from nn_tui.tui.widgets.footer import KeysLine
from nn_tui.tui.widgets.message_lines import Banner, InfoLine, StatusLine
from nn_tui.tui.window_layout import WindowLayout

if TYPE_CHECKING:
    from nn_tui.nn.explain.stepper import StepDebugger
    from nn_tui.tui.lesson_controller import LessonController

_PANE_BINDINGS = {
    pane.TITLE: pane.BINDINGS
    for pane in (DataPane, HyperparametersPane, WeightsPane, NetworkPane, LossPane, LessonPane)
}

_IDLE_AFTER = 0.5
"""Seconds after the start at which what will be needed later is loaded."""
Report = Callable[[BaseException], str | None]
"""Writes a crash report; returns where, or None if it could not."""


def _commands() -> type[Provider]:
    """Import the palette when it is first opened: start-up time."""
    from nn_tui.tui.command_palette import CommandProvider

    return CommandProvider


class NnTui(BaseApp):
    """The session trains; the panes show its latest snapshot."""

    AUTO_FOCUS = "#hyperparameters"
    CSS_PATH = "app.tcss"
    TITLE = "nn-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    HELP = PROGRAM_HELP
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS

    def __init__(
        self,
        timeline: Timeline,
        saver: Autosaver | None = None,
        unfinished: SavedRun | None = None,
        appearance: Appearance | None = None,
        keys: Mapping[str, Sequence[str]] | None = None,
        report: Report | None = None,
        welcome: bool = False,
        note: str = "",
        bad_note: bool = False,
        store_theme: StoreTheme | None = None,
        asks_columns: bool = False,
        asks_about: tuple[str, Sequence[str]] | None = None,
        course: CourseStart | None = None,
    ) -> None:
        """``note`` is shown first, as an error if ``bad_note``.

        ``unfinished`` is a run to offer at the start; ``welcome`` begins the first minute.
        With ``asks_columns``, the columns of the data file are shown first. ``asks_about`` is a
        data file that raises a question, with its settings: it is opened once the screen is
        there. ``course`` has the lessons and the progress in them.
        ``store_theme`` stores a theme chosen in the palette for the next start.
        """
        super().__init__(appearance or Appearance())
        self._report, self._interrupted = report, False
        self._unfinished, self._welcome = unfinished, welcome
        self._asks_columns, self._asks_about = asks_columns, asks_about
        nodes = {"": self.BINDINGS, **_PANE_BINDINGS}
        screens = screen_bindings() if keys else []
        self.keymap = keymap_of(keys or {}, nodes, screens)
        everything = [binding for held in (*nodes.values(), *screens) for binding in held]
        given_away = keys_given_away(keys or {}, self.keymap, everything)
        self._note, self._bad_note = "; ".join(filter(None, (note, given_away))), bad_note
        self.set_keymap(self.keymap)
        self.key_names = KeyNames(nodes.values(), self.keymap)
        self._course = course or CourseStart()
        self.lesson_pane = LessonPane()
        self.layout = WindowLayout(self, self.update_layout, self.lesson_pane)
        self._lessons: LessonController | None = None
        self.messages = Messages(self, self.layout)
        self.opener = ScreenOpener(self, self.layout)
        self.edits = EditActions(self, self.layout)
        self.theme_choice = ThemeChoice(self, store_theme)
        frames = FRAMES_PER_SECOND
        if "SSH_CONNECTION" in os.environ:
            frames, self.flow_control.limit = FRAMES_OVER_SSH, BYTES_OVER_SSH
        self.session = Session(timeline, frames, AppListener(self), saver)

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        yield Banner(id="banner")
        yield PaneBody(
            DataPane().data_bind(NnTui.snapshot, NnTui.chosen_sample),
            HyperparametersPane().data_bind(NnTui.snapshot),
            WeightsPane().data_bind(NnTui.snapshot, NnTui.chosen_sample),
            NetworkPane().data_bind(NnTui.snapshot, NnTui.chosen_sample, NnTui.typed_row),
            LossPane().data_bind(NnTui.snapshot, NnTui.pins),
            id="body",
        )
        yield self.lesson_pane.data_bind(NnTui.snapshot)
        yield InfoLine(id="info")
        yield KeysLine(id="keys")

    def on_mount(self) -> None:
        """Show the first snapshot, before the first frame, and start the worker."""
        self.update_layout()
        self.messages.greet("hyperparameters", self._note, self._bad_note)
        self.query_one(HyperparametersPane).focus()
        self.show_snapshot(self.session.timeline.snapshot())
        self.call_after_refresh(self._greet)
        self.set_timer(_IDLE_AFTER, self.load_ahead)
        self._work()

    def load_ahead(self) -> None:
        """Load what the keys of the other screens need, so that they open at once."""
        self.run_in_background(self.opener.load_screens())

    def _greet(self) -> None:
        """Begin the first minute or a lesson, offer an unfinished run, ask about the columns."""
        if self._course.lesson is not None:
            self.lessons.attach(*self._course.lesson)
        elif self._course.lists:
            self.lessons.show_list()
        elif self._welcome:
            self.lessons.begin_first_minute()
        if self._unfinished is not None:
            self.opener.resume(self._unfinished)
        elif self._asks_columns:
            self.opener.columns()
        elif self._asks_about is not None:
            name, assignments = self._asks_about
            self.session.open(name, "", assignments)

    # Training

    @work(exit_on_error=False, exclusive=True)
    async def _work(self) -> None:
        await self.session.work()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state of the run in all panes."""
        if self.quitting:
            return  # the panes may be gone by now
        try:
            if self.lesson_pane.lesson is not None:
                self.lessons.observe(snapshot)
            before, self.snapshot = self.snapshot, snapshot
            if (before is None or before.replicas is None) != (snapshot.replicas is None):
                self.refresh_bindings()
            self.pins = self.session.pins
            self.query_one(StatusLine).repaint()
            self.messages.update_banner()
        except Exception as error:  # of drawing, not of training
            self.fail(error)

    def update_running(self) -> None:
        """Update the name of ``space``, and of a run that begins the status line."""
        if not self.quitting:
            self.refresh_bindings()
            if self.session.running:
                self.query_one(StatusLine).repaint()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show an error; the screen stays, and after one in training ``space`` restarts that."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None or self.quitting:
            return
        if self.snapshot is None:
            self.fail(error)
            return
        if event.worker.group == BACKGROUND:
            self.show_message(self.report_error(error), bad=True)
        else:
            self.messages.report_failure(error)

    # For panes, screens and the terminal

    @property
    def lessons(self) -> "LessonController":
        """What opens lessons and follows their runs."""
        if self._lessons is None:
            # Most sessions open no lesson: start-up time.
            from nn_tui.tui.lesson_controller import LessonController

            course = self._course
            self._lessons = LessonController(
                self, self.layout, self.lesson_pane, course.state, course.files
            )
        return self._lessons

    @property
    def status(self) -> Status:
        """What the status line shows besides the snapshot."""
        session, snapshot = self.session, self.snapshot
        scores = self.scores_of(snapshot) if snapshot is not None else {}
        return Status(
            session.display_name, session.running, session.finished, scores, session.sweep_progress
        )

    def show_sweep(self) -> None:
        """Show the sweep's progress, and its results where they are on the screen."""
        if not self.quitting:
            self.sweep_changes += 1
            for line in self.query(StatusLine):  # none where the app ends in another way
                line.repaint()

    def show_scores(self) -> None:
        if not self.quitting:
            for canvas in (StatusLine, DataPane, LossPane):
                self.query_one(canvas).repaint()

    @property
    def active_pane(self) -> str:
        """Id of the pane that last had the focus."""
        return self.layout.active

    def show_message(self, text: str = "", bad: bool = False) -> None:
        """Show ``text`` in the message line; without a text, the focused pane's hint."""
        self.messages.show(text, bad)

    def pane_focused(self, name: str) -> None:
        """Show the hint of a pane, unless it is shown already."""
        self.messages.pane_focused(name)

    def choose_theme(self, theme: str) -> None:
        self.theme_choice.choose(theme)

    def update_layout(self) -> None:
        """Lay out the panes again."""
        self.layout.apply(self.size)

    def report_error(self, error: BaseException, advice: str = "") -> str:
        """Log ``error`` and return a message; if it cannot be logged, end the program."""
        if self._report is None:
            self.fail(error)
            return internal_error(error, None, advice)
        error.add_note(str(self.event_log))
        return internal_error(error, self._report(error), advice)

    def save_and_report(self) -> str:
        """Save the run; unless the user quits, it is offered at the next start."""
        self.session.end_sweep()
        saver = self.session.saver
        in_order = self.quitting or self._interrupted
        if self.lesson_pane.lesson is not None:
            self.lessons.keep_run()
        return saver.leave(self.session.timeline, in_order) if saver else ""

    def key_received(self) -> None:
        self.session.slices.key_priority.claim()

    def event_dispatched(self, event: Event) -> None:
        if isinstance(event, Key):
            self.session.slices.key_priority.key_handled()

    def frame_sent(self) -> None:
        self.session.slices.key_priority.frame_sent()

    def interrupt_received(self) -> None:
        if "ctrl+c" in self.keymap.get("quit-at-once", "ctrl+c").split(","):
            self._interrupted = True
            self.exit_within_a_second()

    # Events

    async def on_unmount(self) -> None:
        """End the processes of a sweep, however the app ends."""
        await asyncio.to_thread(self.session.end_sweep)

    def on_resize(self, event: Resize) -> None:
        """Lay out the panes; Textual's own handler, which sets ``size``, is called later."""
        self.layout.apply(event.size)

    def on_descendant_focus(self) -> None:
        """Keep the focused pane visible in every window."""
        self.layout.activate_focused()

    def watch_theme(self, theme: str) -> None:
        """Draw everything in the new colours."""
        if self.is_running:
            self.call_after_refresh(self.theme_choice.recolour)

    async def on_hyperparameters_pane_change(self, event: HyperparametersPane.Change) -> None:
        await self.edits.set_typed_field(event)

    def on_hyperparameters_pane_set_value(self, event: HyperparametersPane.SetValue) -> None:
        self.edits.set_stepped_field(event)

    async def on_weights_pane_set(self, event: WeightsPane.Set) -> None:
        await self.edits.set_parameter(event)

    def on_weights_pane_prune(self, event: WeightsPane.Prune) -> None:
        self.edits.prune(event)

    async def on_data_pane_set(self, event: DataPane.Set) -> None:
        await self.edits.set_datum(event)

    def on_lesson_pane_changed(self) -> None:
        self.lessons.page_changed()

    def on_lesson_pane_leave(self) -> None:
        self.lessons.leave()

    def on_lesson_pane_next_lesson(self) -> None:
        while len(self.screen_stack) > 1:  # it may have been asked for in Explain
            self.pop_screen()
        self.lessons.open_next()

    def open_lesson(self, path: Path) -> None:
        self.lessons.open_file(path)

    def on_loss_pane_go_to(self, event: LossPane.GoTo) -> None:
        self.session.go_to(event.epoch)

    # Actions: the tooltips of the bindings describe them

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``space`` is either run or pause; other keys are those of what is shown."""
        if action in ("go", "stop"):
            return self.session.running == (action == "stop")
        if action == "seed":
            return self.snapshot is not None and self.snapshot.replicas is not None
        return True

    def action_go(self) -> None:
        if self.session.failed:
            self.messages.set_failure("")
            self._work()
            self.show_message(f"training can continue; {self.key_names['run']} trains")
        else:
            self.show_message("")
            self.session.toggle()

    def action_stop(self) -> None:
        self.action_go()

    def action_train(self, epochs: int) -> None:
        self.show_message("")
        self.session.train(epochs)

    def action_time(self, direction: int) -> None:
        self.session.go_by(direction)

    def action_session(self, request: str) -> None:
        getattr(self.session, request)()

    def action_seed(self, direction: int) -> None:
        self.session.replicas.show_next(direction)

    def action_seeds(self) -> None:
        self.opener.seeds(self.edits.change)

    def action_sweep(self) -> None:
        pane = self.layout.focused_pane
        field = pane.field if isinstance(pane, HyperparametersPane) else None
        self.opener.sweep(field.key if field is not None else "")

    def action_restart(self) -> None:
        self.session.restart()
        self.show_message("restarted with the same weights")

    def action_renew(self) -> None:
        self.session.redraw_weights()
        self.show_message("restarted with new weights")

    def action_pace(self, direction: int) -> None:
        self.edits.change_pace(direction)

    def action_scale(self, factor: float) -> None:
        self.edits.scale(factor)

    async def action_explain(self) -> None:
        row = self.typed_row if self.layout.active == "data" else None
        self.opener.explain(row)
        await self.session.requests_done()  # the next key may be for that screen

    def action_edits(self) -> None:
        self.opener.list_edits()

    def action_compare(self) -> None:
        self.opener.compare()

    def action_open(self) -> None:
        self.opener.open()

    def action_columns(self) -> None:
        self.opener.columns()

    def action_name(self) -> None:
        self.opener.name()

    def action_write(self) -> None:
        self.opener.export()

    def action_glossary(self) -> None:
        self.opener.glossary()

    def action_search_glossary(self) -> None:
        self.opener.search_glossary()

    def action_help(self) -> None:
        self.opener.help()

    def action_focus_next(self) -> None:
        """Focus the next pane, on another screen its next part."""
        if not self.layout.go_by(1):
            super().action_focus_next()

    def action_focus_previous(self) -> None:
        """Focus the previous pane, on another screen its previous part."""
        if not self.layout.go_by(-1):
            super().action_focus_previous()

    def action_pane(self, name: str) -> None:
        if name == LESSON and self.lesson_pane.lesson is None:
            self.lessons.show_list()
        else:
            self.layout.go_to(name)

    def action_zoom(self) -> None:
        self.layout.toggle_zoom()

    def action_unzoom(self) -> None:
        """Cancel a job that takes long, or leave the zoom."""
        if not self.session.cancel():
            self.layout.unzoom()

    def action_first_minute(self) -> None:
        self.lessons.begin_first_minute()

    def action_lesson(self) -> None:
        self.lessons.switch()

    def action_lessons(self) -> None:
        self.lessons.show_list()

    async def action_quit(self) -> None:
        """Save and leave, after the slice of training in progress."""
        self.discard_input()
        self.exit_within_a_second()
        self.session.close()
        self.flow_control.pause_requests()
        await self.theme_choice.stored()
        await asyncio.to_thread(self.save_and_report)
        await self.await_last_answer()
        self.exit(0)

    # Command palette

    def action_command_palette(self) -> None:
        self.opener.palette()

    def search_commands(
        self, commands: Sequence[CommandListItem], placeholder: str = "Search"
    ) -> AwaitMount:
        """Show a palette with these ``commands`` only."""
        return self.opener.search_commands(commands, placeholder)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, preset and theme."""
        from nn_tui.tui.command_palette import system_commands

        return system_commands(self, self.layout.focused_pane)


class AppListener:
    """Shows in the app what its session reports."""

    def __init__(self, app: NnTui) -> None:
        self._app = app

    def on_snapshot(self, snapshot: Snapshot) -> None:
        self._app.show_snapshot(snapshot)

    def on_message(self, message: SessionMessage) -> None:
        if not self._app.quitting:
            text = message.sentence(self._app.key_names.with_key_names)
            self._app.show_message(text, message.bad)

    def on_question(self, question: Question) -> None:
        self._app.opener.ask(question)

    def on_columns(self, snapshot: Snapshot) -> None:
        self._app.opener.columns(snapshot)

    def on_explanation(self, debugger: "StepDebugger", snapshot: Snapshot) -> None:
        self._app.opener.open_explanation(debugger, snapshot)

    def on_running_changed(self) -> None:
        self._app.update_running()

    def on_sweep(self) -> None:
        self._app.show_sweep()

    def on_error(self, error: Exception) -> None:
        if not self._app.quitting:
            self._app.show_message(self._app.report_error(error), bad=True)

    def is_ready(self) -> bool:
        return self._app.terminal_spare
