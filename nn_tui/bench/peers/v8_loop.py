"""TensorFlow Playground's training loop in V8, the JavaScript engine of Chrome, run by Node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.bench.peers.task import TrainingTask
from nn_tui.bench.timing import Skipped
from nn_tui.types import Array

_SOURCE = Path(__file__).with_name("playground_loop.js")


class V8Loop:
    """``task``, with one output and complete batches, in a process of Node.

    Raises Skipped without Node. ``close`` ends the process.
    """

    def __init__(self, task: TrainingTask) -> None:
        node = shutil.which("node")
        if node is None:
            raise Skipped("Node, which runs V8, is not installed")
        self._process = subprocess.Popen(
            [node, str(_SOURCE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        parts = task.split(task.parameters)
        self._send(
            json.dumps(
                {
                    "activation": task.activation,
                    "weights": [weights.tolist() for weights, _ in parts],
                    "biases": [
                        (biases if biases.size else np.zeros(w.shape[1])).tolist()
                        for w, biases in parts
                    ],
                    "train": _samples(*task.train),
                    "test": _samples(*task.test),
                    "batch": task.batch,
                    "rate": task.rate * task.batch,  # of the mean
                }
            )
        )

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean losses of training and test samples, each (epochs,)."""
        losses = np.array(self._ask(str(epochs)))
        return losses[:, 0], losses[:, 1]

    def cpu_seconds(self) -> float:
        """Seconds of CPU that the process has used, with those of its compiler's threads."""
        return float(self._ask("cpu"))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, line: str) -> Any:
        self._send(line)
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()


def _samples(inputs: Array, targets: Array) -> list[dict[str, Any]]:
    pairs = zip(inputs.tolist(), targets[:, 0].tolist(), strict=True)
    return [{"inputs": row, "target": target} for row, target in pairs]
