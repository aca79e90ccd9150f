"""Pane 2: the recipe, one editable field per row."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from nn_tui.recipe.field_types import FlagField, Value
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.dialogs.choose import ChoiceDialog
from nn_tui.tui.drawing.hyperparameter_list import (
    draw_hyperparameters,
    field_help,
    label_width,
    recipe_rows,
    truncated_value,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.panes.editable_pane import EditablePane
from nn_tui.tui.panes.hyperparameter_choices import FieldChoices
from nn_tui.tui.session.value_steps import has_steps, next_value
from nn_tui.tui.widgets.message_lines import MARGINS

_STEP = Binding.Group("step", compact=True)


class HyperparametersPane(EditablePane):
    """The fields of the recipe with a cursor; a value is typed in place."""

    HELP = """
    ## Hyperparameters

    The recipe of the experiment. `hyperparameters.edit` edits a value or opens a list,
    `hyperparameters.previous` and `hyperparameters.next` step through common values,
    `halve` and `double` scale it, `hyperparameters.preset` restores the preset's value.
    Some changes take effect at the next epoch, others restart the run; the line at the
    bottom tells which, and `undo` undoes any change. A dot marks values that differ from
    the preset; values that are not used in this recipe are dimmed, with the reason.
    """
    NUMBER = 2
    TITLE = "Hyperparameters"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "edit", "edit", id="hyperparameters.edit", tooltip="Type or choose a value"
        ),
        *movement_bindings(
            "hyperparameters",
            {
                "up": "move(-1)",
                "down": "move(1)",
                "page-up": "page(-1)",
                "page-down": "page(1)",
                "first": "go(0)",
                "last": "go(-1)",
            },
        ),
        Binding(
            "left,h",
            "step(-1)",
            "Previous",
            id="hyperparameters.previous",
            group=_STEP,
            tooltip="Previous value",
        ),
        Binding(
            "right,l",
            "step(1)",
            "Next",
            id="hyperparameters.next",
            group=_STEP,
            tooltip="Next value",
        ),
        Binding(
            "equals_sign,backspace",
            "put_back",
            "preset",
            id="hyperparameters.preset",
            tooltip="Restore the preset's value",
        ),
        Binding(
            "left_curly_bracket",
            "section(-1)",
            "Group above",
            id="hyperparameters.above",
            show=False,
        ),
        Binding(
            "right_curly_bracket",
            "section(1)",
            "Group below",
            id="hyperparameters.below",
            show=False,
        ),
    ]

    class Change(Message):
        """Request to set the field ``key`` to the value typed as ``text``."""

        def __init__(self, key: str, text: str) -> None:
            super().__init__()
            self.key = key
            self.text = text

    class SetValue(Message):
        """Request to set ``key`` to ``value``."""

        def __init__(self, key: str, value: Value) -> None:
            super().__init__()
            self.key = key
            self.value = value

    def __init__(self) -> None:
        super().__init__()
        self._keys = [*FIELDS]
        self._at = self._keys.index("training.learning_rate")
        self._first = 0
        self._lists = FieldChoices()

    @property
    def field(self) -> Field:
        """The field under the cursor."""
        return FIELDS[self._keys[self._at]]

    def info(self) -> str:
        if self.snapshot is None:
            return ""
        field, recipe = self.field, self.snapshot.recipe
        whole = truncated_value(field, recipe, self.content_size.width)
        back = self.app.key_names["hyperparameters.preset"]
        room = self.app.size.width - MARGINS
        return field_help(field, recipe, self.app.session.preset, back, whole, room)

    def lay_out(self, width: int, height: int) -> None:
        if self.snapshot is None:
            return
        line = self._line_of_cursor()
        total = len(recipe_rows())
        first = min(self._first, line - 1 if line > 1 else 0)
        first = max(first, line - height + min(2, height))
        self._first = max(0, min(first, total - height))
        self.note(_hidden_rows(self._first, max(0, total - self._first - height)))

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is None:
            return []
        drawn = draw_hyperparameters(
            self.snapshot.recipe,
            self.app.session.preset,
            self.field.key,
            self.has_focus or self.editing,
            self._first,
            DrawArea(width, height, self.palette),
        )
        return [*drawn]

    def _line_of_cursor(self) -> int:
        rows = recipe_rows()
        return next(i for i, row in enumerate(rows) if row.field is self.field)

    # The editor

    def open_editor(self) -> None:
        """Edit the value under the cursor."""
        assert self.snapshot is not None
        key, kind = self.field.key, self.field.kind
        left = label_width(self.content_size.width) + 2
        width = max(4, self.content_size.width - left - 1)
        place = Region(left, self._line_of_cursor() - self._first, width, 1)
        self.type_value(
            key,
            kind.show(self.snapshot.recipe[key]),
            place,
            f"allowed: {kind.allowed}",
        )

    def take(self, key: str, text: str) -> None:
        self.post_message(self.Change(key, text))

    # Keys and mouse

    def on_click(self, event: Click) -> None:
        """Put the cursor on the row clicked on."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        rows = recipe_rows()
        line = self._first + offset.y if offset is not None else -1
        if 0 <= line < len(rows) and (field := rows[line].field) is not None:
            self._at = self._keys.index(field.key)
            self.repaint()
            self.app.show_message()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor by three rows."""
        self.action_move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor by three rows."""
        self.action_move(-3)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._at = max(0, min(len(self._keys) - 1, self._at + rows))
        self.repaint()
        self.app.show_message()

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self.action_move(direction * max(1, self.content_size.height - 2))

    def action_go(self, place: int) -> None:
        """Move the cursor to the first field (0) or the last (-1)."""
        self._at = place % len(self._keys)
        self.action_move(0)

    def stand_on(self, key: str) -> None:
        """Move the cursor to the field ``key``."""
        self._at = self._keys.index(key)
        self.action_move(0)

    def action_section(self, direction: int) -> None:
        """Move the cursor to the first field of this group, or of the group above or below."""
        firsts = [i for i, key in enumerate(self._keys) if not i or _other_group(self._keys, i)]
        others = [i for i in firsts if (i - self._at) * direction > 0]
        self._at = (min if direction > 0 else max)(others, default=self._at)
        self.action_move(0)

    def action_step(self, direction: int) -> None:
        """Step to the next common value."""
        if self.snapshot is None:
            return
        field, value = self.field, self.app.session.requested_recipe[self.field.key]
        following = next_value(field, value, direction)
        if following != value:
            self.post_message(self.SetValue(field.key, following))
        elif field.inactive_reason(self.snapshot.recipe):
            self.app.show_message()
        else:
            which = (
                "other" if not has_steps(field, value) else "lower" if direction < 0 else "higher"
            )
            edit = self.app.key_names["hyperparameters.edit"]
            self.app.show_message(
                f"{field.label}: no {which} value to step to; {edit} sets another"
            )

    def action_put_back(self) -> None:
        """Restore the preset's value."""
        field, session = self.field, self.app.session
        preset = session.preset[field.key]
        if session.requested_recipe[field.key] == preset:
            shown = field.kind.show(preset)
            self.app.show_message(f"{field.label} is already {shown}, the preset's value")
        else:
            self.post_message(self.SetValue(field.key, preset))

    def action_edit(self) -> None:
        """Choose from a list, toggle, or type a value."""
        kind = self.field.kind
        if isinstance(kind, FlagField):
            self.action_step(1)
        elif self.editing:
            self.submit()
        elif self.snapshot is not None and (choices := self._choices(self.snapshot)) is not None:
            self.app.push_screen(choices)
        elif self.snapshot is not None:
            self.open_editor()

    def _choices(self, snapshot: Snapshot) -> ChoiceDialog | None:
        field = self.field

        def take(text: str) -> None:
            self.post_message(self.Change(field.key, text))

        return self._lists.list_for(
            field, self.app.session.requested_recipe, snapshot.dataset, take
        )


def _hidden_rows(above: int, below: int) -> str:
    """Return how many lines are out of view."""
    if above and below:
        return f"{above} more above, {below} below"
    return f"{above} more above" if above else f"{below} more below" if below else ""


def _other_group(keys: Sequence[str], at: int) -> bool:
    return FIELDS[keys[at]].section != FIELDS[keys[at - 1]].section
