"""The three panels of the explain screen: the code, the arrays, the arithmetic."""

from typing import ClassVar

from rich.style import Style
from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message
from textual.strip import Strip

from nn_tui.nn.gradient_comparison import GradientCheck
from nn_tui.nn.line_check import LineScope
from nn_tui.nn.line_grammar import MOST_CHARACTERS
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.gradient_table import draw_gradient_check
from nn_tui.tui.drawing.line_edit import draw_line_edit
from nn_tui.tui.drawing.network_diagram import UnitNames
from nn_tui.tui.drawing.sample_path import draw_sample_path
from nn_tui.tui.drawing.step_arithmetic import (
    CODE_MARGIN,
    NAMING_NOTE,
    code_rows,
    draw_arithmetic,
    draw_code,
    draw_formula,
    first_code_row,
)
from nn_tui.tui.drawing.step_arrays import draw_arrays, place_tables
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.screens.explain_lines import LineEditor, LineInput
from nn_tui.tui.theme import Palette
from nn_tui.tui.widgets.canvas import Canvas

_LONGEST_LINE = MOST_CHARACTERS + 20
_MOST_LINES = 100
_CORNERS = 4
"""Cells of a border beside its title."""
_LINE = Binding.Group("line ", compact=True)
_CELL = Binding.Group("cell ", compact=True)


class ExplainPanel(Canvas):
    """A panel that draws the current line."""

    DEFAULT_CSS = """
    ExplainPanel {
        border: round $foreground 25%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    ExplainPanel:focus {
        border: round $primary;
        border-title-color: $primary;
        border-title-style: bold;
    }
    """

    app = getters.app(BaseApp)

    def __init__(self, cursor: ExplainCursor, *, id: str) -> None:
        super().__init__(id=id)
        self.cursor = cursor
        self._titles = ("", "")

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        return self.app.palette

    @property
    def paper(self) -> Style:
        return self.palette.text

    def title(self, text: str, note: str = "") -> None:
        """Set the titles in the upper and the lower border, or both in the upper one.

        Narrow windows have only an upper border; if both do not fit, the longer is kept.
        """
        if not self.screen.has_class("-wide") and note:
            both = f"{text} · {note}"
            room = self.app.size.width - _CORNERS
            text, note = both if len(both) <= room else max(text, note, key=len), ""
        if (text, note) != self._titles:  # Textual redraws the whole widget for it
            self._titles = (text, note)
            self.border_title, self.border_subtitle = Content(text), Content(note)


