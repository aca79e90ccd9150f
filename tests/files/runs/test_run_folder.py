"""What is left of a run after damage, and who may write to it."""

import os

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.errors import InputError
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.checkpoint_files import KEPT
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import new_timeline, reopen_run
from tests.files.runs.timelines import change, reopened, same, saved, timeline, train


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def flip(path, place=-1):
    content = bytearray(path.read_bytes())
    content[place] ^= 16
    path.write_bytes(content)


def test_the_newest_three_checkpoints_are_kept(store):
    line = timeline()
    folder = store.new("blog")
    for _ in range(6):
        train(line, 1)
        saved(line, store, folder)
    names = sorted(name for name in os.listdir(folder.path) if name.startswith("checkpoint"))
    assert names == ["checkpoint-4", "checkpoint-5", "checkpoint-6"]
    assert len(names) == KEPT


def test_a_damaged_checkpoint_is_skipped_with_a_warning(store):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    train(line, 5)
    saved(line, store, folder)
    folder.release()
    flip(folder.path / "checkpoint-2")
    again = reopened(folder)
    assert again.timeline.trainer.epoch == 5
    assert "checkpoint-2 is damaged" in again.notes[0]
    train(again.timeline, 5)
    same(again.timeline.trainer, line.trainer)


def test_a_run_without_an_intact_checkpoint_is_refused(store):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    flip(folder.path / "checkpoint-1")
    with pytest.raises(InputError, match=r"cannot be opened: checkpoint-1 is damaged"):
        reopened(folder)
    assert store.entries() == []
    assert not folder.locked_elsewhere


def test_an_incomplete_line_of_the_edit_log_loses_nothing(store):
    line = timeline()
    train(line, 5)
    change(line)
    folder = saved(line, store)
    folder.release()
    with open(folder.path / "journal", "ab") as file:
        file.write(b'deadbeef {"epoch":')
    again = reopened(folder)
    same(again.timeline.trainer, line.trainer)
    assert "edit log" in again.notes[0]
    change(again.timeline, 0.125)
    again.folder.save(checkpoint_of(again.timeline))
    again.folder.release()
    third = reopened(RunFolder(folder.path))
    assert third.notes == ()
    same(third.timeline.trainer, again.timeline.trainer)


def test_the_edit_log_records_undo_and_later_edits(tmp_path):
    line = timeline()
    path = tmp_path / "journal"
    known = ()
    for step in (change, lambda line: line.undo(), lambda line: change(line, 3.0)):
        train(line, 2)
        step(line)
        journal.append_edits(path, journal.changes_between(known, line.run.edits))
        known = line.run.edits
        assert journal.read_edits(path) == (known, True)
    assert path.read_bytes().count(b"keep") == 1


def test_reading_the_edit_log_ends_at_a_damaged_line(tmp_path):
    line = timeline()
    train(line, 2)
    change(line)
    change(line, 2.0)
    path = tmp_path / "journal"
    journal.append_edits(path, journal.changes_between((), line.run.edits))
    flip(path, path.read_bytes().index(b"\n") + 20)
    edits, whole = journal.read_edits(path)
    assert not whole
    assert edits == line.run.edits[:1]


def test_a_run_open_elsewhere_is_opened_as_a_copy(store):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    again = reopen_run(RunFolder(folder.path), store)
    assert again.folder.path != folder.path
    assert "open in another window" in again.notes[0]
    same(again.timeline.trainer, line.trainer)
    with pytest.raises(InputError, match="open in another window"):
        store.delete(RunFolder(folder.path))


def test_runs_are_found_renamed_deleted_and_restored(store):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    folder.rename("  my \x1b[31m run ")
    assert folder.title == "my ␛[31m run"
    assert store.find("my ␛[31m run").id == folder.id
    assert store.find(folder.id).path == folder.path
    assert store.find("../" + folder.id) is None
    assert [entry.name for entry in store.entries()] == ["my ␛[31m run"]
    store.delete(folder)
    assert store.entries() == []
    assert store.restore().id == folder.id
    assert store.restore() is None
    assert len(store.entries()) == 1
    with pytest.raises(InputError, match="must not be empty"):
        folder.rename(" ")


def test_only_the_oldest_unnamed_runs_are_deleted(store, monkeypatch):
    monkeypatch.setattr("nn_tui.files.runs.run_store.MOST_UNNAMED", 2)
    line = timeline()
    train(line, 1)
    for number in range(5):
        folder = RunFolder(store.path / f"2026010{number}-run")
        saved(line, store, folder)
        folder.release()
        if number == 0:
            folder.rename("dear to me")
    store.delete_oldest()
    assert sorted(os.listdir(store.path)) == ["20260100-run", "20260103-run", "20260104-run"]


def test_the_copied_data_file_of_an_earlier_version_is_read(store, tmp_path):
    path = tmp_path / "mine.csv"
    rng = np.random.default_rng(1)
    np.savetxt(path, rng.normal(size=(30, 3)), delimiter=",", header="a,b,c", comments="")
    line = new_timeline(experiment.load_experiment(str(path)))
    train(line, 5)
    folder = saved(line, store)
    (folder.path / "samples.csv").write_bytes(path.read_bytes())
    folder.release()
    path.unlink()
    again = reopened(folder)
    assert again.timeline.trainer.dataset.name == "mine.csv"
    same(again.timeline.trainer, line.trainer)


