"""Handwritten digits with Adam in mini-batches of 64 and float32, against PyTorch.

Both sides update with the same batches in the same order and have the loss over all
samples after every epoch.
"""

from typing import Any

from nn_tui import experiment
from nn_tui.bench.libraries import pytorch
from nn_tui.bench.timing import Contest
from nn_tui.nn.parameters import views
from nn_tui.recipe.recipe import Data, Network, Recipe, Training
from nn_tui.training.trainer import Trainer

_EPOCHS, _EPOCHS_OF_PEER = 6, 2

RECIPE = Recipe(
    Data("digits", scale="minmax", test_fraction=0.0),
    Network((128, 64), "relu", "softmax", bias=True, init="he", dtype="float32"),
    Training(
        loss="cross_entropy",
        reduction="mean",
        optimizer="adam",
        learning_rate=0.001,
        batch_size=64,
    ),
)


def digits_against_torch() -> Contest:
    """Training samples of the trainer and of ``DigitsTorch``. Raises Skipped."""
    peer, trainer = DigitsTorch(start_digits()), start_digits()
    return Contest(
        lambda: trainer.run_epochs(_EPOCHS),
        lambda: peer.run(_EPOCHS_OF_PEER),
        _EPOCHS * trainer.dataset.train_count,
        _EPOCHS_OF_PEER * trainer.dataset.train_count,
    )


def start_digits() -> Trainer:
    """The trainer at epoch 0."""
    return Trainer(RECIPE, experiment.dataset_of(RECIPE))


class DigitsTorch:
    """Eager, on one thread, with the fused Adam, its fastest; starts where ``trainer`` starts."""

    def __init__(self, trainer: Trainer) -> None:
        torch = self._torch = pytorch()
        named = views(trainer.start, trainer.network)
        layers: list[Any] = []
        for i in range(trainer.network.depth):
            layer = torch.nn.Linear(*trainer.network.sizes[i : i + 2])
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(named[f"W{i}"].T))
                layer.bias.copy_(torch.from_numpy(named[f"b{i}"]))
            layers += [layer, torch.nn.ReLU()]
        self._network = torch.nn.Sequential(*layers[:-1])
        rate = trainer.recipe.training.learning_rate
        self._optimizer = torch.optim.Adam(self._network.parameters(), lr=rate, fused=True)
        self._inputs = torch.tensor(trainer.dataset.inputs, dtype=torch.float32)
        self._classes = torch.tensor(trainer.dataset.targets[:, 0]).long()
        size = trainer.recipe.training.batch_size
        parts = self._inputs.split(size), self._classes.split(size)
        self._batches = list(zip(*parts, strict=True))
        self._cross_entropy = torch.nn.CrossEntropyLoss()

    def run(self, epochs: int) -> list[float]:
        """The mean loss over all samples after every epoch."""
        network, optimizer, cross_entropy = self._network, self._optimizer, self._cross_entropy
        losses: list[float] = []
        for _ in range(epochs):
            for inputs, classes in self._batches:
                optimizer.zero_grad()
                cross_entropy(network(inputs), classes).backward()
                optimizer.step()
            with self._torch.no_grad():
                losses.append(cross_entropy(network(self._inputs), self._classes).item())
        return losses
