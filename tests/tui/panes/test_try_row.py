"""The try row: inputs of one's own, and what the network predicts for them."""

import re

import numpy as np
import pytest

from nn_tui.files.model import model_of
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.screens.explain import ExplainScreen
from tests.tui.screen import opened

SIZES = [(160, 45), (120, 36), (80, 24), (40, 12)]


@pytest.fixture
def people(tmp_path):
    """A table with a number, a category, missing numbers and a class of words."""
    path = tmp_path / "people.csv"
    rows = [
        f"{'' if i % 7 == 3 else 20 + i},{'mf'[i % 2]},{'yes' if i % 2 else 'no'}"
        for i in range(40)
    ]
    path.write_text("\n".join(["age,sex,survived", *rows]))
    return str(path), "data.missing=fill"


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.csv"
    rows = [f"{i % 5 + 1},{20 + i},{20_000.5 + 1000 * i}" for i in range(60)]
    path.write_text("\n".join(["rooms,area,price", *rows]))
    return str(path)


def pane_of(seen):
    return seen.app.query_one(DataPane)


def inside(seen):
    region = pane_of(seen).content_region
    return [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]


def border(seen):
    region = pane_of(seen).region
    return seen.lines[region.bottom - 1][region.x : region.right]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_a_row_begins_as_the_sample_under_the_cursor(people, size):
    async with opened(people[0], size, people[1]) as seen:
        await seen.press("1", "down", "e")
        dataset = seen.app.snapshot.dataset
        age, sex = pane_of(seen).trying.form.cells_of(1)
        assert re.search(rf"age +‹{re.escape(age or 'missing')}›", "\n".join(inside(seen)))
        assert re.search(rf"sex +{sex}", "\n".join(inside(seen)))
        assert "your own · survived = " in border(seen)
        assert seen.cells() == seen.painted_anew()
        await seen.press("escape")
        assert pane_of(seen).trying is None
        assert seen.app.snapshot.dataset is dataset


async def test_the_prediction_is_that_of_the_model_and_follows_the_training(houses):
    async with opened(houses) as seen:
        await seen.press("1", "e", "down", "enter", *["backspace"] * 5)
        await seen.type("33.5")
        raw = np.array([[float(pane_of(seen).trying.cells[0]), 33.5]])
        shown = []
        for _ in range(2):
            await seen.train(30)
            expected = float(model_of(seen.app.snapshot).predict(raw)[0, 0])
            found = re.search(r"price = (-?[\d,.]+)", border(seen))
            assert abs(float(found[1].replace(",", "")) - expected) <= 0.5
            shown.append(found[1])
        assert shown[0] != shown[1]
        assert any(line.split()[:2] == ["price", shown[1]] for line in inside(seen))


async def test_a_class_is_told_by_its_name_with_the_share_of_each(people):
    async with opened(people[0], (160, 45), people[1]) as seen:
        await seen.press("1", "e", "down", "enter", "backspace")
        await seen.type("f")
        await seen.train(200)
        assert "survived = yes" in border(seen)
        text = "\n".join(inside(seen))
        no, yes = (float(re.search(rf"{name} .*?([\d.]+) %", text)[1]) for name in ("no", "yes"))
        assert yes > 90
        assert abs(no + yes - 100) < 0.11
        await seen.press("left" if pane_of(seen).trying.cells[1] == "f" else "right")
        assert pane_of(seen).trying.cells[1] in ("m", "")


async def test_a_category_is_completed(people):
    async with opened(people[0], (160, 45), people[1]) as seen:
        await seen.press("1", "e", "down", "enter", "backspace")
        assert "sex is one of f, m" in seen.info
        assert pane_of(seen)._editor.suggester is not None


