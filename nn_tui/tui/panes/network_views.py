"""The views of the network pane and their state."""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.confusion_matrix import draw_confusion, evaluate_confusion, evaluated_set
from nn_tui.tui.drawing.decision_map import (
    EvaluateLayers,
    MapStyle,
    draw_decision_map,
    draw_unit_map,
    map_kind,
)
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit
from nn_tui.tui.drawing.function_plot import draw_function, plot_inputs
from nn_tui.tui.drawing.network_diagram import (
    NetworkDiagram,
    UnitNames,
    describe_unit,
    draw_diagram,
    lay_out_network,
)
from nn_tui.tui.drawing.plane import Plane, SampleSubset, most_informative_columns, shown_rows
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.unit_maps import (
    UnitMaps,
    draw_unit_weights,
    shows_weights,
    unit_maps,
    weight_maps,
)
from nn_tui.types import Array

View = Literal["map", "diagram", "confusion"]

_WHICH: tuple[SampleSubset, ...] = ("all", "training", "test", "no")


@dataclass(frozen=True)
class NetworkViewState:
    """The view and the choices made in it.

    ``large`` is whether the unit at the ``cursor`` is enlarged, ``columns`` are the inputs
    across and up a map, ``tests`` is whether confusion is counted on the test set.
    """

    view: View
    columns: tuple[int, int]
    look: MapStyle = field(default_factory=MapStyle)
    cursor: Unit = (1, 0)
    large: bool = False
    tests: bool = True

    def in_next_view(self, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with the next view of such data."""
        views = network_views(snapshot)
        return replace(self, view=views[(views.index(self.view) + 1) % len(views)], large=False)

    def with_other_samples(self) -> "NetworkViewState":
        """Return the state with the next choice of samples."""
        if self.view == "confusion":
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
        """Return the state with the cursor ``step`` layers on, at about the same height."""
        sizes = snapshot.network.sizes
        layer, number = self.cursor
        there = max(first_layer(snapshot), min(len(sizes) - 1, layer + step))
        unit = (there, int((number + 0.5) / sizes[layer] * sizes[there]))
        moves = there != layer and (not self.large or has_picture(snapshot, unit))
        return replace(self, cursor=unit) if moves else self

    def at_unit(self, step: int, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with the cursor ``step`` units below."""
        layer, number = self.cursor
        last = snapshot.network.sizes[layer] - 1
        return replace(self, cursor=(layer, max(0, min(last, number + step))))

    def in_network(self, snapshot: Snapshot) -> "NetworkViewState":
        """Return the state with a view and a cursor that exist for this network."""
        sizes = snapshot.network.sizes
        layer = max(first_layer(snapshot), min(self.cursor[0], len(sizes) - 1))
        unit = (layer, min(self.cursor[1], sizes[layer] - 1))
        large = self.large and has_picture(snapshot, unit)
        views = network_views(snapshot)
        view = self.view if self.view in views else views[0]
        return replace(self, view=view, cursor=unit, large=large)


def initial_view_state(snapshot: Snapshot) -> NetworkViewState:
    """Return the state before any key."""
    return NetworkViewState(network_views(snapshot)[0], most_informative_columns(snapshot.dataset))


def network_views(snapshot: Snapshot) -> tuple[View, ...]:
    """Return the possible views of the data; the first is the initial one."""
    dataset = snapshot.dataset
    views: tuple[View, ...] = ("diagram",)
    if not dataset.picture:
        views = ("map", "diagram") if len(dataset.raw_names) <= 2 else ("diagram", "map")
    return (*views, "confusion") if dataset.class_names else views


def has_picture(snapshot: Snapshot, unit: Unit) -> bool:
    """Whether a unit can be enlarged; over pixels only the weights of the first layer can."""
    if snapshot.dataset.picture:
        return unit[0] == 1 and shows_weights(snapshot)
    return True


def first_layer(snapshot: Snapshot) -> int:
    """Return the first layer with selectable units: pixels of an image are one block."""
    return int(shows_weights(snapshot))


_MAX_CURVE_SAMPLES = 1000
_KINDS = {"boundary": "decision boundary", "classes": "decision boundaries", "contour": "contour"}


class NetworkViews:
    """Draws the current view and computes nothing for the others.

    ``plan`` is the layout of the diagram in sight, or None; ``mapped`` is whether its units
    hold maps over inputs.
    """

    def __init__(self) -> None:
        self.plan: DiagramLayout | None = None
        self.mapped = False
        self.forward = ForwardPass()
        self._plane: Plane | None = None

    def lay_out(
        self, snapshot: Snapshot, state: NetworkViewState, focused: bool, size: tuple[int, int]
    ) -> str:
        """Place the view in ``size`` cells; return the text for the border."""
        self.plan, self.mapped = None, False
        self._plane = self._plane_of(snapshot, state)  # keeps its bounds
        if state.view == "confusion":
            return f"confusion · {evaluated_set(snapshot.dataset, state.tests)} samples"
        if state.view == "diagram" and state.large:
            return describe_unit(snapshot, _names(snapshot), state.cursor)
        if state.view == "diagram":
            weights = shows_weights(snapshot)
            mapped = weights or not snapshot.dataset.picture
            self.plan = lay_out_network(_drawn(snapshot), *size, mapped, state.cursor)
            large_enough = self.plan is not None and self.plan.lines > 1
            self.mapped = mapped and not weights and large_enough
            return describe_unit(snapshot, _names(snapshot), state.cursor) if focused else "diagram"
        if len(snapshot.dataset.raw_names) == 1:
            return "fitted curve and data"
        return _axes(snapshot, self._plane, size[0])

    def draw(
        self,
        snapshot: Snapshot,
        state: NetworkViewState,
        focused: bool,
        area: DrawArea,
    ) -> list[Strip]:
        """Return the view in ``area``, with the cursor if the pane is ``focused``."""
        if state.view == "confusion":
            counts = evaluate_confusion(snapshot, self.forward, state.tests)
            return draw_confusion(counts, area)
        if state.view == "diagram" and not state.large:
            return self._diagram(snapshot, state, focused, area)
        if state.large and snapshot.dataset.picture:
            return draw_unit_weights(snapshot, state.cursor[1], area)
        if len(snapshot.dataset.raw_names) == 1:
            return self._curve(snapshot, state, area)
        plane, ask = self._plane_of(snapshot, state), self._asking(snapshot)
        if state.large:
            return draw_unit_map(snapshot, ask, plane, state.look, state.cursor, area)
        return draw_decision_map(snapshot, ask, plane, state.look, area)

    def _diagram(
        self,
        snapshot: Snapshot,
        state: NetworkViewState,
        focused: bool,
        area: DrawArea,
    ) -> list[Strip]:
        plan = self.plan
        maps: UnitMaps = {}
        if plan is not None and self.mapped:
            plane, ask = self._plane_of(snapshot, state), self._asking(snapshot)
            maps = unit_maps(snapshot, ask, plane, plan, state.look.discrete)
        elif plan is not None and plan.lines > 1 and shows_weights(snapshot):
            maps = weight_maps(snapshot, plan)
        cursor = state.cursor if focused else None
        return draw_diagram(_drawn(snapshot), plan, maps, cursor, area)

    def _curve(self, snapshot: Snapshot, state: NetworkViewState, area: DrawArea) -> list[Strip]:
        """Return the curve of a unit of a network with one input; the output's with samples."""
        layer, number = state.cursor if state.large else (snapshot.network.depth, 0)
        dataset = snapshot.dataset
        inputs = plot_inputs(dataset.raw_inputs, area.width)
        values = self._asking(snapshot)(inputs)[layer]
        outputs = (dataset.decode(values) if layer == snapshot.network.depth else values)[:, number]
        rows, step = shown_rows(dataset, state.look.subset, _MAX_CURVE_SAMPLES)
        if layer < snapshot.network.depth or not len(rows):
            return draw_function(outputs, dataset.raw_inputs, np.empty(0), 0, area)
        shown = slice(int(rows[0]), int(rows[-1]) + 1, step)
        targets = dataset.output_targets(snapshot.network.output, shown)[:, number]
        train = int((rows < dataset.train_count).sum())
        return draw_function(outputs, dataset.raw_inputs[shown], targets, train, area)

    def _asking(self, snapshot: Snapshot) -> EvaluateLayers:
        def ask(raw: Array) -> list[Array]:
            return self.forward.layers(snapshot, snapshot.dataset.prepare(raw))

        return ask

    def _plane_of(self, snapshot: Snapshot, state: NetworkViewState) -> Plane:
        dataset, (across, up) = snapshot.dataset, state.columns
        plane = Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)
        known = self._plane
        return known if known is not None and known.key == plane.key else plane


def _drawn(snapshot: Snapshot) -> NetworkDiagram:
    picture = snapshot.dataset.picture if shows_weights(snapshot) else None
    return NetworkDiagram(
        snapshot.network, snapshot.weights, _names(snapshot), snapshot.masks, picture
    )


def _axes(snapshot: Snapshot, plane: Plane, width: int) -> str:
    """What is seen and along which inputs, as much of that as fits into the border."""
    across, up = plane.names
    axes = f"{across} → {up} ↑"
    rest = " · other inputs at their mean" if len(snapshot.dataset.raw_names) > 2 else ""
    kind = _KINDS[map_kind(snapshot)]
    wordings = (f"{kind} · {axes}{rest}", f"{axes}{rest}", axes)
    return next((words for words in wordings if len(words) < width - 2), axes)


def _names(snapshot: Snapshot) -> UnitNames:
    names = short_names(snapshot.dataset)
    return UnitNames(names.inputs, names.classes)
