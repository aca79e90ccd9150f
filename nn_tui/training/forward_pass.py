"""The activations and predictions of a snapshot's network for any inputs."""

from typing import TYPE_CHECKING

import numpy as np

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.predictor import Predictor, forward_step
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

if TYPE_CHECKING:
    from nn_tui.nn.explain.stepper import StepDebugger


class ForwardPass:
    """Forward passes that keep their buffers for the next call with the same shapes."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None
        self._key: tuple[Architecture, LearningRule, int, str] | None = None

    def predictions(self, snapshot: Snapshot, inputs: Array) -> Array:
        """The outputs (rows, outputs) for ``inputs``, in the units of the targets.

        They may be overwritten by the next call.
        """
        return snapshot.dataset.decode(self.layers(snapshot, inputs)[-1])

    def layers(self, snapshot: Snapshot, inputs: Array) -> list[Array]:
        """Every layer from 0, the ``inputs`` (rows, inputs) themselves, to the output.

        Each is (rows, units) in the network's dtype, so that displayed values are those of
        training; overwritten by the next call.
        """
        rule, dtype = build_learning_rule(snapshot.recipe), snapshot.recipe.network.dtype
        key = (snapshot.network, rule, len(inputs), dtype)
        if self._predictor is None or key != self._key:
            self._predictor, self._key = Predictor(*key), key
        return [inputs, *self._predictor.layers(snapshot.parameters, inputs)]


def prediction_debugger(snapshot: Snapshot, inputs: Array) -> "StepDebugger":
    """Step through the forward pass for ``inputs`` (1, inputs), which are no samples."""
    from nn_tui.nn.explain.stepper import StepDebugger  # when asked to explain: start-up time

    rule = build_learning_rule(snapshot.recipe)
    step = forward_step(snapshot.network, rule, 1, snapshot.recipe.network.dtype)
    np.copyto(step.state.parameters, snapshot.parameters)
    with np.errstate(all="ignore"):
        np.copyto(step.arrays["l0"], inputs)
    return StepDebugger(step, (), predicts=True)
