"""The pictures of the network pane, each with the words for its border."""

import numpy as np
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.confusion_matrix import draw_confusion
from nn_tui.tui.drawing.decision_map import Ask, draw_boundary, draw_unit, kind_of
from nn_tui.tui.drawing.diagram_layout import DiagramLayout, Unit
from nn_tui.tui.drawing.function_plot import draw_curve, sample_inputs
from nn_tui.tui.drawing.network_diagram import DrawnDiagram, UnitNames, draw_diagram, plan_of
from nn_tui.tui.drawing.plane import Plane, rows_shown
from nn_tui.tui.drawing.unit_maps import (
    Maps,
    draw_weights_of,
    shows_weights,
    unit_maps,
    weight_maps,
)
from nn_tui.tui.panes.network_stand import NetworkViewState
from nn_tui.tui.pictures.confusion_count import confusion_of
from nn_tui.tui.pictures.unit_words import describe_unit
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

Shown = tuple[list[Strip], str]
"""A picture and what stands in the border below it."""

_MOST_ON_A_CURVE = 1000
_KINDS = {"boundary": "decision boundary", "classes": "decision boundaries", "contour": "contour"}


class NetworkViews:
    """Draws the view one stands in, and computes nothing for the others.

    ``plan`` is where the units of the last diagram stand; ``mapped`` is whether they have
    maps over inputs in them.
    """

    def __init__(self) -> None:
        self.plan: DiagramLayout | None = None
        self.mapped = False
        self.forward = ForwardPass()
        self._plane: Plane | None = None

    def draw(
        self,
        snapshot: Snapshot,
        stand: NetworkViewState,
        focused: bool,
        size: tuple[int, int],
        palette: Palette,
    ) -> Shown:
        """The view in ``size`` cells; the cursor shows where the pane is ``focused``."""
        self.plan, self.mapped = None, False
        if stand.view == "confusion":
            made = confusion_of(snapshot, self.forward, stand.tests)
            return draw_confusion(made, *size, palette), f"confusion · {made.sort} samples"
        if stand.view == "diagram":
            if stand.large:
                return self._unit(snapshot, stand, size, palette)
            return self._diagram(snapshot, stand, focused, size, palette)
        if len(snapshot.dataset.raw_names) == 1:
            output = (snapshot.network.depth, 0)
            words = "its function, and the samples"
            return self._curve(snapshot, stand, output, size, palette), words
        plane, ask = self._plane_of(snapshot, stand), self._asking(snapshot)
        strips = draw_boundary(snapshot, ask, plane, stand.look, *size, palette)
        return strips, _axes(snapshot, plane, size[0])

    def _diagram(
        self,
        snapshot: Snapshot,
        stand: NetworkViewState,
        focused: bool,
        size: tuple[int, int],
        palette: Palette,
    ) -> Shown:
        names, weights = _names(snapshot), shows_weights(snapshot)
        picture = snapshot.dataset.picture if weights else None
        drawn = DrawnDiagram(snapshot.network, snapshot.weights, names, snapshot.living, picture)
        mapped = weights or not snapshot.dataset.picture
        self.plan = plan = plan_of(drawn, *size, mapped, stand.cursor)
        maps: Maps = {}
        if mapped and plan is not None and plan.lines > 1:
            if weights:
                maps = weight_maps(snapshot, plan)
            else:
                self.mapped = True
                plane, ask = self._plane_of(snapshot, stand), self._asking(snapshot)
                maps = unit_maps(snapshot, ask, plane, plan, stand.look.discrete)
        cursor = stand.cursor if focused else None
        words = describe_unit(snapshot, names, cursor) if cursor else "diagram"
        return draw_diagram(drawn, plan, maps, cursor, *size, palette), words

    def _unit(
        self, snapshot: Snapshot, stand: NetworkViewState, size: tuple[int, int], palette: Palette
    ) -> Shown:
        """The cursor's unit alone."""
        unit = stand.cursor
        words = describe_unit(snapshot, _names(snapshot), unit)
        if snapshot.dataset.picture:
            return draw_weights_of(snapshot, unit[1], *size, palette), words
        if len(snapshot.dataset.raw_names) == 1:
            return self._curve(snapshot, stand, unit, size, palette), words
        plane, ask = self._plane_of(snapshot, stand), self._asking(snapshot)
        return draw_unit(snapshot, ask, plane, stand.look, unit, *size, palette), words

    def _curve(
        self,
        snapshot: Snapshot,
        stand: NetworkViewState,
        unit: Unit,
        size: tuple[int, int],
        palette: Palette,
    ) -> list[Strip]:
        """The function of a unit of a network with one input; samples on the output's."""
        (layer, number), dataset = unit, snapshot.dataset
        said = self._asking(snapshot)(sample_inputs(dataset.raw_inputs, size[0]))[layer][:, number]
        rows, step = rows_shown(dataset, stand.look.which, _MOST_ON_A_CURVE)
        if layer < snapshot.network.depth or not len(rows):
            return draw_curve(said, dataset.raw_inputs, np.empty(0), 0, *size, palette)
        shown = slice(int(rows[0]), int(rows[-1]) + 1, step)
        targets = dataset.encoded(snapshot.network.output, shown)[:, number]
        train = int((rows < dataset.train_count).sum())
        return draw_curve(said, dataset.raw_inputs[shown], targets, train, *size, palette)

    def _asking(self, snapshot: Snapshot) -> Ask:
        def ask(raw: Array) -> list[Array]:
            return self.forward.layers(snapshot, snapshot.dataset.prepare(raw))

        return ask

    def _plane_of(self, snapshot: Snapshot, stand: NetworkViewState) -> Plane:
        dataset, (across, up) = snapshot.dataset, stand.columns
        plane = Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)
        if self._plane is None or self._plane.key != plane.key:
            self._plane = plane  # its bounds are kept
        return self._plane


def _axes(snapshot: Snapshot, plane: Plane, width: int) -> str:
    """What is seen and along which inputs, as much of that as fits into the border."""
    across, up = plane.names
    axes = f"{across} → {up} ↑"
    rest = " · others at their mean" if len(snapshot.dataset.raw_names) > 2 else ""
    kind = _KINDS[kind_of(snapshot)]
    wordings = (f"{kind} · {axes}{rest}", f"{axes}{rest}", axes)
    return next((words for words in wordings if len(words) < width - 2), axes)


def _names(snapshot: Snapshot) -> UnitNames:
    return UnitNames(snapshot.dataset.input_names, snapshot.dataset.classes)
