"""What the network of a snapshot says to any inputs."""

from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.predictor import Predictor
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array


class ForwardPass:
    """Keeps the buffers of the last question, which are good for the next of the same kind."""

    def __init__(self) -> None:
        self._made: Predictor | None = None
        self._how: tuple[LearningRule, str] | None = None

    def predictions(self, snapshot: Snapshot, inputs: Array) -> Array:
        """The outputs (rows, outputs) for ``inputs``; overwritten by the next call."""
        return self.layers(snapshot, inputs)[-1]

    def layers(self, snapshot: Snapshot, inputs: Array) -> list[Array]:
        """Every layer from 0, the ``inputs`` (rows, inputs) themselves, to the output.

        Each is (rows, units), in the network's precision, so that what is shown is what the
        network predicts; they are overwritten by the next call.
        """
        made, how = (
            self._made,
            (build_learning_rule(snapshot.recipe), snapshot.recipe.network.dtype),
        )
        stale = made is None or made.network != snapshot.network or made.rows != len(inputs)
        if made is None or stale or how != self._how:
            made = Predictor(snapshot.network, how[0], len(inputs), how[1])
            self._made, self._how = made, how
        return [inputs, *made.layers(snapshot.parameters, inputs)]
