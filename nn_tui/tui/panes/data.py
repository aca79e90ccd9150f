"""Pane 1: the samples, their targets and the network's predictions."""

import asyncio
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.events import Click, MouseMove, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.data_columns import ShownColumn, selectable_columns, table_columns
from nn_tui.tui.drawing.data_summary import draw_data_summary
from nn_tui.tui.drawing.part_marks import part_mark
from nn_tui.tui.drawing.sample_marks import WRONG
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.panes.data_keys import DATA_BINDINGS
from nn_tui.tui.panes.data_views import VIEWS, DataView, ScoresView, TableCell, TableView
from nn_tui.tui.panes.pane import GlossaryTopic
from nn_tui.tui.panes.pane_title import Legend
from nn_tui.tui.panes.sample_values import (
    allowed_values,
    describe_origin,
    displayed_datum,
    displayed_prediction,
    editable_datum,
)
from nn_tui.tui.panes.try_row_pane import TryRowPane


class DataPane(TryRowPane):
    """Samples in one of several views, with a cursor; only visible ones are computed."""

    HELP = """
    ## Data

    **Table**: each row is a sample: its inputs, the target `y`, the network's prediction
    `ŷ` and the difference. Orange is low, blue is high: training makes the two columns
    alike. Where there is room, a line shows the target, and the prediction as ◆. `+3` tells
    that three columns are hidden: the arrows reach them. Samples whose number ends with t
    belong to the test set and are never trained on.
    `data.edit` edits the value under the cursor, a class by its name; the network trains
    with the new value at once. `data.worst` sorts the samples: the worst predictions first.
    `data.columns` shows the columns of a file, and chooses inputs and target.

    **Pictures**, **scatter**, **curve**: where samples are images, or have two inputs or
    one, `data.view` changes to a plot of them. The arrows move from sample to sample; the
    weights pane can show the activations of the sample selected here.

    **Try row**: `data.try` copies the sample under the cursor into a form with a line for each
    column of the table. Type another number or category, or change it with `←` `→`; an empty
    value is missing. The prediction below follows, also while the network trains; `explain`
    shows how it is computed. Pictures are drawn: `data.pen` puts the pen down and lifts it,
    the arrows move and draw, `data.erase` erases a pixel; the mouse draws too.
    """
    NUMBER = 1
    TITLE = "Data"
    BINDINGS: ClassVar[list[BindingType]] = DATA_BINDINGS

    class Set(Message):
        """Request to set a value of the data to the text typed.

        ``column`` counts the raw inputs from 0, then the columns of ``Dataset.targets``.
        """

        def __init__(self, sample: int, column: int, text: str) -> None:
            super().__init__()
            self.sample = sample
            self.column = column
            self.text = text

    chosen_sample: var[int] = var(0, init=False)
    """The sample under the cursor, which other panes may choose too; bound to the app's."""

    def __init__(self) -> None:
        super().__init__()
        self._views = [view() for view in VIEWS]
        self._table = next(view for view in self._views if isinstance(view, TableView))
        self._scores = next(view for view in self._views if isinstance(view, ScoresView))
        self._scoring = False
        self._view_name = ""
        self.cursor = TableCell()
        self._forward = ForwardPass()

    def watch_chosen_sample(self, sample: int) -> None:
        """Go to the sample that another pane has chosen."""
        if sample != self.cursor.sample:
            self.cursor = self.cursor._replace(sample=sample)
            if self.trying is not None and self.trying.sample != sample:
                self.show_row_or_samples(None)
            self.repaint()

    # Views

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The try row has keys of its own, and only one view."""
        if action in ("view", "worst"):
            return self.trying is None
        if action == "edit" and self.views and self.view is self._scores:
            return self.trying is not None  # no sample is in sight
        return super().check_action(action, parameters)

    def is_action_useful(self, action: str) -> bool:
        snapshot = self.snapshot
        if self.trying is not None:
            return True
        if action == "app.columns":
            return snapshot is not None and bool(snapshot.dataset.table)
        if action == "view":
            return len(self.views) > 1
        if action == "edit" and snapshot is not None:
            return self._column(snapshot).kind != "derived"
        return True

    @property
    def views(self) -> list[DataView]:
        """The views that suit the samples."""
        return [view for view in self._views if self.snapshot and view.suits(self.snapshot)]

    @property
    def view(self) -> DataView:
        """The current view: the one chosen last, if it suits the samples."""
        return next((v for v in self.views if self._view_name == v.NAME), self.views[0])

    def action_view(self) -> None:
        """Change to the next view."""
        if self.snapshot is None:
            return
        views = self.views
        if len(views) == 1:
            self.app.show_message(
                "only the table is possible: a scatter plot needs two inputs, a curve one"
            )
            return
        self._view_name = views[(views.index(self.view) + 1) % len(views)].NAME
        self.refresh_bindings()
        self.repaint()
        self.app.show_message()

    def action_worst(self) -> None:
        """Sort the table by how wrong the predictions are, or as the data are."""
        if self._table.order is None:
            self._view_name = "table"
            self._rank()
        else:
            self._table.sort(None, self.snapshot)
            self.repaint()
            self.app.show_message("the samples are in the order of the data")

    def _rank(self) -> None:
        if self.snapshot is not None:
            self.app.run_in_background(self._sort(self.snapshot))

    async def _sort(self, snapshot: Snapshot) -> None:
        """Evaluate the samples, in a thread, and show the worst first."""
        from nn_tui.training.worst_first import worst_first  # start-up time

        order = await asyncio.to_thread(worst_first, snapshot)
        first = self._table.order is None or self.cursor.sample == self._table.order[0]
        self._table.sort(order, snapshot)
        if self.snapshot is not None and self._table.fits(self.snapshot):
            if first:
                self._move_to(self.cursor._replace(sample=int(order[0])))
            self.repaint()
            self.app.show_message()

    def _score(self) -> None:
        if self.snapshot is not None and not self._scoring:
            self._scoring = True
            self.app.run_in_background(self._show_scores(self.snapshot))

    async def _show_scores(self, snapshot: Snapshot) -> None:
        """Evaluate all samples, in a thread, and show the scores."""
        from nn_tui.training.scores import score_table  # start-up time

        try:
            self._scores.show(await asyncio.to_thread(score_table, snapshot), snapshot)
        finally:
            self._scoring = False
        self.repaint()

    def legend(self, room: int) -> Legend:
        """The mark of wrong predictions, if there are any."""
        snapshot = self.snapshot
        marked = snapshot is not None and self.view.NAME in ("table", "pictures")
        if not marked or snapshot is None or not snapshot.dataset.class_names:
            return ()
        if snapshot.all_correct:
            return ()
        return ((f"{WRONG} wrong", "$error"),)

    def info(self) -> str:
        if self.snapshot is None:
            return ""
        if self.trying is not None:
            return self.app.key_names.with_key_names(self.trying.HINT)
        more = "; `data.view` next view" if len(self.views) > 1 else ""
        return self.app.key_names.with_key_names(f"{self.view.HINT}{more}")

    def topic(self) -> GlossaryTopic:
        snapshot = self.snapshot
        if snapshot is None or not self.view.ON_CELLS:
            return GlossaryTopic(self.view.NAME, self._noted)
        kind = self._column(snapshot).kind
        return GlossaryTopic("target" if kind == "target" else "input", f"sample {self._noted}")

    # Drawing

    def lay_out(self, width: int, height: int) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        if self.trying is not None and not self.trying.fits(snapshot):
            self.show_row_or_samples(None)
        self._clamp(snapshot)
        if self.trying is not None:
            self.name_view("try")
            self.note(self.trying.note(snapshot))
            self.trying.lay_out(snapshot, width, height)
            return
        view = self.view
        if not self._table.fits(snapshot):
            self._table.sort(None, snapshot)
        elif self._table.is_outdated(snapshot) and not self.app.session.running:
            self.call_later(self._rank)
        if view is self._scores and view.is_outdated(snapshot) and not self.app.session.running:
            self.call_later(self._score)
        table_name = "" if self._table.order is None else "worst first"
        self.name_view(table_name if view is self._table else view.NAME)
        shows_scores = view is self._scores
        self.note(f"epoch {snapshot.epoch:,}" if shows_scores else self._note(snapshot))
        view.lay_out(snapshot, self.cursor, width, max(1, height - 1))

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        marked = self.has_focus or self.editing
        if self.trying is not None:
            return self.trying.draw(snapshot, marked, DrawArea(width, height, self.palette))
        view = self.view
        room = max(1, height - 1)
        strips = view.draw(snapshot, self.cursor, marked, DrawArea(width, room, self.palette))
        strips = [*strips[:room], *([RowBuilder(self.paper).strip(width)] * (room - len(strips)))]
        return [*strips, draw_data_summary(snapshot, width, self.palette)]

    def _clamp(self, snapshot: Snapshot) -> None:
        """Keep the cursor within the samples, also of another experiment."""
        cells = len(self._cells(snapshot))
        sample = min(self.cursor.sample, snapshot.dataset.samples - 1)
        self._move_to(TableCell(sample, min(self.cursor.column, cells - 1)))

    def _cells(self, snapshot: Snapshot) -> list[ShownColumn]:
        return selectable_columns(table_columns(snapshot.dataset, snapshot.network.sizes[-1], 0))

    def _column(self, snapshot: Snapshot) -> ShownColumn:
        """The column to edit: that of the cursor, or the target."""
        cells = self._cells(snapshot)
        if self.view.ON_CELLS:
            return cells[self.cursor.column]
        return next(column for column in cells if column.kind == "target")

    def _note(self, snapshot: Snapshot) -> str:
        """Return the sample's number and the value under the cursor, or target and prediction."""
        dataset, sample = snapshot.dataset, self.cursor.sample
        column = self._column(snapshot)
        value = f"{sample + 1}{part_mark(dataset, sample)} · {column.name} = "
        if self.view.ON_CELLS:
            return value + editable_datum(dataset, sample, column)
        predictions = self._forward.predictions(snapshot, dataset.inputs[sample : sample + 1])[0]
        target = displayed_datum(dataset, sample, column)
        return f"{value}{target} · ŷ = {displayed_prediction(snapshot, predictions)}"

    # Editing

    def action_edit(self) -> None:
        """Edit the value under the cursor."""
        snapshot = self.snapshot
        if self.editing:
            self.submit()
        elif self.trying is not None:
            self.type_input()
        elif snapshot is not None:
            dataset, column = snapshot.dataset, self._column(snapshot)
            if column.kind == "derived":
                self.app.show_message(describe_origin(dataset, column))
                return
            raw = len(dataset.raw_names)
            number = column.index + (raw if column.kind == "target" else 0)
            sample = self.cursor.sample
            value = editable_datum(dataset, sample, column)
            place, allowed = self.view.region(self.cursor), allowed_values(dataset, column)
            self.type_value((sample, number), value, place, allowed)

    def take(self, key: Any, text: str) -> None:
        if self.trying is not None:
            self.take_input(text)
            return
        sample, column = key
        self.post_message(self.Set(sample, column, text))

    # Keys and mouse

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor."""
        if self.trying is not None:
            self.trying.move(down, right)
            self.show_row()
        elif self.snapshot is not None:
            self._move_to(self.view.moved(self.snapshot, self.cursor, down, right))
            self.repaint()

    def action_page(self, pages: int) -> None:
        """Move the cursor by a page."""
        self._jump(pages * self.view.page)

    def action_choose(self, sample: int) -> None:
        """Move the cursor to the first sample, or with -1 to the last."""
        self._jump(10**12 if sample < 0 else -(10**12))

    def _jump(self, samples: int) -> None:
        if self.trying is not None:
            self.action_move(samples, 0)
        elif self.snapshot is not None:
            self._move_to(self.view.jumped(self.snapshot, self.cursor, samples))
            self.repaint()

    def _move_to(self, cursor: TableCell) -> None:
        self.cursor = cursor
        self.app.chosen_sample = cursor.sample

    def on_click(self, event: Click) -> None:
        """Put the cursor on the sample clicked on."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if offset is None or self.snapshot is None or self.editing:
            return
        if self.trying is not None:
            self.trying.point(*offset)
            self.show_row()
        else:
            self._move_to(self.view.at(*offset, self.cursor) or self.cursor)
            self.repaint()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Draw while a button is held down."""
        offset = event.get_content_offset(self)
        if event.button and offset is not None and self.trying and self.trying.DRAWN:
            self.trying.point(*offset)
            self.show_row()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor down by three samples."""
        self._jump(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor up by three samples."""
        self._jump(-3)
