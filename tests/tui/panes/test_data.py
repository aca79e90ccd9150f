"""The samples under a person's hands: the cursor, what is asked for, the views."""

import re

import numpy as np
import pytest

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import score_table
from nn_tui.training.worst_first import worst_first
from nn_tui.tui.app import NnTui
from nn_tui.tui.drawing.scores import draw_scores
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.data_views import TableCell
from tests.tui.screen import opened, until

MIDDLE = (120, 36)
SIZES = [(160, 45), (80, 24), (50, 15)]
FEW = ("circle", MIDDLE, "data.samples=40")


@pytest.fixture
def asked(monkeypatch):
    """What the pane asks for: sample, column, text."""
    heard = []
    set_datum = NnTui.on_data_pane_set

    async def hear(app, event):
        heard.append((event.sample, event.column, event.text))
        await set_datum(app, event)

    monkeypatch.setattr(NnTui, "on_data_pane_set", hear)
    return heard


@pytest.fixture
def animals(tmp_path):
    """A file with names, a column of texts and a class of texts."""
    path = tmp_path / "animals.csv"
    rows = [f"{i},{'red' if i % 2 else 'blue'},{'cat' if i < 8 else 'dog'}" for i in range(16)]
    path.write_text("\n".join(["weight,colour,animal", *rows]))
    return str(path)


def pane_of(seen):
    return seen.app.query_one(DataPane)


def border(seen):
    region = pane_of(seen).region
    return seen.lines[region.bottom - 1][region.x : region.right]


