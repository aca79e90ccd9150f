"""What is removed under a program that trains is made again; the exit message is true."""

import os
import shutil

import pytest

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.test_autosave import wait_for
from tests.files.runs.timelines import change, reopened, same, timeline, train


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "state" / "runs")


def saving(store, text="circle"):
    """A run of which something is saved under a name, and its saver."""
    line = timeline(text)
    saver = Autosaver(store, line.run)
    saver.rename(line.run, "mine")
    train(line, 3)
    change(line)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: store.entries() and saver.folder_of(line.run).has_dataset)
    return line, saver


WHAT = {
    "the state folder": lambda folder: folder.path.parent.parent,
    "the run's": lambda folder: folder.path,
}


@pytest.mark.parametrize("what", WHAT)
def test_a_folder_removed_during_training_is_created_again(what, store):
    line, saver = saving(store)
    folder = saver.folder_of(line.run)
    shutil.rmtree(WHAT[what](folder))
    train(line, 2)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: store.entries())
    assert store.entries()[0].open_elsewhere, "its lock was not taken again"
    train(line, 2)
    sentence = saver.leave(line, in_order=True)
    assert sentence == f"mine is saved at epoch 7; nn-tui {folder.id} continues it"
    assert saver.problem == ""
    again = reopened(store.find(folder.id))
    assert again.notes == () and again.folder.title == "mine" and again.folder.has_dataset
    assert again.timeline.run.edits == line.run.edits
    same(again.timeline.trainer, line.trainer)


@pytest.mark.parametrize("what", WHAT)
def test_a_folder_removed_after_the_last_save_is_created_again_on_exit(what, store):
    line, saver = saving(store)
    folder = saver.folder_of(line.run)
    assert not saver.pending(line)
    shutil.rmtree(WHAT[what](folder))
    assert saver.leave(line, in_order=True).startswith("mine is saved at epoch 3; nn-tui")
    same(reopened(store.find(folder.id)).timeline.trainer, line.trainer)


def test_a_removed_checkpoint_is_written_again(store):
    line, saver = saving(store)
    folder = saver.folder_of(line.run)
    for name in os.listdir(folder.path):
        if name.startswith("checkpoint"):
            os.unlink(folder.path / name)
    saver.leave(line, in_order=True)
    same(reopened(folder).timeline.trainer, line.trainer)


def test_a_folder_that_cannot_be_created_again_is_reported_on_exit(store):
    line, saver = saving(store)
    state = store.path.parent
    shutil.rmtree(state)
    state.write_text("in the way")
    sentence = saver.leave(line, in_order=True)
    assert sentence.startswith("mine is not saved: Not a directory in ")
    assert "remove the file that is in the place of the folder" in sentence
    assert "continues" not in sentence
