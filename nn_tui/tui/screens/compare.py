"""``C``: a table of this run, the pinned runs, the earlier ones and saved ones."""

import asyncio
from pathlib import Path
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.coordinate import Coordinate
from textual.getters import query_one
from textual.widgets import DataTable, Static

from nn_tui.errors import InputError
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import saved_results
from nn_tui.text import make_printable
from nn_tui.training.branches import PinnedRun
from nn_tui.training.snapshot import summarize_run
from nn_tui.training.timeline import MOST_LISTED_REPLICAS
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.screens.compare_groups import grouped_rows, with_same_value
from nn_tui.tui.screens.compare_table import (
    CompareColumn,
    ComparedRun,
    compare_columns,
    compared_run,
    compared_run_help,
    compared_runs,
    ordered,
    seed_label,
)
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.screens.help_text import chapter_of

_ONE_RUN = (
    "Only one run so far: `compare.pin` pins it as it is now, and runs that you train after "
    "`restart` or a change are listed beside it."
)
_KEYS = (
    "enter opens, `compare.sort` sorts, `compare.group` groups, `compare.filter` filters, "
    "`compare.pin` pins, `compare.saved` saved, `compare.help` help"
)
_MOST_SAVED = 100
"""The largest number of saved runs that are read, the newest ones."""


