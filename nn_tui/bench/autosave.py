"""What it costs to keep a run on disk while it trains, as the screen has it kept.

Both sides train in slices as long as the screen's, for about as long as passes from one
save to the next; ours is kept once meanwhile, in a folder that is gone afterwards.
"""

import random
import runpy
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np

from nn_tui import experiment
from nn_tui.bench.pty_app import PtyApp
from nn_tui.bench.timing import Contest, RaceResult, race
from nn_tui.data.dataset import Dataset
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.checkpoint import Checkpoint
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


_RECORD = struct.Struct("<dqq")

Place = tuple[int, int]
"""The epoch, and the updates that were done of the next."""


def run_logged(log: str, *words: str) -> None:
    """``nn-tui`` with ``words``; ends the process as it does."""
    offer = Autosaver.offer
    with open(log, "ab", buffering=0) as file:

        def noted(saver: Autosaver, timeline: Timeline, at_once: bool = False) -> None:
            epoch, updates = timeline.trainer.position
            if updates is not None:
                file.write(_RECORD.pack(time.monotonic(), epoch, updates))
            offer(saver, timeline, at_once)

        sys.argv[1:] = words
        with patch.object(Autosaver, "offer", noted):
            runpy.run_module("nn_tui", run_name="__main__")


def read_log(log: Path) -> Iterator[tuple[float, Place]]:
    """Monotonic seconds and the place of each record; one that was cut off is left out."""
    content = log.read_bytes()
    for at, *place in _RECORD.iter_unpack(content[: len(content) // _RECORD.size * _RECORD.size]):
        yield at, (place[0], place[1])


if __name__ == "__main__":
    run_logged(*sys.argv[1:])


KILLS = 30
_ALLOWED = 1.0  # seconds
_FLAT_OUT = ("training.epochs=0", "view.pace=0")
_WIDE = ("network.hidden=[256,256]", "training.optimizer=adam", "training.learning_rate=0.001")
_LONG = ("network.hidden=[512,512]", "training.batch_size=1", "training.learning_rate=0.001")
_RUNS = (
    ("blog-xor", *_FLAT_OUT),
    ("digits", *_WIDE, *_FLAT_OUT),
    ("digits", *_LONG, *_FLAT_OUT),
)
"""Small checkpoints; four megabytes to write each time; epochs of several seconds."""


def age() -> RaceResult:
    """Seconds by which the oldest state that a kill left was behind, over the one that may be.

    The program trains on the screen and is killed at random moments.
    """
    rng = random.Random(3)
    ages = [_left_by_a_kill(run, rng.uniform(0.2, 2.2)) for run in islice(cycle(_RUNS), KILLS)]
    oldest = max(ages)
    shares = [age / _ALLOWED for age in ages]
    return RaceResult(max(shares), min(shares), max(shares), oldest, _ALLOWED)


def _left_by_a_kill(run: tuple[str, ...], seconds: float) -> float:
    """How long ago it was at the moment that is kept; killed after so many seconds of training."""
    experiment, *settings = run
    words = (experiment, *(word for setting in settings for word in ("--set", setting)))
    with TemporaryDirectory(prefix="nn-tui-bench-") as folder:
        log = Path(folder, "log")
        program = ("-m", "nn_tui.bench.autosave", str(log))
        with PtyApp(words, (160, 45), program) as shown:
            shown.wait_for(lambda eye: "space" in eye.lines[-1])
            shown.press(" ")
            shown.wait_for(lambda eye: any(place > (0, 0) for _, place in read_log(log)))
            shown.read_for(seconds)
            killed_at = shown.kill()
            entries = RunStore(shown.state_dir / "runs").entries()
        kept = _place(entries[0].checkpoint) if entries else (0, 0)
        return killed_at - min(at for at, place in read_log(log) if place >= kept)


def _place(checkpoint: Checkpoint) -> Place:
    return checkpoint.epoch, checkpoint.halfway.updates if checkpoint.halfway else 0
