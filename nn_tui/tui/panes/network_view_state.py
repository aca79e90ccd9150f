"""The state of the network pane's views: which one, and the choices made in it."""

from dataclasses import dataclass, field, replace
from typing import Literal

from nn_tui.data.typed_row import TypedRow
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.decision_map import MapStyle
from nn_tui.tui.drawing.diagram_layout import Unit
from nn_tui.tui.drawing.plane import SampleSubset, most_informative_columns
from nn_tui.tui.drawing.unit_maps import shows_weights

View = Literal["map", "diagram", "confusion", "residuals"]
"""The last two evaluate the samples of a set."""

_WHICH: tuple[SampleSubset, ...] = ("all", "training", "test", "no")


@dataclass(frozen=True)
class NetworkViewState:
    """The view and the choices made in it.

    ``large`` is whether the unit at the ``cursor`` is enlarged, ``columns`` are the inputs
    across and up a map, ``tests`` is whether the test set is evaluated, ``cell`` is that of
    the confusion matrix under the cursor. The activations are those for ``sample``, or for a
    ``row`` that is no sample.
    """

    view: View
    columns: tuple[int, int]
    look: MapStyle = field(default_factory=MapStyle)
    cursor: Unit = (1, 0)
    large: bool = False
    tests: bool = True
    sample: int = 0
    row: TypedRow | None = None
    cell: tuple[int, int] = (0, 0)

    @property
    def evaluates(self) -> bool:
        """Whether the view evaluates the samples of a set."""
        return self.view in ("confusion", "residuals")

    def in_next_view(self, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with the next view of such data."""
        views = network_views(snapshot)
        return replace(self, view=views[(views.index(self.view) + 1) % len(views)], large=False)

    def with_other_samples(self) -> "NetworkViewState":
        """Return the state with the next choice of samples."""
        if self.evaluates:
            return replace(self, tests=not self.tests)
        following = _WHICH[(_WHICH.index(self.look.subset) + 1) % len(_WHICH)]
        return replace(self, look=self.look._replace(subset=following))

    def with_other_column(self, axis: int, count: int) -> "NetworkViewState":
        """Return the state with the next of ``count`` inputs across (``axis`` 0) or up (1)."""
        columns = list(self.columns)
        columns[axis] = next(
            column
            for column in ((columns[axis] + step) % count for step in range(1, count + 1))
            if column != columns[1 - axis]
        )
        return replace(self, columns=(columns[0], columns[1]))

    def at_layer(self, step: int, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with the cursor ``step`` layers on, at about the same height.

        In the confusion matrix, it moves by as many predicted classes.
        """
        if self.view == "confusion":
            return self._at_cell(snapshot, 0, step)
        sizes = snapshot.network.sizes
        layer, number = self.cursor
        there = max(first_layer(snapshot), min(len(sizes) - 1, layer + step))
        unit = (there, int((number + 0.5) / sizes[layer] * sizes[there]))
        moves = there != layer and (not self.large or has_picture(snapshot, unit))
        return replace(self, cursor=unit) if moves else self

    def at_unit(self, step: int, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with the cursor ``step`` units below, or actual classes."""
        if self.view == "confusion":
            return self._at_cell(snapshot, step, 0)
        layer, number = self.cursor
        last = snapshot.network.sizes[layer] - 1
        return replace(self, cursor=(layer, max(0, min(last, number + step))))

    def _at_cell(self, snapshot: Snapshot, down: int, right: int) -> "NetworkViewState":
        last = len(snapshot.dataset.class_names) - 1
        actual, predicted = self.cell[0] + down, self.cell[1] + right
        return replace(self, cell=(max(0, min(last, actual)), max(0, min(last, predicted))))

    def in_network(self, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with a view and a cursor that exist for this network."""
        sizes = snapshot.network.sizes
        layer = max(first_layer(snapshot), min(self.cursor[0], len(sizes) - 1))
        unit = (layer, min(self.cursor[1], sizes[layer] - 1))
        large = self.large and has_picture(snapshot, unit)
        views = network_views(snapshot)
        view = self.view if self.view in views else views[0]
        return replace(self, view=view, cursor=unit, large=large)._at_cell(snapshot, 0, 0)


def initial_view_state(snapshot: Snapshot) -> NetworkViewState:
    """Return the state before any key."""
    return NetworkViewState(network_views(snapshot)[0], most_informative_columns(snapshot.dataset))


def network_views(snapshot: Snapshot) -> tuple[View, ...]:
    """Return the possible views of the data; the first is the initial one."""
    dataset = snapshot.dataset
    views: tuple[View, ...] = ("diagram",)
    if not dataset.picture:
        views = ("diagram", "map")
    if dataset.decision_rule(snapshot.network.output) is None:
        return (*views, "residuals")
    return (*views, "confusion") if dataset.class_names else views


def has_picture(snapshot: Snapshot, unit: Unit) -> bool:
    """Whether a unit can be enlarged; over pixels only the weights of the first layer can."""
    if snapshot.dataset.picture:
        return unit[0] == 1 and shows_weights(snapshot)
    return True


def first_layer(snapshot: Snapshot) -> int:
    """Return the first layer with selectable units: the pixels of an image are none."""
    return int(snapshot.dataset.picture is not None)