class CompareScreen(Dialog[None]):
    """A table of runs; the cursor selects a run and the column to sort by."""

    HELP_TITLE = "Compare"
    HELP_TEXT = "This run beside others."
    AUTO_FOCUS = "DataTable"
    DEFAULT_CSS = """
    CompareScreen > .dialog { width: auto; min-width: 72; height: auto; max-height: 94%; }
    CompareScreen DataTable {
        width: auto;
        max-width: 100%;
        height: auto;
        max-height: 30;
        background: $surface;
        scrollbar-size-horizontal: 1;
        scrollbar-size-vertical: 1;
    }
    CompareScreen DataTable:focus { background-tint: transparent; }
    CompareScreen DataTable > .datatable--header { background: $surface; color: $accent; }
    CompareScreen DataTable > .datatable--fixed { background: $surface; color: $foreground; }
    CompareScreen DataTable:ansi > .datatable--cursor { text-style: reverse; }
    CompareScreen Static { height: 2; padding: 0 1; margin: 1 0 0 0; color: $text-muted; }
    """
    HELP = """
    ## Compare

    A row for this run (`▶`), for each pinned run (`━`, in the colour of its curve) and for
    each earlier run of this session. Recipe columns are those in which the runs differ, with
    the values used in training: a change after the last epoch is not yet part of a run. A
    loss marked ≠ is not comparable with this run's: the loss function or the data differ.
    Accuracy and mean absolute error (MAE) are those of the test set; runs without one have
    those of the training set. The small curves are the training losses on one logarithmic
    axis. `enter` opens the run under the cursor at that epoch; `undo` returns.

    With many seeds, each has a row. `compare.saved` adds the saved runs. `compare.filter` keeps
    the runs with the value under the cursor, again all. `compare.group` makes one row of all runs
    with the same value in this column: the values of the median run by training loss, and beside
    them the lowest and the highest; `enter` opens that run.
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "s",
            "sort",
            "sort",
            id="compare.sort",
            tooltip="Sort by this column; again: descending, unsorted",
        ),
        Binding(
            "g",
            "group",
            "group",
            id="compare.group",
            tooltip="A row for each value of this column; again: for each run",
        ),
        Binding(
            "f",
            "filter",
            "filter",
            id="compare.filter",
            tooltip="Only runs with this value; again: all runs",
        ),
        Binding("o", "saved", "saved", id="compare.saved", tooltip="Add the saved runs"),
        Binding("p", "pin", "pin", id="compare.pin", tooltip="Pin the run"),
        Binding("x,delete", "unpin", "unpin", id="compare.unpin", tooltip="Unpin the run"),
        Binding("h", "move('left')", "Left", id="compare.left", show=False),
        Binding("j", "move('down')", "Down", id="compare.down", show=False),
        Binding("k", "move('up')", "Up", id="compare.up", show=False),
        Binding("l", "move('right')", "Right", id="compare.right", show=False),
        Binding("question_mark", "help", "help", id="compare.help", tooltip="All keys"),
        Binding("escape,q,C", "dismiss", "leave", id="compare.leave", tooltip="Back to the run"),
    ]

    _table = query_one(DataTable)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ComparedRun] = []
        self._columns: list[CompareColumn] = []
        self._first: ComparedRun | None = None
        self._sorted = ""
        self._descending = False
        self._grouped = ""
        self._filter: tuple[str, ComparedRun] | None = None
        self._others: list[ComparedRun] = []
        self._read_saved = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Compare"
            box.border_subtitle = self.key_names.with_key_names(_KEYS)
            yield DataTable(cursor_type="cell", fixed_columns=1, cell_padding=1)
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Fill the table, now and whenever the run or the pins change."""
        self.watch(self.app, "snapshot", self._fill, init=False)
        self.watch(self.app, "pins", self._fill, init=False)
        self._fill()
        group = self.app.session.timeline.group
        if group is not None and len(group.members) <= MOST_LISTED_REPLICAS:
            self.run_worker(self._add_replicas(), exit_on_error=False)

    async def _add_replicas(self) -> None:
        """Add a row for each replica of this run."""
        session = self.app.session
        for summary, position in await asyncio.to_thread(session.timeline.results):
            label = seed_label(session.display_name, summary)
            self._others.append(compared_run(label, summary, position))
        self._fill()

    async def _add_saved(self, store: RunStore, own: set[Path]) -> None:
        """Add the saved runs of other sessions, one after the other."""
        unread = 0
        for entry in (await asyncio.to_thread(store.entries))[:_MOST_SAVED]:
            if entry.folder.path in own:
                continue
            try:
                results = await asyncio.to_thread(saved_results, entry.folder)
            except InputError:
                unread += 1
                continue
            for summary, position in results:
                several = len(results) > 1
                label = seed_label(entry.name, summary) if several else make_printable(entry.name)
                self._others.append(compared_run(label, summary, position, entry.folder))
            if not self.is_attached:
                return
            self._fill()
        added = sum(row.folder is not None for row in self._others)
        text = f"{added} saved run{'s'[: added != 1]} added"
        self._tell(f"{text}; {unread} cannot be opened" if unread else text)

    def _tell(self, text: str) -> None:
        self.query_one(Static).update(text)

    def _fill(self) -> None:
        session, snapshot = self.app.session, self.app.snapshot
        assert snapshot is not None
        position = self._rows[self._table.cursor_row].position if self._rows else None
        column = self._table.cursor_column
        name, summary = session.display_name, summarize_run(snapshot)
        rows = compared_runs(
            name if snapshot.replicas is None else seed_label(name, summary),
            session.position,
            summary,
            self.app.pins,
            session.timeline.branches,
            self._others,
        )
        self._columns, self._first = compare_columns(rows), rows[0]
        rows = self._part(rows)
        by = next((c for c in self._columns if c.title == self._sorted), None)
        self._rows = ordered(rows, by, self._descending) if by else rows
        self._table.clear(columns=True)
        for number, entry in enumerate(self._columns):
            self._table.add_column(self._heading(entry), key=str(number))
        for row in self._rows:
            self._table.add_row(*(self._cell(row, entry) for entry in self._columns))
        same = [
            n for n, row in enumerate(self._rows) if position and row.position.run is position.run
        ]
        column = max(0, min(column, len(self._columns) - 1))
        self._table.move_cursor(row=same[0] if same else 0, column=column)
        self._describe_selected()

    def _part(self, rows: list[ComparedRun]) -> list[ComparedRun]:
        """The rows that the filter leaves, in groups if there are any."""
        columns = {column.title: column for column in self._columns}
        if self._filter is not None and self._filter[0] in columns:
            title, like = self._filter
            rows = with_same_value(rows, columns[title], like) or rows
        if self._grouped in columns:
            rows = grouped_rows(rows, columns[self._grouped])
        return rows

    def _heading(self, column: CompareColumn) -> Text:
        mark = ("▾" if self._descending else "▴") if column.title == self._sorted else ""
        mark += "=" if self._filter is not None and column.title == self._filter[0] else ""
        mark += "≡" if column.title == self._grouped else ""
        return Text(f"{column.title}{mark}", justify="right" if column.right else "left")

    def _cell(self, row: ComparedRun, column: CompareColumn) -> Text:
        text = Text(column.text(row), self._style(row, column), no_wrap=True)
        text.justify = "right" if column.right else "left"
        if column is self._columns[0]:
            pinned = row.pin is not None
            mark = "▶ " if row.now else "━ " if pinned else "  "
            return Text.assemble((mark, self._mark_style(row)), text, no_wrap=True)
        return text

    def _style(self, row: ComparedRun, column: CompareColumn) -> Style:
        palette = self.app.palette
        if column.title == "diverged":
            return Style(color=palette.bad.color)
        return Style(bold=row.now or None)

    def _mark_style(self, row: ComparedRun) -> Style:
        palette = self.app.palette
        if row.pin is not None:
            return Style(color=palette.series(self.app.pins.index(row.pin)).color)
        return Style(color=palette.train.color)

    @property
    def _selected(self) -> ComparedRun:
        return self._rows[self._table.cursor_row]

    def _describe_selected(self) -> None:
        text = (
            compared_run_help(self._selected, self._first)
            if len(self._rows) > 1
            else self.key_names.with_key_names(_ONE_RUN)
        )
        self.query_one(Static).update(text)

    # Handlers

    def on_data_table_cell_highlighted(self, event: DataTable.CellHighlighted) -> None:
        """Describe the run under the cursor."""
        event.stop()
        self._describe_selected()

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Open the run under the cursor."""
        event.stop()
        selected = self._selected
        self.dismiss()
        if selected.now:
            self.app.show_message(f"{selected.label} is the current run")
        elif selected.folder is not None:
            self.app.session.reopen(selected.folder)
        else:
            self.app.session.jump(
                selected.position, f"{selected.label}, epoch {selected.position.epoch:,}"
            )

    def on_data_table_header_selected(self, event: DataTable.HeaderSelected) -> None:
        """Sort by the heading clicked on."""
        event.stop()
        self._sort(event.column_index)

    # Actions

    def action_sort(self) -> None:
        """Sort by the column under the cursor: ascending, then descending, then unsorted."""
        self._sort(self._table.cursor_column)

    def _sort(self, number: int) -> None:
        title = self._columns[number].title
        if title != self._sorted:
            self._sorted, self._descending = title, False
        elif self._descending:
            self._sorted = ""
        else:
            self._descending = True
        self._table.cursor_coordinate = Coordinate(self._table.cursor_row, number)
        self._fill()

    def action_group(self) -> None:
        """Make one row of the runs with the same value in this column, or show all again."""
        title = self._columns[self._table.cursor_column].title
        self._grouped = "" if self._grouped == title else title
        self._fill()

    def action_filter(self) -> None:
        """Keep the runs with the value under the cursor, or show all again."""
        if self._grouped and self._filter is None:
            self._tell("a group is no single value: show all runs again, then filter")
            return
        title = self._columns[self._table.cursor_column].title
        self._filter = None if self._filter is not None else (title, self._selected)
        self._fill()

    def action_saved(self) -> None:
        """Add the saved runs of other sessions."""
        saver = self.app.session.saver
        if saver is None:
            self._tell("runs are not saved, so there are none to add")
        elif not self._read_saved:
            self._read_saved = True
            self._tell("reading the saved runs …")
            own = {folder.path for folder in saver.folders}
            self.run_worker(self._add_saved(saver.store, own), exit_on_error=False)

    def action_pin(self) -> None:
        """Pin the run under the cursor."""
        selected = self._selected
        if selected.pin is None:
            self.app.session.keep(PinnedRun("", selected.outcome, selected.position))
        else:
            unpin = self.key_names["compare.unpin"]
            self.query_one(Static).update(f"{selected.label} is already pinned; {unpin} unpins it")

    def action_unpin(self) -> None:
        """Unpin the run under the cursor."""
        selected = self._selected
        if selected.pin is not None:
            self.app.session.unpin(selected.pin)
        else:
            pin = self.key_names["compare.pin"]
            self.query_one(Static).update(f"{selected.label} is not pinned; {pin} pins it")

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        getattr(self._table, f"action_cursor_{direction}")()

    def action_help(self) -> None:
        """Show the help of this screen."""
        chapter = chapter_of(self, "Compare", self.app.keymap, self.app.key_names)
        self.app.push_screen(HelpScreen([chapter]))
