"""Pane 5: the loss by epoch."""

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.branches import PinnedRun
from nn_tui.training.edits import parameter_name
from nn_tui.tui.drawing.chart_series import LANDSCAPE, chart_views
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.loss_chart import LossChart, last_epoch
from nn_tui.tui.drawing.seed_strip import draw_seeds, strip_height
from nn_tui.tui.drawing.strips import DrawArea, padded
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.panes.pane import GlossaryTopic, Pane

if TYPE_CHECKING:
    from nn_tui.tui.dialogs.weights_prompt import WeightPair
    from nn_tui.tui.panes.landscape_view import LandscapeView

_PAGE = 10
"""Columns by which H and L move the crosshair; without one they pan by half a window."""
_BORDER = 8
"""Cells of the lower border beside its text."""
_CURVES = (
    "`loss.crosshair` reads values off the curve, `best` goes to the best epoch, "
    "`loss.view` shows the next chart"
)
_SEEDS = (
    "`previous-seed` `next-seed` show another seed in all panes; `loss.open-seed` opens it alone"
)
_LANDSCAPE = (
    "the fuller the colour, the lower the loss; `loss.crosshair` reads it off, "
    "`loss.plane` two weights"
)
_ON_LANDSCAPE = (
    "arrows move, `loss.go` goes to the nearest epoch of the path, `loss.leave` removes it"
)
_CROSSHAIR = "arrows move the crosshair, `loss.go` goes to that epoch, `loss.leave` removes it"


