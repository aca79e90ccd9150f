"""Editing a line in Explain: the editor, the step that it makes, and the edit of the run."""

from collections.abc import Callable

from nn_tui.errors import InputError
from nn_tui.nn.explain.line_edits import LineChange
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.line_check import StepError
from nn_tui.nn.step import Step
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.screens.explain_lines import LineEditor
from nn_tui.tui.screens.explain_panels import CodePanel, MeaningPanel


class LineEditing:
    """Edits the lines of ``cursor.walk``; ``refresh`` lays out and draws the screen.

    A text that fits is walked through while it is typed. ``taken`` is called once a line is an
    edit of the run.
    """

    def __init__(
        self,
        cursor: ExplainCursor,
        snapshot: Snapshot,
        refresh: Callable[[], None],
        taken: Callable[[], None],
    ) -> None:
        self._cursor, self._snapshot = cursor, snapshot
        self._refresh, self._taken = refresh, taken
        self._editor = LineEditor(cursor.walk, snapshot)
        self._before = cursor.walk
        self._position_after = 0
        self._code: CodePanel | None = None

    @property
    def active(self) -> bool:
        """Whether a line is being edited."""
        return self._editor.active

    def begin(self, below: bool, code: CodePanel, meaning: MeaningPanel) -> None:
        """Edit the current line, or a new one ``below`` it."""
        self._code, walk = code, self._cursor.walk
        self._before = walk
        self._editor = LineEditor(walk, self._snapshot)
        self._position_after = walk.position + below
        text = self._editor.begin(below)
        meaning.edited = self._editor
        self._editor.typed(text)
        code.edit(text, self._editor.scope, int(below))
        self._refresh()

    def focus(self) -> None:
        """Return to the editor, as after a click elsewhere."""
        if self._code is not None:
            self._code.screen.set_focus(self._code.editor)

    def typed(self, text: str) -> None:
        """Try the text typed so far, and show its result where it fits."""
        made = self._editor.typed(text)
        if made is not None:
            self._show(made)
        self._refresh()

    def submitted(self, text: str, app: BaseApp) -> None:
        """Take the line; where it does not fit, put the cursor on the place."""
        editor, code = self._editor, self._code
        assert code is not None
        made = editor.typed(text)
        if made is None or editor.change is None:
            code.editor.cursor_position = min(editor.place, len(text))
            return
        self._end(made)
        self._take(editor.change, app)

    def leave(self) -> None:
        """Leave the line as it was."""
        self._end(None)

    def change(self, change: LineChange, app: BaseApp) -> str:
        """Make a change that is not typed; returns why it does not fit, or nothing."""
        walk = self._cursor.walk
        self._before, self._position_after = walk, walk.position
        try:
            made = LineEditor(walk, self._snapshot).tried(change)
        except StepError as error:
            return str(error)
        self._show(made)
        self._take(change, app)
        return ""

    def _end(self, made: Step | None) -> None:
        self._editor.leave()
        if made is None:
            self._cursor.replace(self._before, self._before.position)
        else:
            self._show(made)
        if self._code is not None:
            self._code.close_editor()
        self._refresh()

    def _show(self, step: Step) -> None:
        """Walk through another step, up to the line that is edited."""
        self._cursor.replace(StepDebugger(step, self._cursor.walk.samples), self._position_after)

    def _take(self, change: LineChange, app: BaseApp) -> None:
        """Make a change an edit of the run; the walk stays as it was if it cannot."""
        name, value = change
        try:
            text = app.session.set_field(f"lines.{name}", value).text
        except InputError as error:
            app.show_message(str(error))
            self._cursor.replace(self._before, self._before.position)
            self._refresh()
            return
        if text:
            app.show_message(text)
        self._refresh()
        self._taken()
