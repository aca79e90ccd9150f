"""A run opens with the samples that it was trained on, whatever became of their file."""

import os
import zlib

import numpy as np
import pytest

from nn_tui.data.dataset import Dataset
from nn_tui.data.sources import load_dataset
from nn_tui.errors import InputError
from nn_tui.files.runs import dataset_file, sample_keeper
from nn_tui.files.runs.array_archive import CorruptArchive
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.dataset_file import Cancelled, read_dataset, write_dataset
from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import reopened, same, timeline, train

SETTINGS = ("data.test_fraction=0.25", "data.scale=standard")


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A file with a column of words and one of classes, in the working folder."""
    rng = np.random.default_rng(1)
    rows = [
        f"{a},{b},{'red' if a > b else 'blue'},{int(a > 0)}" for a, b in rng.normal(size=(40, 2))
    ]
    file = tmp_path / "data" / "mine.csv"
    file.parent.mkdir()
    file.write_text("\n".join(["a,b,colour,y", *rows]))
    monkeypatch.chdir(file.parent)
    return file


@pytest.fixture
def few(monkeypatch):
    """Nothing but the smallest samples is kept."""
    monkeypatch.setattr(sample_keeper, "MOST_BYTES", 100)


def trained(store, text="mine.csv", *assignments, meanwhile=lambda: None):
    """A run that is saved and left; the timeline, its folder, the exit message and the notes."""
    line = timeline(text, *assignments)
    saver = Autosaver(store, line.run)
    train(line, 5)
    meanwhile()
    sentence = saver.leave(line, in_order=True)
    return line, saver.folder_of(line.run), sentence, saver.take_notes()


def assert_equal(one: Dataset, two: Dataset):
    for name in ("name", "input_names", "target_names", "train_count", "classes", "picture"):
        assert getattr(one, name) == getattr(two, name)
    assert (one.notes, one.columns, one.raw_names) == (two.notes, two.columns, two.raw_names)
    assert one.digest == two.digest
    np.testing.assert_array_equal(one.raw_inputs, two.raw_inputs)
    points = two.raw_inputs[:3] + 0.5
    np.testing.assert_array_equal(one.prepare(points), two.prepare(points))


DATA = [
    ("blog",),
    ("digits",),
    ("iris", "data.scale=minmax"),
    ("circle", "data.features=x1,x1*x2,sin(x2)"),
    ("mine.csv",),
    ("mine.csv", *SETTINGS, "data.features=a,colour"),
]


@pytest.mark.parametrize("words", DATA, ids=" ".join)
def test_data_round_trips(words, path, tmp_path):
    dataset = timeline(*words).run.dataset
    assert write_dataset(tmp_path / "kept", dataset)
    assert_equal(read_dataset(tmp_path / "kept"), dataset)


@pytest.mark.parametrize("settings", [(), SETTINGS], ids=str)
@pytest.mark.parametrize("when", ["before the first save", "after it"])
@pytest.mark.parametrize("what", ["gone", "changed"])
def test_a_missing_or_changed_source_file_is_reported_but_not_needed(
    what, when, settings, path, store
):
    def spoil():
        path.unlink() if what == "gone" else path.write_text("a,b,y\n1,2,3\n")

    early = spoil if when == "before the first save" else lambda: None
    line, folder, sentence, _ = trained(store, "mine.csv", *settings, meanwhile=early)
    assert sentence.endswith(f"nn-tui {folder.id} continues it")
    if when == "after it":
        spoil()
    again = reopened(folder)
    word = "no longer exists" if what == "gone" else "has changed"
    assert again.notes == (f"{path} {word}; the samples kept with the run are used",)
    same(again.timeline.trainer, line.trainer)
    assert_equal(again.timeline.run.dataset, line.run.dataset)
    train(line, 5)
    train(again.timeline, 5)
    same(again.timeline.trainer, line.trainer)


def test_an_unchanged_source_file_is_not_mentioned(path, store):
    _, folder, _, notes = trained(store)
    assert reopened(folder).notes == () == tuple(notes)


def test_the_source_file_is_still_known_after_continuing(path, store):
    _, folder, _, _ = trained(store)
    path.unlink()
    for _ in range(2):
        again = reopened(folder)
        assert "no longer exists" in again.notes[0]
        saver = Autosaver(store, again.timeline.run, again.folder, again.file)
        train(again.timeline, 1)
        saver.leave(again.timeline, in_order=True)


def test_data_too_large_to_save_is_read_from_its_absolute_path(
    few, path, store, monkeypatch, tmp_path
):
    line, folder, sentence, notes = trained(store)
    assert not folder.has_dataset
    assert "too large to be saved with the run" in notes[0]
    assert f"can only be reopened while {path} is unchanged" in notes[0]
    assert sentence.endswith(f"continues it while {path} is unchanged")
    monkeypatch.chdir(tmp_path)  # where a relative path leads nowhere
    again = reopened(folder)
    same(again.timeline.trainer, line.trainer)
    again.folder.release()
    path.write_text(path.read_text() + "\n1,2,red,0")
    with pytest.raises(InputError, match=f"{folder.id} cannot be opened: the samples of mine.csv"):
        reopened(folder)


def test_data_too_large_to_save_and_missing_is_reported(few, path, store):
    _, _folder, sentence, notes = trained(store, meanwhile=path.unlink)
    assert "no longer exists, so it cannot be reopened" in notes[0]
    assert "it is not saved, and " in sentence and "no longer exists" in sentence


def test_built_in_data_needs_no_message(few, store):
    line, folder, sentence, notes = trained(store, "circle")
    assert notes == [] and sentence.endswith("continues it")
    same(reopened(folder).timeline.trainer, line.trainer)


def test_runs_with_the_same_data_share_it_on_disk(path, store):
    line = timeline("mine.csv")
    saver = Autosaver(store, line.run)
    train(line, 5)
    saver.save_if_due(line, at_once=True)
    while not (saver.folder_of(line.run) and saver.folder_of(line.run).has_dataset):
        pass
    first = saver.folder_of(line.run)
    other = line.run.recipe.with_value("network.seed", 7)
    line.start(type(line.run)("mine", other, line.run.dataset), "another seed")
    train(line, 5)
    saver.leave(line, in_order=True)
    second = saver.folder_of(line.run)
    assert os.path.samefile(first.path / "dataset", second.path / "dataset")
    assert first.path != second.path


def test_a_file_that_was_read_from_elsewhere_is_found_by_its_absolute_path(
    few, path, store, monkeypatch, tmp_path
):
    _, folder, _, _ = trained(store)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("a,b,y\n1,2,3\n4,5,6\n")  # another of that name
    assert reopened(folder).timeline.run.dataset.samples == 40


@pytest.mark.parametrize("there", [True, False])
def test_damaged_data_is_read_from_the_source_file_or_refused(there, path, store):
    line, folder, _, _ = trained(store)
    kept = bytearray((folder.path / "dataset").read_bytes())
    kept[len(kept) // 2] ^= 4
    (folder.path / "dataset").write_bytes(kept)
    if there:
        again = reopened(folder)
        assert "the samples kept with it are damaged" in again.notes[0]
        same(again.timeline.trainer, line.trainer)
    else:
        path.unlink()
        with pytest.raises(InputError, match=f"{folder.id} cannot be opened: the samples kept"):
            reopened(folder)


def test_data_of_another_run_is_refused(path, store):
    line, folder, _, _ = trained(store)
    write_dataset(folder.path / "dataset", timeline("iris").run.dataset)
    again = reopened(folder)
    assert "not those that it was trained on" in again.notes[0]
    same(again.timeline.trainer, line.trainer)


def test_cancelled_writing_leaves_no_file(tmp_path):
    dataset = timeline("digits").run.dataset
    calls = iter([False, True])
    with pytest.raises(Cancelled):
        write_dataset(tmp_path / "kept", dataset, lambda: next(calls))
    assert os.listdir(tmp_path) == []


def test_a_decompression_bomb_is_refused(tmp_path):
    path = tmp_path / "kept"
    for declared in (10, 10**9, dataset_file.MOST_BYTES):
        bomb = zlib.compress(bytes(2 * dataset_file.MOST_BYTES))
        path.write_bytes(b"nn-tui-dataset-1 %d\n" % declared + bomb)
        with pytest.raises(CorruptArchive):
            read_dataset(path)


def test_the_validation_set_is_kept(tmp_path):
    dataset = load_dataset("iris", validation_fraction=0.25)
    write_dataset(tmp_path / "kept", dataset)
    read = read_dataset(tmp_path / "kept")
    assert read.parts == dataset.parts and read.digest == dataset.digest


def test_the_samples_are_saved_of_a_run_that_follows_one_that_was_let_go(store, path):
    first, second = timeline("blog"), timeline("mine.csv")
    saver = Autosaver(store, first.run)
    train(first, 2)
    assert saver.keep(first, let_go=True).has_dataset
    train(second, 2)
    saver.save_if_due(second, at_once=True)
    assert saver.leave(second, in_order=True).endswith("continues it")
    assert saver.folder_of(second.run).has_dataset
