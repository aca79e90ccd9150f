"""A mini-batch loop tuned by hand that also folds the biases into the weights.

A unit that is always 1 makes the biases another column of weights: no call adds them, no
call has their gradient. Samples are columns, so that a layer without that unit is still
one piece of memory. It rounds differently from a network that adds its biases, and so
cannot be held to the last bit of the lines that a person reads.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from nn_tui.bench.written_out import unrolled_loop
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.parameters import views
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array


class FoldedLoop:
    """As ``TunedLoop``; ``matrices`` are (units, inputs + 1), the biases in the last column."""

    def __init__(self, trainer: Trainer, batch: int, rate: float) -> None:
        network, dataset = trainer.network, trainer.dataset
        parameters = np.empty(network.parameter_count)
        gradient = np.empty_like(parameters)
        self.matrices = _matrices(parameters, network)
        named = views(trainer.start, network)
        for i, matrix in enumerate(self.matrices):
            matrix[:, :-1], matrix[:, -1] = named[f"W{i}"].T, named[f"b{i}"]
        inputs = np.ascontiguousarray(np.vstack([dataset.inputs.T, np.ones(dataset.samples)]))
        targets = dataset.encoded(network.output).T
        split = dataset.train_count
        self._samples = (split, dataset.samples - split)
        parts = [slice(i, i + batch) for i in range(0, split, batch)]
        columns = [np.ascontiguousarray(inputs[:, part]) for part in parts]
        wanted = [np.ascontiguousarray(targets[:, part]) for part in parts]
        names: dict[str, Any] = {
            "batches": [(x, x.T, y) for x, y in zip(columns, wanted, strict=True)],
            "parameters": parameters,
            "gradient": gradient,
            "one": np.array(1.0),
            "step": np.array(rate / batch),
            **{call: getattr(np, call) for call in ("add", "subtract", "multiply", "tanh", "vdot")},
        }
        slopes = _matrices(gradient, network)
        for i, size in enumerate(network.sizes[1:], 1):
            matrix, delta, whole = self.matrices[i - 1], np.empty((size, batch)), _ones(size, batch)
            names |= {f"W{i - 1}_dot": matrix.dot, f"W{i - 1}T_dot": matrix[:, :-1].T.dot}
            names |= {f"g{i - 1}": slopes[i - 1], f"t{i}": np.empty((size, batch))}
            names |= {f"d{i}": delta, f"d{i}_dot": delta.dot}
            names |= {f"l{i}": whole[:-1], f"l{i}_1": whole, f"l{i}_1T": whole.T}
        for part, rows in (("train", slice(split)), ("test", slice(split, None))):
            names[f"{part}_y"] = np.ascontiguousarray(targets[:, rows])
            names[f"{part}0_1"] = np.ascontiguousarray(inputs[:, rows])
            for i, size in enumerate(network.sizes[1:], 1):
                whole = _ones(size, names[f"{part}_y"].shape[1])
                names |= {f"{part}{i}": whole[:-1], f"{part}{i}_1": whole}
        self._run = unrolled_loop(
            _folded_batch(network.depth), _folded_evaluation(network.depth), names
        )

    def run(self, epochs: int) -> tuple[Array, Array]:
        """The mean losses of training and test samples after every epoch, each (epochs,)."""
        train, test = np.empty(epochs), np.empty(epochs)
        self._run(epochs, train, test)
        return train / (2 * self._samples[0]), test / (2 * self._samples[1])


def _matrices(flat: Array, network: Architecture) -> list[Array]:
    matrices, start = [], 0
    for fan_in, fan_out in pairwise(network.sizes):
        stop = start + (fan_in + 1) * fan_out
        matrices.append(flat[start:stop].reshape(fan_out, fan_in + 1))
        start = stop
    return matrices


def _ones(size: int, samples: int) -> Array:
    return np.ones((size + 1, samples))


def _folded_batch(depth: int) -> Iterator[str]:
    for i in range(1, depth + 1):
        yield f"W{i - 1}_dot({'X' if i == 1 else f'l{i - 1}_1'}, l{i})"
        yield f"tanh(l{i}, l{i})"
    yield f"subtract(y, l{depth}, d{depth})"
    for i in range(depth, 0, -1):
        if i < depth:
            yield f"W{i}T_dot(d{i + 1}, d{i})"
        yield f"multiply(l{i}, l{i}, t{i})"
        yield f"subtract(one, t{i}, t{i})"
        yield f"multiply(d{i}, t{i}, d{i})"
    for i in range(1, depth + 1):
        yield f"d{i}_dot({'XT' if i == 1 else f'l{i - 1}_1T'}, g{i - 1})"
    yield "multiply(step, gradient, gradient)"
    yield "add(parameters, gradient, parameters)"


def _folded_evaluation(depth: int) -> Iterator[str]:
    for part in ("train", "test"):
        for i in range(1, depth + 1):
            yield f"W{i - 1}_dot({part}{i - 1}_1, {part}{i})"
            yield f"tanh({part}{i}, {part}{i})"
        yield f"subtract({part}_y, {part}{depth}, {part}{depth})"
        yield f"{part}[e] = vdot({part}{depth}, {part}{depth})"