def inside(seen):
    """What the pane shows, as lines."""
    region = pane_of(seen).content_region
    return [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_a_number_is_edited_in_place(asked, size):
    async with opened("blog", size) as seen:
        await seen.press("1", "down", "j", "right", "enter")
        editor = pane_of(seen)._editor
        assert editor.value == "0"
        assert "x2: type a number" in seen.info
        assert pane_of(seen).content_region.contains_region(editor.region)
        await seen.type("0.75")
        assert asked == [(2, 1, "0.75")]
        assert seen.app.focused is pane_of(seen)
        assert seen.cells() == seen.painted_anew()


async def test_the_editor_opens_on_the_cell_itself():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("1", "right", "down")
        heading = inside(seen)[0]
        await seen.press("enter")
        at = pane_of(seen)._editor.region.offset - pane_of(seen).content_region.offset
        assert abs(at.x - heading.index("x2")) < 7
        assert inside(seen)[at.y].split()[0] == "2"


async def test_the_target_comes_after_the_inputs(asked):
    async with opened("blog", MIDDLE) as seen:
        await seen.press("1", *["l"] * 9, "enter")
        await seen.type("1")
        assert asked == [(0, 3, "1")]


async def test_a_class_is_typed_by_its_name(asked, animals):
    async with opened(animals) as seen:
        await seen.press("1", *["right"] * 9, "down", "enter")
        dataset = seen.app.snapshot.dataset
        assert pane_of(seen)._editor.value == dataset.classes[int(dataset.targets[1, 0])]
        assert "animal must be one of cat, dog" in seen.info
        await seen.type("dog")
        assert asked == [(1, len(dataset.raw_names), "dog")]
        for name in ("col=blue", "colo=red", "animal"):
            assert name in inside(seen)[0]


async def test_a_derived_input_names_the_columns_to_edit(asked):
    features = "data.features=x1,x1*x2"
    async with opened("circle", MIDDLE, "data.samples=40", features) as seen:
        await seen.press("1", "right", "right", "enter")
        assert not pane_of(seen).editing
        assert "x1*x2 is computed from x1 (column 1) and x2 (column 2)" in seen.info
        await seen.press("left", "enter")
        assert pane_of(seen).editing
        await seen.type("2.5")
        assert asked == [(0, 1, "2.5")]


async def test_the_border_has_the_value_in_full():
    async with opened(*FEW) as seen:
        await seen.press("1", "down", "right")
        value = float(seen.app.snapshot.dataset.raw_inputs[1, 1])
        assert f"2 · x2 = {value!r}" in border(seen)
        await seen.press("end")
        assert "40t " in border(seen)


async def test_pages_and_ends():
    async with opened("circle", (120, 36)) as seen:
        pane = pane_of(seen)
        await seen.press("1", "pagedown")
        page = pane.view.page
        assert page > 5
        assert pane.cursor.sample == page
        await seen.press("end")
        assert pane.cursor.sample == seen.app.chosen_sample == 499
        assert "500t " in "".join(inside(seen))
        await seen.press("pageup")
        assert pane.cursor.sample == 499 - page
        await seen.press("home")
        assert pane.cursor.sample == 0
        assert seen.cells() == seen.painted_anew()


async def test_all_columns_are_reached_in_a_narrow_pane():
    async with opened("diabetes", (80, 24)) as seen:
        await seen.press("1")
        names, met = seen.app.snapshot.dataset.raw_names, set()
        for name in names:
            assert f" {name} " in border(seen)
            met.update(word.strip("‹›") for word in inside(seen)[0].split())
            await seen.press("right")
        assert {*names} <= met
        assert seen.cells() == seen.painted_anew()


VIEWS = {
    "blog": ["table"],
    "circle": ["table", "scatter", "scores"],
    "sine": ["table", "curve", "scores"],
    "digits": ["pictures", "table", "scores"],
}


@pytest.mark.parametrize(("name", "views"), VIEWS.items(), ids=VIEWS)
async def test_views_suit_the_samples(name, views):
    few = "data.test_fraction=0.9" if name == "digits" else "data.seed=1"
    async with opened(name, (120, 36), few) as seen:
        pane = pane_of(seen)
        await seen.press("1")
        met = []
        for _ in views:
            met.append(pane.view.NAME)
            for key in ("down", "right", "j", "l", "pagedown"):
                await seen.press(key)
            chosen = pane.cursor.sample
            assert seen.app.chosen_sample == chosen > 0 or name == "blog"
            if pane.view.NAME == "scores":
                await until(lambda: "test" in seen.text and "train" in seen.text)
            else:
                assert border(seen).split()[1].startswith(str(chosen + 1))
            assert any(line.strip() for line in inside(seen)[:-1])
            assert seen.cells() == seen.painted_anew()
            await seen.press("v")
        assert met == views
        assert views[0] == pane.view.NAME
        if len(views) == 1:
            assert "need" in seen.info


@pytest.mark.parametrize("name", ["circle", "sine"])
async def test_in_a_plot_enter_edits_the_target(asked, name):
    async with opened(name, MIDDLE) as seen:
        await seen.press("1", "v", "right", "enter")
        sample = pane_of(seen).cursor.sample
        assert pane_of(seen).content_region.contains_region(pane_of(seen)._editor.region)
        await seen.type("0.5")
        assert asked == [(sample, len(seen.app.snapshot.dataset.raw_names), "0.5")]


async def test_arrows_go_from_point_to_point():
    async with opened(*FEW) as seen:
        await seen.press("1", "v")
        pane, points = pane_of(seen), seen.app.snapshot.dataset.raw_inputs
        for _ in range(40):
            before = pane.cursor.sample
            await seen.press("right")
            if pane.cursor.sample == before:
                break
            assert points[pane.cursor.sample, 0] > points[before, 0]
        assert pane.cursor.sample == before
        before = points[before, 0]
        await seen.press("left")
        assert points[pane.cursor.sample, 0] < before


async def test_a_click_chooses_a_cell():
    async with opened("blog", MIDDLE) as seen:
        pane = pane_of(seen)
        heading = inside(seen)[0]
        rows = [y for y, line in enumerate(inside(seen)) if line.split()[:1] == ["3"]]
        await seen.pilot.click(DataPane, offset=(heading.index("x3") + 2, rows[0] + 1))
        assert pane.cursor == TableCell(2, 2)
        assert seen.app.chosen_sample == 2
        await seen.press("enter", "escape")
        assert pane.cursor == TableCell(2, 2)


async def test_a_click_chooses_a_picture():
    async with opened("digits", MIDDLE, "data.test_fraction=0.9") as seen:
        grid = pane_of(seen).view._grid
        x, y = grid.corner(grid.columns + 2)
        await seen.pilot.click(DataPane, offset=(x + 3, y + 2))
        assert pane_of(seen).cursor.sample == grid.columns + 2


async def test_other_samples_have_the_cursor_among_them():
    async with opened("circle", MIDDLE) as seen:
        await seen.press("1", "end", "right", "right", "v")
        seen.app.edits.change("data.samples", "30")
        await seen.settled()
        assert seen.app.chosen_sample == 29
        seen.app.edits.change("data.source", "blog")
        await seen.settled()
        assert pane_of(seen).view.NAME == "table"
        assert seen.app.chosen_sample == 3
        await seen.press("right", "v")
        assert seen.cells() == seen.painted_anew()


async def test_the_curve_rounds_values_and_the_table_shows_them_in_full():
    async with opened("sine", (160, 45), "data.samples=20") as seen:
        await seen.press("1")
        pane = seen.app.query_one("#data")
        target = float(seen.app.snapshot.dataset.targets[0, 0])
        notes = {}
        for _ in pane.views:
            notes[pane.view.NAME] = str(pane.border_subtitle)
            await seen.press("v")
        figures = re.findall(r"\d+\.\d+", notes["curve"])
        assert len(figures) == 2 and all(len(text) <= 7 for text in figures)
        assert float(figures[0]) == pytest.approx(abs(target), rel=1e-3)
        await seen.press("right")
        assert repr(target) in str(pane.border_subtitle)


async def test_the_worst_predictions_come_first_on_request():
    async with opened("iris", (160, 45)) as seen:
        await seen.train(20)
        await seen.press("1", "W")
        pane = pane_of(seen)
        await until(lambda: pane._table.order is not None)
        await seen.settled()
        snapshot = seen.app.snapshot
        made = ForwardPass().predictions(snapshot, snapshot.dataset.inputs)
        errors = np.abs(snapshot.dataset.encoded(snapshot.network.output) - made).sum(axis=1)
        order = np.argsort(-errors, kind="stable")
        assert "worst first" in seen.lines[pane.region.y]
        numbers = [int(line.split()[0].rstrip("t")) for line in inside(seen)[1:10]]
        assert numbers == [sample + 1 for sample in order[:9]]
        assert pane.cursor.sample == order[0]
        await seen.press("down", "down", "right")
        assert pane.cursor.sample == order[2]
        assert f"{order[2] + 1}" in border(seen).split("·")[0]
        await seen.press("end")
        assert pane.cursor.sample == order[-1]
        await seen.press("W")
        assert pane._table.order is None
        assert seen.cells() == seen.painted_anew()


async def test_the_worst_predictions_are_found_anew_when_training_pauses():
    async with opened("iris", (160, 45)) as seen:
        await seen.press("1", "W")
        pane = pane_of(seen)
        await until(lambda: pane._table.order is not None)
        await seen.train(40)
        await until(lambda: not pane._table.is_outdated(seen.app.snapshot))
        assert np.array_equal(pane._table.order, worst_first(seen.app.snapshot))
        seen.app.session.open("circle")
        await seen.settled()
        assert pane._table.order is None


async def test_all_scores_are_listed_beside_the_baseline():
    async with opened("iris", (160, 45)) as seen:
        await seen.train(20)
        await seen.press("1", "v")
        await until(lambda: "balanced acc" in seen.text)
        for text in ("macro F1", "log loss", " baseline", " train", "precision", "setosa"):
            assert text in seen.text, text
        assert "enter edit" not in seen.lines[-1]
        assert seen.cells() == seen.painted_anew()
        narrow = DrawArea(30, 9, seen.app.palette)  # the pane in a window of 80 columns
        heading, *rows = draw_scores(score_table(seen.app.snapshot), narrow)
        assert heading.text.split() == ["test", "baseline"]
        assert all(len(row.text.rstrip()) <= 30 for row in rows)
