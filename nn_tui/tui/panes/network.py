"""Pane 4: the network as a diagram, or what it says everywhere."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import Binding, BindingType
from textual.strip import Strip

from nn_tui.nn.predictor import Predictor
from nn_tui.training.plan import method
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures import curve
from nn_tui.tui.pictures.boundary import draw_boundary, grid
from nn_tui.tui.pictures.diagram import Names, draw_diagram

Array = NDArray[Any]

_MOST_SAMPLES = 1000  # samples on a picture; of more samples every second, third … is shown


class NetworkPane(Pane):
    """For two inputs the decision boundary first; ``v`` changes to the diagram and back."""

    HELP = """
    ## Network

    **Diagram**: inputs on the left, outputs on the right; a line is a weight, blue if
    positive, orange if negative, thick if large. A unit is coloured by its bias.

    **Boundary** (two inputs): the colour of a place is what the network says there.
    ● are samples of the high class, ○ of the low one; small ones are held back for testing.

    **Curve** (one input): the line is what the network says along it, the dots are samples.

    `v` changes between diagram and picture.
    """
    NUMBER = 4
    TITLE = "Network"
    HINT = "v changes between the diagram and the decision boundary, or the curve; z zooms"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "view", "view", tooltip="Next view")]

    def __init__(self) -> None:
        super().__init__()
        self._diagram = False
        self._predictor: Predictor | None = None

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        if not self._diagram and _raw_inputs(snapshot) == 2:
            self.note("decision boundary")
            return self._boundary(snapshot, width, height)
        if not self._diagram and _raw_inputs(snapshot) == 1:
            self.note("its function, and the samples")
            return self._curve(snapshot, width, height)
        self.note("diagram")
        names = Names(snapshot.dataset.input_names, snapshot.dataset.classes)
        return draw_diagram(snapshot.network, snapshot.weights, names, width, height, self.palette)

    def _ask(self, snapshot: Snapshot, places: Array) -> Array:
        """What the network says (places,) at ``places`` (places, raw inputs)."""
        made = self._predictor
        if made is None or made.network != snapshot.network or made.rows != len(places):
            made = Predictor(snapshot.network, method(snapshot.recipe), len(places))
            self._predictor = made
        said: Array = made.layers(snapshot.parameters, snapshot.dataset.prepare(places))[-1][:, 0]
        return said

    def _curve(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        shown = _Shown(snapshot)
        values = self._ask(snapshot, curve.places(shown.points, width))
        return curve.draw_curve(
            values, shown.points, shown.targets, shown.train_count, width, height, self.palette
        )

    def _boundary(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        shown = _Shown(snapshot)
        values = self._ask(snapshot, grid(shown.points, width, height))
        middle, half = _scale(shown.targets)
        return draw_boundary(
            np.clip((values - middle) / half, -1, 1),
            shown.points,
            (shown.targets - middle) / half,
            shown.train_count,
            width,
            height,
            self.palette,
        )

    def action_view(self) -> None:
        """Change between the diagram and the picture over the inputs."""
        if self.snapshot is not None and not _raw_inputs(self.snapshot):
            self.lab.tell("A picture over the inputs needs one or two of them, and one output")
            return
        self._diagram = not self._diagram
        self.repaint()


class _Shown:
    """The samples on a picture: all, or of many every second, third …"""

    def __init__(self, snapshot: Snapshot) -> None:
        dataset = snapshot.dataset
        step = -(-dataset.samples // _MOST_SAMPLES)
        rows = slice(None, None, step)
        self.points: Array = dataset.raw_inputs[rows]
        self.targets: Array = dataset.encoded(snapshot.network.output, rows)[:, 0]
        self.train_count = -(-dataset.train_count // step)


def _raw_inputs(snapshot: Snapshot) -> int:
    """1 or 2 where there is a picture over the raw inputs, else 0."""
    count = len(snapshot.dataset.raw_names)
    return count if count <= 2 and snapshot.network.sizes[-1] == 1 else 0


def _scale(targets: Array) -> tuple[float, float]:
    low, high = float(targets.min()), float(targets.max())
    return (low + high) / 2, max((high - low) / 2, 1e-12)
