"""Training loops that the benchmarks compare with.

The blog's network in NumPy, scikit-learn and PyTorch, and mini-batch loops tuned by hand.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.random import RandomState

from nn_tui.bench.timing import pytorch, scikit_learn
from nn_tui.nn.architecture import Architecture, views
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array

INPUTS = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
TARGETS = [[0], [0], [1], [1]]


def blog_initial_weights() -> tuple[Array, Array]:
    """The blog's initial weights, (3, 4) and (4, 1)."""
    stream = RandomState(1)
    return 2 * stream.random_sample((3, 4)) - 1, 2 * stream.random_sample((4, 1)) - 1


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    result: Array = 1 / (1 + np.exp(-x))
    return result


class PlainLoop:
    """The blog's loop with ``sigmoid`` as a function, ``@`` for products, and float64 data."""

    def __init__(self) -> None:
        self.inputs = np.array(INPUTS, np.float64)
        self.targets = np.array(TARGETS, np.float64)
        self.W0, self.W1 = blog_initial_weights()

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
    """The logistic function; with ``deriv``, its derivative, given its output ``x``."""
    if deriv:
        derivative: Array = x * (1 - x)
        return derivative
    return sigmoid(x)


class NonlinLoop:
    """The blog's own loop: ``nonlin(x, deriv)``, ``np.dot``, integer inputs and targets."""

    def __init__(self) -> None:
        self.inputs = np.array(INPUTS)
        self.targets = np.array(TARGETS)
        self.W0, self.W1 = blog_initial_weights()

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


class ScikitLearn:
    """A 3-4-1 network of scikit-learn: full-batch gradient descent on the four samples.

    ``estimator`` is ``MLPClassifier``, the blog's sigmoid output with the log loss, or
    ``MLPRegressor``, the blog's squared error with a linear output. Both have biases, which
    cannot be turned off, and record their loss curve. There is no early stopping and no
    shuffling. Raises Skipped if scikit-learn is not installed.
    """

    def __init__(self, estimator: str) -> None:
        self._estimator = getattr(scikit_learn(), estimator)
        self.epochs = 0

    def run(self, epochs: int) -> None:
        """Train from the initial weights; ``self.epochs`` is the number of epochs done."""
        model = self._estimator(
            hidden_layer_sizes=(4,),
            activation="logistic",
            solver="sgd",
            learning_rate="constant",
            learning_rate_init=1.0,
            momentum=0.0,
            nesterovs_momentum=False,
            alpha=0.0,
            batch_size=len(INPUTS),
            shuffle=False,
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=10**9,
            random_state=1,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that max_iter is reached is intended
            model.fit(np.array(INPUTS, np.float64), np.ravel(TARGETS))
        self.epochs = model.n_iter_


class BlogTorch:
    """PyTorch eager, float64, one thread, no losses recorded. Raises Skipped without PyTorch."""

    def __init__(self) -> None:
        torch = pytorch()
        layers = [torch.nn.Linear(3, 4, bias=False), torch.nn.Linear(4, 1, bias=False)]
        sigmoid = torch.nn.Sigmoid()
        self.network = torch.nn.Sequential(layers[0], sigmoid, layers[1], sigmoid).double()
        with torch.no_grad():
            for layer, weights in zip(layers, blog_initial_weights(), strict=True):
                layer.weight.copy_(torch.from_numpy(weights.T))
        self.W0, self.W1 = (layer.weight.detach().numpy().T for layer in layers)
        self._optimizer = torch.optim.SGD(self.network.parameters(), lr=1.0)
        self._inputs = torch.tensor(INPUTS, dtype=torch.float64)
        self._targets = torch.tensor(TARGETS, dtype=torch.float64)
        self._squared_error = torch.nn.MSELoss(reduction="sum")

    def run(self, epochs: int) -> None:
        """Train ``W0`` (3, 4) and ``W1`` (4, 1) in place."""
        network, inputs, targets = self.network, self._inputs, self._targets
        optimizer, squared_error = self._optimizer, self._squared_error
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = squared_error(network(inputs), targets) / 2
            loss.backward()
            optimizer.step()


Loop = Callable[[int, Array, Array], None]


def unrolled_loop(
    batch: Iterable[str], evaluation: Iterable[str], names: Mapping[str, Any]
) -> Loop:
    """Compile ``run(epochs, train, test)`` with all ``names`` bound as locals.

    In every epoch ``e`` it executes the lines of ``batch`` for each triple ``X, XT, y`` in
    ``batches``, and then the lines of ``evaluation``.
    """
    lines = [
        f"def make({', '.join(names)}):",
        "  def run(epochs, train, test):",
        "    for e in range(epochs):",
        "      for X, XT, y in batches:",
        *(f"        {line}" for line in batch),
        *(f"      {line}" for line in evaluation),
        "  return run",
    ]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    made: Loop = scope["make"](**names)
    return made


class TunedLoop:
    """Tanh layers with biases, half the squared error, mean over ``batch`` samples.

    Starts with the initial parameters of ``trainer``; ``parameters`` is flat, in the
    trainer's order. The number of training samples must be a multiple of ``batch``.
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
        weights, gradients = views(self.parameters, network), views(gradient, network)
        for i, size in enumerate(network.sizes[1:], 1):
            layer, delta = np.empty((batch, size)), np.empty((batch, size))
            names |= {f"W{i - 1}": weights[f"W{i - 1}"], f"b{i - 1}": weights[f"b{i - 1}"]}
            names |= {f"gW{i - 1}": gradients[f"W{i - 1}"], f"gb{i - 1}": gradients[f"b{i - 1}"]}
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


class FoldedLoop:
    """Like ``TunedLoop``, with the biases folded into the weights.

    Another unit, always 1, makes the biases a column of the weights: no call adds them, and
    none computes their gradient. Samples are columns, so that a layer without that unit is
    contiguous. Rounding differs from a network that adds its biases. ``matrices`` are
    (units, inputs + 1), the biases in the last column.
    """

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
        batch_targets = [np.ascontiguousarray(targets[:, part]) for part in parts]
        names: dict[str, Any] = {
            "batches": [(x, x.T, y) for x, y in zip(columns, batch_targets, strict=True)],
            "parameters": parameters,
            "gradient": gradient,
            "one": np.array(1.0),
            "step": np.array(rate / batch),
            **{call: getattr(np, call) for call in ("add", "subtract", "multiply", "tanh", "vdot")},
        }
        gradients = _matrices(gradient, network)
        for i, size in enumerate(network.sizes[1:], 1):
            matrix, delta, with_ones = (
                self.matrices[i - 1],
                np.empty((size, batch)),
                _ones(size, batch),
            )
            names |= {f"W{i - 1}_dot": matrix.dot, f"W{i - 1}T_dot": matrix[:, :-1].T.dot}
            names |= {f"g{i - 1}": gradients[i - 1], f"t{i}": np.empty((size, batch))}
            names |= {f"d{i}": delta, f"d{i}_dot": delta.dot}
            names |= {f"l{i}": with_ones[:-1], f"l{i}_1": with_ones, f"l{i}_1T": with_ones.T}
        for part, rows in (("train", slice(split)), ("test", slice(split, None))):
            names[f"{part}_y"] = np.ascontiguousarray(targets[:, rows])
            names[f"{part}0_1"] = np.ascontiguousarray(inputs[:, rows])
            for i, size in enumerate(network.sizes[1:], 1):
                with_ones = _ones(size, names[f"{part}_y"].shape[1])
                names |= {f"{part}{i}": with_ones[:-1], f"{part}{i}_1": with_ones}
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
