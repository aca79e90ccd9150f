"""``x``: step through the next update line by line, with its arrays and arithmetic."""

from typing import ClassVar

import numpy as np
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.events import DescendantFocus, Resize
from textual.reactive import reactive

from nn_tui.errors import InputError
from nn_tui.nn.explain.line_edits import LineChange, first_blank, removed, restored
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.gradient_comparison import GradientCheck
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.network_diagram import UnitNames
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.step_arithmetic import CODE_MARGIN, code_rows
from nn_tui.tui.drawing.step_tables import TableNames
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.panes.pane import GlossaryTopic
from nn_tui.tui.screens.explain_check import GradientChecker
from nn_tui.tui.screens.explain_editing import LineEditing
from nn_tui.tui.screens.explain_keys import EXPLAIN_BINDINGS
from nn_tui.tui.screens.explain_lesson import ExplainLesson
from nn_tui.tui.screens.explain_lines import LineInput
from nn_tui.tui.screens.explain_panels import ArraysPanel, CodePanel, MeaningPanel
from nn_tui.tui.screens.glossary import GlossaryScreen
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.screens.help_text import chapter_of
from nn_tui.tui.widgets.canvas import Canvas
from nn_tui.tui.widgets.footer import KeysLine

WIDE = 100
"""The least width in which the code is beside the arrays."""
LOW = 20
"""Below this height a narrow window shows either the code or the arrays."""
SHORT = 30
"""Below this height a narrow window shrinks the code while the result has the focus."""
_YOURS, _PREDICTION = "your row", "the prediction for your row"
_MAX_CODE_WIDTH = 0.45
_FRAME = 3
_EPOCH = len(", epoch 1,000,000")
_SHARE = 0.3
"""The part of a narrow window's height for the code, and for the meaning."""
_MIN_CODE = 3
_MIN_REST = 10
"""Lines kept for code and arrays beside a long formula."""


