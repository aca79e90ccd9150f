"""What it costs to keep a run on disk while it trains, as the screen has it kept.

Both sides train in slices as long as the screen's, for about as long as passes from one
save to the next; ours is kept once meanwhile, in a folder that is gone afterwards.
"""

import tempfile
from pathlib import Path

import numpy as np

from nn_tui import experiment
from nn_tui.bench.timing import Contest, RaceResult, race
from nn_tui.data.dataset import Dataset
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import RunStore
from nn_tui.recipe.recipe import Data, Network, Recipe, Training
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline

_SLICE = 1 / 15
_EPOCHS_OF_BLOG, _EPOCHS_OF_PICTURES = 80_000, 10
_PIXELS, _SAMPLES = 784, 1024

PICTURES = Recipe(
    Data("pictures"),
    Network((256, 128), "relu", "softmax", bias=True, init="he"),
    Training(
        loss="cross_entropy",
        reduction="mean",
        optimizer="adam",
        learning_rate=0.001,
        batch_size=64,
    ),
)


def blog() -> RaceResult:
    """Epochs of ``blog-xor``, whose checkpoints are its curve above all."""
    opened = experiment.load_experiment("blog-xor")
    return _raced(Run(opened.name, opened.recipe, opened.dataset), _EPOCHS_OF_BLOG)


def pictures() -> RaceResult:
    """Epochs of 784-256-128-10 in batches of 64 with Adam: nine megabytes a checkpoint."""
    return _raced(Run("pictures", PICTURES, _pictures()), _EPOCHS_OF_PICTURES)


def _pictures() -> Dataset:
    rng = np.random.default_rng(1)
    return Dataset(
        name="pictures",
        inputs=rng.random((_SAMPLES, _PIXELS)),
        targets=rng.integers(0, 10, (_SAMPLES, 1)).astype(float),
        input_names=tuple(f"x{i}" for i in range(_PIXELS)),
        target_names=("y",),
        train_count=_SAMPLES,
        classes=tuple("0123456789"),
    )


def _raced(run: Run, epochs: int) -> RaceResult:
    ours, peer = Timeline(run), Timeline(run)
    with tempfile.TemporaryDirectory(prefix="nn-tui-bench-") as folder:
        saver = Autosaver(RunStore(Path(folder)), run)
        contest = Contest(
            lambda: _train(ours, epochs, saver), lambda: _train(peer, epochs), epochs, epochs
        )
        outcome = race(contest)
        saver.leave(ours, in_order=True)
    return outcome


def _train(line: Timeline, epochs: int, saver: Autosaver | None = None) -> None:
    last = line.trainer.epoch + epochs
    if saver is not None:
        saver.offer(line, at_once=True)
    while line.trainer.epoch < last:
        line.run_for(_SLICE, last)
