"""Forward passes with given inputs and parameters, independent of training."""

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn import statements
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_changes import forward_changes
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.types import Array


class Predictor:
    """Forward passes for a fixed number of rows, with reused buffers.

    With the ``dtype`` and number of rows of training, predictions have the same bits.
    """

    def __init__(
        self, network: Architecture, rule: LearningRule, rows: int, dtype: DTypeLike = np.float64
    ) -> None:
        self.network = network
        self.rows = rows
        self._step = forward_step(network, rule, rows, dtype)
        self._state, self._inputs = self._step.state, self._step.arrays["l0"]
        lines = statements.forward_statements(network, rule.for_evaluation)
        forward = [statement.code for statement in lines]
        self._forward = compile_replay(self._step.compile_lines(forward))

    def layers(self, parameters: Array, inputs: Array) -> list[Array]:
        """Return the activations (rows, units) of layers 1 … depth for ``inputs`` (rows, inputs).

        The arrays are overwritten by the next call.
        """
        with np.errstate(all="ignore"):
            np.copyto(self._state.parameters, parameters)
            np.copyto(self._inputs, inputs)
            self._forward()
        return [self._step.arrays[f"l{i}"] for i in range(1, self.network.depth + 1)]


PREDICTED_TOGETHER = 256
"""Rows of a forward pass of many rows, always as many: the last ones are filled up with zeros.

BLAS rounds the rows at the end of a matrix differently, and a matrix of another size. In whole
blocks a float64 prediction has the same bits whatever rows are predicted with it.
"""


def outputs_of(
    network: Architecture,
    rule: LearningRule,
    parameters: Array,
    inputs: Array,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return the outputs (rows, outputs), float64, of any number of ``inputs`` (rows, inputs).

    In float64 those of a row do not depend on the other rows, nor on their order.
    """
    outputs = np.empty((len(inputs), network.sizes[-1]))
    predictor = Predictor(network, rule, PREDICTED_TOGETHER, dtype)
    block = np.zeros((PREDICTED_TOGETHER, network.sizes[0]))
    for first in range(0, len(inputs), PREDICTED_TOGETHER):
        part = inputs[first : first + PREDICTED_TOGETHER]
        block[: len(part)], block[len(part) :] = part, 0.0
        outputs[first : first + len(part)] = predictor.layers(parameters, block)[-1][: len(part)]
    return outputs


def forward_step(
    network: Architecture, rule: LearningRule, rows: int, dtype: DTypeLike = np.float64
) -> Step:
    """A step with buffers for the forward pass and the error; parameters and inputs are zero."""
    lines = forward_changes(rule.lines)
    evaluates = rule.evaluates or rule.noisy
    plain = LearningRule(rule.loss, lines=lines, functions=rule.functions, evaluates=evaluates)
    state = State(network, plain, np.zeros(network.parameter_count), {}, dtype)
    inputs = np.zeros((rows, network.sizes[0]), dtype)
    targets = np.zeros((rows, network.sizes[-1]), dtype)
    return Step(state, inputs, targets, Workspace(state, rows, backward=False))
