"""Runs to be saved, and whether what is read back is the same."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import new_timeline, reopen_run
from nn_tui.training import chunk_size
from nn_tui.training.edits import ParameterEdit, RecipeEdit
from nn_tui.training.trainer import Trainer
from tests.training.runs import same_curve


def timeline(text="blog-xor", *assignments):
    return new_timeline(experiment.load_experiment(text, assignments))


def train(line, epochs):
    goal = line.trainer.epoch + epochs
    while line.trainer.epoch < goal:
        line.run_for(60, goal)


def into_an_epoch(line, updates=1):
    """Leave the next epoch after so many of its updates, however fast they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunk_size, "_SECONDS", 0.0)
        epoch = line.trainer.snapshot().evaluated  # else an older epoch's loss may stay shown
        while line.trainer.position != (epoch, updates):
            line.run_for(0.0, epoch + 1)
            assert line.trainer.epoch == epoch, "the epoch has fewer updates"


def change(line, rate=0.5):
    line.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", rate),)))
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (0, 1), rate))


def saved(line, store, folder=None):
    """The folder in which the moment is kept."""
    folder = folder or store.new(line.run.name)
    if not folder.path.exists():
        folder.create()
    folder.save(checkpoint_of(line))
    return folder


def reopened(folder):
    return reopen_run(folder, RunStore(folder.path.parent))


def same(one, two):
    """Whether two trainers are at the same moment, to the last bit."""
    a, b = one.snapshot(), two.snapshot()
    assert (a.epoch, a.recipe, a.edits) == (b.epoch, b.recipe, b.edits)
    for name in ("parameters", "gradient", "change"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), name)
    same_curve(a.losses, b.losses)
    assert a.train_loss == b.train_loss


def replayed(run, epoch):
    """A trainer that knows nothing of files."""
    trainer = Trainer(run.recipe, run.dataset)
    for edit in run.edits:
        if edit.epoch <= epoch:
            trainer.run_epochs(edit.epoch - trainer.epoch)
            trainer.apply(edit)
    trainer.run_epochs(epoch - trainer.epoch)
    return trainer
