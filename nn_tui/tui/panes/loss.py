"""Pane 5: the loss of every epoch."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.branches import PinnedRun
from nn_tui.tui.drawing.chart_series import chart_views
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.loss_chart import LossChart, last_epoch
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.pane import Pane

_PAGE = 10
"""Columns that H and L move the crosshair; without one they move half of what is in sight."""
_BORDER = 8
"""What the lower border needs for itself."""
_CURVES = (
    "epoch by epoch; `loss.crosshair` reads the curve, `loss.closer` looks closer, "
    "`loss.log` log axis, `loss.view` next figure"
)
_CROSSHAIR = "arrows move the crosshair, `loss.go` goes back to that epoch, `loss.leave` leaves it"


class LossPane(Pane):
    """A plotext chart of training and test loss, accuracy, or the gradients."""

    HELP = """
    ## Loss

    The loss after each epoch: the mean over all training samples, and over all test
    samples. Where many epochs share a column, the line is their median, and the smallest
    and the largest loss among them are fainter behind it. Where curves coincide, their
    colours take turns. ◆ is the epoch with the lowest test loss.

    The axis of values is logarithmic where the largest loss is 50 times the smallest;
    `loss.log` changes it, and the lower border says which it is.

    `loss.view` changes to accuracy (or the mean absolute error), then to the norm of each
    layer's gradient: that of an update with all samples, or of the mean of the epoch's
    mini-batch gradients. All are recorded after every evaluated epoch. `loss.crosshair` puts
    a crosshair on the curve: the row above tells the values there, and `loss.go` goes back
    to that epoch. `loss.closer` looks closer, at
    the crosshair or at the latest epochs, which it then follows. ▲ below the curves is
    where something was changed. Pins of other data, or of another loss, are not drawn.
    """
    NUMBER = 5
    TITLE = "Loss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "go",
            "go there",
            id="loss.go",
            tooltip="Go to the epoch under the crosshair",
        ),
        Binding("y", "log", "log", id="loss.log", tooltip="Logarithmic axis, or linear"),
        Binding("m", "smooth", "smooth", id="loss.smooth", tooltip="Smooth the curves more"),
        Binding("c", "crosshair", "cross", id="loss.crosshair", tooltip="Crosshair on or off"),
        Binding("v", "view", "view", id="loss.view", tooltip="Loss, accuracy, gradients"),
        Binding(
            "plus,equals_sign",
            "zoom(0.5)",
            "closer",
            id="loss.closer",
            key_display="+",
            show=False,
            tooltip="Half as many epochs",
        ),
        Binding(
            "minus",
            "zoom(2.0)",
            "farther",
            id="loss.farther",
            key_display="-",
            show=False,
            tooltip="Twice as many epochs",
        ),
        Binding("0", "fit", "all", id="loss.fit", show=False, tooltip="All epochs"),
        Binding("left,h", "move(-1)", "Left", id="loss.left", show=False),
        Binding("right,l", "move(1)", "Right", id="loss.right", show=False),
        Binding("H", f"move(-{_PAGE})", "Far left", id="loss.far-left", show=False),
        Binding("L", f"move({_PAGE})", "Far right", id="loss.far-right", show=False),
        Binding("escape", "leave", "No crosshair", id="loss.leave", show=False),
    ]

    pins: var[tuple[PinnedRun, ...]] = var((), init=False)
    """Runs whose curves are drawn behind; bound to the app's."""

    class GoTo(Message):
        """Somebody wants to see the run as it was after ``epoch``."""

        def __init__(self, epoch: int) -> None:
            super().__init__()
            self.epoch = epoch

    def __init__(self) -> None:
        super().__init__()
        self._view = ChartView()
        self._chart: LossChart | None = None

    def lay_out(self, width: int, height: int) -> None:
        if self.snapshot is None:
            return
        whole = last_epoch(self._view.name, self.snapshot, self.pins)
        view, keys = self._view.within(whole), self.app.key_names
        chart = LossChart(
            self.snapshot, self.pins, view, DrawArea(width, height, self.palette), keys
        )
        self._chart, self._view = chart, view.after_showing(chart.suggests_log)
        self.note(chart.note(width - _BORDER))

    def draw(self, width: int, height: int) -> list[Strip]:
        return [] if self.snapshot is None or self._chart is None else self._chart.draw()

    def watch_pins(self) -> None:
        """Draw what was pinned."""
        self.repaint()

    def info(self) -> str:
        hint = _CURVES if self._view.crosshair is None else _CROSSHAIR
        return self.app.key_names.with_key_names(hint)

    def on_click(self, event: Click) -> None:
        """A click on the curves puts the crosshair there."""
        place = event.get_content_offset(self)
        frame = self._chart.frame if self._chart else None
        if place is not None and frame is not None:
            column, line = place.x - frame.left, place.y - frame.top
            if 0 <= column < frame.columns and 0 <= line < frame.lines:
                self._aim(frame.epoch(column), -1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Look closer."""
        self.action_zoom(0.5)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """See more."""
        self.action_zoom(2.0)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without a crosshair, ``enter`` and ``esc`` are not for this pane."""
        return action not in ("go", "leave") or self._view.crosshair is not None

    def action_log(self) -> None:
        """A linear axis instead of a logarithmic one, or back; as the values want it if it is."""
        if self._chart is not None:
            log = not self._chart.log
            chosen = None if log == self._chart.suggests_log else log
            self._look(self._view.with_axis(chosen))

    def action_smooth(self) -> None:
        """Smooth more, or no longer."""
        self._look(self._view.smoother())

    def action_view(self) -> None:
        """Show the next figure."""
        if self.snapshot is not None:
            self._look(self._view.next_view(chart_views(self.snapshot)))
        if self._view.crosshair is not None:
            self._aim(self._view.crosshair, -1)

    def action_fit(self) -> None:
        """Show all epochs."""
        self._look(replace(self._view, window=None))

    def action_zoom(self, factor: float) -> None:
        """Show more or fewer epochs."""
        if self._chart is not None:
            self._look(self._view.zoomed(factor, self._chart.latest, self._chart.whole))

    def action_crosshair(self) -> None:
        """Put the crosshair where one stands, or take it away."""
        if self._view.crosshair is not None:
            self.action_leave()
        elif self._chart is None or self._chart.frame is None:
            needs = "the crosshair needs a curve: `epoch` trains an epoch, `zoom` makes room"
            self.app.show_message(self.app.key_names.with_key_names(needs))
        else:
            self._aim(self._chart.start, -1)

    def action_leave(self) -> None:
        """Take the crosshair away."""
        self._look(replace(self._view, crosshair=None))
        self.app.show_message()

    def action_go(self) -> None:
        """Ask for the epoch under the crosshair."""
        if self._view.crosshair is not None:
            self.post_message(self.GoTo(self._view.crosshair))

    def action_move(self, columns: int) -> None:
        """Move the crosshair; without one, what is in sight, or else put one there."""
        chart = self._chart
        if chart is None or chart.frame is None:
            return
        if self._view.crosshair is not None:
            step = max(1, round(chart.frame.epochs_per_column)) * columns
            self._aim(self._view.crosshair + step, columns)
        elif self._view.window is not None:
            self._look(self._view.panned(columns / (2 * _PAGE), chart.latest, chart.whole))
        else:
            self.action_crosshair()

    def _aim(self, epoch: int, direction: int) -> None:
        """The crosshair at ``epoch``, or the next one in that direction that has a value."""
        chart = self._chart
        if chart is not None:
            before = self._view.crosshair
            there = chart.stop(epoch, direction)
            self._look(self._view.aimed(there, chart.latest, chart.whole))
            if before is None:
                self.app.show_message()

    def _look(self, view: ChartView) -> None:
        if (view.crosshair is None) != (self._view.crosshair is None):
            self.refresh_bindings()
        self._view = view
        self.repaint()
