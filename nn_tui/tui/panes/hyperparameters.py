"""Pane 2: the recipe, one editable field per row, in groups that can be folded."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from nn_tui.recipe.field_groups import unused_fields
from nn_tui.recipe.field_types import FlagField, Value
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.field_explanation import explain_field, explain_group
from nn_tui.tui.drawing.hyperparameter_list import (
    draw_hyperparameters,
    field_help,
    group_help,
    truncated_value,
    value_start,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.panes.editable_pane import EditablePane
from nn_tui.tui.panes.hyperparameter_cursor import FieldCursor
from nn_tui.tui.panes.pane import GlossaryTopic
from nn_tui.tui.session.value_steps import has_steps, next_value
from nn_tui.tui.widgets.message_lines import MARGINS

if TYPE_CHECKING:
    from nn_tui.tui.dialogs.choose import ChoiceDialog
    from nn_tui.tui.panes.hyperparameter_choices import FieldChoices

_STEP = Binding.Group("step", compact=True)
_OF_FIELDS = ("step", "put_back")
"""Actions that are for fields only."""
_LEAST_EXPLANATION = 2


class HyperparametersPane(EditablePane):
    """The fields of the recipe with a cursor; a value is typed in place."""

    HELP = """
    ## Hyperparameters

    The recipe of the experiment: first what people change most, then groups of the other
    fields. `hyperparameters.edit` folds and unfolds a group. On a field it edits the value
    or opens a list, `hyperparameters.previous` and `hyperparameters.next` step through
    common values, `halve` and `double` scale it, `hyperparameters.preset` restores the
    preset's value. Some changes take effect at the next epoch, others restart the run; the
    line at the bottom tells which, and `undo` undoes any change. A dot marks values that
    differ from the preset, and groups with such values. Fields that have no effect in this
    recipe are hidden; `hyperparameters.unused` shows them, with the reason. Where there is
    room, the meaning of the field under the cursor is below the list.
    """
    NUMBER = 2
    TITLE = "Hyperparameters"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "edit", "edit", id="hyperparameters.edit", tooltip="Type or choose a value"
        ),
        Binding("enter", "unfold", "unfold", id="hyperparameters.edit", tooltip="Unfold the group"),
        Binding("enter", "fold", "fold", id="hyperparameters.edit", tooltip="Fold the group"),
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
            "v",
            "unused",
            "unused",
            id="hyperparameters.unused",
            tooltip="Show or hide the fields that have no effect",
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
        self._cursor = FieldCursor("training.learning_rate")
        self._lists: FieldChoices | None = None

    @property
    def field(self) -> Field | None:
        """The field under the cursor; None on the line of a group."""
        return self._cursor.field

    def watch_snapshot(self) -> None:
        """Draw the fields that have an effect in the new recipe."""
        if self.snapshot is not None:
            self._cursor.recipe = self.snapshot.experiment
        super().watch_snapshot()

    def info(self) -> str:
        if self.snapshot is None:
            return ""
        names = self.app.key_names
        if (group := self._cursor.group) is not None:
            return group_help(group, self._cursor.view, names["hyperparameters.edit"])
        field, recipe = self._field_here, self.snapshot.experiment
        whole = truncated_value(field, recipe, self.content_size.width)
        back = names["hyperparameters.preset"]
        room = self.app.size.width - MARGINS
        return field_help(field, recipe, self.app.session.preset, back, whole, room)

    def topic(self) -> GlossaryTopic:
        line = self._cursor.line - self._cursor.first
        if self.field is None or self.snapshot is None:
            return GlossaryTopic("hyperparameter", line=line)
        key, label = self.field.key, self.field.label
        value = self.field.kind.show(self.snapshot.experiment[key])
        return GlossaryTopic(key, f"{label} = {value}", line)

    def lay_out(self, width: int, height: int) -> None:
        if self.snapshot is None:
            return
        cursor = self._cursor
        cursor.scroll(height)
        self.note(_hidden_rows(cursor.first, max(0, len(cursor.rows) - cursor.first - height)))

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is None:
            return []
        drawn = draw_hyperparameters(
            self.snapshot.experiment,
            self.app.session.preset,
            self._cursor.view,
            self._cursor.key,
            self.has_focus or self.editing,
            self._cursor.first,
            self.app.key_names["hyperparameters.unused"],
            DrawArea(width, height, self.palette),
            self._steps(),
        )
        return self._explained([*drawn], width)

    def _explained(self, drawn: list[Strip], width: int) -> list[Strip]:
        """Explain what is under the cursor in the blank lines below the list."""
        cursor, recipe = self._cursor, self._cursor.recipe
        start, stop = (row - cursor.first for row in cursor.blank_rows)
        area = DrawArea(width, stop - start - 1, self.palette)  # one line stays blank
        if area.height < _LEAST_EXPLANATION:
            return drawn
        if (group := cursor.group) is not None:
            lines = explain_group(group, recipe, area)
        else:
            lines = explain_field(self._field_here, recipe, area)
        drawn[start + 1 : start + 1 + len(lines)] = lines
        return drawn

    def _steps(self) -> tuple[str, str]:
        """The values below and above that of the field under the cursor; empty without one."""
        field = self.field
        if field is None or field.inactive_reason(self.app.session.requested_recipe):
            return "", ""
        value = self.app.session.requested_recipe[field.key]
        if not has_steps(field, value):
            return "", ""
        down, up = (next_value(field, value, direction) for direction in (-1, 1))
        show = field.kind.show
        return "" if down == value else show(down), "" if up == value else show(up)

    @property
    def _field_here(self) -> Field:
        """The field under the cursor, for actions that are for fields only."""
        assert self.field is not None
        return self.field

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``enter`` edits a field, unfolds a group or folds it."""
        group = self._cursor.group
        if action == "edit":
            return group is None
        if action in ("fold", "unfold"):
            return group is not None and (group.name in self._cursor.view.unfolded) == (
                action == "fold"
            )
        return True

    def is_action_useful(self, action: str) -> bool:
        """Whether there is a field or a group for it under the cursor, or an unused field."""
        if action == "unused":
            return bool(unused_fields(self._cursor.recipe))
        if action.startswith(_OF_FIELDS) and self.field is None:
            return False
        return bool(self.check_action(action, ()))

    # The editor

    def open_editor(self) -> None:
        """Edit the value under the cursor."""
        assert self.snapshot is not None
        key, kind = self._field_here.key, self._field_here.kind
        left = value_start(self.content_size.width) - 1
        width = max(4, self.content_size.width - left - 1)
        place = Region(left, self._cursor.line - self._cursor.first, width, 1)
        self.type_value(
            key,
            kind.show(self.snapshot.experiment[key]),
            place,
            f"allowed: {kind.allowed}",
        )

    def take(self, key: str, text: str) -> None:
        self.post_message(self.Change(key, text))

    # Keys and mouse

    def on_click(self, event: Click) -> None:
        """Put the cursor on the row clicked on; fold or unfold a group."""
        super().on_click(event)
        offset, cursor = event.get_content_offset(self), self._cursor
        line = cursor.first + offset.y if offset is not None else -1
        if not 0 <= line < len(cursor.rows):
            return
        row = cursor.rows[line]
        if row.key:
            cursor.put(row.key)
        if row.group is not None:
            cursor.toggle(row.group.name)
        if row.unused:
            cursor.toggle_unused()
        self._moved()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor by three rows."""
        self.action_move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor by three rows."""
        self.action_move(-3)

    def _moved(self) -> None:
        """Draw the cursor in its new place, or other rows around it."""
        self.repaint()
        self.app.show_message()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._cursor.move(rows)
        self._moved()

    def action_page(self, direction: int) -> None:
        """Move the cursor by a page."""
        self.action_move(direction * max(1, self.content_size.height - 2))

    def action_go(self, place: int) -> None:
        """Move the cursor to the first line (0) or the last (-1)."""
        self._cursor.go(place)
        self._moved()

    def stand_on(self, key: str) -> None:
        """Move the cursor to the field ``key``, and show it if it is hidden."""
        self._cursor.reveal(FIELDS[key])
        self._moved()

    def action_section(self, direction: int) -> None:
        """Move the cursor to the line of this group, or of the group above or below."""
        self._cursor.go_by_groups(direction)
        self._moved()

    def action_unfold(self) -> None:
        """Unfold the group under the cursor."""
        self._cursor.toggle(self._cursor.key)
        self._moved()

    def action_fold(self) -> None:
        """Fold the group under the cursor."""
        self.action_unfold()

    def action_unused(self) -> None:
        """Show the fields that have no effect in this recipe, or hide them."""
        self._cursor.toggle_unused()
        self._moved()

    def action_step(self, direction: int) -> None:
        """Step to the next common value; on the line of a group, fold (-1) or unfold it (1)."""
        if self.snapshot is None:
            return
        if (group := self._cursor.group) is not None:
            if (group.name in self._cursor.view.unfolded) == (direction < 0):
                self.action_unfold()
            return
        field = self._field_here
        value = self.app.session.requested_recipe[field.key]
        following = next_value(field, value, direction)
        if following != value:
            self.post_message(self.SetValue(field.key, following))
        elif field.inactive_reason(self.snapshot.experiment):
            self.app.show_message()
        else:
            which = (
                "other" if not has_steps(field, value) else "lower" if direction < 0 else "higher"
            )
            edit = self.app.key_names["hyperparameters.edit"]
            self.app.show_message(
                f"{field.label}: no {which} value to step to; {edit} lets you type one"
            )

    def action_put_back(self) -> None:
        """Restore the preset's value."""
        if self.field is None:
            self.app.show_message("choose a field: its preset's value is restored")
            return
        field, session = self.field, self.app.session
        preset = session.preset[field.key]
        if session.requested_recipe[field.key] == preset:
            shown = field.kind.show(preset)
            self.app.show_message(f"{field.label} is already {shown}, the preset's value")
        else:
            self.post_message(self.SetValue(field.key, preset))

    def action_edit(self) -> None:
        """Choose from a list, toggle, or type a value."""
        kind = self._field_here.kind
        if isinstance(kind, FlagField):
            self.action_step(1)
        elif self.editing:
            self.submit()
        elif self.snapshot is not None and (choices := self._choices(self.snapshot)) is not None:
            self.app.push_screen(choices)
        elif self.snapshot is not None:
            self.open_editor()

    def _choices(self, snapshot: Snapshot) -> "ChoiceDialog | None":
        from nn_tui.tui.panes.hyperparameter_choices import FieldChoices  # start-up time

        field = self._field_here

        def take(text: str) -> None:
            self.post_message(self.Change(field.key, text))

        if self._lists is None:
            self._lists = FieldChoices()
        return self._lists.list_for(
            field, self.app.session.requested_recipe, snapshot.dataset, take
        )


def _hidden_rows(above: int, below: int) -> str:
    """Return how many lines are out of view."""
    if above and below:
        return f"{above} more above, {below} below"
    return f"{above} more above" if above else f"{below} more below" if below else ""