class ExplainScreen(Dialog[bool]):
    """Step through a copy of the run, which stays as ``snapshot`` shows it.

    Returns whether to train the epoch now.
    """

    HELP_TITLE = "Explain"
    HELP_TEXT = "The next step line by line."
    HELP_PARTS = (CodePanel, ArraysPanel)
    AUTO_FOCUS = "#code"
    CSS = """
    ExplainScreen { layers: base; }
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
    """
    HELP = """
    ## Explain

    The next update, line by line, as it will run: `↓` executes the next line, `↑` undoes
    it. Shown are the arrays that the line takes as inputs, then its result.
    `explain.turn` moves to the result: there the arrows choose a cell, the cells it depends
    on are highlighted, and its arithmetic is written out below. `▸` marks the sample that
    is followed. Rows and columns are counted from 0, as in code, and followed by their
    names; #1 is the number of a sample in the data pane. All of this happens on a copy:
    leaving changes nothing.

    `explain.diagram` shows the sample that is followed on its way through the network: its
    activations on the units, and activation · weight on the edges, line by line; then its
    deltas, and delta · weight, backward.

    `explain.edit` edits the line: `tab` completes a name, `↑` and `↓` choose among the names
    that begin like it, and a line that fits shows its result as it is typed; `enter` makes it
    an edit of the run, and its gradients are checked at once. `explain.check` compares every
    gradient with differences of the loss, and names the first line at fault; any key stops it.
    """
    BINDINGS: ClassVar[list[BindingType]] = EXPLAIN_BINDINGS

    done: reactive[bool] = reactive(False, bindings=True)
    """Whether all lines are executed; changes what some keys do."""

    in_result: reactive[bool] = reactive(False, bindings=True)
    """Whether the result has the focus, not the code."""

    def __init__(self, walk: StepDebugger, snapshot: Snapshot) -> None:
        super().__init__()
        dataset, short = snapshot.dataset, short_names(snapshot.dataset)
        names = TableNames(snapshot.network, short.inputs, short.classes, walk.samples)
        if walk.predicts:
            names.samples = (_YOURS,)
        self.cursor = ExplainCursor(walk, names)
        self._names, self._snapshot = names, snapshot
        self._unit_names = UnitNames(short.inputs, short.classes)
        self._editing = LineEditing(self.cursor, snapshot, self._refresh, self._line_taken)
        self._checker = GradientChecker()
        self._note = ""
        """What the gradient check does or found, until the next key."""
        self._epoch = snapshot.epoch + 1
        blank = None if walk.predicts else first_blank(walk.step)
        if blank is not None:
            self.cursor.go_to(blank + 1)
        self._scaling = dataset.target_scaling
        self._whole = self.cursor.samples == dataset.train_count

    def compose(self) -> ComposeResult:
        with Container(id="parts"):
            yield CodePanel(self.cursor, id="code")
            with Vertical(id="sheet"):
                yield ArraysPanel(self.cursor, id="arrays")
                yield MeaningPanel(self.cursor, id="meaning")
        yield ExplainLesson(self.app.query_one(LessonPane))
        yield KeysLine(id="explained-keys")

    def on_mount(self) -> None:
        """Show the first line, executed."""
        self._refresh()

    def on_resize(self, event: Resize) -> None:
        """Lay out the panels in the new size."""
        self._arrange(*event.size)
        self._update()

    def _refresh(self) -> None:
        """Lay out and draw."""
        self._arrange(*self.app.size)
        self._update()

    def _arrange(self, width: int, height: int) -> None:
        height -= self.query_one(ExplainLesson).fit_into(width, height)
        wide = width >= WIDE
        self.set_class(wide, "-wide")
        code, arrays = self.query_one(CodePanel), self.query_one(ArraysPanel)
        longest = max(len(line.code) for line in self.cursor.walk.lines)
        if self.cursor.walk.predicts:
            longest = max(longest, len(_PREDICTION) + _EPOCH)
        beside = min(longest + CODE_MARGIN + _FRAME, int(width * _MAX_CODE_WIDTH)) if wide else 0
        code.styles.width = beside or "100%"
        # A low window shows only the one that has the focus.
        low = not wide and height < LOW
        code.display = not low or not self.in_result
        arrays.display = not low or self.in_result
        checked = arrays.check is not None
        share = max(_MIN_CODE, int(height * _SHARE))
        if not wide:
            rows = 1 + len(code_rows(self.cursor.walk.lines))
            shrunk = (self.in_result or checked) and height < SHORT
            code.styles.height = _MIN_CODE if shrunk else min(rows, share)
        else:
            code.styles.height = "100%"
        meaning = self.query_one(MeaningPanel)
        meaning.display = wide or not checked
        frame = 2 if wide else 1  # lines; only a wide window has a border at the sides
        inside = width - beside - 2 if wide else width
        usual = min(12, share) if wide else max(_MIN_CODE, min(11, share - 1))
        wanted = meaning.lines_needed(inside, usual - frame) + frame
        meaning.styles.height = min(wanted, max(3, height - _MIN_REST))

    def _update(self) -> None:
        """Show the current line: titles, arrays and arithmetic."""
        cursor, walk = self.cursor, self.cursor.walk
        names = self.key_names
        what = "the update of" if self._whole else "the first update of"
        if walk.step.part == "rest":
            what = "no update in"
        batch = f"{cursor.samples:,} sample{'s' if cursor.samples != 1 else ''}"
        count = len(walk.lines)
        done = f"line {walk.position} of {count}"
        title = f"{what} epoch {self._epoch:,}, {batch}"
        followed = f"▸ sample {cursor.sample_name}, {names['explain.sample']} next sample"
        if walk.predicts:
            title = f"{_PREDICTION}, epoch {self._epoch - 1:,}"
            followed = self._decoded() if walk.at_end else ""
        if walk.at_end:
            done = f"all {count} lines done; "
            done += "" if walk.predicts else f"{names['explain.next']} trains, "
            done += f"{names['explain.leave']} leaves"
        self.query_one(CodePanel).title(title, done)
        arrays = self.query_one(ArraysPanel)
        arrays.title(walk.line.code, self._note or followed)
        if arrays.check is not None:
            arrays.title(
                f"Gradient check · epoch {self._epoch - 1:,}, float64",
                f"{names['explain.check']} arrays",
            )
        meaning = self.query_one(MeaningPanel)
        meaning.title(
            "Formula" if meaning.formula else "Meaning",
            f"{names['explain.formula']} {'arithmetic' if meaning.formula else 'formula'}",
        )
        if self._editing.active:
            meaning.title("Edit the line", "tab completes · ↑↓ names · enter takes it · esc leaves")
        if meaning.formula:
            self._arrange(*self.app.size)
        for part in self.query(Canvas):
            part.repaint()
        self.done = walk.at_end

    def _decoded(self) -> str:
        """How a prediction for a row follows from a standardized output."""
        scaling, walk = self._scaling, self.cursor.walk
        if scaling is None or walk.step.state.network.sizes[-1] > 1:
            return ""
        made = float(np.asarray(walk.result).flat[0])
        size, shift = float(scaling.size[0]), float(scaling.shift[0])
        return f"ŷ = {made:.4g} · {size:.6g} + {shift:.6g} = {made * size + shift:.6g}"

    # Handlers

    def on_code_panel_go(self, event: CodePanel.Go) -> None:
        """Execute or undo lines, unless one is edited."""
        if self._editing.active:
            self._editing.focus()
        else:
            self._stop_checking()
            self.action_go(event.lines)

    def on_code_panel_to_result(self, event: CodePanel.ToResult) -> None:
        """Focus the result."""
        self.action_focus_result(True)

    def on_value_input_left(self, event: LineInput.Left) -> None:
        """Leave the line as it was."""
        event.stop()
        self._editing.leave()

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Try the line typed so far, and show its result where it fits."""
        event.stop()
        if self._editing.active:
            self._editing.typed(event.value)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Take the line; where it does not fit, put the cursor on the place."""
        event.stop()
        self._editing.submitted(event.value, self.app)

    def on_key(self) -> None:
        """Any key ends a running gradient check; it acts as usual."""
        self._stop_checking()

    def on_unmount(self) -> None:
        """End a running gradient check."""
        self._checker.cancel()

    def on_arrays_panel_move(self, event: ArraysPanel.Move) -> None:
        """Move the cursor in the result."""
        self._stop_checking()
        self.cursor.move(event.rows, event.columns)
        self._update()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Follow the focus, as after a click; a lesson unfolds with it."""
        self._arrange(*self.app.size)
        if not isinstance(event.widget, CodePanel | ArraysPanel):
            return
        if self._editing.active:  # a click elsewhere leaves the line as it is typed
            self.call_later(self._editing.focus)
        else:
            self.action_focus_result(isinstance(event.widget, ArraysPanel))

    # Actions

    def action_focus_result(self, in_result: bool) -> None:
        """Focus the result or the code."""
        if in_result == self.in_result:
            return
        self.in_result = in_result
        self._arrange(*self.app.size)
        part = self.query_one(ArraysPanel if in_result else CodePanel)
        self.set_focus(part)

    def action_next(self) -> None:
        """Execute the next line."""
        self.action_go(1)

    def action_go(self, lines: int) -> None:
        """Execute lines, or undo them."""
        self.cursor.go(lines)
        self._update()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``enter`` and ``s`` execute lines; at the end both train the epoch."""
        if self._editing.active:
            return action in ("help", "dismiss")
        if action == "focus_result":
            return parameters != (self.in_result,)
        if action in ("edit", "check", "restore", "remove") and (
            self.cursor.walk.predicts or self.cursor.walk.step.part != "whole"
        ):
            return False
        if action == "restore":
            return self.cursor.walk.line.original is not None
        if action == "train":
            return self.done and not self.cursor.walk.predicts
        if action == "follow":
            return self.cursor.samples > 1
        return not (self.done and action in ("next", "finish"))

    def action_finish(self) -> None:
        """Execute all remaining lines."""
        self.action_go(len(self.cursor.walk.lines))

    def action_train(self) -> None:
        """Leave and train the epoch in the run itself."""
        self.dismiss(True)

    def action_follow(self, samples: int) -> None:
        """Follow another sample."""
        self.cursor.follow(samples)
        self._update()

    def action_edit(self, below: bool) -> None:
        """Edit the current line, or a new one below it."""
        self.action_focus_result(False)
        self._show_check(None)
        self._editing.begin(below, self.query_one(CodePanel), self.query_one(MeaningPanel))

    def _change(self, change: LineChange) -> None:
        """Make a change that is not typed, if it fits."""
        self._show_check(None)
        problem = self._editing.change(change, self.app)
        if problem:
            self.query_one(ArraysPanel).title(problem)

    def action_restore(self) -> None:
        """Make the current line what it was."""
        walk = self.cursor.walk
        self._change(restored(walk.step, max(0, walk.position - 1)))

    def action_remove(self) -> None:
        """Leave the current line out."""
        walk = self.cursor.walk
        self._change(removed(walk.step, max(0, walk.position - 1)))

    def action_diagram(self) -> None:
        """Show the sample's values in the diagram of the network, or the arrays again."""
        arrays = self.query_one(ArraysPanel)
        shown = arrays.unit_names is not None and arrays.check is None
        self._show_check(None)
        arrays.unit_names = None if shown else self._unit_names
        self._update()

    def action_check(self) -> None:
        """Check the gradients, or show the arrays again."""
        if self.query_one(ArraysPanel).check is not None:
            self._show_check(None)
        else:
            self._start_check(show_agreement=True)

    def _start_check(self, show_agreement: bool) -> None:
        """Check the gradients in a thread; show the result, of agreement only if wanted."""
        self.run_worker(self._check(show_agreement), exclusive=True, group="gradient check")

    async def _check(self, show_agreement: bool) -> None:
        arrays, step = self.query_one(ArraysPanel), self.cursor.walk.step
        self._note = "checking the gradients … any key stops it"
        self._update()
        try:
            found = await self._checker.check(self.cursor.walk)
        except InputError as error:
            self._note = ""
            self._update()
            arrays.title(str(error))
            return
        if found is None or self.cursor.walk.step is not step or self._editing.active:
            return
        self._note = "✓ all gradients agree with differences of the loss" if found.agrees else ""
        if found.agrees and not show_agreement:
            self._update()
            return
        if found.faults:
            self.cursor.go_to(found.faults[0].line + 1)
        self._show_check(found)

    def _stop_checking(self) -> None:
        if self._note:
            self._checker.cancel()
            self._note = ""
            self._update()

    def _line_taken(self) -> None:
        """Say whether the gradients are right with a line that was just edited."""
        if first_blank(self.cursor.walk.step) is None:
            self._start_check(show_agreement=False)

    def _show_check(self, check: GradientCheck | None) -> None:
        arrays, code = self.query_one(ArraysPanel), self.query_one(CodePanel)
        if check is None and arrays.check is None:
            return
        arrays.check = check
        code.faults = tuple(fault.line for fault in check.faults) if check else ()
        self._refresh()

    def action_formula(self) -> None:
        """Switch between the arithmetic and the formula with its source."""
        meaning = self.query_one(MeaningPanel)
        meaning.formula = not meaning.formula
        self._refresh()

    def action_lesson(self) -> None:
        """Focus the lesson, or the code again."""
        lesson = self.query_one(ExplainLesson)
        if lesson.lesson is not None:
            self.set_focus(self.query_one(CodePanel) if lesson.has_focus else lesson)

    def action_about(self) -> None:
        """Look up the name of the current line's result in the glossary."""
        line = self.cursor.walk.line
        name = line.code.partition("=")[0].rstrip(" +-*/")
        self.app.push_screen(GlossaryScreen(GlossaryTopic(name, line.code)))

    def action_help(self) -> None:
        """Show the help of this screen."""
        here = [node for node in (self, self.focused) if node is not None]
        chapters = [chapter_of(n, "Explain", self.app.keymap, self.app.key_names) for n in here]
        self.app.push_screen(HelpScreen(chapters))
