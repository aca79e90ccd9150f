"""Handwritten digits with Adam in mini-batches of 64 and float32, against PyTorch.

Both sides update with the same batches in the same order and have the loss over all
samples after every epoch.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui import experiment
from nn_tui.bench.reference_loops import (
    BlogTorch,
    FoldedLoop,
    NonlinLoop,
    PlainLoop,
    ScikitLearn,
    TunedLoop,
)
from nn_tui.bench.timing import Contest, RaceResult, Skipped, pytorch
from nn_tui.nn.architecture import views
from nn_tui.recipe.recipe import Data, Network, Recipe, Training
from nn_tui.runs import new_timeline
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


_BLOG_EPOCHS = 8192
_EPOCHS_OF_LIBRARIES = 400


def against_plain_loop() -> Contest:
    """Epochs of the trainer and of ``PlainLoop``."""
    return _blog_contest(PlainLoop().run, _BLOG_EPOCHS)


def against_nonlin_loop() -> Contest:
    """Epochs of the trainer and of ``NonlinLoop``."""
    return _blog_contest(NonlinLoop().run, _BLOG_EPOCHS)


def against_classifier() -> Contest:
    """Epochs of the trainer and of scikit-learn's ``MLPClassifier``."""
    return _blog_contest(ScikitLearn("MLPClassifier").run, _EPOCHS_OF_LIBRARIES)


def against_regressor() -> Contest:
    """Epochs of the trainer and of scikit-learn's ``MLPRegressor``."""
    return _blog_contest(ScikitLearn("MLPRegressor").run, _EPOCHS_OF_LIBRARIES)


def against_torch() -> Contest:
    """Epochs of the trainer and of PyTorch."""
    return _blog_contest(BlogTorch().run, _EPOCHS_OF_LIBRARIES)


def _blog_contest(run: Callable[[int], None], peer_epochs: int) -> Contest:
    opened = experiment.load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    return Contest(
        lambda: trainer.run_epochs(_BLOG_EPOCHS),
        lambda: run(peer_epochs),
        _BLOG_EPOCHS,
        peer_epochs,
    )


SHORT, LONG = 10_000, 10_000_000
_CHUNK = 4096
_CHUNKS_PER_SNAPSHOT = 64


def growth() -> RaceResult:
    """The process's largest size in MB after ``LONG`` epochs over that after ``SHORT``."""
    opened = experiment.load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(_CHUNK)
    record(trainer, _CHUNK, SHORT)
    short = peak()
    record(trainer, SHORT, LONG)
    long = peak()
    return RaceResult(long / short, long / short, long / short, long, short)


def record(trainer: Trainer, begin: int, end: int) -> None:
    """Values of the epochs after ``begin`` up to ``end`` to the history and all listeners."""
    random = np.random.default_rng(begin)
    for i, first in enumerate(range(begin + 1, end + 1, _CHUNK)):
        epochs = np.arange(first, min(first + _CHUNK, end + 1))
        losses = random.random(len(epochs))
        trainer.history.append(epochs, [*random.random((len(trainer.history.names), len(epochs)))])
        for listener in trainer.listeners:
            listener(epochs, losses, np.full(len(epochs), np.nan))
        if i % _CHUNKS_PER_SNAPSHOT == 0:
            trainer.snapshot()


def peak() -> float:
    """The largest this process has been, in MB. Raises Skipped where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        raise Skipped("this system does not say how much memory a process took") from None
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6


BATCH = 10
RATE = 0.03
_SPIRAL_EPOCHS = 60


def recipe(hidden: tuple[int, ...]) -> Recipe:
    """Tanh throughout with biases; 500 points, half of them for training, in their order."""
    return Recipe(
        Data("spiral", samples=500, test_fraction=0.5),
        Network(hidden, "tanh", "tanh", bias=True, init="xavier"),
        Training(reduction="mean", learning_rate=RATE, batch_size=BATCH),
    )


def start_spiral(hidden: tuple[int, ...]) -> Trainer:
    """The trainer at epoch 0."""
    wanted = recipe(hidden)
    return Trainer(wanted, experiment.dataset_of(wanted))


def against_tuned_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``TunedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), TunedLoop(start_spiral(hidden), BATCH, RATE).run
    )


def against_folded_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``FoldedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), FoldedLoop(start_spiral(hidden), BATCH, RATE).run
    )


def _spiral_contest(trainer: Trainer, run: Callable[[int], object]) -> Contest:
    return Contest(
        lambda: trainer.run_epochs(_SPIRAL_EPOCHS),
        lambda: run(_SPIRAL_EPOCHS),
        _SPIRAL_EPOCHS,
        _SPIRAL_EPOCHS,
    )


EPOCHS, JUMPS = 100_000, 50
_SLICE = 1 / 15


def jumps() -> RaceResult:
    """Milliseconds that the slowest of ``JUMPS`` takes, over those that the whole run took."""
    timeline = new_timeline(experiment.load_experiment("blog"))
    while timeline.trainer.epoch < EPOCHS:
        timeline.run_for(_SLICE, EPOCHS)
    whole = 1000 * timeline.trainer.seconds
    took = []
    for epoch in np.random.default_rng(1).integers(0, EPOCHS, JUMPS).tolist():
        began = time.perf_counter()
        timeline.go_to(epoch)
        took.append(1000 * (time.perf_counter() - began))
    low, middle, high = min(took), statistics.median(took), max(took)
    return RaceResult(high / whole, low / whole, high / whole, middle, whole)
