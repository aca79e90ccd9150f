"""``x``: the next step of the training walked line by line, with its numbers."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.events import DescendantFocus, Resize
from textual.reactive import reactive
from textual.widgets import Footer

from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.step_arithmetic import CODE_MARGIN, code_rows
from nn_tui.tui.drawing.step_tables import TableNames
from nn_tui.tui.screens.explain_panels import ArraysPanel, CodePanel, MeaningPanel
from nn_tui.tui.screens.help import HelpScreen, chapter_of
from nn_tui.tui.widgets.canvas import Canvas

WIDE = 100
"""From this width on the code stands beside the arrays."""
LOW = 20
"""Below this height a narrow window has no room for code and arrays at once."""
SHORT = 30
"""Below this height, in a narrow window, arrays get the code's room while one is in them."""
_MOST_CODE = 0.45
_FRAME = 3
_SHARE = 0.3
"""How much of the height code and meaning have in a narrow window, each."""
_LEAST_CODE = 3
_LEAST_REST = 10
"""Lines to leave for code and arrays where a formula is long."""


class ExplainScreen(Dialog[bool]):
    """``walk`` goes through a copy: the run, as ``snapshot`` shows it, is left alone.

    Its answer is whether the epoch is to be trained now.
    """

    HELP_TITLE = "Explain"
    HELP_TEXT = "The next step line by line."
    HELP_PARTS = (CodePanel, ArraysPanel)
    AUTO_FOCUS = "#code"
    CSS = """
    ExplainScreen { background: $surface; layers: base; }
    ExplainScreen #parts { height: 1fr; layout: vertical; }
    ExplainScreen.-wide #parts { layout: horizontal; }
    ExplainScreen #sheet { height: 1fr; width: 1fr; }
    ExplainScreen #code { width: 100%; }
    ExplainScreen.-wide #code { height: 100%; }
    ExplainScreen ExplainPanel { border: none; border-top: round $foreground 25%; }
    ExplainScreen ExplainPanel:focus { border: none; border-top: round $primary; }
    ExplainScreen.-wide ExplainPanel { border: round $foreground 25%; }
    ExplainScreen.-wide ExplainPanel:focus { border: round $primary; }
    ExplainScreen #arrays { height: 1fr; }
    ExplainScreen Footer { background: $surface; }
    """
    HELP = """
    ## Explain

    The next step of the training, line by line, as it will run: `↓` carries the next
    line out, `↑` undoes it. Above stand the arrays that the line reads, then what it
    makes. `explain.turn` goes to the result: there the arrows choose a cell, the cells that it
    was made from light up, and its arithmetic is written out below. `▸` marks the
    sample that is followed. Rows and columns are counted from 0, as in code; behind that
    is their name, of samples the number that they have in the data pane, as in #1. All of
    this happens on a copy: leaving changes nothing.
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "next",
            "next",
            id="explain.next",
            key_display="enter",
            tooltip="Carry the next line out",
        ),
        *(
            Binding(
                "tab,shift+tab",
                f"stand({there})",
                name,
                id="explain.turn",
                key_display="tab",
                priority=True,
                tooltip=f"To the {name}",
            )
            for there, name in ((True, "result"), (False, "code"))
        ),
        Binding(
            "enter",
            "train",
            "train epoch",
            id="explain.next",
            key_display="enter",
            tooltip="At the end: leave, and train this epoch",
        ),
        Binding(
            "s", "finish", "finish", id="explain.finish", tooltip="Carry all remaining lines out"
        ),
        Binding(
            "s",
            "train",
            "Train epoch",
            id="explain.finish",
            show=False,
            tooltip="At the end: leave, and train this epoch",
        ),
        Binding(
            "n",
            "follow(1)",
            "sample",
            id="explain.sample",
            tooltip="Follow the next sample of the batch",
        ),
        Binding(
            "N",
            "follow(-1)",
            "Sample before",
            id="explain.sample-before",
            show=False,
            tooltip="Follow the one before",
        ),
        Binding(
            "f",
            "formula",
            "formula",
            id="explain.formula",
            tooltip="The formula and its source, and back",
        ),
        Binding(
            "question_mark", "help", "help", id="explain.help", key_display="?", tooltip="All keys"
        ),
        Binding(
            "escape,x,q",
            "dismiss",
            "leave",
            id="explain.leave",
            key_display="esc",
            tooltip="Back to the run, which is as it was",
        ),
    ]

    done: reactive[bool] = reactive(False, bindings=True)
    """Whether all lines are carried out; changes what some keys do."""

    in_result: reactive[bool] = reactive(False, bindings=True)
    """Whether one stands in the result, not in the code."""

    def __init__(self, walk: StepDebugger, snapshot: Snapshot) -> None:
        super().__init__()
        dataset = snapshot.dataset
        names = TableNames(snapshot.network, dataset.input_names, dataset.classes, walk.samples)
        self.guide = ExplainCursor(walk, names)
        self._epoch = snapshot.epoch + 1
        self._whole = self.guide.samples == dataset.train_count

    def compose(self) -> ComposeResult:
        with Container(id="parts"):
            yield CodePanel(self.guide, id="code")
            with Vertical(id="sheet"):
                yield ArraysPanel(self.guide, id="arrays")
                yield MeaningPanel(self.guide, id="meaning")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the first line, done."""
        self._arrange(*self.app.size)
        self._show_message()

    def on_resize(self, event: Resize) -> None:
        """Give the parts the room there is."""
        self._arrange(*event.size)
        self._show_message()

    def _arrange(self, width: int, height: int) -> None:
        wide = width >= WIDE
        self.set_class(wide, "-wide")
        code, arrays = self.query_one(CodePanel), self.query_one(ArraysPanel)
        longest = max(len(line.code) for line in self.guide.walk.lines)
        beside = min(longest + CODE_MARGIN + _FRAME, int(width * _MOST_CODE)) if wide else 0
        code.styles.width = beside or "100%"
        # A low window shows one of the two, whichever a person is in.
        low = not wide and height < LOW
        code.display = not low or not self.in_result
        arrays.display = not low or self.in_result
        share = max(_LEAST_CODE, int(height * _SHARE))
        if not wide:
            rows = 1 + len(code_rows(self.guide.walk.lines))
            small = self.in_result and height < SHORT
            code.styles.height = _LEAST_CODE if small else min(rows, share)
        meaning = self.query_one(MeaningPanel)
        frame = 2 if wide else 1  # lines; on the sides there is one only in a wide window
        inside = width - beside - 2 if wide else width
        usual = min(12, share) if wide else max(_LEAST_CODE, min(11, share - 1))
        wanted = meaning.requested_recipe(inside, usual - frame) + frame
        meaning.styles.height = min(wanted, max(3, height - _LEAST_REST))

    def _show_message(self) -> None:
        """Show where one stands."""
        guide, walk = self.guide, self.guide.walk
        names = self.key_names
        what = "the update of" if self._whole else "the first update of"
        if walk.step.part == "rest":
            what = "no update in"
        batch = f"{guide.samples:,} sample{'s' if guide.samples != 1 else ''}"
        count = len(walk.lines)
        done = f"line {walk.position} of {count}"
        if walk.at_end:
            done = f"all {count} lines done; {names['explain.next']} trains, "
            done += f"{names['explain.leave']} leaves"
        title = f"{what} epoch {self._epoch:,}, {batch}"
        self.query_one(CodePanel).title(title, done)
        self.query_one(ArraysPanel).title(
            walk.line.code, f"▸ sample {guide.followed}, {names['explain.sample']} the next"
        )
        meaning = self.query_one(MeaningPanel)
        meaning.title(
            "Formula" if meaning.formula else "Meaning",
            f"{names['explain.formula']} {'arithmetic' if meaning.formula else 'formula'}",
        )
        if meaning.formula:
            self._arrange(*self.app.size)
        for part in self.query(Canvas):
            part.repaint()
        self.done = walk.at_end

    # Handlers

    def on_code_panel_go(self, event: CodePanel.Go) -> None:
        """Lines further, or back."""
        self.action_go(event.lines)

    def on_code_panel_to_result(self, event: CodePanel.ToResult) -> None:
        """From the code to the result."""
        self.action_stand(True)

    def on_arrays_panel_move(self, event: ArraysPanel.Move) -> None:
        """Another cell of the result."""
        self.guide.move(event.rows, event.columns)
        self._show_message()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A click on a part goes there too."""
        if isinstance(event.widget, CodePanel | ArraysPanel):
            self.action_stand(isinstance(event.widget, ArraysPanel))

    # Actions

    def action_stand(self, in_result: bool) -> None:
        """In the result, or in the code."""
        if in_result == self.in_result:
            return
        self.in_result = in_result
        self._arrange(*self.app.size)
        part = self.query_one(ArraysPanel if in_result else CodePanel)
        self.set_focus(part)

    def action_next(self) -> None:
        """Carry the next line out."""
        self.action_go(1)

    def action_go(self, lines: int) -> None:
        """Carry lines out, or undo them."""
        self.guide.go(lines)
        self._show_message()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``enter`` and ``s`` go on; once the step is finished both train the epoch."""
        if action == "stand":
            return parameters != (self.in_result,)
        if action == "train":
            return self.done
        return not (self.done and action in ("next", "finish"))

    def action_finish(self) -> None:
        """Carry all remaining lines out."""
        self.action_go(len(self.guide.walk.lines))

    def action_train(self) -> None:
        """Leave, and let the run itself train the epoch."""
        self.dismiss(True)

    def action_follow(self, samples: int) -> None:
        """Follow another sample."""
        self.guide.follow(samples)
        self._show_message()

    def action_formula(self) -> None:
        """The formula and its source in the arithmetic's place, and back."""
        meaning = self.query_one(MeaningPanel)
        meaning.formula = not meaning.formula
        self._arrange(*self.app.size)
        self._show_message()

    def action_help(self) -> None:
        """All keys."""
        here = [node for node in (self, self.focused) if node is not None]
        chapters = [chapter_of(n, "Explain", self.app.keymap, self.app.key_names) for n in here]
        self.app.push_screen(HelpScreen(chapters))
