"""The program: panes around a session, and the keys that a person presses."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import ClassVar, cast

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandListItem, Provider, SimpleProvider
from textual.containers import Horizontal, Vertical
from textual.events import Event, Key, Resize
from textual.geometry import Size
from textual.reactive import reactive, var
from textual.screen import Screen
from textual.widget import AwaitMount
from textual.worker import Worker, WorkerState

from nn_tui.errors import InputError
from nn_tui.fields import FIELDS
from nn_tui.files.runs.saver import Saver
from nn_tui.files.runs.shelf import Entry as SavedRun
from nn_tui.nn.walk import Walk
from nn_tui.recipe import RecipeError
from nn_tui.settings import Settings
from nn_tui.training.pin import Pin
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.tui.canvas import Canvas
from nn_tui.tui.commands import Commands, system_commands
from nn_tui.tui.footer import KeysLine
from nn_tui.tui.glyphs import ascii_driver
from nn_tui.tui.keys import keymap_of
from nn_tui.tui.layout import PANES, TALL, layout_for
from nn_tui.tui.lines import Banner, InfoLine, StatusLine
from nn_tui.tui.looks import Looks, colour_system, looks_for
from nn_tui.tui.painting import PaintingApp
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.network import NetworkPane
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.pictures.status import Status
from nn_tui.tui.screens.palette import PaletteScreen
from nn_tui.tui.session import PACES, Session
from nn_tui.tui.stepping import halved_or_doubled
from nn_tui.tui.terminal import SteadyApp
from nn_tui.tui.theme import DARK, LIGHT, Palette, palette_of

_PACE = Binding.Group("pace ", compact=True)
_RATE = Binding.Group("rate ", compact=True)
_TIME = Binding.Group("time ", compact=True)


_PANE_BINDINGS = {
    pane.TITLE: pane.BINDINGS
    for pane in (DataPane, HyperparametersPane, WeightsPane, NetworkPane, LossPane)
}


Report = Callable[[BaseException], str | None]


class NnTui(PaintingApp, SteadyApp):
    """One screen; the session trains, the panes show its last snapshot."""

    AUTO_FOCUS = "#hyperparameters"
    CSS_PATH = "app.tcss"
    TITLE = "nn-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    HELP = """
    # nn-tui

    A network, its data, its weights and its loss. `space` trains and pauses, `s` trains
    one epoch; watch what the numbers do, then change one and watch again. `tab` or a
    pane's number moves there, and its help stands first here.

    The word behind each key is its name: under `[keys]` in the settings file, whose place
    `nn-tui paths` tells, `run = "g"` gives it another key.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "go", "run", id="run", tooltip="Run"),
        Binding("space", "stop", "pause", id="run", tooltip="Pause"),
        Binding("s", "train(1)", "epoch", id="epoch", tooltip="Train one epoch"),
        Binding("S", "train(10)", "10 epochs", id="epochs", show=False, tooltip="Train ten epochs"),
        Binding("x", "explain", "explain", id="explain", tooltip="Walk the next step line by line"),
        Binding("comma", "pace(-1)", "Slower", id="slower", group=_PACE),
        Binding("full_stop", "pace(1)", "Faster", id="faster", group=_PACE),
        Binding(
            "left_square_bracket",
            "scale(0.5)",
            "Halve",
            id="halve",
            group=_RATE,
            tooltip="Halve the learning rate, or the value under the cursor",
        ),
        Binding(
            "right_square_bracket",
            "scale(2.0)",
            "Double",
            id="double",
            group=_RATE,
            tooltip="Double the learning rate, or the value under the cursor",
        ),
        Binding("u", "undo", "undo", id="undo", tooltip="Take back the last change"),
        Binding("ctrl+r", "redo", "redo", id="redo", show=False, tooltip="Do it again"),
        Binding(
            "less_than_sign",
            "time(-1)",
            "Back",
            id="back-in-time",
            group=_TIME,
            tooltip="Back in time",
        ),
        Binding(
            "greater_than_sign",
            "time(1)",
            "Forward",
            id="forward-in-time",
            group=_TIME,
            tooltip="Forward in time",
        ),
        Binding("U", "edits", "changes", id="edits", show=False, tooltip="List all changes"),
        Binding("p", "pin", "pin", id="pin", show=False, tooltip="Pin this curve"),
        Binding("P", "unpin", "unpin all", id="unpin", show=False, tooltip="Unpin all curves"),
        Binding("C", "compare", "compare", id="compare", show=False, tooltip="Compare runs"),
        Binding("o", "open", "open", id="open", tooltip="Open another experiment"),
        Binding("ctrl+s", "name", "name", id="name", show=False, tooltip="Name this run"),
        Binding("w", "write", "write", id="write", tooltip="Write: script, recipe, weights …"),
        Binding("question_mark", "help", "help", id="help"),
        Binding("q", "quit", "quit", id="quit", tooltip="Quit"),
        Binding(
            "ctrl+c", "quit", id="quit-at-once", show=False, priority=True, tooltip="Quit at once"
        ),
        Binding("ctrl+z", "suspend_process", id="suspend", show=False, tooltip="To the shell"),
        Binding("z", "zoom", "zoom", id="zoom", tooltip="Zoom the pane, again to go back"),
        Binding("R", "restart", "restart", id="restart", tooltip="Restart, same weights"),
        Binding("N", "renew", "new weights", id="new-weights", tooltip="Restart, new weights"),
        Binding("escape", "unzoom", "Back", id="back", show=False),
        Binding("tab", "focus_next", "Next pane", id="next-pane", show=False),
        Binding("shift+tab", "focus_previous", "Previous pane", id="previous-pane", show=False),
        Binding(
            "ctrl+p",
            "command_palette",
            "palette",
            id="palette",
            show=False,
            priority=True,
            tooltip="Find any action, preset or theme by its name",
        ),
        *(
            Binding(str(i + 1), f"pane('{name}')", f"Go to {name}", id=f"go-{name}", show=False)
            for i, name in enumerate(PANES)
        ),
    ]

    running: reactive[bool] = reactive(False, bindings=True, init=False)
    """Whether training goes on; changes what space is called."""

    snapshot: var[Snapshot | None] = var(None, init=False)
    """The run as it was last seen."""

    pins: var[tuple[Pin, ...]] = var((), init=False)
    """Runs kept for comparison, oldest first."""

    chosen_sample: var[int] = var(0, init=False)
    """The sample under the data pane's cursor."""

    def __init__(
        self,
        timeline: Timeline,
        saver: Saver | None = None,
        unfinished: SavedRun | None = None,
        looks: Looks | None = None,
        keys: Mapping[str, Sequence[str]] | None = None,
        report: Report | None = None,
    ) -> None:
        """``report`` writes down an error of the program's, and says where, if it could."""
        self._report = report
        self._failure = ""
        self.looks = looks or Looks()
        # Without colours Textual must know before it is made: it chooses a filter then.
        super().__init__(ansi_color=True if self.looks.colourless else None)
        self._unfinished = unfinished
        self._quitting = False
        frames = 10 if "SSH_CONNECTION" in os.environ else 15
        self.session = Session(timeline, frames, saver, lambda: self.terminal_ready)
        self._here = self._left = "hyperparameters"
        self._right, self._zoomed = "weights", ""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = self.looks.theme
        if self.looks.ascii:
            self.driver_class = ascii_driver(self.driver_class)
        self.keymap = keymap_of(keys or {}, {"": self.BINDINGS, **_PANE_BINDINGS})
        self.set_keymap(self.keymap)

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        return palette_of(self.current_theme, self.looks.ascii)

    @property
    def status(self) -> Status:
        """What the top line says besides the snapshot."""
        return Status(self.session.called, self.session.running, self.session.finished)

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
        yield InfoLine(id="info")
        yield KeysLine(id="keys")

    def on_mount(self) -> None:
        """Start the worker; it shows the first snapshot."""
        self._arrange()
        self.query_one(HyperparametersPane).focus()
        self._work()
        self.tell("space trains, s trains one epoch, ? helps")

    @work(exit_on_error=False, exclusive=True)
    async def _work(self) -> None:
        await self.session.work(self._show_or_fail, self._say)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A failure in training is told, and the screen stays; ``space`` starts it again."""
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        if self._report is None or self.snapshot is None:
            self.fail(error)
            return
        error.add_note(str(self._recent))
        kept = self._report(error)
        where = f"details are in {kept}" if kept else "its details could not be written anywhere"
        self._failure = (
            f"internal error in training, {type(error).__name__}: space goes on from the last "
            f"moment that was whole; {where}"
        )
        self.running = False
        self.query_one(StatusLine).repaint()
        self._warn()

    def _revive(self) -> None:
        """Start the worker anew after a failure."""
        self._failure = ""
        self._warn()
        self._work()
        self.tell("training can go on; space trains")

    def _warn(self) -> None:
        """Say what is wrong and stays so, if anything is."""
        saver = self.session.saver
        self.query_one(Banner).warn(self._failure or (saver.problem if saver else ""))

    def key_came(self) -> None:
        self.session.way.claim()

    async def on_event(self, event: Event) -> None:
        """Whatever comes; a key is taken up with this, and what it does is painted next."""
        await super().on_event(event)
        if isinstance(event, Key):
            self.session.way.taken_up()

    def painted(self) -> None:
        self.session.way.painted()

    def taken_again(self) -> None:
        self.paint_anew()

    # Showing

    def _show_or_fail(self, snapshot: Snapshot) -> None:
        try:
            self._show(snapshot)
        except Exception as error:  # a picture's, not training's
            self.fail(error)

    def _show(self, snapshot: Snapshot) -> None:
        self.running = self.session.running
        first, self.snapshot = self.snapshot is None, snapshot
        self.pins = self.session.pins
        self.query_one(StatusLine).repaint()
        self._warn()
        if first and self._unfinished is not None:  # over a picture, not over nothing
            from nn_tui.tui.screens.resume import ResumeScreen

            self.push_screen(ResumeScreen(self._unfinished), self._resume)

    def _say(self, sentence: str, bad: bool) -> None:
        self.tell(sentence, bad)

    def tell(self, sentence: str = "", bad: bool = False) -> None:
        """Put a sentence into the information line; without one, the focused pane's."""
        if not sentence and self.snapshot is None:
            return  # the first sentence stays until there is something to tell of a pane
        if sentence and self._failure:
            sentence, bad = "nothing can be done before space has started training again", True
        pane = self._focused_pane()
        self.query_one(InfoLine).show(sentence or (pane.info() if pane else ""), bad)

    def watch_theme(self, theme: str) -> None:
        """All pictures take the new colours."""
        self.call_after_refresh(self._recolour)

    def _recolour(self) -> None:
        for canvas in self.query(Canvas):
            canvas.forget()

    # Layout

    def on_resize(self, event: Resize) -> None:
        """Give the panes the room there is."""
        # The app's own handler, which notes the size, comes after this one.
        self._arrange(event.size)

    def _focused_pane(self) -> Pane | None:
        focused = self.screen_stack[0].focused if self.screen_stack else None
        while focused is not None and not isinstance(focused, Pane):
            focused = focused.parent  # type: ignore[assignment]
        return focused

    def on_descendant_focus(self) -> None:
        """Where a person stands remains in sight, and the keys theirs, in every window."""
        pane = self._focused_pane()
        if pane is not None:
            self._stand_in(str(pane.id))

    def _stand_in(self, name: str) -> None:
        self._here = name
        if name in ("data", "hyperparameters"):
            self._left = name
        elif name in ("weights", "network"):
            self._right = name

    def _arrange(self, size: Size | None = None) -> None:
        width, height = size or self.size
        here, zoomed = self._here, self._zoomed or None
        layout = layout_for(width, height, self._left, self._right, zoomed, here)
        for pane in self.screen_stack[0].query(Pane):
            pane.display = pane.id in layout.visible
        base = self.screen_stack[0]
        left = base.query_one("#left")
        lefts = bool({"data", "hyperparameters"} & layout.visible)
        rights = bool({"weights", "network", "loss"} & layout.visible)
        left.display = lefts
        left.styles.width = layout.left if layout.left and rights else "1fr"
        base.query_one("#right").display = rights
        base.query_one("#pictures").display = bool({"weights", "network"} & layout.visible)
        base.query_one("#body").display = bool(layout.visible)
        base.query_one("#pictures").styles.height = "3fr" if height >= TALL else "13fr"
        base.query_one("#loss").styles.height = "2fr" if height >= TALL else "8fr"
        base.query_one(StatusLine).styles.height = 1 if layout.visible else "1fr"
        base.query_one(InfoLine).display = layout.info
        base.query_one(Banner).fit_into(layout.info, width)
        base.query_one(KeysLine).display = layout.footer
        self.query_one(StatusLine).repaint()
        if base.focused is None and here in layout.visible:
            base.query_one(f"#{here}").focus()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``space`` is called run or pause, whichever it would do."""
        if action == "go":
            return not self.running
        if action == "stop":
            return self.running
        return True

    def action_go(self) -> None:
        """Run."""
        if self.session.failed:
            self._revive()
            return
        self.tell("")
        self.session.toggle()
        self.running = self.session.running

    def action_stop(self) -> None:
        """Pause."""
        self.action_go()

    def action_train(self, epochs: int) -> None:
        """Train so many epochs and pause."""
        self.session.train(epochs)

    def action_explain(self) -> None:
        """Pause, and walk the next step line by line."""
        self.session.explain(self._explain)
        self.running = False

    def _explain(self, walk: Walk, snapshot: Snapshot) -> None:
        from nn_tui.tui.screens.explain import ExplainScreen  # with its help it loads Markdown

        if not isinstance(self.screen, ExplainScreen):
            self.push_screen(ExplainScreen(walk, snapshot), self._explained)

    def _explained(self, train: bool | None) -> None:
        if train:
            self.session.train(1)

    def action_pace(self, direction: int) -> None:
        """Slower or faster, up to full speed."""
        pace = self.session.wanted.view.pace
        order = sorted(PACES, key=lambda p: p or float("inf"))
        at = min(range(len(order)), key=lambda i: abs((order[i] or 1e9) - (pace or 1e9)))
        chosen = order[max(0, min(len(order) - 1, at + direction))]
        self.change("view.pace", f"{chosen:g}")
        self.tell(f"{chosen:,.0f} epochs a second" if chosen else "full speed")

    def action_scale(self, factor: float) -> None:
        """Halve or double the learning rate, or in its pane the value under the cursor."""
        if factor < 1 and self.session.trainer.diverged:
            self.session.recover()
            return
        pane = self._focused_pane()
        field = FIELDS["training.learning_rate"]
        if isinstance(pane, HyperparametersPane):
            under = pane.field
            value = self.session.wanted[under.key]
            if isinstance(value, int | float) and not isinstance(value, bool):
                field = under
        value = self.session.wanted[field.key]
        self.change(field.key, halved_or_doubled(field, value, factor))

    def action_undo(self) -> None:
        """Take back the last change, whatever it was."""
        self.session.undo()

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.session.redo()

    def action_edits(self) -> None:
        """List what was changed in this run; choosing one goes to the moment before it."""
        epochs = {
            f"{n} {edit}": edit.epoch for n, edit in enumerate(self.session.place.run.edits, 1)
        }
        if not epochs:
            self.tell("nothing was changed in this run yet; what is changed can be undone with u")
            return
        from nn_tui.tui.screens.choose import ChooseScreen, Entry

        entries = [Entry(name, f"after epoch {epoch:,}") for name, epoch in epochs.items()]
        about = "enter goes to the epoch after which it was changed"
        self.push_screen(
            ChooseScreen(
                "Changes of this run",
                about,
                entries,
                lambda names: self.session.go_to(epochs[names[0]]),
                at=entries[-1].name,
            )
        )

    def action_time(self, direction: int) -> None:
        """Back or forward in the run."""
        self.session.go_by(direction)

    def on_loss_pane_go_to(self, event: LossPane.GoTo) -> None:
        """An epoch was chosen on the chart."""
        self.session.go_to(event.epoch)

    def action_pin(self) -> None:
        """Keep the curve for comparison."""
        self.session.pin()

    def action_unpin(self) -> None:
        """Forget all pins."""
        self.session.unpin()

    def action_compare(self) -> None:
        """Pause, and compare this run with those pinned and those before it."""
        from nn_tui.tui.screens.compare import CompareScreen

        self.session.pause()
        self.running = False
        if self.snapshot is not None:
            self.push_screen(CompareScreen())

    def action_restart(self) -> None:
        """Back to epoch 0 with the same weights."""
        self.session.restart()
        self.tell("restarted with the same weights")

    def action_renew(self) -> None:
        """Back to epoch 0 with new weights."""
        self.session.redraw_weights()
        self.tell("restarted with new weights")

    def action_pane(self, name: str) -> None:
        """Go to a pane, wherever it is."""
        self._stand_in(name)
        if self._zoomed:
            self._zoomed = name
        pane = self.query_one(f"#{name}", Pane)
        pane.display = True
        for parent in pane.ancestors:
            parent.display = True
        self.screen.set_focus(pane)  # at once: the next key may be meant for it
        self.call_after_refresh(self._arrange)

    def action_zoom(self) -> None:
        """Give the focused pane the whole window, or take it back."""
        pane = self._focused_pane()
        self._zoomed = "" if self._zoomed or pane is None else str(pane.id)
        self._arrange()

    def action_unzoom(self) -> None:
        """Out of a reading that takes long, or out of the zoom."""
        if self.session.cancel():
            return
        self._zoomed = ""
        self._arrange()

    def action_help(self) -> None:
        """Show all keys and the help of where one stands."""
        from nn_tui.tui.screens.help import HelpScreen, chapters  # Markdown takes long to load

        panes = self.screen_stack[0].query(Pane)
        self.push_screen(HelpScreen(chapters(self, self._focused_pane(), panes, self.keymap)))

    def action_open(self) -> None:
        """Choose a saved run, a preset, a file or a link."""
        from nn_tui.tui.screens.open import OpenScreen

        self.push_screen(OpenScreen())

    def action_name(self) -> None:
        """Give the run a name of its own."""
        from nn_tui.tui.screens.name import NameScreen

        self.push_screen(NameScreen(self.session.called, self.session.title), self._named)

    def _named(self, title: str | None) -> None:
        if title is not None:
            self.session.rename(title)

    def action_write(self) -> None:
        """Choose what to write of the run, and where."""
        from nn_tui.files.exports import Moment
        from nn_tui.tui.screens.write import WriteScreen  # and all that can be written

        if self.snapshot is not None:
            place = self.session.place
            self.push_screen(WriteScreen(Moment(place.run, self.snapshot)))

    def _resume(self, wanted: bool | None) -> None:
        if wanted and self._unfinished is not None:
            self.session.reopen(self._unfinished.folder)

    async def action_quit(self) -> None:
        """Leave after the slice of training that is under way; the run is saved."""
        self._quitting = True
        self.leave_within_a_second()
        self.session.close()
        await asyncio.to_thread(self.keep)
        self.exit(0)

    def keep(self) -> str:
        """Save the run; unless a person wanted to leave, it is offered at the next start."""
        saver = self.session.saver
        return saver.leave(self.session.timeline, self._quitting) if saver else ""

    # Hyperparameters

    def on_hyperparameters_pane_change(self, event: HyperparametersPane.Change) -> None:
        """A value was typed, chosen or stepped to."""
        self.change(event.key, event.text)

    def change(self, key: str, text: str) -> None:
        """Set a field, or say why not."""
        try:
            sentence = self.session.change(key, text)
        except RecipeError as error:
            self.query_one(HyperparametersPane).reject(key, text)
            self.tell(str(error), bad=True)
        else:
            self.tell(sentence)

    # Weights and data

    def on_weights_pane_set(self, event: WeightsPane.Set) -> None:
        """A weight or bias was typed."""
        self._try(partial(self.session.set_parameter, event.name, event.index, event.text))

    def on_weights_pane_prune(self, event: WeightsPane.Prune) -> None:
        """A weight is to be cut off."""
        self._try(partial(self.session.prune, event.name, event.index))

    def on_data_pane_set(self, event: DataPane.Set) -> None:
        """A number of the data was typed."""
        self._try(partial(self.session.set_datum, event.sample, event.column, event.text))

    def _try(self, ask: Callable[[], None]) -> None:
        try:
            ask()
        except InputError as error:
            self.tell(str(error), bad=True)

    def action_command_palette(self) -> None:
        """Find any action, preset or theme by its name."""
        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen())

    def search_commands(
        self, commands: Sequence[CommandListItem], placeholder: str = "Search"
    ) -> AwaitMount:
        """A list to choose one of some commands from."""
        provider = cast(type[Provider], SimpleProvider(self.screen, list(commands)))
        return self.push_screen(PaletteScreen([provider], placeholder=placeholder))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action, preset and theme."""
        return system_commands(self, self._focused_pane())


def run(
    timeline: Timeline,
    saver: Saver,
    unfinished: SavedRun | None,
    settings: Settings,
    report: Report,
    mouse: bool = True,
) -> int:
    """Open the screen, with the mouse or without it; returns the exit code.

    ``report`` writes down an error of the program's, and says where, if it could.

    Raises InputError, before anything is drawn, for settings that cannot be.
    """
    looks = looks_for(settings, os.environ, colour_system())
    # The training thread gives way after so many seconds: a key waits for it several times.
    sys.setswitchinterval(0.0005)
    app = NnTui(timeline, saver, unfinished, looks, settings.keys, report)
    return app.run_to_the_end(mouse)
