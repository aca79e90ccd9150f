"""Forward passes for any inputs with any parameters, apart from a running training."""

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn import statements
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.types import Array


class Predictor:
    """Keeps buffers for one number of rows, so that asking again costs only the arithmetic.

    With the training's own ``dtype`` and rows the predictions have the training's bits.
    """

    def __init__(
        self, network: Architecture, rule: LearningRule, rows: int, dtype: DTypeLike = np.float64
    ) -> None:
        self.network = network
        self.rows = rows
        plain = LearningRule(loss=rule.loss)
        self._state = State(network, plain, np.zeros(network.parameter_count), {}, dtype)
        self._inputs = np.zeros((rows, network.sizes[0]), dtype)
        nothing = np.zeros((rows, network.sizes[-1]), dtype)
        workspace = Workspace(self._state, rows, backward=False)
        self._step = Step(self._state, self._inputs, nothing, workspace)
        forward = [statement.code for statement in statements.forward_statements(network, rule)]
        self._forward = compile_replay(self._step.compiled(forward))

    def layers(self, parameters: Array, inputs: Array) -> list[Array]:
        """The outputs of every layer 1 … depth, each (rows, units), for ``inputs`` (rows, inputs).

        The arrays are overwritten by the next call.
        """
        with np.errstate(all="ignore"):
            np.copyto(self._state.parameters, parameters)
            np.copyto(self._inputs, inputs)
            self._forward()
        return [self._step.arrays[f"l{i}"] for i in range(1, self.network.depth + 1)]
