"""Where a person stands in the network pane, and where a key takes them from there."""

from dataclasses import dataclass, field, replace
from typing import Literal

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.decision_map import MapStyle
from nn_tui.tui.drawing.diagram_layout import Unit
from nn_tui.tui.drawing.plane import Which, telling_columns
from nn_tui.tui.drawing.unit_maps import shows_weights

View = Literal["map", "diagram", "confusion"]

_WHICH: tuple[Which, ...] = ("all", "training", "test", "no")


@dataclass(frozen=True)
class NetworkViewState:
    """The view and what was chosen in it.

    ``large`` is whether the diagram's ``cursor`` unit is shown alone, ``columns`` are the
    inputs across and up a map, ``tests`` is whose confusion is counted.
    """

    view: View
    columns: tuple[int, int]
    look: MapStyle = field(default_factory=MapStyle)
    cursor: Unit = (1, 0)
    large: bool = False
    tests: bool = True

    def in_next_view(self, snapshot: Snapshot) -> "NetworkViewState":
        """The next view that there is of such data."""
        views = network_views(snapshot)
        return replace(self, view=views[(views.index(self.view) + 1) % len(views)], large=False)

    def with_other_samples(self) -> "NetworkViewState":
        """Other samples shown, or counted."""
        if self.view == "confusion":
            return replace(self, tests=not self.tests)
        following = _WHICH[(_WHICH.index(self.look.which) + 1) % len(_WHICH)]
        return replace(self, look=self.look._replace(which=following))

    def with_other_column(self, axis: int, count: int) -> "NetworkViewState":
        """The next of ``count`` inputs across (``axis`` 0) or up (1) that is not the other's."""
        columns = list(self.columns)
        columns[axis] = next(
            column
            for column in ((columns[axis] + step) % count for step in range(1, count + 1))
            if column != columns[1 - axis]
        )
        return replace(self, columns=(columns[0], columns[1]))

    def at_layer(self, step: int, snapshot: Snapshot) -> "NetworkViewState":
        """The cursor some layers on, at about the same height."""
        sizes = snapshot.network.sizes
        layer, number = self.cursor
        there = max(first_layer(snapshot), min(len(sizes) - 1, layer + step))
        unit = (there, int((number + 0.5) / sizes[layer] * sizes[there]))
        moves = there != layer and (not self.large or has_picture(snapshot, unit))
        return replace(self, cursor=unit) if moves else self

    def at_unit(self, step: int, snapshot: Snapshot) -> "NetworkViewState":
        """The cursor some units below."""
        layer, number = self.cursor
        last = snapshot.network.sizes[layer] - 1
        return replace(self, cursor=(layer, max(0, min(last, number + step))))

    def in_network(self, snapshot: Snapshot) -> "NetworkViewState":
        """The cursor on a unit that there is, in a view that there is of such data."""
        sizes = snapshot.network.sizes
        layer = max(first_layer(snapshot), min(self.cursor[0], len(sizes) - 1))
        unit = (layer, min(self.cursor[1], sizes[layer] - 1))
        large = self.large and has_picture(snapshot, unit)
        views = network_views(snapshot)
        view = self.view if self.view in views else views[0]
        return replace(self, view=view, cursor=unit, large=large)


def initial_view_state(snapshot: Snapshot) -> NetworkViewState:
    """Where one stands before any key."""
    return NetworkViewState(network_views(snapshot)[0], telling_columns(snapshot.dataset))


def network_views(snapshot: Snapshot) -> tuple[View, ...]:
    """The views that there are of such data, the first to be shown first."""
    dataset = snapshot.dataset
    views: tuple[View, ...] = ("diagram",)
    if not dataset.picture:
        views = ("map", "diagram") if len(dataset.raw_names) <= 2 else ("diagram", "map")
    return (*views, "confusion") if dataset.class_names else views


def has_picture(snapshot: Snapshot, unit: Unit) -> bool:
    """Whether a unit can be shown alone: over pixels only the weights of the first layer."""
    if snapshot.dataset.picture:
        return unit[0] == 1 and shows_weights(snapshot)
    return True


def first_layer(snapshot: Snapshot) -> int:
    """The first whose units one can choose: the pixels of a picture are one block."""
    return int(shows_weights(snapshot))
