"""A training loop of plain loops in Python, compiled by Numba."""

import math
from functools import lru_cache
from typing import Any

import numpy as np

from nn_tui.bench.peers.task import TrainingTask
from nn_tui.bench.timing import numba_library
from nn_tui.types import Array

Arrays = tuple[Array, ...]


class NumbaLoop:
    """``task`` in Numba, with ``fastmath``. Raises Skipped without Numba."""

    def __init__(self, task: TrainingTask) -> None:
        self._train = _compiled(task.activation)
        self._task = task
        parts = task.split(task.parameters.copy())
        biases = (biases if task.has_biases else np.zeros(w.shape[1]) for w, biases in parts)
        self._parameters = tuple(weights for weights, _ in parts), tuple(biases)
        rows = max(len(task.train[0]), len(task.test[0]))
        self._outputs = tuple(np.empty((rows, size)) for size in task.sizes[1:])
        self._deltas = tuple(np.empty((task.batch, size)) for size in task.sizes[1:])

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean losses of training and test samples, each (epochs,)."""
        task = self._task
        train, test = np.empty(epochs), np.empty(epochs if len(task.test[0]) else 0)
        rule = task.batch, task.rate, task.has_biases
        buffers = self._outputs, self._deltas
        self._train(*rule, *task.train, *task.test, *self._parameters, *buffers, train, test)
        return train, test


def _tanh_slope(y: float) -> float:
    return 1 - y * y


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def _sigmoid_slope(y: float) -> float:
    return y * (1 - y)


_ACTIVATIONS = {
    "tanh": (lambda z: math.tanh(z), _tanh_slope),
    "sigmoid": (_sigmoid, _sigmoid_slope),
}


@lru_cache(maxsize=2)
def _compiled(activation: str) -> Any:
    """The function that trains; Numba compiles it when it is called."""
    jit = numba_library().njit(fastmath=True)
    value, slope = (jit(function) for function in _ACTIVATIONS[activation])

    def forward(x: Array, weights: Arrays, biases: Arrays, outputs: Arrays) -> None:
        for layer in range(len(weights)):
            W, b, y = weights[layer], biases[layer], outputs[layer]
            for r in range(len(x)):
                for j in range(W.shape[1]):
                    z = b[j]
                    for i in range(W.shape[0]):
                        z += x[r, i] * W[i, j]
                    y[r, j] = value(z)
            x = y[: len(x)]

    forward = jit(forward)

    def loss(x: Array, targets: Array, weights: Arrays, biases: Arrays, outputs: Arrays) -> float:
        forward(x, weights, biases, outputs)
        last, total = outputs[-1], 0.0
        for r in range(len(x)):
            for j in range(last.shape[1]):
                total += (targets[r, j] - last[r, j]) ** 2
        return total / (2 * len(x))

    loss = jit(loss)

    def backward(
        x: Array,
        targets: Array,
        rate: float,
        biased: bool,
        weights: Arrays,
        biases: Arrays,
        outputs: Arrays,
        deltas: Arrays,
    ) -> None:
        last, delta = outputs[-1], deltas[-1]
        for r in range(len(x)):
            for j in range(last.shape[1]):
                delta[r, j] = (targets[r, j] - last[r, j]) * slope(last[r, j])
        for layer in range(len(weights) - 1, -1, -1):
            W, b, delta = weights[layer], biases[layer], deltas[layer]
            if layer:
                below, y = deltas[layer - 1], outputs[layer - 1]
                for r in range(len(x)):
                    for i in range(W.shape[0]):
                        total = 0.0
                        for j in range(W.shape[1]):
                            total += delta[r, j] * W[i, j]
                        below[r, i] = total * slope(y[r, i])
            inputs = outputs[layer - 1] if layer else x
            for i in range(W.shape[0]):
                for j in range(W.shape[1]):
                    total = 0.0
                    for r in range(len(x)):
                        total += inputs[r, i] * delta[r, j]
                    W[i, j] += rate * total
            if biased:
                for j in range(W.shape[1]):
                    total = 0.0
                    for r in range(len(x)):
                        total += delta[r, j]
                    b[j] += rate * total

    backward = jit(backward)

    def train(
        batch: int,
        rate: float,
        biased: bool,
        x: Array,
        targets: Array,
        test_x: Array,
        test_targets: Array,
        weights: Arrays,
        biases: Arrays,
        outputs: Arrays,
        deltas: Arrays,
        train_losses: Array,
        test_losses: Array,
    ) -> None:
        for epoch in range(len(train_losses)):
            for at in range(0, len(x), batch):
                rows, wanted = x[at : at + batch], targets[at : at + batch]
                forward(rows, weights, biases, outputs)
                backward(rows, wanted, rate, biased, weights, biases, outputs, deltas)
            train_losses[epoch] = loss(x, targets, weights, biases, outputs)
            if len(test_x):
                test_losses[epoch] = loss(test_x, test_targets, weights, biases, outputs)

    return jit(train)
