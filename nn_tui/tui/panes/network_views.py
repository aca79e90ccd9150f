"""The views of the network pane."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.activation_diagram import (
    ActivationDiagram,
    draw_activations,
    lay_out_activation_diagram,
)
from nn_tui.tui.drawing.activation_layout import ActivationLayout
from nn_tui.tui.drawing.decision_map import (
    EvaluateLayers,
    draw_decision_map,
    draw_unit_map,
    map_kind,
)
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit
from nn_tui.tui.drawing.function_plot import FunctionSamples, draw_function, plot_inputs
from nn_tui.tui.drawing.network_diagram import (
    NetworkDiagram,
    UnitNames,
    UnitPictures,
    describe_unit,
    draw_diagram,
    lay_out_network,
)
from nn_tui.tui.drawing.part_marks import held_out_sets
from nn_tui.tui.drawing.plane import Plane, shown_rows
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.unit_detail import DetailNames, draw_unit_detail, map_of_detail
from nn_tui.tui.drawing.unit_maps import (
    draw_unit_weights,
    unit_maps,
)
from nn_tui.tui.panes.network_view_state import NetworkViewState
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

if TYPE_CHECKING:
    from nn_tui.tui.panes.evaluation_views import EvaluationViews

_MAX_CURVE_SAMPLES = 1000
_KINDS = {"boundary": "decision boundary", "classes": "decision boundaries", "contour": "contour"}


class NetworkViews:
    """Draws the current view and computes nothing for the others.

    ``plan`` is the layout of the diagram in sight, or None; ``mapped`` is whether its units
    hold maps over inputs.
    """

    def __init__(self) -> None:
        self.plan: DiagramLayout | ActivationLayout | None = None
        self.mapped = False
        self.forward = ForwardPass()
        self._over_result, self._over_detail = ForwardPass(), ForwardPass()
        self._plane: Plane | None = None
        self._evaluation: EvaluationViews | None = None

    def lay_out(
        self, snapshot: Snapshot, state: NetworkViewState, focused: bool, size: tuple[int, int]
    ) -> str:
        """Place the view in ``size`` cells; return the text for the border."""
        self.plan, self.mapped = None, False
        self._plane = self._plane_of(snapshot, state)  # keeps its bounds
        if state.evaluates:
            return self.evaluation.lay_out(snapshot, state, focused, size)
        if state.view == "diagram" and state.large:
            return describe_unit(snapshot, _names(snapshot), state.cursor)
        if state.view == "diagram":
            self._lay_out_diagram(snapshot, state, size)
            if snapshot.dataset.picture:
                diagram = self._sample(snapshot, state)
                return diagram.describe(state.cursor) if focused else _describe_sample(diagram)
            if focused:
                return describe_unit(snapshot, _names(snapshot), state.cursor)
            axes = f"diagram · {_axes_only(self._plane)}"
            many = self.mapped and len(snapshot.dataset.raw_names) > 2
            return axes if many and cell_len(axes) < size[0] - 2 else "diagram"
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
        if state.evaluates:
            return self.evaluation.draw(state, focused, area)
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
        plan, pictures = self.plan, UnitPictures()
        chosen = state.cursor if focused else None
        if snapshot.dataset.picture:
            assert not isinstance(plan, DiagramLayout)
            return draw_activations(self._sample(snapshot, state), plan, chosen, area)
        assert not isinstance(plan, ActivationLayout)
        if plan is not None and self.mapped:
            plane, ask = self._plane_of(snapshot, state), self._asking(snapshot)
            maps = unit_maps(snapshot, ask, plane, plan.mapped, state.look.discrete)
            pictures = UnitPictures(
                maps,
                self._result(snapshot, state, plan, area.palette),
                self._detail(snapshot, state, plan, area.palette),
            )
        cursor = state.cursor if plan is not None and plan.detail else chosen
        return draw_diagram(_drawn(snapshot), plan, pictures, cursor, area, chosen)

    @property
    def evaluation(self) -> "EvaluationViews":
        """Draws the views that evaluate the samples of a set; imported when first used."""
        if self._evaluation is None:
            from nn_tui.tui.panes.evaluation_views import EvaluationViews  # start-up time

            self._evaluation = EvaluationViews()
        return self._evaluation

    def unit_at(self, x: int, y: int) -> Unit | None:
        """Return the unit of the diagram at a cell of the view, if any."""
        if isinstance(self.plan, DiagramLayout):
            return self.plan.unit_at(x, y - 1)  # below the titles
        return self.plan.unit_at(x, y) if self.plan is not None else None

    def _lay_out_diagram(
        self, snapshot: Snapshot, state: NetworkViewState, size: tuple[int, int]
    ) -> None:
        if snapshot.dataset.picture:
            outputs = _names(snapshot).of_layer(snapshot.network, snapshot.network.depth)
            self.plan = lay_out_activation_diagram(snapshot, outputs, size, state.cursor)
            return
        drawn, single = _drawn(snapshot), snapshot.network.sizes[-1] == 1
        self.plan = lay_out_network(drawn, *size, True, state.cursor, single, detail=True)
        self.mapped = self.plan is not None and bool(self.plan.mapped or self.plan.result)

    def _sample(self, snapshot: Snapshot, state: NetworkViewState) -> ActivationDiagram:
        """Return the activations for the sample chosen in the data pane."""
        dataset = snapshot.dataset
        sample = min(state.sample, dataset.samples - 1)
        raw, inputs = dataset.raw_inputs[sample], dataset.inputs[sample : sample + 1]
        own = state.row is not None and state.row.raw.shape[1] == len(raw)
        if state.row is not None and own:
            raw, inputs = state.row.raw[0], dataset.prepare(state.row.raw)
        layers = self.forward.layers(snapshot, inputs)
        outputs = _names(snapshot).of_layer(snapshot.network, snapshot.network.depth)
        layers[-1] = dataset.decode(layers[-1])
        chosen = None if own else sample
        activations = [layer[0] for layer in layers]
        return ActivationDiagram(snapshot, raw, chosen, activations, tuple(outputs))

    def _result(
        self, snapshot: Snapshot, state: NetworkViewState, plan: DiagramLayout, palette: Palette
    ) -> Sequence[Strip]:
        """Return the picture of a single output, as the map shows it."""
        if not plan.result:
            return ()
        box = plan.boxes[-1][0]
        area = DrawArea(box.width, box.height, palette)
        if len(snapshot.dataset.raw_names) == 1:
            return self._curve(snapshot, state, area, self._over_result)
        plane, ask = self._plane_of(snapshot, state), self._asking(snapshot, self._over_result)
        return draw_decision_map(snapshot, ask, plane, state.look, area, legend=False)

    def _detail(
        self, snapshot: Snapshot, state: NetworkViewState, plan: DiagramLayout, palette: Palette
    ) -> Sequence[Strip]:
        """Return the chosen unit enlarged."""
        room, (layer, number) = plan.detail, state.cursor
        if room is None:
            return ()
        network, by_layer = snapshot.network, _names(snapshot)
        names = DetailNames(
            by_layer.of_layer(network, layer - 1) if layer else (),
            by_layer.of_layer(network, layer)[number],
            by_layer.of_layer(network, layer + 1) if layer < network.depth else (),
        )
        own = next(box for box in plan.boxes[layer] if box.number == number)
        box, codes = map_of_detail(room, own, len(names.behind)), None
        if box is not None:
            plane, ask = self._plane_of(snapshot, state), self._asking(snapshot, self._over_detail)
            codes = unit_maps(snapshot, ask, plane, [box], state.look.discrete)[state.cursor]
        area = DrawArea(room.width, room.height, palette)
        return draw_unit_detail(snapshot, state.cursor, names, codes, area)

    def _curve(
        self,
        snapshot: Snapshot,
        state: NetworkViewState,
        area: DrawArea,
        forward: ForwardPass | None = None,
    ) -> list[Strip]:
        """Return the curve of a unit of a network with one input; the output's with samples."""
        layer, number = state.cursor if state.large else (snapshot.network.depth, 0)
        dataset = snapshot.dataset
        inputs, name = plot_inputs(dataset.raw_inputs, area.width), short_names(dataset).raw[0]
        values = self._asking(snapshot, forward)(inputs)[layer]
        outputs = (dataset.decode(values) if layer == snapshot.network.depth else values)[:, number]
        rows, step = shown_rows(dataset, state.look.subset, _MAX_CURVE_SAMPLES)
        if layer < snapshot.network.depth or not len(rows):
            no_samples = FunctionSamples(dataset.raw_inputs, np.empty(0), 0)
            return draw_function(outputs, no_samples, area, name=name)
        shown = slice(int(rows[0]), int(rows[-1]) + 1, step)
        targets = dataset.output_targets(snapshot.network.output, shown)[:, number]
        train = int((rows < dataset.train_count).sum())
        samples = FunctionSamples(dataset.raw_inputs[shown], targets, train, held_out_sets(dataset))
        return draw_function(outputs, samples, area, name=name)

    def _asking(self, snapshot: Snapshot, forward: ForwardPass | None = None) -> EvaluateLayers:
        passing = forward or self.forward

        def ask(raw: Array) -> list[Array]:
            return passing.layers(snapshot, snapshot.dataset.prepare(raw))

        return ask

    def _plane_of(self, snapshot: Snapshot, state: NetworkViewState) -> Plane:
        dataset, (across, up) = snapshot.dataset, state.columns
        plane = Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)
        known = self._plane
        return known if known is not None and known.key == plane.key else plane


