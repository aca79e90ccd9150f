"""Pane 1: the samples, their targets, and what the network says to each."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.data.preprocessing import Feature, joined_names
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.data_columns import TableColumn, selectable_columns, table_columns
from nn_tui.tui.drawing.data_summary import draw_data_summary
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.panes.data_views import VIEWS, DataView, TableCell
from nn_tui.tui.panes.editable_pane import EditablePane


def parse_datum(dataset: Dataset, sample: int, column: TableColumn) -> str:
    """The value of a sample as one would type it: a number in full, or the name of a class."""
    if column.kind == "target" and dataset.classes:
        return datum_text(dataset, sample, column)
    value = _number(dataset, sample, column)
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def datum_text(dataset: Dataset, sample: int, column: TableColumn) -> str:
    """The same in as many figures as pictures have."""
    value, classes = _number(dataset, sample, column), dataset.classes
    return classes[int(value)] if column.kind == "target" and classes else format_datum(value, 8)


def allowed_values(dataset: Dataset, column: TableColumn) -> str:
    """What may be typed, as a sentence."""
    if column.kind == "target" and dataset.classes:
        return f"{column.name} may be {joined_names(dataset.classes, 6)}"
    return f"{column.name} may be any number"


def where_from(dataset: Dataset, column: TableColumn) -> str:
    """Which raw columns an input is made from, as a sentence."""
    origin = dataset.origin
    assert origin is not None
    what = origin.preparation.chosen[column.index][0]
    if isinstance(what, Feature):
        numbers = [k for k in (0, 1) if f"x{k + 1}" in what.name]
    else:
        numbers = [what]
    names = " and ".join(f"{origin.names[k]} (column {k + 1})" for k in numbers)
    return f"{column.name} is computed from {names}: change it there"


def _number(dataset: Dataset, sample: int, column: TableColumn) -> float:
    arrays = {"raw": dataset.raw_inputs, "derived": dataset.inputs, "target": dataset.targets}
    return float(arrays[column.kind][sample, column.index])


class DataPane(EditablePane):
    """Samples in one of several views, with a cursor; only those in sight are computed."""

    HELP = """
    ## Data

    **Table**: each row is a sample: its inputs, the target `y`, the network's prediction
    `ŷ` and the difference. Orange is low, blue is high: training makes the two columns
    alike. Samples whose number ends with t are held back for testing, never trained on.
    `data.edit` types another value for the cell under the cursor, a class by its name; the
    network learns the new value at once.

    **Pictures**, **scatter**, **curve**: where samples are pictures, or have two inputs or
    one, `data.view` changes to what they look like. The arrows go from sample to sample; the
    weights pane can show the activations of the one chosen here.
    """
    NUMBER = 1
    TITLE = "Data"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "view", id="data.view", tooltip="Table, pictures, scatter or curve"),
        Binding("enter", "edit", "edit", id="data.edit", tooltip="Type another value"),
        *(
            Binding(keys, action, name, id=f"data.{place}", show=False)
            for keys, action, name, place in (
                ("up,k", "move(-1, 0)", "Up", "up"),
                ("down,j", "move(1, 0)", "Down", "down"),
                ("left,h", "move(0, -1)", "Left", "left"),
                ("right,l", "move(0, 1)", "Right", "right"),
                ("pageup", "page(-1)", "Page up", "page-up"),
                ("pagedown", "page(1)", "Page down", "page-down"),
                ("home", "choose(0)", "First sample", "first"),
                ("end", "choose(-1)", "Last sample", "last"),
            )
        ),
    ]

    class Set(Message):
        """Somebody wants a number of the data to be what they typed.

        ``column`` counts the raw inputs from 0, then the columns of ``Dataset.targets``.
        """

        def __init__(self, sample: int, column: int, text: str) -> None:
            super().__init__()
            self.sample = sample
            self.column = column
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self._views = [view() for view in VIEWS]
        self._wanted = ""
        self.cursor = TableCell()
        self._forward = ForwardPass()

    # Views

    def is_action_useful(self, action: str) -> bool:
        snapshot = self.snapshot
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
        """What is shown: the view chosen last if it suits the samples."""
        return next((v for v in self.views if self._wanted == v.NAME), self.views[0])

    def action_view(self) -> None:
        """Change to the next view."""
        if self.snapshot is None:
            return
        views = self.views
        if len(views) == 1:
            self.app.show_message("only a table suits: a scatter needs two inputs, a curve one")
            return
        self._wanted = views[(views.index(self.view) + 1) % len(views)].NAME
        self.repaint()
        self.app.show_message()

    def info(self) -> str:
        if self.snapshot is None:
            return ""
        more = "; `data.view` next view" if len(self.views) > 1 else ""
        return self.app.key_names.with_key_names(f"{self.view.HINT}{more}")

    # Drawing

    def lay_out(self, width: int, height: int) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        self._clamp(snapshot)
        view = self.view
        self.name_view("" if view.NAME == "table" else view.NAME)
        self.note(self._note(snapshot))
        view.lay_out(snapshot, self.cursor, width, max(1, height - 1))

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        view = self.view
        marked = self.has_focus or self.editing
        room = max(1, height - 1)
        strips = view.draw(snapshot, self.cursor, marked, DrawArea(width, room, self.palette))
        strips = [*strips[:room], *([RowBuilder(self.paper).strip(width)] * (room - len(strips)))]
        return [*strips, draw_data_summary(snapshot, width, self.palette)]

    def _clamp(self, snapshot: Snapshot) -> None:
        """The cursor stays on the samples, also on those of another experiment."""
        cells = len(self._cells(snapshot))
        sample = min(self.cursor.sample, snapshot.dataset.samples - 1)
        self._move_to(TableCell(sample, min(self.cursor.column, cells - 1)))

    def _cells(self, snapshot: Snapshot) -> list[TableColumn]:
        return selectable_columns(table_columns(snapshot.dataset, snapshot.network.sizes[-1], 0))

    def _column(self, snapshot: Snapshot) -> TableColumn:
        """The column that would be edited: that of the cursor, or the target."""
        cells = self._cells(snapshot)
        if self.view.ON_CELLS:
            return cells[self.cursor.column]
        return next(column for column in cells if column.kind == "target")

    def _note(self, snapshot: Snapshot) -> str:
        """The sample, and the value under the cursor in full or target and prediction."""
        dataset, sample = snapshot.dataset, self.cursor.sample
        tested = "t" if sample >= dataset.train_count else ""
        column = self._column(snapshot)
        value = f"{sample + 1}{tested}  {column.name} "
        if self.view.ON_CELLS:
            return value + parse_datum(dataset, sample, column)
        value += datum_text(dataset, sample, column)
        said = self._forward.predictions(snapshot, dataset.inputs[sample : sample + 1])[0]
        rule = dataset.decision_rule(snapshot.network.output)
        if len(said) > 1 and rule is not None and rule.names:
            best = int(rule.decide(said))
            name = "–" if best == UNDECIDED else rule.names[best]
            return f"{value}  ŷ {name} {format_fixed(float(said.max()), 6)}"
        return f"{value}  ŷ {format_fixed(float(said[0]), 7)}"

    # Editing

    def action_edit(self) -> None:
        """Type another value for the cell under the cursor."""
        snapshot = self.snapshot
        if self.editing:
            self.submit()
        elif snapshot is not None:
            dataset, column = snapshot.dataset, self._column(snapshot)
            if column.kind == "derived":
                self.app.show_message(where_from(dataset, column))
                return
            raw = len(dataset.raw_names)
            number = column.index + (raw if column.kind == "target" else 0)
            place = self.view.region(self.cursor)
            if place is None:
                place = Region(0, self.content_size.height - 1, 24, 1)
            sample = self.cursor.sample
            value = parse_datum(dataset, sample, column)
            self.type_value((sample, number), value, place, allowed_values(dataset, column))

    def take(self, key: Any, text: str) -> None:
        sample, column = key
        self.post_message(self.Set(sample, column, text))

    # Keys and mouse

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor."""
        if self.snapshot is not None:
            self._move_to(self.view.moved(self.snapshot, self.cursor, down, right))
            self.repaint()

    def action_page(self, pages: int) -> None:
        """Move so many samples as are in sight."""
        self._go_to(self.cursor.sample + pages * self.view.page)

    def action_choose(self, sample: int) -> None:
        """Go to the first sample, or with -1 to the last."""
        self._go_to(sample if sample >= 0 else 10**12)

    def _go_to(self, sample: int) -> None:
        if self.snapshot is not None:
            last = self.snapshot.dataset.samples - 1
            self._move_to(self.cursor._replace(sample=max(0, min(last, sample))))
            self.repaint()

    def _move_to(self, cursor: TableCell) -> None:
        self.cursor = cursor
        self.app.chosen_sample = cursor.sample

    def on_click(self, event: Click) -> None:
        """Put the cursor where one clicks."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if offset is not None and self.snapshot is not None and not self.editing:
            self._move_to(self.view.at(*offset, self.cursor) or self.cursor)
            self.repaint()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Three samples on."""
        self._go_to(self.cursor.sample + 3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Three samples back."""
        self._go_to(self.cursor.sample - 3)
