"""How much of its training a program loses that is killed outright."""

import random
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from nn_tui.bench import logged
from nn_tui.bench.pty_app import PtyApp
from nn_tui.bench.timing import RaceResult
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_store import RunStore

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
        program = ("-m", "nn_tui.bench.logged", str(log))
        with PtyApp(words, (160, 45), program) as shown:
            shown.wait_for(lambda eye: "space" in eye.lines[-1])
            shown.press(" ")
            shown.wait_for(lambda eye: any(place > (0, 0) for _, place in logged.read_log(log)))
            shown.read_for(seconds)
            killed_at = shown.kill()
            entries = RunStore(shown.state_dir / "runs").entries()
        kept = _place(entries[0].checkpoint) if entries else (0, 0)
        return killed_at - min(at for at, place in logged.read_log(log) if place >= kept)


def _place(checkpoint: Checkpoint) -> logged.Place:
    return checkpoint.epoch, checkpoint.halfway.updates if checkpoint.halfway else 0
