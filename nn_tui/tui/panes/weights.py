"""Pane 3: every weight matrix and bias vector."""

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from nn_tui.training.edits import parameter_name
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.matrix import (
    Matrix,
    MatrixCursor,
    clamped_cursor,
    describe_activation,
    describe_parameter,
    parameter_at,
)
from nn_tui.tui.drawing.strips import DrawArea, dimmed, padded, paragraph
from nn_tui.tui.keymap import movement_bindings
from nn_tui.tui.panes.editable_pane import EditablePane
from nn_tui.tui.panes.health_view import HealthView
from nn_tui.tui.panes.pane import GlossaryTopic
from nn_tui.tui.panes.pane_title import Legend
from nn_tui.tui.panes.slice_view import SliceView
from nn_tui.tui.panes.weights_views import (
    PICTURE_KEYS,
    ImageView,
    MatrixView,
    WeightNumbers,
    hint,
    is_outdated,
    nothing_yet,
    picture_of,
    title,
    weight_views,
)
from nn_tui.tui.session.refinement import Refinement

_FAR = 10**9  # columns, more than there can be


class WeightsPane(EditablePane):
    """Matrices side by side or one below the other, with a cursor over every parameter."""

    HELP = """
    ## Weights

    `W0` connects the inputs to the first hidden layer: a row for each input, a column
    for each unit; row `b` holds the biases. The weights of a single output are the row `ŷ`
    below the units they come from. Blue is positive, orange negative, the stronger the
    larger; a few very large weights share the full colour.

    The more room there is, the more is shown of each weight: its gradient ∇ below it,
    three decimals or fewer, two digits (in tenths, or what the lower border says), one digit
    (9 is the full colour, its value is in the lower border), or a half block of its colour.
    With lines to spare, the norm of each matrix, and a histogram of its numbers from the
    minimum to the maximum. With ·1e-3, numbers are thousandths.

    The arrows move over every weight and bias, from one matrix into the next; the lower
    border has the value under the cursor, its gradient ∇ and its last change Δ: ∇ is the
    derivative of the loss at these weights, over all training samples (summed over them if
    the reduction is sum), Δ is the change in the last epoch. A dash replaces values that do
    not belong to the weights shown; their view is dimmed, with their epoch in the title.
    `weights.set` sets a value by hand, `weights.prune` prunes a weight: it becomes zero
    permanently, shown as ×.

    `weights.slice` shows the loss along the weight under the cursor, with all others as they
    are: ● is the weight now, and the line through it has the slope ∇, its gradient.

    `weights.view` changes to the gradients, to the changes of the last epoch, and to the
    activations for the sample selected in the data pane; for images also to the incoming
    weights of each hidden unit as an image.

    **Health** shows each layer over all training samples: a histogram of its activations, the
    share that is saturated (with a derivative below 5 % of the largest), how many units are
    constant, the size of the next update as log10 of ‖update‖ / ‖weights‖ (-3 is usual), the
    norm of the gradient, the spread (standard deviation of a unit over the samples) and a
    histogram of the magnitudes in the gradient. Conspicuous numbers are red; what stands out
    most is told in a sentence below. `zoom` makes room for all columns.
    """
    NUMBER = 3
    TITLE = "Weights"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "v", "view", "view", id="weights.view", tooltip="Gradients, last change, activations"
        ),
        Binding("c", "slice", "loss curve", id="weights.slice", tooltip="Loss along this weight"),
        Binding("enter", "edit", "set", id="weights.set", tooltip="Set the weight or bias by hand"),
        Binding(
            "delete,backspace,X",
            "prune",
            "prune",
            id="weights.prune",
            show=False,
            tooltip="Prune the weight",
        ),
        *movement_bindings(
            "weights",
            {
                "up": "move(-1, 0)",
                "down": "move(1, 0)",
                "left": "move(0, -1)",
                "right": "move(0, 1)",
                "page-up": "move(-10, 0)",
                "page-down": "move(10, 0)",
                "first": f"move(0, -{_FAR})",
                "last": f"move(0, {_FAR})",
            },
            {
                "page-up": "Ten rows up",
                "page-down": "Ten rows down",
                "first": "First column",
                "last": "Last column",
            },
        ),
    ]

    chosen_sample: var[int] = var(0, init=False)
    """The sample whose activations can be seen; bound to the app's."""

    class Set(Message):
        """Request to set a weight or bias (such as ``W0`` and its index) to the text typed."""

        def __init__(self, name: str, index: tuple[int, ...], text: str) -> None:
            super().__init__()
            self.name = name
            self.index = index
            self.text = text

    class Prune(Message):
        """Request to prune a weight."""

        def __init__(self, name: str, index: tuple[int, ...]) -> None:
            super().__init__()
            self.name = name
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self._view = "pictures"
        self.cursor = MatrixCursor()
        self._matrix_view, self._image_view = MatrixView(), ImageView()
        self._numbers = WeightNumbers()
        self._health: HealthView | None = None
        self._slice: SliceView | None = None
        self._sliced = False

    def watch_chosen_sample(self) -> None:
        """Show the activations for another sample."""
        if self.view == "activations":
            self.repaint()

    # Views

    def is_action_useful(self, action: str) -> bool:
        return action not in ("edit", "slice") or self._on_parameter

    @property
    def views(self) -> tuple[str, ...]:
        """The possible views of the current network."""
        return weight_views(self.snapshot)

    @property
    def view(self) -> str:
        """The current view."""
        return self._view if self._view in self.views else self.views[0]

    @property
    def _next_view(self) -> str:
        """The next view."""
        views = self.views
        return views[(views.index(self.view) + 1) % len(views)]

    def action_view(self) -> None:
        """Change to the next view."""
        self._view = self._next_view
        self._measure_update()
        self.repaint()
        self.app.show_message()

    def watch_snapshot(self) -> None:
        self._measure_update()
        super().watch_snapshot()

    def _measure_update(self) -> None:
        """Have the next update measured only while it can be seen."""
        self.app.session.measure_update(self.view == "health" and self.is_on_screen)

    @property
    def _health_view(self) -> HealthView:
        if self._health is None:
            self._health = HealthView(self._new_refinement())
        return self._health

    @property
    def _slice_view(self) -> SliceView | None:
        """The curve of the loss along the weight under the cursor, while it is shown."""
        if not self._sliced or not self._on_parameter:
            return None
        if self._slice is None:
            self._slice = SliceView(self._new_refinement())
        return self._slice

    def _new_refinement(self) -> Refinement[Any]:
        app = self.app
        priority = app.session.slices.key_priority
        return Refinement(app.run_in_background, self.repaint, lambda: priority.claimed)

    def action_slice(self) -> None:
        """Show the loss along the weight under the cursor below the matrices, or no longer."""
        if self._can_change():
            self._sliced = not self._sliced
            self.repaint()

    def legend(self, room: int) -> Legend:
        """The signs of the numbers that are shown with the weights."""
        told = self._noted
        paired = self.view == "weights" and self._matrix_view.paired
        return tuple(
            (words, "")
            for sign, words in (("∇", "∇ gradient"), ("Δ", "Δ last change"))
            if sign in told or (sign == "∇" and paired)
        )

    def info(self) -> str:
        return self.app.key_names.with_key_names(hint(self.view, self._next_view, self.snapshot))

    def topic(self) -> GlossaryTopic:
        words = {"weights": "weight", "gradients": "gradient", "activations": "activation"}
        bias = self.snapshot is not None and self.view == "weights" and self._on_bias(self.snapshot)
        return GlossaryTopic("bias" if bias else words.get(self.view, self.view), self._noted)

    def _on_bias(self, snapshot: Snapshot) -> bool:
        return self._on_parameter and self._parameter()[0].startswith("b")

    # Drawing

    def lay_out(self, width: int, height: int) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        self.name_view(title(self.view, snapshot))
        matrices = self._matrices(snapshot)
        self.cursor = clamped_cursor(self.cursor, matrices)
        if self.view == "pictures":
            picture = picture_of(snapshot)
            assert picture is not None
            self._image_view.lay_out(matrices, picture, self.cursor, width, height)
            self.note(self._image_view.note(matrices, self.cursor, width - 4))
            return
        if self.view == "health":
            self.note(self._health_view.lay_out(snapshot, self.cursor.matrix, width - 4))
            return
        if (curve := self._slice_view) is not None:
            height -= curve.height(height)
            running = self.app.session.running
            curve.lay_out(snapshot, *self._parameter(), width, running)
        self._matrix_view.lay_out(matrices, self.cursor, width, height)
        self.note(self._described(snapshot, matrices, width - 4))

    def _described(self, snapshot: Snapshot, matrices: list[Matrix], room: int) -> str:
        """Return what is under the cursor, and the unit of the numbers if it fits too."""
        units = self._matrix_view.units(matrices, self.cursor, room // 2)
        for unit in (f"  {units}", "") if units else ("",):
            left = room - len(unit)
            if self.view == "activations":
                told = describe_activation(matrices, self.cursor, self._sample(snapshot), left)
            else:
                matrix = matrices[self.cursor.matrix]
                told = describe_parameter(snapshot, matrix, self.cursor, left)
            if " " in told and len(told) <= left:
                break
        return told + unit

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        matrices = self._matrices(snapshot)
        cursor = self.cursor if self.has_focus or self.editing else None
        area = DrawArea(width, height, self.palette)
        if self.view == "pictures":
            picture = picture_of(snapshot)
            assert picture is not None
            unit, marked = self.cursor.column, cursor is not None
            return self._image_view.draw(matrices, picture, unit, marked, area)
        if self.view == "health":
            layer = None if cursor is None else cursor.matrix
            return self._health_view.draw(snapshot, layer, area)
        curve = self._slice_view
        below = 0 if curve is None else curve.height(height)
        upper = area._replace(height=height - below)
        strips = self._draw_matrices(snapshot, matrices, cursor, upper)
        if curve is None:
            return strips
        above = padded(strips, width, height - below, self.palette.text)
        lower, running = area._replace(height=below), self.app.session.running
        return [*above, *curve.draw(snapshot, *self._parameter(), lower, running)]

    def _draw_matrices(
        self,
        snapshot: Snapshot,
        matrices: list[Matrix],
        cursor: MatrixCursor | None,
        area: DrawArea,
    ) -> list[Strip]:
        if sentence := nothing_yet(self.view, snapshot):
            text = self.app.key_names.with_key_names(sentence)
            return paragraph(text, area.width, self.palette.muted)
        strips = self._matrix_view.draw(matrices, cursor, area)
        return dimmed(strips, self.palette) if is_outdated(self.view, snapshot) else strips

    def _matrices(self, snapshot: Snapshot) -> list[Matrix]:
        return self._numbers(self.view, snapshot, self._sample(snapshot))

    def _sample(self, snapshot: Snapshot) -> int:
        return min(self.chosen_sample, snapshot.dataset.samples - 1)

    # Keys and mouse

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        if self.view == "pictures":
            self.cursor = self._image_view.moved(self.cursor, down, right)
        elif self.view == "health":
            layer = self.cursor.matrix + (down > 0) - (down < 0)
            self.cursor = MatrixCursor(max(0, min(snapshot.network.depth - 1, layer)))
        else:
            matrices = self._matrices(snapshot)
            self.cursor = self._matrix_view.moved(matrices, self.cursor, down, right)
        self.repaint()

    def action_edit(self) -> None:
        """Edit the weight or bias under the cursor."""
        if self.editing:
            self.submit()
        elif self._can_change():
            assert self.snapshot is not None
            name, index = self._parameter()
            value = float(self.snapshot.weights[name][index])
            self.type_value(
                (name, index),
                repr(value),
                self._matrix_view.region(self.cursor),
                f"{parameter_name(name, index)}: type a number",
            )

    def take(self, key: Any, text: str) -> None:
        name, index = key
        self.post_message(self.Set(name, index, text))

    def action_prune(self) -> None:
        """Prune the weight under the cursor."""
        if not self._can_change():
            return
        assert self.snapshot is not None
        name, index = self._parameter()
        if self.snapshot.masks and not self.snapshot.masks[name][index]:
            set_key = self.app.key_names["weights.set"]
            self.app.show_message(
                f"{parameter_name(name, index)} is already pruned; {set_key} sets it"
            )
        else:
            self.post_message(self.Prune(name, index))

    def _can_change(self) -> bool:
        """Whether the cursor is on a parameter; if not, show a message."""
        if self.view == "pictures":
            self.app.show_message(self.app.key_names.with_key_names(PICTURE_KEYS))
        elif self.view == "activations":
            view = self.app.key_names["weights.view"]
            self.app.show_message(f"activations cannot be set; {view} switches to the weights")
        elif self.view == "health":
            view = self.app.key_names["weights.view"]
            self.app.show_message(f"layers cannot be set; {view} switches to the weights")
        return self._on_parameter

    @property
    def _on_parameter(self) -> bool:
        return self.snapshot is not None and self.view not in ("pictures", "activations", "health")

    def _parameter(self) -> tuple[str, tuple[int, ...]]:
        assert self.snapshot is not None
        matrices = self._matrices(self.snapshot)
        return parameter_at(matrices[self.cursor.matrix], self.cursor.matrix, self.cursor)

    def on_click(self, event: Click) -> None:
        """Put the cursor on the value clicked on."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if offset is None or self.editing:
            return
        if self.view == "health":
            return
        view = self._image_view if self.view == "pictures" else self._matrix_view
        self.cursor = view.at(*offset) or self.cursor
        self.repaint()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Move the cursor down by three rows."""
        self.action_move(3, 0)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Move the cursor up by three rows."""
        self.action_move(-3, 0)
