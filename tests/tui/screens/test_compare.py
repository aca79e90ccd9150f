"""``C``: runs of this session side by side, and the way back into each of them."""

import asyncio

import numpy as np
import pytest
from textual.widgets import DataTable

from nn_tui.files.runs.run_store import RunStore
from nn_tui.tui.screens.compare import CompareScreen
from tests.files.runs import timelines
from tests.tui.screen import opened, until


async def three_runs(seen):
    """A pinned one of 20 epochs, a past one of 30 with 8 units, and one of 5 with 2."""
    await seen.train(20)
    await seen.press("p")
    for units, epochs in (("8", 30), ("2", 5)):
        seen.app.edits.change("network.hidden", units)
        await seen.train(epochs)


def column(seen, title):
    """The texts of a column, from the top."""
    table = seen.app.screen.query_one(DataTable)
    titles = [c.label.plain.rstrip("▴▾≡=") for c in table.ordered_columns]
    at = titles.index(title)
    return [str(table.get_row_at(y)[at]) for y in range(table.row_count)]


@pytest.mark.parametrize("size", [(160, 45), (120, 36), (80, 24), (40, 12)])
async def test_it_lists_the_run_pins_and_past_runs(size):
    async with opened("blog", size) as seen:
        await three_runs(seen)
        await seen.press("C")
        assert column(seen, "run") == ["▶ blog", "━ 1 blog 20", "  blog"]
        assert column(seen, "hidden layers") == ["2", "4", "8"]
        assert column(seen, "epoch") == ["5", "20", "30"]
        assert "▶ blog" in seen.text and "━ 1 blog 20" in seen.text
        if size[0] >= 80:
            assert "hidden layers" in seen.text
            assert "enter opens, s sorts, g groups, f filters" in seen.text
        assert seen.cells() == seen.painted_anew()
        await seen.press("escape")
        assert len(seen.app.screen_stack) == 1


async def test_a_change_after_the_last_epoch_is_not_a_run():
    async with opened("blog", (120, 36)) as seen:
        await seen.train(50)
        await seen.press("p", "]", "R")
        await seen.train(50)
        await seen.press("C")
        assert column(seen, "run") == ["▶ blog", "━ 1 blog 50"]
        assert column(seen, "learning rate") == ["2", "1"]
        losses = column(seen, "train loss")
        assert len(set(losses)) == 2


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_results_stay_in_sight_however_many_keys_differ(size):
    async with opened("circle", size, "data.samples=40") as seen:
        await seen.train(5)
        await seen.press("p")
        for key, value in (
            ("network.hidden", "3, 2"),
            ("network.activation", "relu"),
            ("training.optimizer", "adam"),
            ("training.learning_rate", "0.123456"),
            ("training.batch_size", "7"),
            ("training.penalty", "l2"),
        ):
            seen.app.edits.change(key, value)
            await seen.settled()
        await seen.train(5)
        await seen.press("p", "C")
        heading = next(line for line in seen.lines if "train loss" in line)
        for title in ("run", "train loss", "test loss", "test accuracy", "epoch"):
            assert title in heading


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_results_of_a_regression_stay_in_sight(size):
    async with opened("sine", size, "data.samples=40") as seen:
        await seen.train(5)
        await seen.press("p")
        seen.app.edits.change("network.hidden", "3, 2")
        await seen.train(5)
        await seen.press("C")
        heading = next(line for line in seen.lines if "train loss" in line)
        for title in ("run", "train loss", "test loss", "test MAE", "epoch"):
            assert title in heading


async def test_numbers_are_right_aligned():
    async with opened() as seen:
        await seen.train(1200)
        await seen.press("R", "s", "C")
        row = next(y for y, line in enumerate(seen.lines) if "train loss" in line)
        end = seen.lines[row].index("epoch") + len("epoch")
        assert [line[end - 5 : end] for line in seen.lines[row + 1 : row + 3]] == ["    1", "1,200"]


async def test_sorting_is_ascending_then_descending_then_off():
    async with opened() as seen:
        await three_runs(seen)
        await seen.press("C", "right", "l", "l")
        assert seen.app.screen.query_one(DataTable).cursor_column == 3
        orders = []
        for _ in range(3):
            await seen.press("s")
            orders.append(column(seen, "epoch"))
        assert orders == [["5", "20", "30"], ["30", "20", "5"], ["5", "20", "30"]]
        await seen.press("s", "s")
        assert "epoch▾" in seen.text


async def test_enter_opens_a_run_and_undo_returns():
    async with opened() as seen:
        await seen.train(20)
        weights = seen.app.snapshot.parameters
        seen.app.edits.change("network.hidden", "8")
        await seen.train(5)
        await seen.press("C", "j", "enter")
        assert not isinstance(seen.app.screen, CompareScreen)
        assert seen.app.snapshot.epoch == 20
        np.testing.assert_array_equal(seen.app.snapshot.parameters, weights)
        assert seen.info == "blog, epoch 20; u goes back"
        await seen.press("u")
        assert seen.app.snapshot.network.sizes == (3, 8, 1)
        assert seen.app.snapshot.epoch == 5


async def test_a_past_run_is_pinned_and_one_is_unpinned_and_numbers_follow():
    async with opened() as seen:
        await three_runs(seen)
        await seen.press("C", "down", "down", "p")
        assert column(seen, "run") == ["▶ blog", "━ 1 blog 20", "━ 2 hidden 8"]
        assert [pin.label for pin in seen.app.pins] == ["1 blog 20", "2 hidden 8"]
        await seen.press("up", "x")
        assert column(seen, "run") == ["▶ blog", "━ 1 hidden 8", "  blog"]
        assert column(seen, "epoch") == ["5", "30", "20"]
        await seen.press("x")
        assert "blog is not pinned; p pins it" in seen.text
        await seen.press("escape")
        assert [pin.label for pin in seen.app.query_one("#loss").pins] == ["1 hidden 8"]


