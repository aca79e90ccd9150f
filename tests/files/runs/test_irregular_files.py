"""Whatever is in the place of a file of a run: a sentence at once, and no other run suffers."""

import os
import shutil
import socket

import pytest

from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import describe_saved_edits, reopen_run
from tests.files.runs.timelines import change, reopened, saved, timeline, train


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def folder(store):
    line = timeline()
    train(line, 5)
    change(line)
    saver = Autosaver(store, line.run)
    saver.rename(line.run, "mine")
    saver.leave(line, in_order=True)
    return RunFolder(saver.folder_of(line.run).path)


def as_socket(path):
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{os.open(path.parent, os.O_RDONLY)}/{path.name}")


KINDS = {
    "a pipe": os.mkfifo,
    "a folder": os.mkdir,
    "a socket": as_socket,
    "a link": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to(path.parent / "nothing"),
}
NAMES = (
    "checkpoint-1",
    "checkpoint-2",
    "journal",
    "title",
    "lock",
    "left",
    "recipe.toml",
    "dataset",
    "number",
    "samples.csv",
)


def replaced(folder, name, kind):
    path = folder.path / name
    path.unlink(missing_ok=True)
    KINDS[kind](path)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NAMES)
def test_an_irregular_file_is_refused_without_blocking(name, kind, folder, store):
    other = timeline("blog")
    train(other, 3)
    saved(other, store).release()
    replaced(folder, name, kind)
    listed = [entry.folder.id for entry in store.entries()]
    assert len(listed) == (1 if name == "checkpoint-1" else 2)
    store.find("mine")
    store.delete_oldest()
    try:
        again = reopen_run(folder, store)
    except InputError as error:
        assert str(error).startswith(f"the run {folder.id} cannot be opened: ")
        assert name in ("checkpoint-1", "journal", "lock")
    else:
        stored = folder.load()
        describe_saved_edits(folder, stored)
        folder.remove_temporary_files()
        saver = Autosaver(store, again.timeline.run, again.folder, again.file)
        train(again.timeline, 1)
        saver.leave(again.timeline, in_order=True)
    folder.release()
    assert not os.path.exists(folder.path / "nothing"), "a link was followed"
    assert not os.path.isfile("/dev/zero")
    store.delete(folder)
    assert len(store.entries()) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["checkpoint-1", "journal", "title", "dataset", "samples.csv"])
def test_an_irregular_file_is_not_copied(name, kind, folder, store):
    if name == "checkpoint-1":
        shutil.copy(folder.path / name, folder.path / "checkpoint-2")
    replaced(folder, name, kind)
    before = os.listdir(store.path)
    assert RunFolder(folder.path).hold()
    with pytest.raises(InputError, match=f"{folder.id} cannot be opened: {name}: it is a "):
        reopen_run(folder, store)
    assert os.listdir(store.path) == before


def test_a_pipe_in_place_of_the_edit_log_is_not_written_to(folder, store):
    again = reopened(folder)
    replaced(folder, "journal", "a pipe")
    change(again.timeline, 0.25)
    with pytest.raises(InputError, match="it is a pipe, not a file"):
        again.folder.save(checkpoint_of(again.timeline))


def test_a_link_in_place_of_a_run_is_ignored(folder, store, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.move(folder.path, elsewhere)
    folder.path.symlink_to(elsewhere)
    assert store.entries() == []
    assert store.find(folder.id) is None
    assert store.find("mine") is None


def test_the_target_of_a_link_named_deleted_is_not_touched(folder, store, tmp_path):
    dear = tmp_path / "documents"
    (dear / "thesis").mkdir(parents=True)
    (dear / "thesis" / "text").write_text("years of work")
    (store.path / ".deleted").symlink_to(dear)
    with pytest.raises(InputError, match=r"\.deleted is not a folder; remove it first"):
        store.delete(folder)
    assert store.restore() is None
    assert os.listdir(dear) == ["thesis"]
    assert (dear / "thesis" / "text").read_text() == "years of work"
    assert len(store.entries()) == 1


def test_a_link_in_the_trash_is_removed_and_not_followed(folder, store, tmp_path):
    dear = tmp_path / "documents"
    dear.mkdir()
    (store.path / ".deleted").mkdir()
    (store.path / ".deleted" / "run").symlink_to(dear)
    assert store.restore() is None
    store.delete(folder)
    assert dear.is_dir()
    assert store.restore().id == folder.id


def test_control_characters_in_names_are_made_visible(folder, store):
    odd = RunFolder(folder.path.rename(store.path / "run\x1b[31m\udcff"))
    (odd.path / "checkpoint-1").write_bytes(b"")
    with pytest.raises(InputError, match="the run run␛"):
        reopen_run(odd, store)
