"""One program has a run open; others may look, and a file system may know no locks."""

import errno
import fcntl
import os
import threading

import pytest

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_lock import RunLock
from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import change, reopened, same, saved, timeline, train

REFUSALS = (errno.ENOLCK, errno.EINVAL, errno.EOPNOTSUPP)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def test_testing_a_lock_does_not_prevent_acquiring_it(tmp_path):
    lock = RunLock(tmp_path / "lock")
    lock.take()
    lock.release()
    looking = os.open(lock.path, os.O_RDONLY)
    fcntl.flock(looking, fcntl.LOCK_SH | fcntl.LOCK_NB)  # as ``locked_elsewhere`` for a moment
    assert not RunLock(lock.path).locked_elsewhere, "two that look take each other for a holder"
    timer = threading.Timer(0.01, os.close, (looking,))
    timer.start()
    lock.take()
    timer.join()
    assert RunLock(lock.path).locked_elsewhere


def test_a_run_being_listed_is_not_opened_as_a_copy(store):
    line = timeline()
    train(line, 1)
    folder = saved(line, store)
    folder.release()
    end = threading.Event()

    def look():
        while not end.is_set():
            _ = RunFolder(folder.path).locked_elsewhere

    watchers = [threading.Thread(target=look) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    try:
        for _ in range(200):
            mine = RunFolder(folder.path)
            assert mine.hold()
            mine.release()
    finally:
        end.set()
        for watcher in watchers:
            watcher.join()


def refusing(number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("number", REFUSALS, ids=errno.errorcode.get)
def test_without_locks_runs_are_saved_with_one_note(number, store, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", refusing(number))
    line = timeline()
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line, at_once=True)
    change(line)
    sentence = saver.leave(line, in_order=True)
    assert "is saved at epoch 5" in sentence
    (note,) = saver.take_notes()
    assert "has no locks" in note
    (entry,) = store.entries()
    assert not entry.open_elsewhere and not entry.unfinished
    again = reopened(entry.folder)
    assert again.notes == () and again.folder.path == entry.folder.path
    same(again.timeline.trainer, line.trainer)


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_without_fsync_runs_are_saved_with_one_note(number, store, monkeypatch):
    monkeypatch.setattr(os, "fsync", refusing(number))
    line = timeline()
    saver = Autosaver(store, line.run)
    for _ in range(3):
        train(line, 2)
        change(line)
        saver.save_if_due(line, at_once=True)
    assert "is saved at epoch 6" in saver.leave(line, in_order=True)
    assert saver.problem == ""
    (note,) = saver.take_notes()
    assert "cannot sync" in note
    same(reopened(store.entries()[0].folder).timeline.trainer, line.trainer)
