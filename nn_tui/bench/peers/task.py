"""A network, its data and its update rule as arrays: what a loop in another language is given."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

import numpy as np

from nn_tui.nn.architecture import views
from nn_tui.training.trainer import Trainer
from nn_tui.types import Array

_CHECKED = 20
_TOLERANCE = 1e-6
"""Of losses that may be rounded in another way."""


@dataclass(frozen=True, eq=False)
class TrainingTask:
    """Layers of one ``activation``, trained by gradient descent with half the squared error.

    ``train`` and ``test`` are (inputs, targets), each (samples, …). The gradients of ``batch``
    samples are added and multiplied by ``rate``. An epoch ends with the mean loss of all samples
    of both.
    """

    sizes: tuple[int, ...]
    activation: str
    has_biases: bool
    parameters: Array
    """Weights (inputs, outputs) and biases of each layer in turn, flat: ``W0 b0 W1 b1 …``."""
    train: tuple[Array, Array]
    test: tuple[Array, Array]
    batch: int
    rate: float

    @property
    def layers(self) -> list[tuple[int, int, int]]:
        """The inputs and outputs of each layer, and where its parameters begin."""
        pairs = list(pairwise(self.sizes))
        counts = [n * m + m * self.has_biases for n, m in pairs]
        return [(*pair, at) for pair, at in zip(pairs, [0, *accumulate(counts)], strict=False)]

    def split(self, flat: Array) -> list[tuple[Array, Array]]:
        """Weights and biases of each layer, as views of flat parameters; without biases, empty."""
        parts = []
        for inputs, outputs, at in self.layers:
            weights = flat[at : at + inputs * outputs].reshape(inputs, outputs)
            end = at + inputs * outputs
            parts.append((weights, flat[end : end + outputs * self.has_biases]))
        return parts


class PeerLoop(Protocol):
    """A training loop that is compared with."""

    def run(self, epochs: int) -> tuple[Array, Array]:
        """Train on; the mean losses of training and test samples after every epoch, (epochs,)."""


def task_of(trainer: Trainer) -> TrainingTask:
    """What ``trainer`` does from its initial parameters.

    It trains one kind of layer by ``sgd`` with half the squared error, in complete batches that
    are not shuffled.
    """
    network, dataset, training = trainer.network, trainer.dataset, trainer.recipe.training
    named = views(trainer.start, network)
    flat = [
        named[f"{kind}{i}"].ravel()
        for i in range(network.depth)
        for kind in "Wb"[: 1 + network.bias]
    ]
    inputs, targets = dataset.inputs.astype(float), dataset.encoded(network.output)
    split, size = dataset.train_count, training.batch_size
    batch = split if isinstance(size, str) else size
    return TrainingTask(
        network.sizes,
        network.activation_of(1),
        network.bias,
        np.concatenate(flat),
        (inputs[:split], targets[:split]),
        (inputs[split:], targets[split:]),
        batch,
        training.learning_rate / (batch if training.reduction == "mean" else 1),
    )


def check_losses(
    name: str,
    loop: PeerLoop,
    trainer: Trainer,
    tolerance: float = _TOLERANCE,
    epochs: int = _CHECKED,
) -> None:
    """Train both from their start; raises RuntimeError where the losses differ."""
    trainer.run_epochs(epochs)
    curve = trainer.history.curve()
    tested = trainer.dataset.test_count > 0
    wanted = [curve.train_low[1:], curve.test_low[1:] if tested else np.empty(0)]
    for part, mine, theirs in zip(("training", "test"), wanted, loop.run(epochs), strict=True):
        if mine.shape != theirs.shape:
            raise RuntimeError(f"{name} has {theirs.size} {part} losses instead of {mine.size}")
        for epoch in np.flatnonzero(~np.isclose(theirs, mine, rtol=tolerance, atol=0))[:1]:
            raise RuntimeError(
                f"{name} has another {part} loss after epoch {epoch + 1}: {theirs[epoch]} "
                f"instead of {mine[epoch]}"
            )