async def test_a_missing_value_is_replaced_as_in_training(people):
    async with opened(people[0], (160, 45), people[1]) as seen:
        await seen.press("1", "e", "backspace")
        assert "missing" in inside(seen)[0]
        assert "the median of training" in " ".join(" ".join(inside(seen)).split())
        assert pane_of(seen).trying.cells[0] == ""
        await seen.press("X")
        assert pane_of(seen).trying.cells == ["", ""]
        await seen.press("n")
        assert pane_of(seen).trying.cells == pane_of(seen).trying.form.cells_of(1)
        assert seen.app.chosen_sample == 1


async def test_what_is_no_number_stays_to_be_corrected(houses):
    async with opened(houses) as seen:
        await seen.press("1", "e", "enter", "backspace")
        await seen.type("many")
        assert pane_of(seen).editing
        assert "'many' is not a number" in seen.info
        await seen.press("escape")
        assert not pane_of(seen).editing
        assert pane_of(seen).trying is not None


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_prediction_is_explained_line_by_line(houses, size):
    async with opened(houses, size) as seen:
        await seen.train(10)
        await seen.press("1", "e", "x")
        assert isinstance(seen.app.screen, ExplainScreen)
        assert "the prediction for your row, epoch 10" in seen.text
        await seen.press("s")
        row = pane_of(seen).trying
        value = float(row.predictions(seen.app.snapshot)[0])
        network = seen.app.snapshot.network
        shown = seen.app.screen.cursor.walk.result
        decoded = seen.app.snapshot.dataset.decode(np.asarray(shown))
        assert network.depth == 2
        assert abs(float(decoded[0, 0]) - value) <= 1e-9 * abs(value)
        assert f"= {value:.6g}" in seen.text
        await seen.press("escape")
        assert seen.app.snapshot.epoch == 10
        await seen.press("2", "x")
        assert "the update of epoch 11" in seen.text or "first update of epoch 11" in seen.text


async def test_other_data_end_the_row(houses, people):
    async with opened(houses) as seen:
        await seen.press("1", "e")
        seen.app.session.open("blog")
        await seen.settled()
        assert pane_of(seen).trying is None
        assert seen.app.typed_row is None


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_a_picture_is_drawn_with_the_arrows(size):
    async with opened("digits", size) as seen:
        await seen.press("1", "e", "X")
        assert not pane_of(seen).trying.row.raw.any()
        await seen.press("right", "down")
        assert not pane_of(seen).trying.row.raw.any()
        await seen.press("enter", "down", "left")
        drawn = pane_of(seen).trying.row.raw.reshape(8, 8)
        assert drawn[5, 5] == drawn[6, 5] == drawn[6, 4] == 16
        assert drawn[0].max() == 0
        await seen.press("enter", "up", "backspace")
        drawn = pane_of(seen).trying.row.raw.reshape(8, 8)
        assert drawn[5, 4] == 0
        assert drawn[6, 4] == 16
        assert seen.cells() == seen.painted_anew()


async def test_the_mouse_draws_and_the_diagram_shows_the_drawing():
    async with opened("digits") as seen:
        await seen.train(5)
        await seen.press("1", "e", "X")
        pane = pane_of(seen)
        across, down = pane.trying._layout.across, pane.trying._layout.down
        at = (1 + 2 * across, 1 + 3 * down // 2)
        await seen.pilot.click(DataPane, offset=at)
        await seen.settled()
        assert pane.trying.row.raw.reshape(8, 8)[3, 2] == 16
        assert seen.app.query_one("#network").typed_row is pane.trying.row
        assert "your own → " in seen.text


async def test_a_sample_copied_into_the_picture_is_recognized_like_the_sample():
    async with opened("digits") as seen:
        await seen.train(20)
        await seen.press("1", "e")
        trying, snapshot = pane_of(seen).trying, seen.app.snapshot
        for _ in range(3):
            sample = seen.app.chosen_sample
            expected = model_of(snapshot).predict(snapshot.dataset.raw_inputs[sample][None])[0]
            # float32: bits depend on the rows that are computed together
            np.testing.assert_allclose(trying.predictions(snapshot), expected, rtol=1e-4)
            await seen.press("n")
