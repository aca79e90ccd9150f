"""Training speed against reference loops, memory of long runs, and time of jumps."""

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
from nn_tui.bench.timing import Contest, RaceResult, Skipped, fitting_amount, pytorch
from nn_tui.nn.architecture import views
from nn_tui.nn.kernels import status
from nn_tui.recipe.recipe import Data, Network, Recipe, Training
from nn_tui.runs import new_timeline
from nn_tui.training.trainer import Trainer

# The blog's network

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


# A spiral in mini-batches

SPIRAL_BATCH = 10
SPIRAL_RATE = 0.03
_SPIRAL_EPOCHS = 60


def spiral_recipe(hidden: tuple[int, ...], batch: int | str = SPIRAL_BATCH) -> Recipe:
    """Tanh layers with biases; 500 points in fixed order, half of them for training."""
    return Recipe(
        Data("spiral", samples=500, test_fraction=0.5),
        Network(hidden, "tanh", "tanh", bias=True, init="xavier"),
        Training(reduction="mean", learning_rate=SPIRAL_RATE, batch_size=batch),
    )


def start_spiral(hidden: tuple[int, ...], batch: int | str = SPIRAL_BATCH) -> Trainer:
    """A trainer at epoch 0."""
    recipe = spiral_recipe(hidden, batch)
    return Trainer(recipe, experiment.dataset_of(recipe))


def against_tuned_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``TunedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), TunedLoop(start_spiral(hidden), SPIRAL_BATCH, SPIRAL_RATE).run
    )


def against_folded_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``FoldedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), FoldedLoop(start_spiral(hidden), SPIRAL_BATCH, SPIRAL_RATE).run
    )


def _spiral_contest(trainer: Trainer, run: Callable[[int], object]) -> Contest:
    return Contest(
        lambda: trainer.run_epochs(_SPIRAL_EPOCHS),
        lambda: run(_SPIRAL_EPOCHS),
        _SPIRAL_EPOCHS,
        _SPIRAL_EPOCHS,
    )


# Handwritten digits

_EPOCHS, _EPOCHS_OF_PEER = 6, 2

ADAM = Training(
    loss="cross_entropy",
    reduction="mean",
    optimizer="adam",
    learning_rate=0.001,
    batch_size=64,
)

DIGITS = Recipe(
    Data("digits", scale="minmax", test_fraction=0.0),
    Network((128, 64), "relu", "softmax", bias=True, init="he", dtype="float32"),
    ADAM,
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
    """A trainer at epoch 0."""
    return Trainer(DIGITS, experiment.dataset_of(DIGITS))


class DigitsTorch:
    """PyTorch eager with fused Adam, its fastest, on one thread.

    Initial weights, batches and their order are those of ``trainer``; both evaluate the loss
    over all samples after every epoch.
    """

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


# The extension against Python's calls

_SECONDS = 0.15
"""Seconds of CPU that one turn of either side takes at least."""


def against_python_calls(start: Callable[[], Trainer]) -> Callable[[], Contest]:
    """Epochs of a trainer with the C extension, and of the same trainer without."""

    def contest() -> Contest:
        if not status.is_used():
            raise Skipped(f"steps run in {status.describe()}")
        compiled, python = start(), start()
        python.runner.loop.do_without_extension()
        for trainer in (compiled, python):
            trainer.runner.divergence.enabled = False
        epochs, fewer = (
            fitting_amount(trainer.run_epochs, _SECONDS) for trainer in (compiled, python)
        )
        return Contest(
            lambda: compiled.run_epochs(epochs), lambda: python.run_epochs(fewer), epochs, fewer
        )

    return contest


def start_preset(name: str) -> Callable[[], Trainer]:
    """Trainers at epoch 0 of a preset."""

    def start() -> Trainer:
        opened = experiment.load_experiment(name)
        return Trainer(opened.recipe, opened.dataset)

    return start


# Long runs

SHORT, LONG = 10_000, 10_000_000
_CHUNK = 4096
_CHUNKS_PER_SNAPSHOT = 64


def memory_growth() -> RaceResult:
    """Peak memory in MB after recording ``LONG`` epochs, over that after ``SHORT``."""
    opened = experiment.load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(_CHUNK)
    record_random_epochs(trainer, _CHUNK, SHORT)
    short = peak_memory()
    record_random_epochs(trainer, SHORT, LONG)
    long = peak_memory()
    return RaceResult(long / short, long / short, long / short, long, short)


def record_random_epochs(trainer: Trainer, begin: int, end: int) -> None:
    """Record random values for epochs ``begin`` + 1 … ``end`` in history and listeners."""
    random = np.random.default_rng(begin)
    for i, first in enumerate(range(begin + 1, end + 1, _CHUNK)):
        epochs = np.arange(first, min(first + _CHUNK, end + 1))
        losses = random.random(len(epochs))
        trainer.history.append(epochs, [*random.random((len(trainer.history.names), len(epochs)))])
        for listener in trainer.listeners:
            listener(epochs, {"train": losses})
        if i % _CHUNKS_PER_SNAPSHOT == 0:
            trainer.snapshot()


def peak_memory() -> float:
    """Peak memory of this process in MB. Raises Skipped where the system does not report it."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    try:
        import resource
    except ImportError:
        raise Skipped("this system does not report the peak_memory memory of a process") from None
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6


JUMP_EPOCHS, JUMPS = 100_000, 50
_SLICE = 1 / 15


def jump_time() -> RaceResult:
    """Milliseconds of the slowest of ``JUMPS`` jumps, over those of the whole run."""
    timeline = new_timeline(experiment.load_experiment("blog"))
    while timeline.trainer.epoch < JUMP_EPOCHS:
        timeline.run_for(_SLICE, JUMP_EPOCHS)
    whole = 1000 * timeline.trainer.seconds
    durations = []
    for epoch in np.random.default_rng(1).integers(0, JUMP_EPOCHS, JUMPS).tolist():
        began = time.perf_counter()
        timeline.go_to(epoch)
        durations.append(1000 * (time.perf_counter() - began))
    low, middle, high = min(durations), statistics.median(durations), max(durations)
    return RaceResult(high / whole, low / whole, high / whole, middle, whole)
