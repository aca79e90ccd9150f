"""Pane 2: the recipe, one field a row, each to be changed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from nn_tui.fields import FIELDS, Field
from nn_tui.kinds import Choice, Flag
from nn_tui.tui.panes.editor import EditingPane
from nn_tui.tui.pictures.hyperparameters import (
    LABEL_WIDTH,
    draw_hyperparameters,
    help_of,
    recipe_rows,
)
from nn_tui.tui.stepping import stepped


class HyperparametersPane(EditingPane):
    """Rows with a cursor; a value is typed in an ``Editor`` that opens in its place."""

    HELP = """
    ## Hyperparameters

    All that the experiment starts from. `enter` types a value (or chooses from a list),
    `←` `→` step through sensible ones. Some act at the next epoch, others restart the
    run; the line at the bottom says which. A dot marks what differs from the preset;
    what does nothing in this recipe is faint.
    """
    NUMBER = 2
    TITLE = "Hyperparameters"
    HINT = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("left,h", "step(-1)", "Previous value", show=False),
        Binding("right,l", "step(1)", "Next value", show=False),
        Binding("enter", "edit", "edit", tooltip="Type or choose a value"),
    ]

    class Change(Message):
        """Somebody wants ``key`` to be what they typed as ``text``."""

        def __init__(self, key: str, text: str) -> None:
            super().__init__()
            self.key = key
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._keys = [*FIELDS]
        self._at = self._keys.index("training.learning_rate")
        self._first = 0

    @property
    def field(self) -> Field:
        """The field under the cursor."""
        return FIELDS[self._keys[self._at]]

    def info(self) -> str:
        return help_of(self.field, self.snapshot.recipe) if self.snapshot is not None else ""

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is None:
            return []
        line = self._line_of_cursor()
        total = len(recipe_rows())
        first = min(self._first, line - 1 if line > 1 else 0)
        first = max(first, line - height + 1)
        self._first = max(0, min(first, total - height))
        below = total - self._first - height
        self.note(f"{below} more below" if below > 0 else "")
        return draw_hyperparameters(
            self.snapshot.recipe,
            self.lab.session.preset,
            self.field.key,
            self.has_focus or self.editing,
            self._first,
            width,
            height,
            self.palette,
        )

    def _line_of_cursor(self) -> int:
        rows = recipe_rows()
        return next(i for i, row in enumerate(rows) if row.field is self.field)

    # The editor

    def open_editor(self) -> None:
        """Let a person type the value under the cursor."""
        assert self.snapshot is not None
        key, kind = self.field.key, self.field.kind
        left = LABEL_WIDTH + 2
        width = self.content_size.width - left - 1
        place = Region(left, self._line_of_cursor() - self._first, width, 1)
        self.type_value(
            key, kind.show(self.snapshot.recipe[key]), place, f"{key} may be {kind.allowed}"
        )

    def take(self, key: str, text: str) -> None:
        self.post_message(self.Change(key, text))

    # Keys and mouse

    def on_click(self, event: Click) -> None:
        """Put the cursor where one clicks."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        rows = recipe_rows()
        line = self._first + offset.y if offset is not None else -1
        if 0 <= line < len(rows) and (field := rows[line].field) is not None:
            self._at = self._keys.index(field.key)
            self.repaint()
            self.lab.tell()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._at = max(0, min(len(self._keys) - 1, self._at + rows))
        self.repaint()
        self.lab.tell()

    def action_step(self, direction: int) -> None:
        """Take the next sensible value."""
        if self.snapshot is not None:
            text = stepped(self.field, self.lab.session.wanted[self.field.key], direction)
            self.post_message(self.Change(self.field.key, text))

    def action_edit(self) -> None:
        """Choose from a list, switch, or type."""
        kind = self.field.kind
        if isinstance(kind, Flag):
            self.action_step(1)
        elif isinstance(kind, Choice):
            self.lab.choose(self.field, kind.choices)
        elif self.editing:
            self.submit()
        else:
            self.open_editor()
