"""What the network of a snapshot says to samples."""

from typing import Any

from numpy.typing import NDArray

from nn_tui.nn.predictor import Predictor
from nn_tui.training.model_builder import method
from nn_tui.training.snapshot import Snapshot

Array = NDArray[Any]


class Asker:
    """Asks the network of a snapshot, again and again about as many samples."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None

    def __call__(self, snapshot: Snapshot, inputs: Array) -> Array:
        """What the network says (rows, outputs) to ``inputs`` (rows, inputs)."""
        return self.layers(snapshot, inputs)[-1]

    def layers(self, snapshot: Snapshot, inputs: Array) -> list[Array]:
        """The outputs of every layer 1 … depth, each (rows, units); overwritten when next asked."""
        made = self._predictor
        if made is None or made.network != snapshot.network or made.rows != len(inputs):
            made = Predictor(snapshot.network, method(snapshot.recipe), len(inputs))
            self._predictor = made
        return made.layers(snapshot.parameters, inputs)
