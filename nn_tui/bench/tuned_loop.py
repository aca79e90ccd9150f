"""A mini-batch loop tuned by hand: the same arithmetic as ours, as fast as NumPy has it.

Every array is allocated ahead, every batch is a view, every product is a bound ``dot``
with a place for its result, all parameters are moved by one call, nothing is looked up.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from nn_tui.bench.written_out import unrolled_loop
from nn_tui.nn.parameters import views
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array


class TunedLoop:
    """Tanh layers with biases, half the squared error, mean over ``batch`` samples.

    Starts where ``trainer`` starts; ``parameters`` is flat, in the trainer's order. The
    number of training samples must be a multiple of ``batch``.
    """

    def __init__(self, trainer: Trainer, batch: int, rate: float) -> None:
        network, dataset = trainer.network, trainer.dataset
        self.parameters = trainer.start.copy()
        gradient = np.empty_like(self.parameters)
        inputs, targets = dataset.inputs, dataset.encoded(network.output)
        split = dataset.train_count
        self._samples = (split, len(inputs) - split)
        names: dict[str, Any] = {
            "batches": [
                (inputs[i : i + batch].dot, inputs[i : i + batch].T.dot, targets[i : i + batch])
                for i in range(0, split, batch)
            ],
            "parameters": self.parameters,
            "gradient": gradient,
            "one": np.array(1.0),
            "step": np.array(rate / batch),
            "sums": np.ones(batch).dot,
            **{call: getattr(np, call) for call in ("add", "subtract", "multiply", "tanh", "vdot")},
        }
        weights, slopes = views(self.parameters, network), views(gradient, network)
        for i, size in enumerate(network.sizes[1:], 1):
            layer, delta = np.empty((batch, size)), np.empty((batch, size))
            names |= {f"W{i - 1}": weights[f"W{i - 1}"], f"b{i - 1}": weights[f"b{i - 1}"]}
            names |= {f"gW{i - 1}": slopes[f"W{i - 1}"], f"gb{i - 1}": slopes[f"b{i - 1}"]}
            names |= {f"W{i - 1}T": weights[f"W{i - 1}"].T, f"t{i}": np.empty((batch, size))}
            names |= {f"l{i}": layer, f"l{i}_dot": layer.dot, f"l{i}T_dot": layer.T.dot}
            names |= {f"d{i}": delta, f"d{i}_dot": delta.dot}
        for part, rows in (("train", slice(split)), ("test", slice(split, None))):
            names |= {f"{part}_y": targets[rows], f"{part}0_dot": inputs[rows].dot}
            for i, size in enumerate(network.sizes[1:], 1):
                layer = np.empty((len(targets[rows]), size))
                names |= {f"{part}{i}": layer, f"{part}{i}_dot": layer.dot}
        self._run = unrolled_loop(
            _tuned_batch(network.depth), _tuned_evaluation(network.depth), names
        )

    def run(self, epochs: int) -> tuple[Array, Array]:
        """The mean losses of training and test samples after every epoch, each (epochs,)."""
        train, test = np.empty(epochs), np.empty(epochs)
        self._run(epochs, train, test)
        return train / (2 * self._samples[0]), test / (2 * self._samples[1])


def _tuned_batch(depth: int) -> Iterator[str]:
    for i in range(1, depth + 1):
        yield f"{'X' if i == 1 else f'l{i - 1}_dot'}(W{i - 1}, l{i})"
        yield f"add(l{i}, b{i - 1}, l{i})"
        yield f"tanh(l{i}, l{i})"
    yield f"subtract(y, l{depth}, d{depth})"
    for i in range(depth, 0, -1):
        if i < depth:
            yield f"d{i + 1}_dot(W{i}T, d{i})"
        yield f"multiply(l{i}, l{i}, t{i})"
        yield f"subtract(one, t{i}, t{i})"
        yield f"multiply(d{i}, t{i}, d{i})"
    for i in range(1, depth + 1):
        yield f"{'XT' if i == 1 else f'l{i - 1}T_dot'}(d{i}, gW{i - 1})"
        yield f"sums(d{i}, gb{i - 1})"
    yield "multiply(step, gradient, gradient)"
    yield "add(parameters, gradient, parameters)"


def _tuned_evaluation(depth: int) -> Iterator[str]:
    for part in ("train", "test"):
        for i in range(1, depth + 1):
            yield f"{part}{i - 1}_dot(W{i - 1}, {part}{i})"
            yield f"add({part}{i}, b{i - 1}, {part}{i})"
            yield f"tanh({part}{i}, {part}{i})"
        yield f"subtract({part}_y, {part}{depth}, {part}{depth})"
        yield f"{part}[e] = vdot({part}{depth}, {part}{depth})"