def test_changed_data_is_refused(store, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n3,4\n5,6\n")
    line = new_timeline(experiment.load_experiment(str(path)))
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    path.write_text("a,b\n1,2\n3,4\n5,7\n")
    with pytest.raises(InputError, match="not what they were"):
        reopened(folder)


def test_a_folder_without_write_permission_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    line = timeline()
    train(line, 1)
    with pytest.raises(InputError, match="cannot save in"):
        saved(line, RunStore(tmp_path / "file"))


def test_a_folder_that_cannot_be_completed_is_removed(store, monkeypatch):
    held = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    def full(*_, **__):
        raise InputError("cannot write number: No space left on device")

    monkeypatch.setattr("nn_tui.files.runs.run_folder.replace_file", full)
    for _ in range(5):
        with pytest.raises(InputError, match="No space left"):
            store.new("mine").create()
    assert list(store.path.iterdir()) == []
    assert not held or len(os.listdir("/proc/self/fd")) == held


def test_only_regular_files_are_checkpoints(store):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    os.mkfifo(folder.path / "checkpoint-2")  # opening it would wait for ever
    assert store.unfinished().checkpoint.epoch == 5


def test_only_the_newest_run_is_offered(store):
    for epochs in (3, 5):
        line = timeline()
        train(line, epochs)
        saved(line, store).release()
    latest = store.unfinished()
    assert latest.checkpoint.epoch == 5
    latest.folder.mark_closed(True)
    assert store.unfinished() is None


def test_a_read_only_run_can_be_opened(store, monkeypatch):
    line = timeline()
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    real = os.open

    def read_only(path, flags, *rest, **more):
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", read_only)
    again = reopened(RunFolder(folder.path))
    assert again.notes == ()
    assert again.folder.path == folder.path
    same(again.timeline.trainer, line.trainer)
    with pytest.raises(InputError, match="Permission denied"):
        again.folder.save(checkpoint_of(again.timeline))


def test_an_edit_log_out_of_order_is_rejected(tmp_path):
    line = timeline()
    train(line, 5)
    change(line)
    entries = journal.changes_between((), line.run.edits)
    path = tmp_path / "journal"
    journal.append_edits(path, [*entries, {**entries[0], "epoch": 2}])
    assert journal.read_edits(path) == (line.run.edits, False)


def test_a_clock_set_back_does_not_change_which_runs_are_deleted(store, monkeypatch):
    monkeypatch.setattr("nn_tui.files.runs.run_store.MOST_UNNAMED", 2)
    ids = []
    for day in ("20260105", "20260106", "19700101", "20260107"):
        folder = RunFolder(store.path / f"{day}-run")
        store.create(folder)
        folder.release()
        ids.append(folder.id)
    assert sorted(os.listdir(store.path)) == sorted(ids[-2:])


def test_runs_without_a_number_are_deleted_first(store, monkeypatch):
    monkeypatch.setattr("nn_tui.files.runs.run_store.MOST_UNNAMED", 2)
    for number in range(2):
        folder = RunFolder(store.path / f"2030010{number}-old")
        folder.create()
        (folder.path / "number").unlink()
        folder.release()
    for number in range(2):
        store.create(RunFolder(store.path / f"2026010{number}-new"))
    assert sorted(os.listdir(store.path)) == ["20260100-new", "20260101-new"]


def test_temporary_files_are_removed_on_opening_or_when_old(store):
    folders = []
    for number in range(3):
        line = timeline()
        train(line, 1)
        folder = saved(line, store, RunFolder(store.path / f"2026010{number}-run"))
        folder.release()
        (folder.path / ".nn-tui-0123456789abcdef.tmp").write_text("half a checkpoint")
        folders.append(folder)
    opened, old, _new = folders
    os.utime(old.path / ".nn-tui-0123456789abcdef.tmp", (0, 0))
    reopened(opened)
    store.create(store.new("another"))
    left = [bool(list(folder.path.glob(".nn-tui-*"))) for folder in folders]
    assert left == [False, False, True], "one that may be being written was removed"


def test_the_newest_run_is_found_without_reading_the_others(store, monkeypatch):
    for number in range(5):
        line = timeline()
        train(line, number + 1)
        saved(line, store, RunFolder(store.path / f"2026010{number}-run")).release()
    looked = []
    read = RunFolder.newest
    monkeypatch.setattr(RunFolder, "newest", lambda folder: looked.append(folder) or read(folder))
    assert store.unfinished().checkpoint.epoch == 5
    assert len(looked) == 1
    for number in (4, 2):  # something else than a save changed these last
        (store.path / f"2026010{number}-run" / "title").write_text("renamed")
    assert store.unfinished().checkpoint.epoch == 5


def test_a_name_is_found_without_reading_any_checkpoint(store, monkeypatch):
    line = timeline()
    train(line, 1)
    folder = saved(line, store)
    folder.rename("mine")
    monkeypatch.setattr(RunFolder, "newest", None)
    assert store.find("mine").id == folder.id
    assert store.find("spiral") is None
