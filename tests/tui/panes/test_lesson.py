"""The lesson pane: a strip of its own, a prediction, a live goal, a way back to the very state."""

import json

import pytest

from nn_tui.files.runs.run_store import RunStore
from nn_tui.lessons.catalog import FIRST_MINUTE
from nn_tui.lessons.course_start import CourseStart
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.proof import prove, trials_of
from tests.hostile.payload import EVIL, as_toml
from tests.lessons.files import LESSON
from tests.tui.screen import opened, until


def pane(seen):
    return seen.app.query_one("#lesson")


def page(seen):
    """What the pane shows, in one line."""
    region = pane(seen).content_region
    rows = [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]
    return " ".join(" ".join(rows).split())


async def learn(seen, name):
    """Open a lesson of the course by the list."""
    await seen.press("6", *name)
    await until(lambda: "reading the lessons" not in seen.text)
    await seen.press("enter")
    await until(lambda: pane(seen).lesson is not None and pane(seen).lesson.goal is not None)
    await seen.settled()


def assert_beside(seen, panes):
    """The strip covers no pane, and none is lost but those that share a place."""
    assert panes <= seen.panes
    for name in seen.panes - {"lesson"}:
        assert not seen.app.query_one(f"#{name}").region.overlaps(pane(seen).region), name
    assert pane(seen).region.bottom == seen.app.size.height - 2
    assert seen.cells() == seen.painted_anew()


async def test_a_lesson_from_its_start_to_a_star_and_back_again(tmp_path):
    kept = {"store": RunStore(tmp_path / "runs"), "course": CourseStart(tmp_path)}
    every = {"data", "hyperparameters", "weights", "network", "loss"}
    async with opened("blog", (120, 36), **kept) as seen:
        await learn(seen, "xor")
        place = pane(seen).region
        assert seen.app.focused is pane(seen)
        assert "exclusive or" in page(seen) and "within 2,000 epochs" in page(seen)
        assert_beside(seen, every)

        await seen.press("enter", "down", "down", "space")
        assert seen.app.snapshot.epoch == 2000  # keys of the laboratory work as always
        await seen.press("enter")
        assert "✗ three right, one wrong" in page(seen) and "0.5 for all four" in page(seen)
        await seen.press("down", "enter")
        assert "0.500 0.500 0.500 0.500" in page(seen)
        assert "train loss 0.125 → below 0.01 ✗" in page(seen)

        await seen.press("enter", "a", "a")
        assert "1. Each hidden" in page(seen) and "2. With 2 or 3" in page(seen)
        await seen.press("2")
        assert seen.app.query_one("#hyperparameters").field.key == "network.hidden"
        await seen.press("]")  # of 'none', nothing
        await seen.press("enter", "4", "enter", "R", "space", "6")
        assert "★ ☆ ☆" in page(seen) and "held since epoch 410" in page(seen)
        await seen.press("N", "space")
        assert "★ ★ ☆" in page(seen)
        seen.app.edits.change("training.learning_rate", "2")
        assert "learning rate is fixed in this lesson" in seen.info
        assert pane(seen).region == place
        weights = seen.app.snapshot.weights["W0"].copy()
        await seen.press("escape")
        assert pane(seen).lesson is None and "5 Loss" in seen.text
        assert seen.app.focused.id == "hyperparameters"
        assert seen.app.edits.change("training.learning_rate", "2")
        await seen.settled()

    async with opened("blog", (80, 24), **kept) as seen:
        await seen.press("6")
        await until(lambda: "left at page 4 of 7" in seen.text)
        await seen.press("escape")
        await learn(seen, "xor")
        assert (seen.app.snapshot.epoch, seen.app.snapshot.recipe.network.seed) == (2000, 2)
        assert (seen.app.snapshot.weights["W0"] == weights).all()
        assert "Give the network hidden units" in page(seen) and "★ ★ ☆" in page(seen)
        assert_beside(seen, {"hyperparameters"})
        await seen.press("6")
        assert seen.app.focused.id == "hyperparameters"
        assert pane(seen).region.height == 3
        assert_beside(seen, {"hyperparameters", "network", "loss"})
        await seen.press("R", "6")
        assert "train loss 0.1" in page(seen)
        seen.app.session.open("circle")
        await seen.settled()
        assert pane(seen).lesson is None and "is left, for another run" in seen.info
    saved = json.loads((tmp_path / "lessons.json").read_text())["lessons"]["xor"]
    assert saved["trained_first"] == [1] and saved["seeds"] == [1, 2]


