"""The run is on disk soon after anything happens, and leaving waits for nothing long."""

import shutil
import threading
import time

import pytest

from nn_tui.errors import InputError
from nn_tui.files.runs import autosave as saver_module
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import RunStore
from nn_tui.training import batches, chunk_size
from nn_tui.training import partial_epoch as open_epoch
from tests.files.runs.timelines import change, into_an_epoch, reopened, same, timeline, train


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def wait_for(wanted, seconds=30):
    until = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < until
        time.sleep(0.005)


def test_an_untouched_run_is_not_saved(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    saver.save_if_due(line, at_once=True)
    assert not saver.pending(line)
    assert saver.leave(line, in_order=True) == ""
    assert not store.path.exists()


def test_states_are_saved_during_training_and_the_last_on_exit(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line)
    wait_for(lambda: store.entries())
    train(line, 2)
    change(line)
    saver.save_if_due(line)  # too soon
    assert saver.pending(line)
    sentence = saver.leave(line, in_order=True)
    (entry,) = store.entries()
    assert sentence == f"blog-xor is saved at epoch 7; nn-tui {entry.folder.id} continues it"
    assert not entry.unfinished
    same(reopened(entry.folder).timeline.trainer, line.trainer)


def test_a_long_epoch_is_saved_mid_epoch(store):
    line = timeline("moons")
    saver = Autosaver(store, line.run)
    into_an_epoch(line, 2)
    saver.save_if_due(line)
    wait_for(lambda: store.entries())
    assert not saver.pending(line)
    into_an_epoch(line, 5)
    assert saver.pending(line)
    saver.leave(line, in_order=False)
    again = reopened(store.unfinished().folder).timeline
    assert again.trainer.position == (0, 5)
    same(again.trainer, line.trainer)


def test_a_run_not_closed_cleanly_is_unfinished(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.leave(line, in_order=False)
    assert store.unfinished().checkpoint.epoch == 5


def test_each_restart_has_a_folder_and_undo_returns_to_the_old_one(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: len(store.entries()) == 1)
    first = saver.folder_of(line.run)
    line.start(timeline("blog").run, "blog opened")
    train(line, 3)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: len(store.entries()) == 2)
    line.undo()
    assert saver.folder_of(line.run) is first


SLICE = 0.1  # the longest that the screen has


@pytest.mark.parametrize(
    ("copying", "writing"), [(0.0, 0.0), (0.0, 0.3), (0.02, 0.0), (0.02, 0.05), (0.02, 0.3)]
)
def test_at_most_a_second_of_training_is_unsaved(store, monkeypatch, copying, writing):
    """By a clock of the test's own; seconds that are taken to copy a moment and to write it."""
    clock, ages, taken = Clock(), [], []
    copy, write = saver_module.checkpoint_of, saver_module.RunFolder.save
    written = threading.Event()

    def copied(line, file):
        taken.append(clock.now)
        clock.now += copying
        return copy(line, file)

    def save(folder, checkpoint):
        clock.now += writing
        ages.append(clock.now - taken[-2] if len(taken) > 1 else 0.0)
        write(folder, checkpoint)
        written.set()

    monkeypatch.setattr(saver_module, "time", clock)
    monkeypatch.setattr(saver_module, "checkpoint_of", copied)
    monkeypatch.setattr(saver_module.RunFolder, "save", save)
    line = timeline()
    saver = Autosaver(store, line.run)
    for _ in range(60):
        train(line, 1)
        clock.now += SLICE
        before = len(taken)
        saver.save_if_due(line)
        if len(taken) > before:
            assert written.wait(60)
            written.clear()
            with saver._disk:  # it has noted how long that took
                pass
    assert len(ages) > 4
    assert max(ages) <= 1 + 1e-9


class Clock:
    """In the place of the module ``time``."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now


def test_a_full_disk_is_reported_and_retried(store, monkeypatch):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    room = threading.Event()
    real = saver_module.RunFolder.save

    def save(self, checkpoint):
        if not room.is_set():
            raise InputError("cannot save in /runs: No space left on device")
        real(self, checkpoint)

    monkeypatch.setattr(saver_module.RunFolder, "save", save)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: saver.problem)
    assert "No space left" in saver.problem
    assert saver.pending(line)
    room.set()
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: not saver.problem)
    assert store.entries()[0].checkpoint.epoch == 5


def test_exit_waits_neither_for_a_stuck_disk_nor_for_a_long_slice(store, monkeypatch):
    monkeypatch.setattr(saver_module, "_TIMEOUT", 0.01)
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    held, end = threading.Event(), threading.Event()

    def slice_of_training():
        with line.lock:
            held.set()
            end.wait()

    thread = threading.Thread(target=slice_of_training)
    thread.start()
    held.wait()
    saver.leave(line, in_order=False)
    end.set()
    thread.join()
    assert store.entries() == []


def test_a_run_can_be_named_before_it_is_saved(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.rename(line.run, "mine")
    assert saver.title(line.run) == "mine"
    assert saver.leave(line, in_order=True).startswith("mine is saved at epoch 5")


def test_the_exit_message_reports_unsaved_and_saved_runs(store, monkeypatch):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: store.entries())

    def full(*_):
        raise InputError("cannot save") from OSError(28, "No space left on device")

    monkeypatch.setattr(saver_module.RunFolder, "save", full)
    train(line, 5)
    told = []
    saver.changed = lambda: told.append(saver.problem)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: told)
    saver.save_if_due(line, at_once=True)
    sentence = saver.leave(line, in_order=True)
    assert told == [saver.problem]
    assert sentence.startswith("not saved: No space left on device in ")
    assert "; blog-xor is saved at epoch 5; nn-tui" in sentence
    assert "retrying" in told[0]
    assert "retrying" not in sentence  # the program is over


def test_the_exit_message_of_a_run_whose_folder_is_gone_has_one_reason(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line, at_once=True)
    wait_for(lambda: store.entries())
    with saver._disk:  # once the checkpoint is written and its data is being saved
        saver._samples.finish(30)  # or the folder would not stay empty while it is removed
        shutil.rmtree(store.path)
        store.path.touch()  # a file in its place
    train(line, 5)
    sentence = saver.leave(line, in_order=True)
    assert sentence.startswith("blog-xor is not saved: ")
    assert sentence.count("not saved") == 1
    assert "retrying" not in sentence


def test_a_slow_disk_loses_nothing_of_a_replaced_run(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    with saver._disk:  # as while something large is being written
        train(line, 5)
        saver.save_if_due(line, at_once=True)
        line.start(timeline("blog").run, "blog opened")
        train(line, 3)
        saver.save_if_due(line, at_once=True)
    wait_for(lambda: len(store.entries()) == 2)
    assert {entry.checkpoint.epoch for entry in store.entries()} == {5, 3}


@pytest.fixture
def stuck(monkeypatch):
    """A run whose first update takes longer than a slice, left in its middle."""
    monkeypatch.setattr(batches, "_LARGE_UPDATE", 0)
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    monkeypatch.setattr(open_epoch, "_EXTRA_SECONDS", -1.0)
    line = timeline("moons")
    line.run_for(0.0, 1)
    assert line.trainer.position == (0, None) and not line.whole
    return line


def test_the_first_save_comes_after_the_first_slice_even_in_the_middle_of_an_update(store, stuck):
    saver = Autosaver(store, stuck.run)
    saver.save_if_due(stuck)
    wait_for(lambda: store.entries())
    assert not saver.pending(stuck), "what is kept already would be kept again and again"
    saver.leave(stuck, in_order=False)
    again = reopened(store.unfinished().folder).timeline
    assert again.trainer.position == (0, 0)
    train(stuck, 2)
    train(again, 2)
    same(again.trainer, stuck.trainer)


def test_no_copy_is_made_while_an_earlier_state_is_being_written(store, monkeypatch):
    line = timeline()
    saver = Autosaver(store, line.run)
    copied = []
    copy = saver_module.checkpoint_of
    monkeypatch.setattr(
        saver_module, "checkpoint_of", lambda *words: copied.append(1) or copy(*words)
    )
    monkeypatch.setattr(saver_module, "MIN_INTERVAL", 0.0)
    with saver._disk:  # as while something large is being written
        train(line, 5)
        saver.save_if_due(line)
    assert not copied and saver.pending(line)
    saver.save_if_due(line)
    wait_for(lambda: store.entries())
    assert len(copied) == 1


def test_a_state_that_waits_is_not_written_over_a_newer_one(store):
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 2)
    saver._waiting = [saver._state_of(line)]  # and the thread has not come to it
    train(line, 3)
    folder = saver.keep(line)
    with saver._condition:
        saver._condition.notify()
    assert not saver.pending(line)
    saver.leave(line, in_order=True)
    same(reopened(folder).timeline.trainer, line.trainer)
