"""Training loops in JAX: gradients by differentiation, all epochs of a call compiled by XLA."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_tui.bench.peers.task import TrainingTask
from nn_tui.bench.timing import jax_library
from nn_tui.nn.architecture import views
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array

Layers = list[tuple[Any, ...]]
"""Weights, and biases if there are any, of each layer."""


class JaxLoop:
    """``task`` in JAX with ``jit`` and ``lax.scan``, float64. Raises Skipped without JAX."""

    def __init__(self, task: TrainingTask) -> None:
        self._jax = jax = jax_library()
        np_, lax = jax.numpy, jax.lax
        function = {"tanh": np_.tanh, "sigmoid": jax.nn.sigmoid}[task.activation]
        self._tested = len(task.test[0]) > 0
        train, test = (tuple(map(np_.asarray, part)) for part in (task.train, task.test))

        def loss(layers: Layers, x: Any, y: Any) -> Any:
            for layer in layers:
                z = x @ layer[0]
                x = function(z + layer[1] if task.has_biases else z)
            return np_.sum((y - x) ** 2) / 2

        def update(layers: Layers, batch: Any) -> tuple[Layers, None]:
            gradients = jax.grad(loss)(layers, *batch)
            return jax.tree.map(lambda p, g: p - task.rate * g, layers, gradients), None

        def epoch(layers: Layers, _: None) -> tuple[Layers, Any]:
            if task.batch == len(train[0]):
                layers, _ = update(layers, train)
            else:
                batches = tuple(a.reshape(-1, task.batch, a.shape[1]) for a in train)
                layers, _ = lax.scan(update, layers, batches)
            parts = (train, test) if self._tested else (train,)
            return layers, tuple(loss(layers, *part) / len(part[0]) for part in parts)

        self._layers: Layers = [
            tuple(np_.asarray(array) for array in layer if array.size)
            for layer in task.split(task.parameters)
        ]
        self._run = _epochs(jax, epoch)

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean losses of training and test samples, each (epochs,)."""
        self._layers, losses = self._jax.block_until_ready(self._run(self._layers, epochs))
        train, *test = map(np.asarray, losses)
        return train, test[0] if test else np.empty(0)


class JaxDigits:
    """A network of relu layers with softmax, cross-entropy and Adam, in the dtype of ``trainer``.

    Initial weights, batches and their order are those of ``trainer``. Raises Skipped.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._jax = jax = jax_library()
        np_, lax = jax.numpy, jax.lax
        training, dtype = trainer.recipe.training, trainer.recipe.network.dtype
        count, size = trainer.dataset.train_count, training.batch_size
        assert isinstance(size, int)
        targets = trainer.dataset.encoded("softmax")
        x, y = (np_.asarray(a[:count], dtype) for a in (trainer.dataset.inputs, targets))
        whole = count - count % size

        def loss(layers: Layers, x: Any, y: Any) -> Any:
            for i, (weights, biases) in enumerate(layers):
                x = x @ weights + biases
                if i < len(layers) - 1:
                    x = np_.maximum(x, 0)
            return -np_.mean(np_.sum(y * jax.nn.log_softmax(x), axis=1))

        def update(state: Any, batch: Any) -> tuple[Any, None]:
            layers, means, squares, t = state
            b1, b2 = training.beta1, training.beta2
            gradients = jax.grad(loss)(layers, *batch)
            each = jax.tree.map
            t = t + 1
            means = each(lambda m, g: b1 * m + (1 - b1) * g, means, gradients)
            squares = each(lambda s, g: b2 * s + (1 - b2) * g**2, squares, gradients)
            rate = (training.learning_rate * (1 - b2**t) ** 0.5 / (1 - b1**t)).astype(dtype)
            layers = each(
                lambda p, m, s: p - rate * m / (np_.sqrt(s) + training.epsilon),
                *(layers, means, squares),
            )
            return (layers, means, squares, t), None

        def epoch(state: Any, _: None) -> tuple[Any, Any]:
            batches = tuple(a[:whole].reshape(-1, size, a.shape[1]) for a in (x, y))
            state, _ = lax.scan(update, state, batches)
            if whole < count:
                state, _ = update(state, (x[whole:], y[whole:]))
            return state, (loss(state[0], x, y),)

        named, depth = views(trainer.start, trainer.network), trainer.network.depth
        layers = [
            tuple(np_.asarray(named[f"{kind}{i}"], dtype) for kind in "Wb") for i in range(depth)
        ]
        zeros = jax.tree.map(np_.zeros_like, layers)
        self._state = layers, zeros, zeros, np_.asarray(0.0, "float64")
        self._run = _epochs(jax, epoch)

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean loss of the training samples (epochs,), and no other."""
        self._state, (losses,) = self._jax.block_until_ready(self._run(self._state, epochs))
        return np.asarray(losses), np.empty(0)


def _epochs(jax: Any, epoch: Callable[[Any, None], tuple[Any, Any]]) -> Any:
    """A compiled function of a state and a number of epochs."""
    return jax.jit(
        lambda state, epochs: jax.lax.scan(epoch, state, None, length=epochs), static_argnums=1
    )
