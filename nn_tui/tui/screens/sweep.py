"""``G``: the results of a sweep, filling while the laboratory stays usable."""

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import Footer, Static

from nn_tui.recipe.line_fields import field_of
from nn_tui.text import make_printable
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.ranking import measure_name
from nn_tui.trials.remarks import Edge
from nn_tui.trials.sweep_results import SweepResults, median_outcome
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.heat_map import describe_setting
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.screens.help_text import chapter_of
from nn_tui.tui.screens.sweep_parts import SweepDetails, SweepMap, SweepTop
from nn_tui.tui.screens.sweep_selection import (
    HEAT_MAP,
    SweepSelection,
    chosen_sentence,
    seed_choices,
)
from nn_tui.tui.session.sweep_board import SweepBoard
from nn_tui.tui.session.sweep_proposal import extended
from nn_tui.tui.widgets.canvas import Canvas

_WIDE = 110
"""Columns of a window that has room for the details beside the picture."""
_LOW = 20
"""Rows below which the two lines of text are one."""


class SweepScreen(Dialog[None]):
    """A heat map, curves or parallel coordinates; ``enter`` opens a trial in the laboratory.

    ``set_up`` opens the form: for the sweep shown if it is given True, else for a new one.
    """

    HELP_TITLE = "Sweep"
    HELP_TEXT = "Many trials: one experiment with every combination of values."
    HELP_PARTS = (SweepMap,)
    HELP = """
    ## Sweep

    Every combination of the varied values is trained, with several weight seeds, in processes
    beside the laboratory. A cell has the median of its seeds: the better the brighter, `★` is the
    best, `✗` diverged or failed, `·` is still to come. Beside it are the loss curves of the seeds,
    and the ranking. One key has a curve for each value; three and more are parallel
    coordinates, with a line for each setting.

    `results.open` opens the trial of the median seed in the laboratory, trained; `undo` goes back
    to the run before. The results are kept with the run, and are shown again when it is reopened.
    """
    AUTO_FOCUS = "#sweep-map"
    DEFAULT_CSS = """
    SweepScreen #told {
        height: 2; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis;
    }
    SweepScreen.low #told { height: 1; }
    SweepScreen Horizontal { height: 1fr; }
    SweepScreen SweepMap { width: 3fr; }
    SweepScreen Footer { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open",
            "open",
            id="results.open",
            key_display="enter",
            tooltip="Open the trial of the median seed in the laboratory",
        ),
        Binding(
            "space",
            "pause",
            "pause",
            id="results.pause",
            key_display="space",
            tooltip="Pause the sweep, or let it go on",
        ),
        Binding("v", "view", "view", id="results.view", tooltip="Heat map, parallel …"),
        Binding("s", "seeds", "seeds", id="results.seeds", tooltip="Open the trial of a seed"),
        Binding(
            "plus",
            "widen",
            "widen",
            id="results.widen",
            key_display="+",
            tooltip="Add values beyond the end of the range where the best is",
        ),
        Binding(
            "m",
            "measure",
            "measure",
            id="results.measure",
            show=False,
            tooltip="Compare by another measure",
        ),
        Binding("e", "axes", "axes", id="results.axes", tooltip="Other values, seeds, epochs"),
        Binding("n", "new", "new", id="results.new", show=False, tooltip="Set up another sweep"),
        Binding(
            "o",
            "saved",
            "earlier",
            id="results.saved",
            show=False,
            tooltip="Earlier sweeps of this run",
        ),
        Binding("question_mark", "help", "help", id="results.help", tooltip="All keys"),
        Binding("escape,q,G", "leave", "back", id="results.leave", key_display="esc"),
    ]

    _told = query_one("#told", Static)

    def __init__(self, set_up: Callable[[bool], None]) -> None:
        super().__init__()
        self._set_up = set_up
        self._selection = SweepSelection(self.app.session.sweeps)

    def compose(self) -> ComposeResult:
        yield SweepTop(self._selection)
        with Horizontal():
            yield SweepMap(self._selection)
            yield SweepDetails(self._selection)
        yield Static(id="told", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the results, now and whenever there are more."""
        self.watch(self.app, "sweep_changes", self._show, init=False)
        self._arrange(*self.app.size)
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Show the details where there is room."""
        self._arrange(*event.size)

    def _arrange(self, width: int, height: int) -> None:
        self.query_one(SweepDetails).display = width >= _WIDE
        self.set_class(height < _LOW, "low")

    @property
    def _board(self) -> SweepBoard:
        return self._selection.board

    @property
    def _results(self) -> SweepResults | None:
        return self._selection.results

    def _show(self) -> None:
        """Draw everything again, and read the curves that are missing."""
        if not self.is_attached:
            return
        selection, results = self._selection, self._results
        picture, details = self.query_one(SweepMap), self.query_one(SweepDetails)
        if results is not None:
            several = "median " if results.plan.seeds > 1 else ""
            seeds = f" of {results.plan.seeds} seeds" if results.plan.seeds > 1 else ""
            by = f" by {results.labels()[0]}" if selection.per_value else ""
            title = f"{several}{measure_name(results.measure)}{seeds} · {selection.view}{by}"
            picture.border_title = Content(title)
            marks = "· to come  ✗ diverged or failed  ★ best" if selection.view == HEAT_MAP else ""
            picture.border_subtitle = Content(marks)
            texts = selection.texts
            details.border_title = Content(describe_setting(results, texts) if texts else "")
        for canvas in (self.query_one(SweepTop), picture, details):
            canvas.repaint()
        self._tell(chosen_sentence(selection))
        if needed := selection.needed():
            self._load(needed)

    @work(group="curves", exclusive=True, exit_on_error=False)
    async def _load(self, outcomes: list[Outcome]) -> None:
        if await self._board.load(outcomes) and self.is_attached:
            for canvas in (SweepMap, SweepDetails):
                self.query_one(canvas).repaint()

    def _tell(self, first: str) -> None:
        """Show a line, and below it what to know of the results, or why it does not go on."""
        problem = self._board.problem
        lines = [first, problem or self._remark()]
        self._told.update(Content("\n".join(lines)))

    def show_message(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence in place of the chosen setting's."""
        self._tell(sentence)

    @property
    def _wider(self) -> Edge | None:
        """An end of a range where the best setting is, and beyond which there are values."""
        results = self._results
        if results is None or results.plan.random:
            return None
        axes = results.plan.axes
        return next((e for e in results.edges if extended(axes[e.axis], e.direction)), None)

    def _remark(self) -> str:
        results = self._results
        if results is None:
            return ""
        plan = results.plan
        if self._wider is not None:
            axis, direction = self._wider
            label = field_of(plan.keys[axis]).label
            word = "smallest" if direction < 0 else "largest"
            plus = self.key_names["results.widen"]
            return f"the best {label} is the {word} that was tried: {plus} goes beyond it"
        ranking = results.ranking
        if len(ranking) > 1 and results.best is not None and ranking[0].overlaps(ranking[1]):
            return "the two best overlap: their seeds differ more than their medians"
        if results.flattered and results.best is not None:
            return (
                "the best is chosen on the test set, which flatters it: an honest figure needs a "
                "validation set (data.validation_fraction)"
            )
        path = self._board.path
        return "" if path is None else f"kept in {make_printable(str(path))}"

    # Handlers and actions

    def on_sweep_map_moved(self, event: SweepMap.Moved) -> None:
        """Show the setting chosen."""
        event.stop()
        self._show()

    def action_open(self) -> None:
        """Open the trial of the median seed."""
        setting, results = self._selection.setting, self._results
        if setting is None or results is None:
            self._tell("this setting is not trained yet")
            return
        self._open_trial(median_outcome(setting, results.measure))

    def _open_trial(self, outcome: Outcome) -> None:
        self.dismiss()
        self._board.open_trial(outcome)

    def action_seeds(self) -> None:
        """Choose the seed whose trial is opened."""
        setting, results = self._selection.setting, self._results
        if setting is None or results is None or len(setting.outcomes) < 2:
            axes = self.key_names["results.axes"]
            self._tell(f"one seed of each setting; {axes} changes the number")
            return
        seeds = seed_choices(setting, results.measure)
        by_name = {name: outcome for name, _, outcome in seeds}
        entries = [Choice(name, about) for name, about, _ in seeds]

        def take(names: tuple[str, ...]) -> None:
            self._open_trial(by_name[names[0]])

        title = describe_setting(results, setting.texts)
        self.app.push_screen(
            ChoiceDialog(title, "enter opens the trial in the laboratory", entries, take)
        )

    def action_pause(self) -> None:
        """Pause the sweep, or let it go on."""
        results = self._results
        if results is not None and len(results.outcomes) >= results.plan.count:
            axes = self.key_names["results.axes"]
            self._tell(f"all {results.plan.count:,} trials are trained; {axes} adds more")
        else:
            self._board.toggle()

    def action_view(self) -> None:
        """Show the next view."""
        self._selection.next_view()
        for canvas in self.query(Canvas):
            canvas.forget()
        self._show()

    def action_measure(self) -> None:
        """Compare by the next measure."""
        results = self._results
        if results is not None and results.measures:
            names = results.measures
            at = names.index(results.measure) if results.measure in names else -1
            self._board.choose_measure(names[(at + 1) % len(names)])

    def action_widen(self) -> None:
        """Add values beyond the range, where the best setting is at its end."""
        if (edge := self._wider) is not None:
            self._board.widen(edge)
            return
        results = self._results
        at_end = results is not None and results.edges and not results.plan.random
        why = "no further values can be added there" if at_end else "the best is inside the range"
        self._tell(f"{why}; {self.key_names['results.axes']} changes the values")

    def action_axes(self) -> None:
        """Change what is varied."""
        self._set_up(True)

    def action_new(self) -> None:
        """Set up another sweep."""
        self._set_up(False)

    def action_saved(self) -> None:
        """Choose among the sweeps that are kept with this run."""
        saved = self._board.saved()
        if not saved:
            self._tell("this run has no other sweeps")
            return
        paths = {make_printable(path.name): path for path in saved}
        entries = [Choice(name) for name in paths]

        def take(names: tuple[str, ...]) -> None:
            self._board.open_saved(paths[names[0]])

        self.app.push_screen(ChoiceDialog("Sweeps of this run", "newest first", entries, take))

    def action_help(self) -> None:
        """Show the help of this screen."""
        app = self.app
        chapter = chapter_of(self, "Sweep", app.keymap, app.key_names)
        app.push_screen(HelpScreen([chapter]))

    def action_leave(self) -> None:
        """Go back to the laboratory; the sweep goes on."""
        self.dismiss()
        if self._board.running:
            sweep = self.app.key_names["sweep"]
            self.app.show_message(f"the sweep goes on beside the run; {sweep} shows it")
