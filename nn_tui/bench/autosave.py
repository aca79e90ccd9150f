"""Cost of autosave during training, and how much of its training a killed program loses.

For the cost, both sides train in slices as on the screen, for about the time between two
saves; one of them saves once, to a temporary folder. For the loss, the program is killed at
random moments, and its last checkpoint is compared with a log of its progress.
"""

import random
import runpy
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

from nn_tui import experiment
from nn_tui.bench.pty_app import PtyApp
from nn_tui.bench.timing import Contest, RaceResult, race
from nn_tui.bench.training_speed import ADAM
from nn_tui.data.dataset import Dataset
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_store import RunStore
from nn_tui.recipe.recipe import Data, Network, Recipe
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_SLICE = 1 / 15
_EPOCHS_OF_BLOG, _EPOCHS_OF_PICTURES = 80_000, 10
_PIXELS, _SAMPLES = 784, 1024

PICTURES = Recipe(
    Data("pictures"),
    Network((256, 128), "relu", "softmax", bias=True, init="he"),
    ADAM,
)


def blog_cost() -> RaceResult:
    """Epochs of ``blog-xor``, whose checkpoints consist mostly of the loss history."""
    opened = experiment.load_experiment("blog-xor")
    return _race(Run(opened.name, opened.recipe, opened.dataset), _EPOCHS_OF_BLOG)


def pictures_cost() -> RaceResult:
    """Epochs of 784-256-128-10 with batch size 64 and Adam: 9 MB per checkpoint."""
    return _race(Run("pictures", PICTURES, _pictures()), _EPOCHS_OF_PICTURES)


def start_pictures() -> Trainer:
    """A trainer of 784-256-128-10 in float32 at epoch 0."""
    network = replace(PICTURES.network, dtype="float32")
    return Trainer(replace(PICTURES, network=network), _pictures())


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


def _race(run: Run, epochs: int) -> RaceResult:
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
        saver.save_if_due(line, at_once=True)
    while line.trainer.epoch < last:
        line.run_for(_SLICE, last)


Position = tuple[int, int]
"""Epoch, and number of updates done in the next one."""


KILLS = 30
_ALLOWED = 1.0  # seconds
_UNLIMITED = ("training.epochs=0", "view.pace=0")
_WIDE = ("network.hidden=[256,256]", "training.optimizer=adam", "training.learning_rate=0.001")
_LONG = ("network.hidden=[512,512]", "training.batch_size=1", "training.learning_rate=0.001")
_RUNS = (
    ("blog-xor", *_UNLIMITED),
    ("digits", *_WIDE, *_UNLIMITED),
    ("digits", *_LONG, *_UNLIMITED),
)
"""Small checkpoints; checkpoints of 4 MB; epochs of several seconds."""


def age_after_kill() -> RaceResult:
    """Age in seconds of the oldest last checkpoint of a killed program, over the allowed age."""
    rng = random.Random(3)
    ages = [_age_after_kill(run, rng.uniform(0.2, 2.2)) for run in islice(cycle(_RUNS), KILLS)]
    oldest = max(ages)
    shares = [age / _ALLOWED for age in ages]
    return RaceResult(max(shares), min(shares), max(shares), oldest, _ALLOWED)


def _age_after_kill(run: tuple[str, ...], seconds: float) -> float:
    """Age of the last checkpoint when the program is killed after ``seconds`` of training."""
    experiment, *settings = run
    words = (experiment, *(word for setting in settings for word in ("--set", setting)))
    with TemporaryDirectory(prefix="nn-tui-bench-") as folder:
        log = Path(folder, "log")
        program = ("-m", "nn_tui.bench.autosave", str(log))
        with PtyApp(words, (160, 45), program) as app:
            app.wait_for(lambda screen: "space" in screen.lines[-1])
            app.press(" ")
            app.wait_for(lambda screen: any(position > (0, 0) for _, position in read_log(log)))
            app.read_for(seconds)
            killed_at = app.kill()
            entries = RunStore(app.state_dir / "runs").entries()
        kept = _position_of(entries[0].checkpoint) if entries else (0, 0)
        return killed_at - min(at for at, position in read_log(log) if position >= kept)


def _position_of(checkpoint: Checkpoint) -> Position:
    return checkpoint.epoch, checkpoint.halfway.updates if checkpoint.halfway else 0


_RECORD = struct.Struct("<dqq")


def run_logged(log: str, *words: str) -> None:
    """Run ``nn-tui`` with ``words`` and log its progress to the file ``log``."""
    save_if_due = Autosaver.save_if_due
    with open(log, "ab", buffering=0) as file:

        def logged_save(saver: Autosaver, timeline: Timeline, at_once: bool = False) -> None:
            epoch, updates = timeline.trainer.position
            if updates is not None:
                file.write(_RECORD.pack(time.monotonic(), epoch, updates))
            save_if_due(saver, timeline, at_once)

        sys.argv[1:] = words
        with patch.object(Autosaver, "save_if_due", logged_save):
            runpy.run_module("nn_tui", run_name="__main__")


def read_log(log: Path) -> Iterator[tuple[float, Position]]:
    """Monotonic seconds and position of each complete record."""
    content = log.read_bytes()
    complete = len(content) // _RECORD.size * _RECORD.size
    for at, epoch, updates in _RECORD.iter_unpack(content[:complete]):
        yield at, (epoch, updates)


if __name__ == "__main__":
    run_logged(*sys.argv[1:])
