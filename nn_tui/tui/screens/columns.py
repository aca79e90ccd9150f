"""``c``: the columns of the data file, which of them are inputs, and which is the target."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from rich.style import Style
from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Resize
from textual.strip import Strip
from textual.widgets import Static

from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.missing_values import MISSING
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.column_details import draw_details
from nn_tui.tui.drawing.column_list import ColumnChoice, count_distinct, draw_columns
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.widgets.canvas import Canvas
from nn_tui.tui.widgets.footer import KeysLine

_KEPT = ("header", "columns", "scale", "missing", "seed", "validation_fraction", "order", "task")
"""Settings of the data that are kept when the file is opened with other columns."""

_LEAST_HEIGHT = 20
"""Rows of a window that has room for more than the list of columns."""


class ColumnList(Canvas, can_focus=True):
    """The columns; the arrows move over them."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = "ColumnList { height: 1fr; background: $surface; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", id="columns.up", show=False),
        Binding("down,j", "move(1)", "Down", id="columns.down", show=False),
        Binding("pageup", "move(-10)", "Ten columns up", id="columns.page-up", show=False),
        Binding("pagedown", "move(10)", "Ten columns down", id="columns.page-down", show=False),
        Binding("home", "move(-1000000)", "First column", id="columns.first", show=False),
        Binding("end", "move(1000000)", "Last column", id="columns.last", show=False),
    ]

    def __init__(self, choices: Sequence[ColumnChoice], distinct: dict[str, int]) -> None:
        super().__init__(id="columns")
        self.choices = [*choices]
        self.cursor = 0
        self._first = 0
        self._distinct = distinct

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def lay_out(self, width: int, height: int) -> None:
        rows = max(1, height - 1)
        self._first = min(max(self._first, self.cursor - rows + 1), self.cursor)

    def draw(self, width: int, height: int) -> list[Strip]:
        area = DrawArea(width, height, self.app.palette)
        return draw_columns(self.choices, self._distinct, self.cursor, self._first, area)

    @property
    def chosen(self) -> ColumnChoice:
        """The column under the cursor."""
        return self.choices[self.cursor]

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor = max(0, min(len(self.choices) - 1, self.cursor + rows))
        self.repaint()
        self.screen.query_one(ColumnDetails).repaint()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the column clicked on."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y > 0:
            self.action_move(self._first + offset.y - 1 - self.cursor)


class ColumnDetails(Canvas):
    """The values of the column under the cursor, and what will be trained."""

    app = getters.app(BaseApp)

    DEFAULT_CSS = "ColumnDetails { height: 1fr; background: $surface; }"

    def __init__(self, snapshot: Snapshot, columns: ColumnList) -> None:
        super().__init__(id="details")
        self._snapshot, self._columns = snapshot, columns

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        area = DrawArea(width, height, self.app.palette)
        changed = any(choice.changed for choice in self._columns.choices)
        return draw_details(self._snapshot, self._columns.chosen.column, changed, area)


