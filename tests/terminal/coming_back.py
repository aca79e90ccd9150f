"""A run that was cut off is gone on with, and in the end nobody could tell."""

import os
import time

from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import reopened, replayed, same
from tests.terminal.harness import PATIENCE

EPOCHS = 2000
SETTINGS = ("training.shuffle=true", f"training.epochs={EPOCHS}", "view.pace=1000")
SHUFFLED = ("circle", *(word for setting in SETTINGS for word in ("--set", setting)))
"""Mini-batches in another order every epoch, slow enough to be cut off on the way."""


def train_a_while(terminal):
    """Train until there is something to lose; the epoch that was seen last."""
    terminal.press("space")
    terminal.wait_for(lambda t: t.epoch > 200)
    assert terminal.epoch < EPOCHS
    return terminal.epoch


def ended(process):
    """Wait until a process that is not ours is gone."""
    until = time.monotonic() + PATIENCE
    while os.path.exists(f"/proc/{process}"):
        assert time.monotonic() < until, "the program runs on without a terminal"
        time.sleep(0.05)


def accept(terminal):
    """Go on with the run that is offered; the epoch it has come to."""
    terminal.wait_for("An unfinished run")
    terminal.press("enter")
    terminal.wait_for(lambda t: t.find(r"circle continues at epoch ([\d,]+)"))
    return int(terminal.find(r"circle continues at epoch ([\d,]+)").replace(",", ""))


def train_to_the_end(terminal):
    """Train to the last epoch and quit."""
    terminal.press("space")
    terminal.wait_for(f"Finished {EPOCHS:,} epochs")
    terminal.press("q")


def is_as_if_nothing_had_been(folder):
    """The one run that is kept in ``folder`` is at the last epoch, to the last bit."""
    (entry,) = RunStore(folder / "runs").entries()
    assert entry.checkpoint.epoch == EPOCHS
    again = reopened(entry.folder).timeline
    assert again.run.recipe.training.shuffle and again.run.recipe.training.batch_size == 10
    same(again.trainer, replayed(again.run, EPOCHS))
