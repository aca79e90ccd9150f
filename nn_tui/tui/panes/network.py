"""Pane 4: the network as a diagram, what it says everywhere, what it takes for what."""

from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.forward import Forward
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures import curve
from nn_tui.tui.pictures.boundary import Ask, Look, draw_boundary, draw_unit, kind_of
from nn_tui.tui.pictures.confusion import draw_confusion
from nn_tui.tui.pictures.confusion_count import confusion_of
from nn_tui.tui.pictures.diagram import Drawn, Names, draw_diagram, plan_of
from nn_tui.tui.pictures.diagram_plan import Plan, Unit
from nn_tui.tui.pictures.plane import Plane, Which, rows_shown, telling_columns
from nn_tui.tui.pictures.unit_maps import (
    Maps,
    draw_weights_of,
    shows_weights,
    unit_maps,
    weight_maps,
)
from nn_tui.tui.pictures.unit_words import described

Array = NDArray[Any]
View = Literal["map", "diagram", "confusion"]

_MOST_ON_A_CURVE = 1000
_WHICH: tuple[Which, ...] = ("all", "training", "test", "no")
_KINDS = {"boundary": "decision boundary", "classes": "decision boundaries", "contour": "contour"}


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
    tells of the cursor's unit; `enter` shows its map in large.

    **Confusion** (classes): rows are what samples are, columns what they are taken for.
    """
    NUMBER = 4
    TITLE = "Network"
    HINT = "v next view; D few colours; t which samples; i I other inputs; z zooms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "view", "view", id="network-view", tooltip="Next view"),
        Binding("D", "discrete", "steps", id="discrete", tooltip="Few colours, again for all"),
        Binding("enter", "look", "look", id="look", tooltip="The unit's map in large, or back"),
        Binding("left,h", "layer(-1)", "Layer before", id="layer-before", show=False),
        Binding("right,l", "layer(1)", "Layer after", id="layer-after", show=False),
        Binding("up,k", "unit(-1)", "Unit above", id="unit-above", show=False),
        Binding("down,j", "unit(1)", "Unit below", id="unit-below", show=False),
        Binding(
            "t",
            "samples",
            "samples",
            id="samples",
            show=False,
            tooltip="Which samples: all, training, test, none",
        ),
        Binding(
            "i",
            "column(0)",
            "Input across",
            id="input-across",
            show=False,
            tooltip="Next input across the map",
        ),
        Binding(
            "I",
            "column(1)",
            "Input up",
            id="input-up",
            show=False,
            tooltip="Next input up the map",
        ),
        Binding("escape", "leave", "Back", id="leave-unit", show=False, tooltip="Out of the unit"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._of: object = None  # the data that what follows belongs to
        self._view: View = "diagram"
        self._large = False
        self._cursor: Unit = (1, 0)
        self._columns = (0, 1)
        self._look = Look()
        self._tests = True
        self._forward = Forward()
        self._plane: Plane | None = None
        self._plan: Plan | None = None

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        self._settle(snapshot)
        if self._view == "confusion":
            return self._draw_confusion(snapshot, width, height)
        if self._view == "diagram":
            large = self._draw_large(snapshot, width, height) if self._large else None
            return large or self._draw_diagram(snapshot, width, height)
        if len(snapshot.dataset.raw_names) == 1:
            self.note("its function, and the samples")
            return self._draw_curve(snapshot, (snapshot.network.depth, 0), width, height)
        plane = self._plane_of(snapshot)
        self.note(self._axes(snapshot, plane, width))
        ask = self._asking(snapshot)
        return draw_boundary(snapshot, ask, plane, self._look, width, height, self.palette)

    def info(self) -> str:
        """What one can do in this view."""
        if self._view == "confusion":
            return "t changes between test and training samples; v next view; z zooms"
        if self._view == "diagram" and self._large:
            if self.snapshot is not None and self.snapshot.dataset.picture:
                return "the weights this unit looks with; arrows go to others; esc goes back"
            return "arrows go to other units; D few colours; t which samples; esc goes back"
        if self._view == "diagram":
            return "arrows choose a unit, enter shows what it sees; v next view; z zooms"
        return self.HINT

    # Views

    def _settle(self, snapshot: Snapshot) -> None:
        """Begin anew with other data, and keep the cursor on a unit that there is."""
        dataset = snapshot.dataset
        of = (dataset.name, dataset.raw_names, dataset.classes)
        if of != self._of:
            self._of = of
            self._view = views_of(snapshot)[0]
            self._large, self._cursor = False, (1, 0)
            self._columns = telling_columns(dataset)
        sizes = snapshot.network.sizes
        layer = max(_first_layer(snapshot), min(self._cursor[0], len(sizes) - 1))
        self._cursor = (layer, min(self._cursor[1], sizes[layer] - 1))

    def _draw_curve(self, snapshot: Snapshot, unit: Unit, width: int, height: int) -> list[Strip]:
        """The function of a unit of a network with one input; samples on the output's."""
        layer, number = unit
        dataset = snapshot.dataset
        most = _MOST_ON_A_CURVE if layer == snapshot.network.depth else 0
        which = self._look.which if most else "no"
        rows, _ = rows_shown(dataset, which, max(1, most))
        places = curve.places(dataset.raw_inputs, width)
        said = self._asking(snapshot)(places)[layer][:, number]
        targets = dataset.encoded(snapshot.network.output)[rows, number] if most else np.empty(0)
        points = dataset.raw_inputs if not len(rows) else dataset.raw_inputs[rows]
        train = int((rows < dataset.train_count).sum())
        return curve.draw_curve(said, points, targets, train, width, height, self.palette)

    def _draw_diagram(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        weights = shows_weights(snapshot)
        names, picture = _names(snapshot), snapshot.dataset.picture if weights else None
        drawn = Drawn(snapshot.network, snapshot.weights, names, snapshot.living, picture)
        cursor = self._cursor if self.has_focus else None
        self._plan = plan = plan_of(drawn, width, height, True, self._cursor)
        maps: Maps = {}
        if plan is not None and plan.lines > 1:
            if weights:
                maps = weight_maps(snapshot, plan)
            elif not snapshot.dataset.picture:
                plane = self._plane_of(snapshot)
                ask, few = self._asking(snapshot), self._look.discrete
                maps = unit_maps(snapshot, ask, plane, plan, few)
        if cursor is None:
            self.note("diagram")
        else:
            self.note(described(snapshot, drawn.names, cursor))
        return draw_diagram(drawn, plan, maps, cursor, width, height, self.palette)

    def _draw_large(self, snapshot: Snapshot, width: int, height: int) -> list[Strip] | None:
        """The cursor's unit, None if it has no picture."""
        unit = self._cursor
        self.note(described(snapshot, _names(snapshot), unit))
        if snapshot.dataset.picture:
            if unit[0] != 1 or not shows_weights(snapshot):
                return None
            return draw_weights_of(snapshot, unit[1], width, height, self.palette)
        if len(snapshot.dataset.raw_names) == 1:
            return self._draw_curve(snapshot, unit, width, height)
        ask, plane = self._asking(snapshot), self._plane_of(snapshot)
        return draw_unit(snapshot, ask, plane, self._look, unit, width, height, self.palette)

    def _draw_confusion(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        made = confusion_of(snapshot, self._forward, self._tests)
        self.note(f"confusion · {made.sort} samples")
        return draw_confusion(made, width, height, self.palette)

    def _asking(self, snapshot: Snapshot) -> Ask:
        def ask(raw: Array) -> list[Array]:
            return self._forward.layers(snapshot, snapshot.dataset.prepare(raw))

        return ask

    def _plane_of(self, snapshot: Snapshot) -> Plane:
        dataset = snapshot.dataset
        across, up = self._columns
        plane = Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)
        if self._plane is None or self._plane.key != plane.key:
            self._plane = plane  # its bounds are kept
        return self._plane

    def _axes(self, snapshot: Snapshot, plane: Plane, width: int) -> str:
        """What is seen and along which inputs, as much of that as fits into the border."""
        across, up = plane.names
        axes = f"{across} → {up} ↑"
        rest = " · others at their mean" if len(snapshot.dataset.raw_names) > 2 else ""
        kind = _KINDS[kind_of(snapshot)]
        wordings = (f"{kind} · {axes}{rest}", f"{axes}{rest}", f"{axes}")
        return next((words for words in wordings if len(words) < width - 2), axes)

    # Keys and mouse

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Units are chosen in the diagram only; ``esc`` leaves a unit before it leaves more."""
        if action == "leave":
            return self._large
        if action in ("look", "layer", "unit"):
            return self._view == "diagram"
        if action == "discrete":
            return self._view != "confusion"
        return True

    def on_click(self, event: Click) -> None:
        """Put the cursor on the unit one clicks."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if self._view == "diagram" and not self._large and self._plan and offset is not None:
            unit = self._plan.unit_at(offset.x, offset.y - 1)
            if unit is not None:
                self._cursor = unit
                self.repaint()

    def action_view(self) -> None:
        """The next view that there is of such data."""
        if self.snapshot is None:
            return
        views = views_of(self.snapshot)
        self._view = views[(views.index(self._view) + 1) % len(views)]
        self._large = False
        self._turned()

    def _turned(self) -> None:
        """Another view: other keys, another sentence, another picture."""
        self.refresh_bindings()
        self.lab.tell()
        self.repaint()

    def action_discrete(self) -> None:
        """Few colours or all."""
        self._look = replace(self._look, discrete=not self._look.discrete)
        self.repaint()

    def action_samples(self) -> None:
        """Which samples are shown or counted."""
        if self._view == "confusion":
            self._tests = not self._tests
        else:
            shown = _WHICH.index(self._look.which)
            self._look = replace(self._look, which=_WHICH[(shown + 1) % len(_WHICH)])
            self.lab.tell(f"{self._look.which} samples are on the map")
        self.repaint()

    def action_column(self, axis: int) -> None:
        """Another input along an axis."""
        count = len(self.snapshot.dataset.raw_names) if self.snapshot else 0
        if count < 3 or (self.snapshot and self.snapshot.dataset.picture):
            self.lab.tell("i and I choose the inputs of a map where there are more than two")
            return
        columns = list(self._columns)
        columns[axis] = next(
            column
            for column in ((columns[axis] + step) % count for step in range(1, count + 1))
            if column != columns[1 - axis]
        )
        self._columns = (columns[0], columns[1])
        self.repaint()

    def action_layer(self, step: int) -> None:
        """To the layer before or after, at about the same height."""
        if self.snapshot is None:
            return
        sizes = self.snapshot.network.sizes
        layer, number = self._cursor
        there = max(_first_layer(self.snapshot), min(len(sizes) - 1, layer + step))
        if there != layer:
            self._cursor = (there, int((number + 0.5) / sizes[layer] * sizes[there]))
        self.repaint()

    def action_unit(self, step: int) -> None:
        """To the unit above or below."""
        if self.snapshot is not None:
            layer, number = self._cursor
            last = self.snapshot.network.sizes[layer] - 1
            self._cursor = (layer, max(0, min(last, number + step)))
            self.repaint()

    def action_look(self) -> None:
        """The unit under the cursor in large, or back to the diagram."""
        if self.snapshot is None:
            return
        layer = self._cursor[0]
        if self.snapshot.dataset.picture and not (layer == 1 and shows_weights(self.snapshot)):
            self.lab.tell("units of the first layer only have a picture, their weights")
            return
        self._large = not self._large
        self._turned()

    def action_leave(self) -> None:
        """Back to the diagram."""
        self._large = False
        self._turned()


def views_of(snapshot: Snapshot) -> tuple[View, ...]:
    """The views that there are of such data, the first to be shown first."""
    dataset = snapshot.dataset
    views: tuple[View, ...] = ("diagram",)
    if not dataset.picture:
        views = ("map", "diagram") if len(dataset.raw_names) <= 2 else ("diagram", "map")
    return (*views, "confusion") if dataset.classes else views


def _names(snapshot: Snapshot) -> Names:
    return Names(snapshot.dataset.input_names, snapshot.dataset.classes)


def _first_layer(snapshot: Snapshot) -> int:
    """The first whose units one can choose: the pixels of a picture are one block."""
    return int(shows_weights(snapshot))