@pytest.mark.parametrize("size", [(160, 45), (80, 40), (50, 14)])
async def test_at_every_size_the_first_minute_has_a_place_of_its_own(size):
    async with opened("blog", size, "view.pace=0", welcome=True) as seen:
        await seen.pilot.pause()
        assert "shows the samples" in page(seen)
        assert seen.cells() == seen.painted_anew()
        await seen.press("enter", "enter", "space", "enter")
        assert "0.0126 after epoch 50" in page(seen) and "✓" in page(seen)
        await seen.press("5", "z", "z", "6", "z")
        assert seen.panes == {"lesson"}
        await seen.press("escape")
        assert pane(seen).lesson is not None
        await seen.press("escape")
        assert "finds the first minute again" in seen.info
        assert seen.cells() == seen.painted_anew()


async def test_many_seeds_at_once_win_their_stars_and_a_strangers_lesson_is_printable(tmp_path):
    async with opened("blog", (120, 36)) as seen:
        await learn(seen, "the learning rate")
        await seen.press("M", "3", "enter", "2", "enter", *"10", "enter", "R", "space")
        await until(lambda: pane(seen).lesson.progress.seeds == (1, 2, 3))

        hostile = tmp_path / "own.toml"
        evil = as_toml(EVIL)
        hostile.write_text(LESSON.replace('"A lesson"', evil).replace('"yes"', evil))
        seen.app.open_lesson(hostile)
        await until(lambda: (o := pane(seen).lesson) and o.lesson.name == "own")
        await seen.settled()
        assert "␛" in seen.text and "[red]" in seen.text
        assert seen.cells() == seen.painted_anew()
        hostile.write_text(LESSON.replace("train_loss < 0.01", "train_loss < 1 / 0"))
        seen.app.open_lesson(hostile)
        await until(lambda: "own.toml, line" in seen.info)
        assert "has no value" in seen.info


async def test_the_first_page_of_the_lesson_after_the_first_minute_has_its_figures():
    async with opened("blog", (120, 36), welcome=True) as seen:
        await seen.press("enter", "enter", "enter", "enter")
        await until(lambda: (o := pane(seen).lesson) and o.lesson.number == 1)
        await seen.settled()
        assert "Here the rate is 1," in page(seen)


@pytest.mark.parametrize("wrong", ["'a' < train_loss", "recipe.network.hidden < 3"])
async def test_an_expression_that_fails_only_on_a_run_is_told(tmp_path, wrong):
    own = tmp_path / "own.toml"
    async with opened("blog", (120, 36)) as seen:
        own.write_text(LESSON.replace("{train_loss}", f"{{{wrong}}}"))
        seen.app.open_lesson(own)
        await until(lambda: pane(seen).lesson is not None)
        await seen.settled()
        assert f"This text cannot be shown: '{wrong}'" in page(seen)
        own.write_text(LESSON.replace('"train_loss < 0.01"', f'"{wrong}"\nlabel = "l"'))
        seen.app.open_lesson(own)
        await until(lambda: pane(seen).lesson is None)
        assert f"'{wrong}' compares or computes values of different types" in seen.info


def test_the_first_minute_can_be_done():
    lesson = read_lesson(FIRST_MINUTE)
    for trial, is_solution in trials_of(lesson):
        assert prove(lesson, trial._replace(seeds=(1,)), is_solution).as_expected