def _drawn(snapshot: Snapshot) -> NetworkDiagram:
    return NetworkDiagram(snapshot.network, snapshot.weights, _names(snapshot), snapshot.masks)


def _describe_sample(diagram: ActivationDiagram) -> str:
    """The sample that is seen, its class and the predicted one."""
    snapshot, sample = diagram.snapshot, diagram.sample
    dataset = snapshot.dataset
    said = "your own" if sample is None else f"sample {sample + 1:,}"
    rule = dataset.decision_rule(snapshot.network.output)
    if rule is None or not rule.names:
        return said
    predicted = int(rule.decide(diagram.layers[-1]))
    guess = "–" if predicted == UNDECIDED else rule.names[predicted]
    if sample is None:
        return f"{said} → {guess}"
    target = dataset.encoded(snapshot.network.output, slice(sample, sample + 1))[0]
    actual = int(rule.decide(target))
    return f"{said} · {rule.names[actual]} → {guess}{'' if actual == predicted else ' ✗'}"


def _axes_only(plane: Plane) -> str:
    return " ".join(f"{name} {arrow}" for name, arrow in zip(plane.names, "→↑", strict=False))


def _axes(snapshot: Snapshot, plane: Plane, width: int) -> str:
    """What is seen and along which inputs, as much of that as fits into the border."""
    axes = _axes_only(plane)
    rest = " · other inputs at their mean" if len(snapshot.dataset.raw_names) > 2 else ""
    kind = _KINDS[map_kind(snapshot)]
    wordings = (f"{kind} · {axes}{rest}", f"{axes}{rest}", axes)
    return next((words for words in wordings if len(words) < width - 2), axes)


def unit_label(snapshot: Snapshot, unit: Unit) -> str:
    """The name of a unit: of an input, ``h1`` of a hidden layer, or of a class."""
    layer, number = unit
    return _names(snapshot).of_layer(snapshot.network, layer)[number]


def _names(snapshot: Snapshot) -> UnitNames:
    names = short_names(snapshot.dataset)
    return UnitNames(names.inputs, names.classes)
