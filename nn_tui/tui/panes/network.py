"""Pane 4: the network as a diagram, what it says everywhere, what it takes for what."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.network_views import (
    NetworkViews,
    NetworkViewState,
    has_picture,
    initial_view_state,
    network_views,
)
from nn_tui.tui.panes.pane import Pane


class NetworkPane(Pane):
    """One view at a time; nothing is computed for those that do not show."""

    HELP = """
    ## Network

    **Map** (of two inputs): the colour of a place is what the network says there. ● are
    samples of the high class, ○ of the low one, small if held back for testing; of more
    than two classes each has a sign of its own, hollow if held back. Quantities are a
    landscape with lines of equal height. Of many inputs two are chosen, the others stand
    at their mean. For one input it is a curve.

    **Diagram**: inputs on the left, outputs on the right; a line is a weight, blue if
    positive, orange if negative, thick if large, dotted if cut off; of very many only the
    strongest are drawn. A unit's name has the colour of its bias; the map in a unit is
    what it says over the two inputs, for pictures the weights it looks with. The border
    tells of the cursor's unit; `network.look` shows its map in large.

    **Confusion** (classes): rows are what samples are, columns what they are taken for.
    """
    NUMBER = 4
    TITLE = "Network"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "view", id="network.view", tooltip="Next view"),
        Binding("D", "discrete", "flat", id="network.discrete", tooltip="Few colours, or all"),
        Binding("enter", "look", "look", id="network.look", tooltip="The unit's map in large"),
        Binding("enter", "leave", "back", id="network.look", tooltip="Back to the diagram"),
        Binding("left,h", "layer(-1)", "Layer before", id="network.layer-before", show=False),
        Binding("right,l", "layer(1)", "Layer after", id="network.layer-after", show=False),
        Binding("up,k", "unit(-1)", "Unit above", id="network.unit-above", show=False),
        Binding("down,j", "unit(1)", "Unit below", id="network.unit-below", show=False),
        Binding(
            "t",
            "samples",
            "samples",
            id="network.samples",
            show=False,
            tooltip="Which samples: all, training, test, none",
        ),
        Binding(
            "i",
            "column(0)",
            "Input across",
            id="network.input-across",
            show=False,
            tooltip="Next input across the map",
        ),
        Binding(
            "I",
            "column(1)",
            "Input up",
            id="network.input-up",
            show=False,
            tooltip="Next input up the map",
        ),
        Binding(
            "escape",
            "leave",
            "Back",
            id="network.leave-unit",
            show=False,
            tooltip="Out of the unit",
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._data: object = None  # the data that the view state belongs to
        self._view_state = NetworkViewState("diagram", (0, 1))
        self._views = NetworkViews()

    def lay_out(self, width: int, height: int) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        changed = self._data != _data_key(snapshot)
        self._set_view_state(self.view_state)
        if changed:
            self.refresh_bindings()
        size = (width, height)
        self.note(self._views.lay_out(snapshot, self.view_state, self.has_focus, size))

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        area = DrawArea(width, height, self.palette)
        return self._views.draw(snapshot, self.view_state, self.has_focus, area)

    @property
    def view_state(self) -> NetworkViewState:
        """The view and cursor, within the current network; reset for other data."""
        snapshot = self.snapshot
        if snapshot is None:
            return self._view_state
        same_data = self._data == _data_key(snapshot)
        state = self._view_state if same_data else initial_view_state(snapshot)
        return state.in_network(snapshot)

    def _set_view_state(self, state: NetworkViewState) -> None:
        self._view_state = state
        if self.snapshot is not None:
            self._data = _data_key(self.snapshot)

    def info(self) -> str:
        """What one can do in this view."""
        return self.app.key_names.with_key_names(self._hint())

    def _hint(self) -> str:
        state, snapshot = self.view_state, self.snapshot
        if state.view == "confusion":
            return (
                "`network.samples` changes between test and training samples; "
                "`network.view` next view; `zoom` zooms"
            )
        if state.view == "diagram" and not state.large:
            return (
                "arrows choose a unit, `network.look` shows what it sees; "
                "`network.view` next view; `zoom` zooms"
            )
        if state.large and snapshot is not None and snapshot.dataset.picture:
            return (
                "the weights this unit looks with; arrows go to others; "
                "`network.leave-unit` goes back"
            )
        many = snapshot is not None and len(snapshot.dataset.raw_names) > 2
        parts = ["arrows go to other units" if state.large else "`network.view` next view"]
        parts += ["`network.discrete` few colours"] if self._shaded else []
        parts += ["`network.samples` samples"]
        parts += ["`network.input-across` `network.input-up` inputs"] if many else []
        parts += ["`network.leave-unit` goes back" if state.large else "`zoom` zooms"]
        return "; ".join(parts)

    def is_action_useful(self, action: str) -> bool:
        snapshot = self.snapshot
        if action == "discrete":
            return self._shaded
        if action == "look" and snapshot is not None:
            return has_picture(snapshot, self.view_state.cursor)
        return action != "view" or snapshot is None or len(network_views(snapshot)) > 1

    @property
    def _shaded(self) -> bool:
        """Whether a map is in sight, whose shades may be fewer."""
        if self.view_state.view == "diagram" and not self.view_state.large:
            return self._views.mapped
        dataset = self.snapshot.dataset if self.snapshot else None
        plane = dataset is not None and len(dataset.raw_names) > 1 and not dataset.picture
        return plane and self.view_state.view != "confusion"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Units are chosen in the diagram only; ``esc`` leaves a unit before it leaves more."""
        if action == "leave":
            return self.view_state.large
        if action == "look":
            return self.view_state.view == "diagram" and not self.view_state.large
        if action in ("layer", "unit"):
            return self.view_state.view == "diagram"
        return True

    def _go(self, state: NetworkViewState) -> None:
        """Show another view or move the cursor; refresh the keys where the view changes."""
        before = self.view_state
        self._set_view_state(state)
        self.repaint()
        if (state.view, state.large) != (before.view, before.large):
            self.refresh_bindings()
            self.app.show_message()

    def on_click(self, event: Click) -> None:
        """Put the cursor on the unit one clicks."""
        super().on_click(event)
        offset, plan = event.get_content_offset(self), self._views.plan
        if plan is not None and offset is not None:
            unit = plan.unit_at(offset.x, offset.y - 1)
            if unit is not None:
                self._go(replace(self.view_state, cursor=unit))

    def action_view(self) -> None:
        """The next view that there is of such data."""
        if self.snapshot is not None:
            self._go(self.view_state.in_next_view(self.snapshot))

    def action_discrete(self) -> None:
        """Few colours or all."""
        if not self._shaded:
            needs = "`network.discrete` is for the shades of a map, and there is none here"
            self.app.show_message(self.app.key_names.with_key_names(needs))
            return
        look = self.view_state.look
        self._go(replace(self.view_state, look=look._replace(discrete=not look.discrete)))

    def action_samples(self) -> None:
        """Which samples are shown or counted."""
        self._go(self.view_state.with_other_samples())
        counted = self.view_state.view == "confusion"  # of which its border tells
        which = self.view_state.look.subset
        self.app.show_message("" if counted else f"the map shows {which} samples")

    def action_column(self, axis: int) -> None:
        """Another input along an axis."""
        dataset = self.snapshot.dataset if self.snapshot else None
        if dataset is None or dataset.picture or len(dataset.raw_names) < 3:
            self.app.show_message(
                "i and I choose the inputs of a map where there are more than two"
            )
        else:
            self._go(self.view_state.with_other_column(axis, len(dataset.raw_names)))

    def action_layer(self, step: int) -> None:
        """To the layer before or after, at about the same height."""
        if self.snapshot is not None:
            self._go(self.view_state.at_layer(step, self.snapshot))

    def action_unit(self, step: int) -> None:
        """To the unit above or below."""
        if self.snapshot is not None:
            self._go(self.view_state.at_unit(step, self.snapshot))

    def action_look(self) -> None:
        """The unit under the cursor in large."""
        if self.snapshot is None:
            return
        if not has_picture(self.snapshot, self.view_state.cursor):
            self.app.show_message("units of the first layer only have a picture, their weights")
        else:
            self._go(replace(self.view_state, large=True))

    def action_leave(self) -> None:
        """Back to the diagram."""
        self._go(replace(self.view_state, large=False))


def _data_key(snapshot: Snapshot) -> object:
    """What identifies the data that a view state belongs to."""
    dataset = snapshot.dataset
    return dataset.name, dataset.raw_names, dataset.classes
