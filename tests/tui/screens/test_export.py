"""``w``: choosing what to write, naming the file, and what is there afterwards."""

import os
import re

import numpy as np
import pytest

from nn_tui.files.weights import read_weights
from nn_tui.recipe.parsing import from_toml
from tests.files.script.running import carried_out
from tests.tui.screen import opened

SIZES = [(160, 45), (80, 24)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def written(seen):
    """Wait for the file."""
    for worker in [*seen.app.workers]:
        if worker.name == "_write":
            await worker.wait()
    await seen.pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_every_format_shows_its_help_and_proposes_a_name(size):
    async with opened("circle", size) as seen:
        await seen.press("w")
        for name in ("script", "recipe", "weights", "losses", "link"):
            assert name in seen.text
        assert "bit for bit" in seen.text
        names = []
        for _ in range(5):
            names.append(seen.app.screen.query_one("Input").value)
            await seen.press("j")
        assert names == ["circle.py", "circle.toml", "circle.npz", "circle.csv", "circle-link.txt"]
        await seen.press("escape")
        assert seen.app.screen_stack[1:] == []


async def test_the_script_trains_the_weights_on_the_screen(folder):
    async with opened("blog") as seen:
        await seen.train(37)
        await seen.press("w", "enter", "enter")
        await written(seen)
        assert seen.info == "wrote blog.py; python blog.py trains it again"
        weights = seen.app.snapshot.weights
    ((_, arrays),) = carried_out([(folder / "blog.py").read_text()], folder)
    for name, value in weights.items():
        assert arrays[name][2] == value.tobytes().hex()


async def test_files_describe_the_run_when_the_screen_opened(folder):
    async with opened("circle") as seen:
        await seen.train(3)
        for downs in range(1, 5):
            await seen.press("w", *["down"] * downs, "enter", "enter")
            await written(seen)
        snapshot = seen.app.snapshot
    assert from_toml((folder / "circle.toml").read_text()) == snapshot.recipe
    named = read_weights(folder / "circle.npz", 1000)
    assert all(np.array_equal(named[name], value) for name, value in snapshot.weights.items())
    rows = (folder / "circle.csv").read_text().splitlines()
    accuracy = "train_accuracy,test_accuracy,baseline_accuracy"
    assert rows[0] == f"epoch,train_loss,test_loss,{accuracy}"
    assert rows[-1].startswith(f"3,{snapshot.train_loss!r},{snapshot.test_loss!r},")
    assert rows[-1].split(",")[3] == repr(snapshot.train_accuracy)
    assert len(rows) == 5


async def test_a_link_is_written_where_the_page_can_show_it_and_refused_elsewhere(folder):
    async with opened("#dataset=xor&seed=0.5") as seen:
        await seen.press("w", "up", "enter", "enter")
        await written(seen)
        assert "playground-link.txt" in seen.info
    link = (folder / "playground-link.txt").read_text()
    assert link.startswith("https://playground.tensorflow.org/#") and "seed=0.5" in link
    async with opened("iris") as seen:
        await seen.press("w", "up")
        assert "data.source = iris" in seen.text
        await seen.press("enter")
        assert seen.app.focused.id != "path" and not seen.app.screen.query_one("Input").has_focus


async def test_an_existing_file_is_replaced_only_after_confirmation(folder):
    (folder / "mine.py").write_text("# mine\n")
    async with opened("blog") as seen:
        await seen.press("w", "enter", *["backspace"] * 7)
        await seen.type("mine.py")
        await written(seen)
        assert "mine.py already exists: enter replaces it" in seen.text
        assert (folder / "mine.py").read_text() == "# mine\n"
        await seen.press("enter")
        await written(seen)
        assert "wrote mine.py" in seen.info
    assert "np.random.seed(1)" in (folder / "mine.py").read_text()


async def test_the_proposed_name_is_free(folder):
    (folder / "blog.py").write_text("# mine\n")
    async with opened("blog") as seen:
        await seen.press("w")
        assert seen.app.screen.query_one("Input").value == "blog-2.py"


@pytest.mark.parametrize("name", ["nowhere/blog.py", "link.py", "folder", " "])
async def test_a_failed_export_shows_the_error_and_stays_open(folder, name):
    (folder / "real.py").write_text("# mine\n")
    (folder / "link.py").symlink_to("real.py")
    (folder / "folder").mkdir()
    said = {
        "nowhere/blog.py": "there is no folder",
        "link.py": "it is a link to real.py",
        "folder": "already exists",
        " ": "type a file name",
    }
    async with opened("blog") as seen:
        await seen.press("w", "enter", *["backspace"] * 7)
        await seen.type(name)
        await written(seen)
        assert said[name] in re.sub(r"[│\s]+", " ", seen.text)  # however it is wrapped
        if name == "folder":
            await seen.press("enter")
            await written(seen)
            assert "it is a folder" in seen.text
        await seen.press("escape", "escape")
        assert len(seen.app.screen_stack) == 1
    assert (folder / "real.py").read_text() == "# mine\n"
    assert sorted(os.listdir(folder)) == ["folder", "link.py", "real.py"]
