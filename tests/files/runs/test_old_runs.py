"""Runs that earlier versions saved: they open, and go on from where they were.

``old_runs`` holds folders as version 1 of the arithmetic wrote them: the blog after 50
epochs, a spiral with Adam after 6, and a CSV file whose learning rate was changed after
epoch 10 and a weight after epoch 20, which was undone again.
"""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_tui.files.runs.checkpoint import read_checkpoint, write_checkpoint
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.nn.activations import ARITHMETIC
from nn_tui.runs import RECOMPUTED
from tests.files.runs.timelines import reopened, replayed, same, saved, train
from tests.training.runs import BLOG_INPUTS, BLOG_TARGETS

OLD = Path(__file__).parent / "old_runs"
EPOCHS = {"blog": 50, "spiral": 6, "measurements": 24}


@pytest.fixture
def old(tmp_path):
    """A copy of the old run of a name, to work on."""

    def copy(name):
        shutil.copytree(OLD / name, tmp_path / "runs" / name)
        return RunFolder(tmp_path / "runs" / name)

    return copy


@pytest.mark.parametrize("name", EPOCHS)
def test_an_old_run_opens_as_saved_and_continues(name, old):
    folder = old(name)
    kept = folder.newest()
    line = reopened(folder).timeline
    snapshot = line.trainer.snapshot()
    assert snapshot.epoch == EPOCHS[name]
    np.testing.assert_array_equal(snapshot.parameters, kept.keyframe.saved.arrays["parameters"])
    assert len(snapshot.losses) == EPOCHS[name] + 1
    assert snapshot.train_loss == pytest.approx(kept.train_loss, rel=1e-12)
    train(line, 20)
    again = line.trainer.snapshot()
    assert again.epoch == EPOCHS[name] + 20
    assert again.train_loss < snapshot.train_loss


@pytest.mark.parametrize("name", EPOCHS)
def test_accuracies_not_recorded_by_an_old_run_are_missing(name, old):
    line = reopened(old(name)).timeline
    train(line, 3)
    accuracy = line.trainer.snapshot().losses.band("train_accuracy").low
    known = np.isfinite(accuracy)
    assert known[-3:].all() and not known[1:-3].all()


def test_the_blogs_goes_on_from_its_saved_weights_by_the_readers_loop(old):
    folder = old("blog")
    kept = folder.newest().keyframe.saved.arrays["parameters"]
    W0, W1 = kept[:12].reshape(3, 4).copy(), kept[12:].reshape(4, 1).copy()
    for _ in range(10):
        l1 = 1 / (1 + np.exp(-BLOG_INPUTS.dot(W0)))
        l2 = 1 / (1 + np.exp(-l1.dot(W1)))
        l2_delta = (BLOG_TARGETS["blog"] - l2) * (l2 * (1 - l2))
        l1_delta = l2_delta.dot(W1.T) * (l1 * (1 - l1))
        W1 += l1.T.dot(l2_delta)
        W0 += BLOG_INPUTS.T.dot(l1_delta)
    line = reopened(folder).timeline
    train(line, 10)
    weights = line.trainer.snapshot().weights
    np.testing.assert_array_equal(weights["W0"], W0)
    np.testing.assert_array_equal(weights["W1"], W1)


@pytest.mark.parametrize("name", EPOCHS)
def test_earlier_epochs_of_an_old_run_are_recomputed_with_current_arithmetic(name, old):
    line = reopened(old(name)).timeline
    line.go_to(4)
    same(line.trainer, replayed(line.run, 4))
    line.go_to(EPOCHS[name])
    assert line.trainer.epoch == EPOCHS[name]


def test_edits_of_an_old_run_can_be_undone_and_redone(old):
    line = reopened(old("measurements")).timeline
    assert [edit.epoch for edit in line.run.edits] == [10]
    assert line.undo()
    assert line.trainer.epoch == 10 and line.trainer.recipe.training.learning_rate == 0.01
    assert line.redo()
    assert line.trainer.recipe.training.learning_rate == 0.25


@pytest.mark.parametrize(
    ("name", "notes"), [("blog", (RECOMPUTED,)), ("spiral", ()), ("measurements", (RECOMPUTED,))]
)
def test_recomputing_an_old_run_is_noted_once_if_it_makes_a_difference(name, notes, old):
    folder = old(name)
    again = reopened(folder)
    assert again.notes == notes
    saved(again.timeline, None, folder)
    folder.release()
    assert reopened(folder).notes == ()


def test_a_checkpoint_records_its_arithmetic(old):
    path = old("blog").path / "checkpoint-2"
    checkpoint = read_checkpoint(path)
    assert checkpoint.arithmetic == 1
    write_checkpoint(path, replace(checkpoint, arithmetic=ARITHMETIC))
    assert read_checkpoint(path).arithmetic == ARITHMETIC > 1
