"""The exact loss and the predictions of the current weights over many samples, in blocks."""

import numpy as np

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.compiler import Call
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from nn_tui.types import Array

_BLOCK_NUMBERS = 2**19
_BLOCK_ROWS = (256, 4096)


def block_rows(network: Architecture) -> int:
    """The number of samples of a block: fewer for wide layers."""
    fewest, most = _BLOCK_ROWS
    return max(fewest, min(most, _BLOCK_NUMBERS // sum(network.sizes)))


class Evaluator:
    """Forward passes over ``inputs`` (samples, inputs) against ``targets`` (samples, outputs).

    After ``run`` (or after executing ``calls``) ``predictions`` (samples, outputs) and
    ``total``, the sum of all losses times the loss's ``loss_denominator``, are those of the state's
    parameters. Blocks keep the buffers small; ``blocks`` are the same calls, a
    function for each block.
    """

    def __init__(self, state: State, inputs: Array, targets: Array) -> None:
        self.samples = len(inputs)
        self.predictions = np.zeros(targets.shape, state.dtype)
        self.total = np.zeros((), state.dtype)
        self._scale = state.rule.loss_entry.loss_denominator * max(1, self.samples)
        blocks: list[tuple[Call, ...]] = []
        workspaces: dict[int, Workspace] = {}
        for start in range(0, self.samples, block_rows(state.network)):
            rows = slice(start, min(start + block_rows(state.network), self.samples))
            size = rows.stop - rows.start
            if size not in workspaces:
                workspaces[size] = Workspace(state, size, backward=False)
            output = self.predictions[rows]
            step = Step(state, inputs[rows], targets[rows], workspaces[size], output)
            step.arrays["losses"] = self.total
            added = step.compile_lines(["losses = total" if start == 0 else "losses += total"])
            blocks.append((*step.forward_calls, *step.loss_sum_calls, *added))
        self.calls = tuple(call for block in blocks for call in block)
        self.blocks = tuple(compile_replay(block) for block in blocks)
        self.run = compile_replay(self.calls)

    def loss(self) -> float:
        """The mean loss of the last run; NaN without samples."""
        return float(self.total) / self._scale if self.samples else float("nan")