async def test_the_current_run_can_be_pinned():
    async with opened() as seen:
        await seen.train(20)
        await seen.press("C", "p")
        assert column(seen, "run") == ["▶ 1 blog 20"]
        await seen.press("enter")
        assert seen.info == "1 blog 20 is the current run"


async def test_a_single_run_is_shown_with_a_hint():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("C")
        assert "Only one run so far: p pins it" in seen.text
        assert "listed beside it." in seen.text


async def test_opening_it_pauses_training():
    async with opened("blog-xor") as seen:
        seen.app.session.toggle()
        await seen.pilot.press("C")
        await seen.settled()
        assert not seen.app.session.running
        assert isinstance(seen.app.screen, CompareScreen)
        assert column(seen, "epoch") == [f"{seen.app.session.trainer.epoch:,}"]


async def test_its_help_lists_its_keys():
    async with opened() as seen:
        await seen.press("C", "question_mark")
        assert "Sort by this column" in seen.text
        assert "compare.unpin" in seen.text


async def test_an_experiments_name_with_markup_shows_as_it_is(tmp_path):
    (tmp_path / "[red]x[b].toml").write_text("network.hidden = [3]\n")
    async with opened(str(tmp_path / "[red]x[b].toml")) as seen:
        await seen.train(2)
        await seen.press("p", "R", "s", "C")
        assert "▶ [red]x[b]" in seen.text
        assert "━ 1 [red]x[b] 2" in seen.text


async def test_runs_of_the_session_stay_when_a_saved_one_is_reopened(tmp_path):
    store = RunStore(tmp_path / "runs")
    other = timelines.timeline("blog")
    timelines.train(other, 7)
    folder = timelines.saved(other, store)
    folder.release()
    async with opened("blog-xor", (160, 45), store=store) as seen:
        await seen.train(20)
        seen.app.edits.change("network.hidden", "3")
        await seen.train(30)
        seen.app.session.reopen(folder)
        await seen.settled()
        await seen.press("C")
        assert column(seen, "run") == ["▶ blog", "  blog-xor", "  blog-xor"]
        assert column(seen, "epoch") == ["7", "30", "20"]
        await seen.press("down", "down", "enter")
        assert seen.app.session.name == "blog-xor"
        assert seen.app.snapshot.epoch == 20
        await seen.press("u")
        assert (seen.app.session.name, seen.app.snapshot.epoch) == ("blog", 7)


async def test_a_run_that_is_read_again_is_not_listed_twice(tmp_path):
    store = RunStore(tmp_path / "runs")
    async with opened("blog", (160, 45), store=store) as seen:
        await seen.train(7)
        seen.app.session.open("iris")
        await seen.train(2)
        async with asyncio.timeout(60):
            while not (blogs := [e for e in store.entries() if e.checkpoint.name == "blog"]):
                await asyncio.sleep(0.01)
        seen.app.session.reopen(blogs[0].folder)
        await seen.settled()
        await seen.press("C")
        assert column(seen, "run") == ["▶ blog", "  iris"]
        assert column(seen, "epoch") == ["7", "2"]


async def test_seeds_and_saved_runs_are_listed_filtered_grouped_and_reopened(tmp_path):
    store = RunStore(tmp_path / "runs")
    line = timelines.timeline("blog", "network.hidden=3", "training.replicas=2")
    timelines.train(line, 40)
    timelines.saved(line, store).release()
    async with opened("blog", (160, 45), "training.replicas=3", store=store) as seen:
        await seen.train(20)
        seen.app.edits.change("network.hidden", "2")
        await seen.train(30)
        await seen.press("C")
        seeds = ["▶ blog seed 1", *("  blog seed 1", "  blog seed 2", "  blog seed 3")]
        await until(lambda: len(column(seen, "run")) == 6)
        assert column(seen, "run") == [*seeds, *("  blog seed 2", "  blog seed 3")]
        assert column(seen, "hidden layers") == ["2", "4", "4", "4", "2", "2"]

        await seen.press("o")
        await until(lambda: len(column(seen, "run")) == 8)
        assert column(seen, "hidden layers")[-2:] == ["3", "3"]

        place = [c.label.plain for c in seen.app.screen.query_one(DataTable).ordered_columns]
        await seen.press(*["right"] * place.index("hidden layers"), "g")
        assert column(seen, "hidden layers") == ["2", "3", "4"]
        assert [text.strip(" ▶") for text in column(seen, "run")] == ["3 runs", "2 runs", "3 runs"]
        assert all(" … " in text for text in column(seen, "train loss"))
        await seen.press("g", "up", "up", "f")
        await seen.press("f", *["down"] * 7, "f")
        assert column(seen, "hidden layers") == ["3", "3"]
        assert seen.cells() == seen.painted_anew()
        await seen.press("enter")
        session = seen.app.session
        assert session.timeline.run.recipe.network.hidden == (3,)
        assert session.timeline.epoch == 40 and len(session.timeline.group.members) == 2


async def test_without_saved_runs_the_compare_screen_says_so():
    async with opened("blog", (120, 36)) as seen:
        await seen.train(3)
        await seen.press("C", "o")
        assert "runs are not saved" in seen.text
