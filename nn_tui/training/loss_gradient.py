"""The gradient of the loss over many samples, at any parameters, apart from a running training."""

import numpy as np
from numpy.typing import DTypeLike

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.compiler import Call
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.training.evaluator import block_rows
from nn_tui.types import Array

MOST_WORK = 10_000_000
"""Samples times weights up to which it is computed for every picture: a few milliseconds."""


class LossGradient:
    """For ``inputs`` (samples, inputs) and ``targets`` (samples, outputs).

    ``loss`` is its name in ``LOSSES``; with ``mean`` it is averaged over the samples, else
    summed. Samples are taken in blocks, so the buffers stay small.
    """

    def __init__(
        self,
        network: Architecture,
        loss: str,
        mean: bool,
        inputs: Array,
        targets: Array,
        dtype: DTypeLike = np.float64,
    ) -> None:
        # An update at the rate 0, of which only the direction is wanted.
        zero = np.zeros(network.parameter_count)
        self._state = State(network, LearningRule(loss), zero, {"learning_rate": 0.0}, dtype)
        self._divisor = len(inputs) if mean else 1
        self._blocks: list[Call] = []
        workspaces: dict[int, Workspace] = {}
        l0, y = (np.ascontiguousarray(array, self._state.dtype) for array in (inputs, targets))
        for start in range(0, len(l0), block_rows(network)):
            rows = slice(start, start + block_rows(network))
            size = len(l0[rows])
            if size not in workspaces:
                workspaces[size] = Workspace(self._state, size)
            step = Step(self._state, l0[rows], y[rows], workspaces[size])
            self._blocks.append(compile_replay((*step.ahead_calls, *step.learn_calls)))

    def at(self, parameters: Array) -> Array:
        """The gradient (parameter_count,) at flat ``parameters``."""
        state, total = self._state, np.zeros_like(self._state.parameters)
        with np.errstate(all="ignore"):
            for block in self._blocks:
                state.parameters[...] = parameters
                block()
                total -= state.arrays["descent"]
            total /= self._divisor
        return total