class LossPane(Pane):
    """A chart of training and test loss, metrics, or gradient norms."""

    HELP = """
    ## Loss

    The loss after each epoch: the mean over all training samples, over all test samples, and
    over all validation samples (dashed). Where many epochs share a column, the line is their
    median, and their range is dimmed behind it. Where curves coincide, their colours
    alternate. ◆ is the epoch with the lowest validation loss, or test loss where there is no
    validation set; `best` goes there.

    The value axis is logarithmic if the largest loss is at least 50 times the smallest; `loss.log`
    changes it, and the lower border shows which it is.

    `loss.view` changes to accuracy (or the mean absolute error), then to the norm of each
    layer's gradient: that of an update with all samples, or of the mean of the epoch's
    mini-batch gradients. All are recorded after every evaluated epoch. `loss.crosshair`
    shows a crosshair: the row above has the values at its epoch, and `loss.go` goes to that
    epoch. With several weight seeds (`many-seeds`), the median is white between the quartiles,
    and the strip below has the training loss of every seed, the lowest first: ✓ is below the target
    loss, ✗ diverged. `previous-seed` and `next-seed` show another seed in all panes,
    `loss.open-seed` opens it as a run of its own.

    `loss.closer` zooms in, at the crosshair or at the latest epochs, which it then
    follows. ▲ below the curves marks a change, ✗ where the run diverged. Pinned runs with
    other data or another loss are not drawn.

    **Landscape** (`loss.view`): the training loss over a plane through the space of all
    parameters, in fuller colour where it is lower, with the path of the run on it. The plane
    has the two main directions of the path (principal components), or is that of two weights that
    `loss.plane` asks for. It is computed while training is paused, coarsely first; a key
    interrupts it. `loss.crosshair` reads it off, `loss.go` goes to the epoch nearest on the
    path, `loss.closer` zooms in at the current parameters.
    """
    NUMBER = 5
    TITLE = "Loss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "go",
            "go to epoch",
            id="loss.go",
            tooltip="Go to the epoch under the crosshair",
        ),
        Binding(
            "enter",
            "open_seed",
            "open seed",
            id="loss.open-seed",
            tooltip="Open the seed shown as a run of its own",
        ),
        Binding("y", "log", "log", id="loss.log", tooltip="Logarithmic axis, or linear"),
        Binding("m", "smooth", "smooth", id="loss.smooth", tooltip="Smooth the curves more"),
        Binding("c", "crosshair", "cursor", id="loss.crosshair", tooltip="Crosshair on or off"),
        Binding(
            "v", "view", "view", id="loss.view", tooltip="Loss, accuracy, gradients, landscape"
        ),
        Binding("e", "plane", "weights", id="loss.plane", tooltip="Landscape over two weights"),
        Binding(
            "plus,equals_sign",
            "zoom(0.5)",
            "closer",
            id="loss.closer",
            key_display="+",
            show=False,
            tooltip="Zoom in: half as many epochs",
        ),
        Binding(
            "minus",
            "zoom(2.0)",
            "farther",
            id="loss.farther",
            key_display="-",
            show=False,
            tooltip="Zoom out: twice as many epochs",
        ),
        Binding("0", "fit", "all", id="loss.fit", show=False, tooltip="All epochs"),
        *movement_bindings(
            "loss",
            {
                "left": "move(-1)",
                "right": "move(1)",
                "up": "move_up(-1)",
                "down": "move_up(1)",
            },
        ),
        Binding("H", f"move(-{_PAGE})", "Far left", id="loss.far-left", show=False),
        Binding("L", f"move({_PAGE})", "Far right", id="loss.far-right", show=False),
        Binding("escape", "leave", "No crosshair", id="loss.leave", show=False),
    ]

    pins: var[tuple[PinnedRun, ...]] = var((), init=False)
    """Pinned runs, drawn behind; bound to the app's."""

    class GoTo(Message):
        """Request to go to the run's state after ``epoch``."""

        def __init__(self, epoch: int) -> None:
            super().__init__()
            self.epoch = epoch

    def __init__(self) -> None:
        super().__init__()
        self._view = ChartView()
        self._chart: LossChart | None = None
        self._landscape: LandscapeView | None = None

    @property
    def landscape(self) -> "LandscapeView | None":
        """The landscape while it is the view; imported when first used."""
        if self._view.name != LANDSCAPE:
            return None
        if self._landscape is None:
            from nn_tui.tui.panes.landscape_view import LandscapeView  # start-up time

            app = self.app
            self._landscape = LandscapeView(app.session, app.run_in_background, self.repaint)
        return self._landscape

    def lay_out(self, width: int, height: int) -> None:
        if self.snapshot is None:
            return
        if (landscape := self.landscape) is not None:
            self._chart = None
            self.name_view(LANDSCAPE)
            self.note(landscape.lay_out(self.snapshot, width, height)[: max(0, width - _BORDER)])
            return
        self.name_view("")
        replicas = self.snapshot.replicas
        below = 0 if replicas is None else strip_height(replicas, width, height)
        whole = last_epoch(self._view.name, self.snapshot, self.pins)
        view, keys = self._view.within(whole), self.app.key_names
        chart = LossChart(
            self.snapshot, self.pins, view, DrawArea(width, height - below, self.palette), keys
        )
        self._chart, self._view = chart, view.after_showing(chart.suggests_log)
        summary = "" if replicas is None or below > 1 else replicas.summary
        note = chart.note(width - _BORDER, self.app.scores_of(self.snapshot))
        self.note(summary if 0 < len(summary) <= width - _BORDER else note)

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.snapshot is not None and self.landscape is not None:
            return self.landscape.draw(self.snapshot, DrawArea(width, height, self.palette))
        if self.snapshot is None or self._chart is None:
            return []
        replicas = self.snapshot.replicas
        if replicas is None:
            return self._chart.draw()
        below = strip_height(replicas, width, height)
        chart = padded(self._chart.draw(), width, height - below, self.palette.text)
        return [*chart, *draw_seeds(replicas, DrawArea(width, below, self.palette))]

    def watch_pins(self) -> None:
        """Draw the pinned runs."""
        self.repaint()

    def topic(self) -> GlossaryTopic:
        return GlossaryTopic(self._view.name, self._noted)

    def info(self) -> str:
        if self.landscape is not None:
            hint = _LANDSCAPE if self.landscape.cursor is None else _ON_LANDSCAPE
            return self.app.key_names.with_key_names(hint)
        curves = _SEEDS if self._has_replicas else _CURVES
        hint = curves if self._view.crosshair is None else _CROSSHAIR
        return self.app.key_names.with_key_names(hint)

    def on_click(self, event: Click) -> None:
        """Put the crosshair where the curves are clicked on."""
        place = event.get_content_offset(self)
        frame = self._chart.frame if self._chart else None
        if place is not None and frame is not None:
            column, line = place.x - frame.left, place.y - frame.top
            if 0 <= column < frame.columns and 0 <= line < frame.lines:
                self._aim(frame.epoch(column), -1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Zoom in."""
        self.action_zoom(0.5)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Zoom out."""
        self.action_zoom(2.0)

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``enter`` is for the crosshair or a seed; without both the pane leaves it to others."""
        if action == "open_seed":
            return not self._aims and self._has_replicas
        if action in ("plane", "move_up"):
            return self.landscape is not None
        return action not in ("go", "leave") or self._aims

    def is_action_useful(self, action: str) -> bool:
        return action not in ("log", "smooth") or self.landscape is None

    @property
    def _aims(self) -> bool:
        """Whether there is a crosshair."""
        if self.landscape is not None:
            return self.landscape.cursor is not None
        return self._view.crosshair is not None

    @property
    def _has_replicas(self) -> bool:
        return self.snapshot is not None and self.snapshot.replicas is not None

    def action_log(self) -> None:
        """Switch between a linear and a logarithmic axis; the automatic one stays automatic."""
        if self._chart is not None:
            log = not self._chart.log
            chosen = None if log == self._chart.suggests_log else log
            self._set_view(self._view.with_axis(chosen))

    def action_smooth(self) -> None:
        """Smooth the curves more, or after the last step not at all."""
        self._set_view(self._view.smoother())

    def action_view(self) -> None:
        """Show the next chart."""
        if self.snapshot is not None:
            self._set_view(self._view.next_view([*chart_views(self.snapshot), LANDSCAPE]))
            self.refresh_bindings()
            self.app.show_message()
        if self._view.crosshair is not None:
            self._aim(self._view.crosshair, -1)

    def action_fit(self) -> None:
        """Show all epochs."""
        if self.landscape is not None:
            self.landscape.zoom(1 / self.landscape.choice.zoom)
        self._set_view(replace(self._view, window=None))

    def action_zoom(self, factor: float) -> None:
        """Show more or fewer epochs, or more or less of the landscape."""
        if self.landscape is not None:
            self.landscape.zoom(1 / factor)
            self.repaint()
        if self._chart is not None:
            self._set_view(self._view.zoomed(factor, self._chart.latest, self._chart.whole))

    def action_crosshair(self) -> None:
        """Put the crosshair on the current epoch, or remove it."""
        if self.landscape is not None:
            self.landscape.toggle_cursor()
            self._aim_changed()
        elif self._view.crosshair is not None:
            self.action_leave()
        elif self._chart is None or self._chart.frame is None:
            needs = "the crosshair needs a curve: `epoch` trains an epoch, `zoom` makes room"
            self.app.show_message(self.app.key_names.with_key_names(needs))
        else:
            self._aim(self._chart.start, -1)

    def action_leave(self) -> None:
        """Remove the crosshair."""
        if self.landscape is not None:
            self.landscape.cursor = None
            self._aim_changed()
            return
        self._set_view(replace(self._view, crosshair=None))
        self.app.show_message()

    def action_go(self) -> None:
        """Go to the epoch under the crosshair."""
        epoch = self._view.crosshair if self.landscape is None else self.landscape.epoch
        if epoch is not None:
            self.post_message(self.GoTo(epoch))

    def action_plane(self) -> None:
        """Ask for the two weights whose plane is shown."""
        landscape, snapshot = self.landscape, self.snapshot
        if landscape is None or snapshot is None:
            return
        from nn_tui.tui.dialogs.weights_prompt import WeightsPrompt  # start-up time

        def take(chosen: "tuple[WeightPair | None] | None") -> None:
            if chosen is not None:
                landscape.choice = replace(landscape.choice, weights=chosen[0], zoom=1.0)
                self.repaint()

        shapes = snapshot.network.shapes()
        text = " ".join(parameter_name(*parameter) for parameter in landscape.pair(snapshot))
        self.app.push_screen(WeightsPrompt(shapes, text), take)

    def action_open_seed(self) -> None:
        """Continue with the replica shown as a run of its own."""
        self.app.session.replicas.open_shown()

    def action_move_up(self, lines: int) -> None:
        """Move the crosshair of the landscape."""
        if self.landscape is not None:
            self.landscape.move(0, lines)
            self._aim_changed()

    def action_move(self, columns: int) -> None:
        """Move the crosshair; without one, pan a zoomed chart, else show a crosshair."""
        if self.landscape is not None:
            self.landscape.move(columns, 0)
            self._aim_changed()
            return
        chart = self._chart
        if chart is None or chart.frame is None:
            return
        if self._view.crosshair is not None:
            step = max(1, round(chart.frame.epochs_per_column)) * columns
            self._aim(self._view.crosshair + step, columns)
        elif self._view.window is not None:
            self._set_view(self._view.panned(columns / (2 * _PAGE), chart.latest, chart.whole))
        else:
            self.action_crosshair()

    def _aim(self, epoch: int, direction: int) -> None:
        """Put the crosshair at ``epoch``, or the next one in that direction with a value."""
        chart = self._chart
        if chart is not None:
            before = self._view.crosshair
            there = chart.stop(epoch, direction)
            self._set_view(self._view.aimed(there, chart.latest, chart.whole))
            if before is None:
                self.app.show_message()

    def _aim_changed(self) -> None:
        """Draw the crosshair of the landscape, and update the keys that need one."""
        self.refresh_bindings()
        self.repaint()
        self.app.show_message()

    def _set_view(self, view: ChartView) -> None:
        if (view.crosshair is None) != (self._view.crosshair is None):
            self.refresh_bindings()
        self._view = view
        self.repaint()
