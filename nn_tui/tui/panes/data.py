"""Pane 1: the samples, their targets, and what the network says to each."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.strip import Strip

from nn_tui.nn.predictor import Predictor
from nn_tui.training.plan import method
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures.data_table import draw_data_table
from nn_tui.tui.strips import Row


class DataPane(Pane):
    """A table that computes predictions for the rows in sight only."""

    HELP = """
    ## Data

    Each row is a sample: its inputs, the target `y`, the network's prediction `ŷ` and
    the difference. Orange is low, blue is high: training makes the two columns alike.
    Rows with an orange number are held back for testing and never trained on.
    """
    NUMBER = 1
    TITLE = "Data"
    HINT = "Each row is a sample: inputs, target y, prediction ŷ; arrows scroll, z zooms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "move(-20)", "Page up", show=False),
        Binding("pagedown", "move(20)", "Page down", show=False),
        Binding("home", "move(-1000000000)", "First", show=False),
        Binding("end", "move(1000000000)", "Last", show=False),
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
        self._cursor = 0
        self._first = 0
        self._predictor: Predictor | None = None

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        dataset = snapshot.dataset
        room = height - 2
        self._cursor = min(self._cursor, dataset.samples - 1)
        self._first = max(0, min(self._first, dataset.samples - room))
        if not self._first <= self._cursor < self._first + max(1, room):
            self._first = max(0, min(self._cursor, self._cursor - room + 1))
        count = min(max(room, 1), dataset.samples - self._first)
        rows = slice(self._first, self._first + count)
        predictor = self._predictor_for(snapshot, count)
        predictions = predictor.layers(snapshot.parameters, dataset.inputs[rows])[-1]
        table = draw_data_table(
            dataset,
            dataset.encoded(snapshot.network.output, rows),
            predictions,
            self._first,
            self._cursor if self.has_focus else -1,
            width,
            height - 1,
            self.palette,
        )
        table += [Row(self.paper).strip(width)] * (height - 1 - len(table))
        return [*table, self._summary(snapshot, width)]

    def _summary(self, snapshot: Snapshot, width: int) -> Strip:
        dataset = snapshot.dataset
        row = Row(self.palette.muted)
        if dataset.test_count:
            row.add(f"{dataset.train_count:,} train, ").add("n", self.palette.test)
            row.add(f" {dataset.test_count:,} test")
        else:
            row.add(f"{dataset.samples:,} samples")
        figures = [f"mean |y - ŷ| {snapshot.train_error:.3f}"]
        if snapshot.train_accuracy is not None:
            figures.insert(0, f"accuracy {100 * snapshot.train_accuracy:.0f} %")
        for text in figures:
            if row.width + len(text) + 3 <= width:
                row.add(f" · {text}")
        return row.strip(width)

    def _predictor_for(self, snapshot: Snapshot, rows: int) -> Predictor:
        made = self._predictor
        if made is None or made.network != snapshot.network or made.rows != rows:
            made = Predictor(snapshot.network, method(snapshot.recipe), rows)
            self._predictor = made
        return made

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Scroll three rows."""
        self.action_move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Scroll three rows."""
        self.action_move(-3)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        if self.snapshot is not None:
            last = self.snapshot.dataset.samples - 1
            self._cursor = max(0, min(last, self._cursor + rows))
            self.repaint()
