"""Pane 4: the network as a diagram, or what it says everywhere."""

from typing import ClassVar

import numpy as np
from textual.binding import Binding, BindingType
from textual.strip import Strip

from nn_tui.nn.predictor import Predictor
from nn_tui.training.plan import method
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures.boundary import draw_boundary, grid
from nn_tui.tui.pictures.diagram import Names, draw_diagram

_MOST_SAMPLES = 1000  # marks on a boundary; of more samples every second, third … is shown


class NetworkPane(Pane):
    """For two inputs the decision boundary first; ``v`` changes to the diagram and back."""

    HELP = """
    ## Network

    **Diagram**: inputs on the left, outputs on the right; a line is a weight, blue if
    positive, orange if negative, thick if large. A unit is coloured by its bias.

    **Boundary** (two inputs): the colour of a place is what the network says there.
    ● are samples of the high class, ○ of the low one; small ones are held back for testing.

    `v` changes between the two.
    """
    NUMBER = 4
    TITLE = "Network"
    HINT = "v changes between the diagram and the decision boundary (two inputs); z zooms"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("v", "view", "view", tooltip="Next view")]

    def __init__(self) -> None:
        super().__init__()
        self._diagram = False
        self._predictor: Predictor | None = None

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        if snapshot is None:
            return []
        if self._diagram or not self._has_boundary(snapshot):
            self.note("diagram")
            names = Names(snapshot.dataset.input_names, snapshot.dataset.classes)
            return draw_diagram(
                snapshot.network, snapshot.weights, names, width, height, self.palette
            )
        self.note("decision boundary")
        return self._boundary(snapshot, width, height)

    @staticmethod
    def _has_boundary(snapshot: Snapshot) -> bool:
        return len(snapshot.dataset.raw_names) == 2 and snapshot.network.sizes[-1] == 1

    def _boundary(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        dataset = snapshot.dataset
        sampled = slice(None, None, -(-dataset.samples // _MOST_SAMPLES))
        points = dataset.raw_inputs[sampled]
        places = grid(points, width, height)
        made = self._predictor
        if made is None or made.network != snapshot.network or made.rows != len(places):
            made = Predictor(snapshot.network, method(snapshot.recipe), len(places))
            self._predictor = made
        values = made.layers(snapshot.parameters, dataset.prepare(places))[-1][:, 0]
        targets = dataset.encoded(snapshot.network.output, sampled)[:, 0]
        middle, half = _scale(targets)
        return draw_boundary(
            np.clip((values - middle) / half, -1, 1),
            points,
            (targets - middle) / half,
            -(-dataset.train_count // sampled.step),
            width,
            height,
            self.palette,
        )

    def action_view(self) -> None:
        """Change between diagram and boundary."""
        if self.snapshot is not None and not self._has_boundary(self.snapshot):
            self.app.notify("The decision boundary needs two inputs and one output.")
            return
        self._diagram = not self._diagram
        self.repaint()


def _scale(targets: np.ndarray) -> tuple[float, float]:
    low, high = float(targets.min()), float(targets.max())
    return (low + high) / 2, max((high - low) / 2, 1e-12)
