"""``o``: what can be opened, and what can be done with saved runs; ``ctrl+s``: their names."""

import asyncio
import gzip
import os

import pytest
from textual.events import Paste

from nn_tui.files.runs.run_store import RunStore
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.edits import DatumEdit
from nn_tui.tui.screens.open import OpenScreen
from tests.files.runs import timelines
from tests.tui.screen import PATIENCE, opened

LINK = "https://playground.tensorflow.org/#dataset=gauss&seed=0.5"


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "state" / "runs")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


def saved(store, text="blog-xor", epochs=30, title="", left=True):
    """The folder of a run of another session."""
    line = timelines.timeline(text)
    timelines.train(line, epochs)
    found = timelines.saved(line, store)
    if title:
        found.rename(title)
    found.mark_closed(left)
    found.release()
    return found


async def press(seen, *keys):
    """Press keys, or paste ``+text``, each when the disk has answered the one before."""
    for key in keys:
        if key.startswith("+"):
            seen.app.post_message(Paste(key[1:]))
            await seen.pilot.pause()
        else:
            await seen.press(key)
        async with asyncio.timeout(PATIENCE):
            while any(w.node is not seen.app and not w.is_finished for w in seen.app.workers):
                await asyncio.sleep(0.005)
        await seen.settled()


def line_of(seen, word):
    return next(line for line in seen.lines if word in line)


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
async def test_it_lists_runs_presets_recipes_and_data_with_what_they_are(size, store, folder):
    saved(store, title="long night")
    (folder / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    (folder / "ours.toml").write_text("network.hidden = [3]\n")
    (folder / ".hidden.csv").write_text("a,b\n1,2\n")
    (folder / "notes.txt").write_text("nothing to open\n")
    async with opened("blog", size, store=store) as seen:
        await press(seen, "o")
        if size[0] >= 80:
            assert "blog-xor" in line_of(seen, "long night")
            assert " 30 " in line_of(seen, "long night")
            assert PRESETS["iris"].help in seen.text
        assert seen.cells() == seen.painted_anew()
        await press(seen, "end", *["pagedown"] * 3)
        assert "mine.csv" in seen.text
        assert "notes" not in seen.text and ".hidden" not in seen.text


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_files_line_tells_its_size_and_the_line_below_its_age_and_place(size, folder):
    (folder / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    os.utime(folder / "mine.csv", (1e9, 1e9))
    async with opened("blog", size) as seen:
        await press(seen, "o", "+mine")
        assert "16 bytes" in line_of(seen, "mine.csv  ")
        assert seen.text.count("16 bytes") == 1
        assert "mine.csv: modified 2001-09-0" in seen.text
        assert str(folder)[:40] in seen.text


async def test_toml_files_of_other_programs_are_not_listed(folder):
    (folder / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    (folder / "huge.toml").write_text("[data]\n" + "#" * 1_000_000)
    (folder / "binary.toml").write_bytes(b"[data]\n\xff")
    (folder / "wrong.toml").write_text("[network]\nhiden = [3]\n")
    (folder / "folder.toml").mkdir()
    async with opened("blog") as seen:
        await press(seen, "o", "+toml")
        assert "wrong.toml" in seen.text
        for name in ("pyproject", "huge", "binary", "folder.toml"):
            assert name not in seen.text


async def test_a_saved_run_continues_where_it_was(store):
    found = saved(store, epochs=40, title="long night")
    async with opened("iris", store=store) as seen:
        await press(seen, "o", "+night", "enter")
        assert seen.app.session.name == "blog-xor"
        assert seen.app.snapshot.epoch == 40
        assert "long night" in seen.lines[0]
        assert seen.info == "long night continues at epoch 40; space trains"
        await seen.train(2)
        assert found.newest().epoch <= 42
    assert found.newest().epoch == 42


async def test_a_preset_is_found_by_its_name_though_runs_have_it_too(store):
    saved(store, "blog-xor")
    async with opened("blog", store=store) as seen:
        await press(seen, "o", "+blog-xor", "enter")
        assert seen.app.session.name == "blog-xor"
        assert seen.app.snapshot.epoch == 0
        assert "60,000 epochs; space trains" in seen.info


@pytest.mark.parametrize(
    ("typed", "name", "samples"),
    [
        ("mine", "mine.csv", 3),
        ("ours", "ours", 4),
        ("sub/theirs.csv", "theirs.csv", 4),
        ("'sub/theirs.csv'", "theirs.csv", 4),
        ("file://{folder}/sub/theirs.csv", "theirs.csv", 4),
        ("packed", "packed.csv.gz", 3),
        (LINK, "play", 500),
    ],
)
async def test_files_paths_and_links_open(typed, name, samples, store, folder):
    (folder / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    (folder / "ours.toml").write_text("network.hidden = [3]\n")
    (folder / "packed.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n2,3\n3,5\n"))
    (folder / "sub").mkdir()
    (folder / "sub" / "theirs.csv").write_text("a,b\n1,2\n2,3\n3,5\n4,1\n")
    async with opened("circle", store=store) as seen:
        await press(seen, "o", f"+{typed.replace('{folder}', str(folder))}", "enter")
        assert seen.app.session.name.startswith(name)
        assert seen.app.snapshot.dataset.samples == samples
        assert seen.app.snapshot.epoch == 0
        await press(seen, "u")
        assert seen.app.session.name == "circle"


GAPS = "a,b,y\n1,2,6\n,3,4\n3,4,5\n4,,\n5,6,8\n"


def write_strict_recipe(folder):
    """Write a file with missing values and a recipe that refuses them."""
    (folder / "gaps.csv").write_text(GAPS)
    (folder / "strict.toml").write_text(
        '[data]\nsource = "gaps.csv"\nmissing = "refuse"\n[network]\noutput = "linear"\n'
    )


async def test_a_file_with_missing_values_opens_at_once_and_that_is_said(folder):
    (folder / "gaps.csv").write_text(GAPS)
    async with opened("circle") as seen:
        await press(seen, "o", "+gaps.csv", "enter")
        assert seen.app.session.name == "gaps.csv"
        assert seen.info.startswith("opened gaps.csv: 4 rows; inputs a, b → y (regression")
        assert "missing values were filled in" in seen.info


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_rows_with_missing_values_are_dropped_on_request(size, store, folder):
    write_strict_recipe(folder)
    async with opened("circle", size, store=store) as seen:
        await press(seen, "o", "+strict", "enter")
        text = " ".join(seen.text.replace("│", " ").split())
        assert "line 3, column 1 (a): a value is missing (3 are missing in 2 rows)" in text
        assert "drop these rows 2 rows dropped, 3 remain" in text
        assert seen.app.session.name == "circle"
        await press(seen, "enter")
        assert seen.app.session.name == "strict"
        assert seen.app.snapshot.dataset.samples == 3
        assert seen.app.session.recipe.data.missing == "drop"
        told = "opened strict: 3 rows; inputs a, b → y (regression); 3 train; "
        assert seen.info == f"{told}2 rows with missing values were dropped; space trains"
        await press(seen, "u")
        assert seen.app.session.name == "circle"


@pytest.mark.parametrize("keys", [("escape",), ("down", "down", "enter")])
async def test_declining_to_drop_rows_changes_nothing(keys, folder):
    write_strict_recipe(folder)
    async with opened("circle") as seen:
        await seen.train(3)
        await press(seen, "o", "+strict", "enter", *keys)
        assert seen.app.session.name == "circle"
        assert seen.app.snapshot.epoch == 3
        assert seen.info == "not opened: rows have missing values; nothing has changed"


async def test_missing_values_are_filled_in_on_request(folder):
    write_strict_recipe(folder)
    async with opened("circle") as seen:
        await press(seen, "o", "+strict", "enter", "down", "enter")
        assert seen.app.session.recipe.data.missing == "fill"
        assert seen.app.snapshot.dataset.samples == 4
        assert "1 row without a target was dropped" in seen.info


async def test_where_every_row_has_a_missing_value_none_is_offered_to_be_dropped(folder):
    write_strict_recipe(folder)
    (folder / "gaps.csv").write_text("a,b,y\n,1,1\n2,,2\n")
    async with opened("circle") as seen:
        await press(seen, "o", "+strict", "enter")
        assert "drop these rows" not in seen.text
        await press(seen, "enter")
        assert seen.app.session.recipe.data.missing == "fill"


async def test_a_recipe_with_missing_values_asks_too(folder):
    (folder / "gaps.csv").write_text(GAPS)
    (folder / "ours.toml").write_text(
        '[data]\nsource = "gaps.csv"\n[network]\noutput = "linear"\nhidden = [3]\n'
    )
    async with opened("circle") as seen:
        await press(seen, "o", "+ours", "enter", "enter")
        assert seen.app.snapshot.dataset.samples == 3
        assert seen.app.session.recipe.network.hidden == (3,)


@pytest.mark.parametrize("typed", ["nowhere.csv", "broken.toml", "gibberish"])
async def test_a_failed_open_changes_nothing(typed, folder):
    (folder / "broken.toml").write_text("network.hiden = [3]\n")
    async with opened("blog") as seen:
        await seen.train(5)
        await press(seen, "o", f"+{typed}", "enter")
        assert typed in seen.info
        assert seen.app.session.name == "blog"
        assert seen.app.snapshot.epoch == 5


@pytest.mark.parametrize("size", [(160, 45), (120, 36)])
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mien.csv", "there is no file mien.csv in {folder}; did you mean mine.csv?"),
        ("sub/mine.csv", "there is no file mine.csv in {folder}/sub"),
        ("away/mine.csv", "there is no file mine.csv, because there is no folder {folder}/away"),
        (
            "gibberish",
            "gibberish is neither an experiment nor a file in {folder}; did you mean iris?",
        ),
    ],
)
async def test_a_path_that_is_not_there_names_the_folder(typed, told, size, folder):
    (folder / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    (folder / "sub").mkdir()
    async with opened("blog", size) as seen:
        await press(seen, "o", f"+{typed}", "enter")
        assert told.format(folder=folder) in seen.info


async def test_a_damaged_run_is_refused_and_changes_nothing(store):
    found = saved(store, title="torn")
    async with opened("blog", store=store) as seen:
        await press(seen, "o", "+torn")
        for path in found.path.glob("checkpoint-*"):
            path.write_bytes(path.read_bytes()[:100])
        await press(seen, "enter")
        assert "cannot be opened" in seen.info
        assert seen.app.session.name == "blog"


async def test_runs_are_renamed_described_deleted_and_restored(store):
    saved(store, "iris", 3, "flowers")
    found = saved(store, title="long night", left=False)
    async with opened("blog", store=store) as seen:
        await press(seen, "o")
        assert "unfinished" in line_of(seen, "long night")
        await press(seen, "tab", "i")
        assert "Changes during training" in seen.text
        assert any("epoch  " in line and "30" in line for line in seen.lines)
        await press(seen, "escape", "r", "+ two", "enter")
        assert found.title == "long night two"
        assert "long night two" in seen.text
        await press(seen, "d")
        assert "long night two deleted; u restores it" in seen.text
        assert [entry.title for entry in store.entries()] == ["flowers"]
        await press(seen, "u")
        assert {entry.title for entry in store.entries()} == {"flowers", "long night two"}
        await press(seen, "enter")
        assert seen.app.session.name == "blog-xor"


async def test_a_described_run_calls_cells_of_its_data_by_their_columns(store):
    line = timelines.timeline("iris")
    line.edit(lambda epoch: DatumEdit(epoch, 0, 4, 1.0))
    timelines.saved(line, store).release()
    async with opened("blog", store=store) as seen:
        await press(seen, "o", "tab", "i")
        assert "species of sample 1 = versicolor" in seen.text


async def test_letters_typed_into_the_filter_are_not_commands(store):
    saved(store, title="dud")
    async with opened("blog", store=store) as seen:
        await press(seen, "o", *"dudru")
        assert seen.app.screen.query_one("Input").value == "dudru"
        assert [entry.title for entry in store.entries()] == ["dud"]


async def test_the_run_that_is_open_is_not_deleted(store):
    async with opened("blog", store=store) as seen:
        await seen.train(3)
        await kept(store, 1)
        await press(seen, "o")
        assert "blog 3 0.103520" in " ".join(line_of(seen, "open now").split())
        await press(seen, "tab", "d")
        assert "blog is open; open something else" in seen.text
        assert len(store.entries()) == 1
        await press(seen, "enter")
        assert seen.info == "blog is already open; space trains"


async def test_the_run_that_is_open_gets_another_name_there_too(store):
    async with opened("blog", store=store) as seen:
        await seen.train(3)
        await kept(store, 1)
        await press(seen, "o", "tab", "r", "+first", "enter")
        assert "first" in line_of(seen, "open now")
        await press(seen, "escape")
        assert "first  3-4-1" in seen.lines[0]


async def kept(store, count):
    """Wait until so many runs are on the disk."""
    async with asyncio.timeout(PATIENCE):
        while len(store.entries()) < count:
            await asyncio.sleep(0.01)


async def test_a_run_of_this_session_is_opened_itself_not_a_copy(store):
    async with opened("blog", store=store) as seen:
        await seen.train(3)
        await kept(store, 1)
        await press(seen, "o", "+iris", "enter")
        await press(seen, "o", "up", "enter")
        assert (seen.app.session.name, seen.app.snapshot.epoch) == ("blog", 3)
        assert "copy" not in seen.info
        assert len(store.entries()) == 1


async def test_a_run_is_saved_to_its_last_epoch_when_another_takes_its_place(store):
    async with opened("blog-xor", (160, 45), "training.epochs=0", store=store) as seen:
        seen.app.session.toggle()
        while not store.entries():
            await asyncio.sleep(0.01)
        trainer = seen.app.session.trainer
        seen.app.session.open("iris")
        await seen.settled()
        async with asyncio.timeout(PATIENCE):
            while store.entries()[0].checkpoint.epoch != trainer.epoch:
                await asyncio.sleep(0.01)


async def test_without_saved_runs_a_hint_is_shown(store):
    async with opened("blog", (80, 24), store=store) as seen:
        await press(seen, "o")
        assert "saved automatically" in seen.text


async def test_many_runs_leave_room_for_the_other_groups(store):
    for number in range(9):
        saved(store, "blog", number + 1)
    async with opened("blog", (80, 24), store=store) as seen:
        await press(seen, "o")
        assert "3 more: type to filter" in seen.text
        assert "Presets" in seen.text
        await press(seen, "tab")
        assert "3 more" not in seen.text
        await press(seen, "tab", "escape")
        assert not isinstance(seen.app.screen, OpenScreen)


# A name for the run


async def test_ctrl_s_names_the_run_which_is_then_listed(store):
    async with opened("blog", store=store) as seen:
        await press(seen, "ctrl+s", "+my first", "enter")
        assert seen.info == "renamed to my first; o lists it"
        assert "my first  3-4-1" in seen.lines[0]
        await kept(store, 1)
        (entry,) = store.entries()
        assert (entry.title, entry.checkpoint.epoch) == ("my first", 0)
        await press(seen, "ctrl+s", "+ one", "enter")
        assert store.entries()[0].title == "my first one"
        await press(seen, "ctrl+s", "+ no", "escape")
        assert store.entries()[0].title == "my first one"


async def test_an_empty_name_is_refused(store):
    async with opened("blog", store=store) as seen:
        await press(seen, "ctrl+s", "space", "enter")
        assert "at least one character" in seen.text
        assert store.entries() == []


async def test_naming_is_refused_where_runs_are_not_saved():
    async with opened("blog") as seen:
        await press(seen, "ctrl+s", "a", "enter")
        assert "run is not saved" in seen.info
