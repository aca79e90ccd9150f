"""The blog's training loop, as one would type it; nothing is recorded.

Both classes only keep what the loop works on between stretches of epochs; within a
stretch all names are local, as they would be in a function that a person writes.
"""

import numpy as np
from numpy.random import RandomState

from nn_tui.types import Array

INPUTS = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
TARGETS = [[0], [0], [1], [1]]


def start_weights() -> tuple[Array, Array]:
    """The blog's, (3, 4) and (4, 1)."""
    stream = RandomState(1)
    return 2 * stream.random_sample((3, 4)) - 1, 2 * stream.random_sample((4, 1)) - 1


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    result: Array = 1 / (1 + np.exp(-x))
    return result


class PlainLoop:
    """``sigmoid`` as a function, ``@`` for products, inputs and targets in float64."""

    def __init__(self) -> None:
        self.inputs = np.array(INPUTS, np.float64)
        self.targets = np.array(TARGETS, np.float64)
        self.W0, self.W1 = start_weights()

    def run(self, epochs: int) -> None:
        """Train ``W0`` (3, 4) and ``W1`` (4, 1) in place."""
        l0, y, W0, W1 = self.inputs, self.targets, self.W0, self.W1
        for _ in range(epochs):
            l1 = sigmoid(l0 @ W0)
            l2 = sigmoid(l1 @ W1)
            l2_error = y - l2
            l2_delta = l2_error * (l2 * (1 - l2))
            l1_error = l2_delta @ W1.T
            l1_delta = l1_error * (l1 * (1 - l1))
            W1 += l1.T @ l2_delta
            W0 += l0.T @ l1_delta


def nonlin(x: Array, deriv: bool = False) -> Array:
    """The logistic function, or its slope where ``x`` is its output already."""
    if deriv:
        slope: Array = x * (1 - x)
        return slope
    return sigmoid(x)


class NonlinLoop:
    """``nonlin(x, deriv)`` for function and slope, ``np.dot``, inputs and targets as integers."""

    def __init__(self) -> None:
        self.inputs = np.array(INPUTS)
        self.targets = np.array(TARGETS)
        self.W0, self.W1 = start_weights()

    def run(self, epochs: int) -> None:
        """Train ``W0`` (3, 4) and ``W1`` (4, 1) in place."""
        l0, y, W0, W1 = self.inputs, self.targets, self.W0, self.W1
        for _ in range(epochs):
            l1 = nonlin(np.dot(l0, W0))
            l2 = nonlin(np.dot(l1, W1))
            l2_error = y - l2
            l2_delta = l2_error * nonlin(l2, deriv=True)
            l1_error = l2_delta.dot(W1.T)
            l1_delta = l1_error * nonlin(l1, deriv=True)
            W1 += l1.T.dot(l2_delta)
            W0 += l0.T.dot(l1_delta)