class CodePanel(ExplainPanel, can_focus=True):
    """The lines; moving executes and undoes them."""

    HELP = f"""
    ## Code

    The lines of the update, as in a script: `✓` executed, `▸` executed last and shown in
    full, the others not yet. `~` marks a line that is changed or added, `?` a blank, `✗` the
    line that a gradient check finds to be wrong. {NAMING_NOTE}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up,k", "go(-1)", "Undo the line", id="explain.code.up", key_display="↑", group=_LINE
        ),
        Binding(
            "down,j",
            "go(1)",
            "Execute the next line",
            id="explain.code.down",
            key_display="↓",
            group=_LINE,
        ),
        Binding("home", "go(-1000000)", "First line", id="explain.code.first", show=False),
        Binding("end", "go(1000000)", "Last line", id="explain.code.last", show=False),
        Binding("right,l", "result", "To the result", id="explain.code.result", show=False),
    ]

    class Go(Message):
        """Request to execute ``lines`` lines, or to undo them if negative."""

        def __init__(self, lines: int) -> None:
            super().__init__()
            self.lines = lines

    class ToResult(Message):
        """Request to focus the result."""

    def __init__(self, cursor: ExplainCursor, *, id: str) -> None:
        super().__init__(cursor, id=id)
        self.faults: tuple[int, ...] = ()
        self._edited = self._row = 0
        self.editor = LineInput(compact=True, select_on_focus=False, max_length=_LONGEST_LINE)

    def edit(self, text: str, scope: LineScope | None, row: int) -> None:
        """Open the editor over the current line, or so many rows below."""
        if not self.editor.is_attached:
            self.mount(self.editor)
        editor, self._row = self.editor, row
        self._edited = max(0, self.cursor.walk.position - 1)
        editor.scope = scope
        editor.value = text
        self.place_editor()
        editor.display = True
        editor.cursor_position = len(text)
        self.screen.set_focus(editor)

    def place_editor(self) -> None:
        """Put the editor over its line, which moves when the panel gets another size."""
        walk, editor = self.cursor.walk, self.editor
        rows, height = code_rows(walk.lines), self.content_size.height
        at = rows.index(min(self._edited, len(walk.lines) - 1)) + self._row
        first = first_code_row(walk.lines, walk.position, height)
        editor.styles.offset = (CODE_MARGIN, max(0, min(at - first, height - 1)))
        editor.styles.width = max(8, self.content_size.width - CODE_MARGIN)

    def on_resize(self, event: Resize) -> None:
        """Keep the editor over its line."""
        super().on_resize(event)
        if self.editor.display and self.editor.is_attached:
            self.place_editor()

    def close_editor(self) -> None:
        """Close the editor and focus the code."""
        self.editor.display = False
        self.screen.set_focus(self)
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        walk, area = self.cursor.walk, DrawArea(width, height, self.palette)
        return draw_code(walk.lines, walk.position, area, self.faults)

    def action_go(self, lines: int) -> None:
        """Execute lines, or undo them."""
        self.post_message(self.Go(lines))

    def action_result(self) -> None:
        """Focus the result."""
        self.post_message(self.ToResult())

    def on_click(self, event: Click) -> None:
        """Go to the line clicked on."""
        walk = self.cursor.walk
        offset = event.get_content_offset(self)
        if offset is None:
            return
        rows = code_rows(walk.lines)
        row = first_code_row(walk.lines, walk.position, self.content_size.height) + offset.y
        if row < len(rows) and rows[row] >= 0:
            self.action_go(rows[row] + 1 - walk.position)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Execute the next line."""
        self.action_go(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Undo the line."""
        self.action_go(-1)


class ArraysPanel(ExplainPanel, can_focus=True):
    """The inputs of the line and its result; the cursor is in the result."""

    HELP = """
    ## Result

    First the inputs of the line, then its result. The cursor is on a number of the result;
    the numbers it depends on are filled with their colour: blue is positive, orange
    negative. `←` `→` `↑` `↓` in a heading or at an edge show that there is more in that
    direction.
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "up,k",
            "move(-1, 0)",
            "Cell above",
            id="explain.result.up",
            key_display="↑",
            group=_CELL,
        ),
        Binding(
            "down,j",
            "move(1, 0)",
            "Cell below",
            id="explain.result.down",
            key_display="↓",
            group=_CELL,
        ),
        Binding(
            "left,h",
            "move(0, -1)",
            "Previous cell",
            id="explain.result.left",
            key_display="←",
            group=_CELL,
        ),
        Binding(
            "right,l",
            "move(0, 1)",
            "Next cell",
            id="explain.result.right",
            key_display="→",
            group=_CELL,
        ),
        Binding(
            "pagedown", "move(10, 0)", "Ten cells down", id="explain.result.page-down", show=False
        ),
        Binding("pageup", "move(-10, 0)", "Ten cells up", id="explain.result.page-up", show=False),
    ]

    class Move(Message):
        """Request to move the cursor in the result."""

        def __init__(self, rows: int, columns: int) -> None:
            super().__init__()
            self.rows = rows
            self.columns = columns

    check: GradientCheck | None = None
    """The gradient check shown in place of the arrays."""

    unit_names: UnitNames | None = None
    """Names of the units, while the diagram is shown in place of the arrays."""

    def draw(self, width: int, height: int) -> list[Strip]:
        area = DrawArea(width, height, self.palette)
        if self.check is not None:
            return draw_gradient_check(self.check, self.cursor.walk.step.state.network, area)
        if self.unit_names is not None:
            cursor = self.cursor
            return draw_sample_path(
                cursor.walk, cursor.sample, self.unit_names, cursor.sample_name, area
            )
        return draw_arrays(self.cursor, area)

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor."""
        self.post_message(self.Move(rows, columns))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the number clicked on."""
        offset = event.get_content_offset(self)
        if offset is None or self.unit_names is not None:
            return
        left, top, grid = place_tables(self.cursor, *self.content_size)[-1]
        cell = grid.cell_at(offset.x - left, offset.y - top)
        if cell is not None:
            self.action_move(cell[0] - self.cursor.row, cell[1] - self.cursor.column)


class MeaningPanel(ExplainPanel):
    """The meaning of the line, and the arithmetic of the cell or the formula."""

    formula = False
    """Whether to show the formula in place of the arithmetic."""

    edited: LineEditor | None = None
    """The line that is edited: what it may read is shown."""

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.editing:
            return self._line_edit(DrawArea(width, height, self.palette))
        if self.formula:
            return draw_formula(self.cursor, width, self.palette)
        return draw_arithmetic(self.cursor, DrawArea(width, height, self.palette))

    @property
    def editing(self) -> bool:
        """Whether a line is edited."""
        return self.edited is not None and self.edited.active

    def _line_edit(self, area: DrawArea) -> list[Strip]:
        edited = self.edited
        if edited is None or edited.scope is None:
            return []
        return draw_line_edit(edited.target, edited.scope, edited.problem, edited.incomplete, area)

    def lines_needed(self, width: int, usual: int) -> int:
        """Return the lines needed in ``width`` cells: ``usual``, or more for a long formula."""
        if self.editing:
            return max(usual, len(self._line_edit(DrawArea(width, _MOST_LINES, self.palette))))
        if not self.formula:
            return usual
        return max(usual, len(draw_formula(self.cursor, width, self.palette)))