class ColumnsScreen(Dialog[None]):
    """Choose inputs and target; accepting opens the file with them."""

    HELP_TITLE = "Columns"
    HELP_TEXT = "The columns of the data file: which are inputs, and which is the target."
    HELP_PARTS = (ColumnList,)
    AUTO_FOCUS = "#columns"
    DEFAULT_CSS = """
    ColumnsScreen > .dialog { width: 100%; height: 100%; }
    ColumnsScreen #told { height: auto; max-height: 4; padding: 0 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "open with this", id="columns.accept", key_display="enter"),
        Binding(
            "space",
            "take_or_leave",
            "in, out",
            id="columns.toggle",
            key_display="space",
            tooltip="Take the column in as an input, or leave it out",
        ),
        Binding("y", "target", "target", id="columns.target", tooltip="Make it the target"),
        Binding(
            "t",
            "type",
            "type",
            id="columns.type",
            tooltip="Read the column as categories, or as it is; of the target: classes or numbers",
        ),
        Binding(
            "f",
            "missing",
            "missing values",
            id="columns.missing",
            tooltip="Missing values: fill in, drop the rows, refuse",
        ),
        Binding("escape,q", "dismiss", "back", id="columns.back", key_display="esc"),
    ]

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._recipe = snapshot.experiment
        self._dataset = snapshot.dataset
        self._missing = snapshot.experiment.data.missing
        self._task_chosen = snapshot.recipe.data.task
        data = snapshot.recipe.data
        self._loaded = [
            ColumnChoice(
                column,
                _role(column.role),
                categorical=column.name in data.categories,
                missing=data.missing,
            )
            for column in snapshot.dataset.table
        ]
        self._list = ColumnList(self._loaded, count_distinct(snapshot.dataset))
        self._details = ColumnDetails(snapshot, self._list)

    def compose(self) -> ComposeResult:
        dataset = self._dataset
        with Vertical(classes="dialog") as box:
            rows = f"{dataset.samples:,} rows × {len(dataset.table)} columns"
            box.border_title = Content(f"{dataset.name} · {rows}")
            yield self._list
            yield self._details
            yield Static(id="told")
            yield KeysLine(id="column-keys")

    def on_mount(self) -> None:
        """Say what will be trained."""
        self._show()

    def on_resize(self, event: Resize) -> None:
        """Give the list the rows it needs, at most half; all of them in a small window."""
        roomy = event.size.height >= _LEAST_HEIGHT
        rows = min(len(self._choices) + 1, event.size.height // 2)
        self._list.styles.height = rows if roomy else "1fr"
        self._details.display = roomy

    @property
    def _choices(self) -> list[ColumnChoice]:
        return self._list.choices

    def _names(self, role: str) -> tuple[str, ...]:
        return tuple(choice.column.name for choice in self._choices if choice.role == role)

    def _show(self, remark: str = "") -> None:
        """Show the choice, and below it what it is, what it lacks, or the ``remark``."""
        told = remark or self._problem()
        if not told and (not self._details.display or self._has_changed):
            inputs, targets = self._names("input"), self._names("target")
            count = f"{len(inputs)} column{'s' if len(inputs) != 1 else ''}"
            learned = {"classification": " as classes", "regression": " as numbers"}
            told = f"inputs from {count}: {joined_names(inputs, 8)} → {joined_names(targets)}"
            told += learned.get(self._task_chosen, "")
        missing = f"missing values: {self._missing} ({MISSING[self._missing].partition(';')[0]})"
        marks = "▣ input  ◎ target  ☐ left out  • changed; the file itself stays as it is"
        lines = [line for line in (told, missing, marks) if line]
        self.query_one("#told", Static).update(Content("\n".join(lines)))
        self._list.repaint()
        self._details.repaint()

    @property
    def _has_changed(self) -> bool:
        """Whether the choice differs from what was loaded."""
        data = self._recipe.data
        same = (self._missing, self._task_chosen) == (data.missing, data.task)
        return not same or any(choice.changed for choice in self._choices)

    def _problem(self) -> str:
        """Why nothing can be trained with this choice, or empty."""
        if not self._names("target"):
            return f"no target: {self.key_names['columns.target']} makes a column the target"
        if not self._names("input"):
            return f"no input: {self.key_names['columns.toggle']} takes a column in"
        for choice in self._choices:
            if choice.problem:
                return f"{choice.column.name}: {choice.problem}"
        return ""

    def _choose(self, at: int, **values: Any) -> None:
        """Change a choice."""
        made = replace(self._choices[at], changed=False, **values)
        self._choices[at] = replace(made, changed=made != self._loaded[at])

    # Actions

    def action_take_or_leave(self) -> None:
        """Take the column in as an input, or leave it out."""
        role = "left out" if self._list.chosen.role == "input" else "input"
        self._choose(self._list.cursor, role=role)
        self._show()

    def action_target(self) -> None:
        """Make the column the only target; the former ones become inputs."""
        for number, choice in enumerate(self._choices):
            if choice.role == "target" and number != self._list.cursor:
                self._choose(number, role="input")
        self._choose(self._list.cursor, role="target", categorical=False)
        self._task_chosen = self._recipe.data.task
        self._show()

    def action_type(self) -> None:
        """Read the column as categories or as it is; learn the target as classes or numbers."""
        choice = self._list.chosen
        if choice.role == "target":
            if choice.column.kind != "number":
                self._show(f"{choice.column.name} has no numbers: it is learned as classes")
                return
            classes = self._task_chosen == "classification" or (
                self._task_chosen == self._recipe.data.task and bool(self._dataset.classes)
            )
            self._task_chosen = "regression" if classes else "classification"
        elif choice.categorical or choice.column.kind in ("number", "date", "identifier"):
            self._choose(self._list.cursor, categorical=not choice.categorical)
        else:
            self._show(f"{choice.column.name} has no numbers or dates: it is read as categories")
            return
        self._show()

    def action_missing(self) -> None:
        """Change how missing values are handled."""
        ways = [*MISSING]
        self._missing = ways[(ways.index(self._missing) + 1) % len(ways)]
        for number, choice in enumerate(self._choices):
            if choice.column.missing:
                self._choose(number, missing=self._missing)
        self._show()

    def action_accept(self) -> None:
        """Open the file with this choice; without any change only leave."""
        if problem := self._problem():
            self.show_message(problem, bad=True)
            return
        changed = self._has_changed
        self.dismiss()
        if changed:
            recipe = self._recipe.with_value("data.missing", self._missing)
            recipe = recipe.with_value("data.task", self._task_chosen)
            wanted = assignments(recipe, self._choices)
            self.app.session.open(recipe.data.source, "", wanted)


def _role(role: str) -> str:
    return role if role in ("input", "target") else "left out"


def assignments(recipe: Recipe, choices: Sequence[ColumnChoice]) -> tuple[str, ...]:
    """The settings of the data that make each column what was chosen.

    Columns that are left out by themselves are named only to keep them in, others only to leave
    them out.
    """
    features = []
    for choice in choices:
        name = choice.column.name
        if choice.column.reason and choice.role == "input":
            features.append(f"+{name}")
        elif not choice.column.reason and choice.role == "left out":
            features.append(f"-{name}")
    targets = tuple(choice.column.name for choice in choices if choice.role == "target")
    categories = tuple(choice.column.name for choice in choices if choice.categorical)
    values = {"features": tuple(features), "target": targets, "categories": categories}
    values |= {name: getattr(recipe.data, name) for name in _KEPT}
    return tuple(
        f"data.{name}={FIELDS[f'data.{name}'].kind.show(value)}" for name, value in values.items()
    )
