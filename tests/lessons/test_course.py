"""The course: every lesson is proved, and what its texts name is there."""

import re

import pytest

from nn_tui.experiment import dataset_of
from nn_tui.lessons.catalog import COURSE, course_files
from nn_tui.lessons.expressions import Scope
from nn_tui.lessons.goal import goal_status
from nn_tui.lessons.lesson import KINDS, PANES
from nn_tui.lessons.measures import EDITS, MEASURES, LiveRun
from nn_tui.lessons.page_text import MISSING
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.proof import prove, trials_of
from nn_tui.training.trainer import Trainer
from nn_tui.tui.app import NnTui
from nn_tui.tui.bindings import BINDINGS
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.network import NetworkPane
from nn_tui.tui.panes.weights import WeightsPane
from nn_tui.tui.screens.explain_keys import EXPLAIN_BINDINGS
from tests.conftest import ROOT

LESSONS = [read_lesson(path) for path in course_files()]
EXAMPLE = COURSE.parent / "example.toml"
NAMES = [lesson.path.stem for lesson in LESSONS]


def texts_of(lesson):
    for page in lesson.pages:
        yield page.text
        yield from page.hints
        yield from (choice.reply for choice in page.choices)


def test_the_lessons_are_numbered_and_named():
    numbers = [lesson.number for lesson in LESSONS]
    assert numbers == sorted(set(numbers)) and 0 not in numbers
    assert len({lesson.name for lesson in LESSONS}) == len(LESSONS)


@pytest.mark.parametrize("lesson", [*LESSONS, read_lesson(EXAMPLE)], ids=[*NAMES, "example"])
def test_naive_settings_fail_and_solutions_reach_the_goal(lesson):
    for trial, is_solution in trials_of(lesson):
        first = trial._replace(seeds=trial.seeds[: 1 + is_solution])
        result = prove(lesson, first, is_solution)
        assert result.as_expected, f"{trial.name}: {result.reached} {result.figures}"


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_its_goal_is_not_reached_at_the_start_and_its_figures_are_known(lesson):
    snapshot = Trainer(lesson.recipe, dataset_of(lesson.recipe)).snapshot()
    assert not goal_status(lesson, snapshot).reached
    recipe = lesson.recipe  # a figure about a line that is blank is known once it is written
    for key, value in lesson.solutions[0].runs[0].values:
        recipe = recipe.with_value(key, value)
    run = LiveRun(Trainer(recipe, dataset_of(recipe)).snapshot())
    scope = Scope(run, [run])
    for text in texts_of(lesson):
        assert MISSING not in text.filled(scope)


@pytest.mark.parametrize("lesson", LESSONS, ids=NAMES)
def test_it_predicts_sees_tries_and_explains(lesson):
    kinds = [page.kind for page in lesson.pages]
    assert {"look", "predict", "try", "why"} <= set(kinds)
    assert any(page.hints for page in lesson.pages if page.kind == "try")


def test_the_keys_that_texts_name_exist():
    panes = (DataPane, HyperparametersPane, WeightsPane, NetworkPane, LossPane)
    known = {binding.id for binding in (*BINDINGS, *EXPLAIN_BINDINGS)}
    known |= {binding.id for node in (NnTui, *panes) for binding in node.BINDINGS}
    for lesson in LESSONS:
        for text in texts_of(lesson):
            assert set(text.bindings) <= known, lesson.name


def test_readme_has_every_word_of_the_format():
    readme = (ROOT / "README.md").read_text()
    section = readme[readme.index("\n## Lessons") : readme.index("\n## How it is built")]
    told = set(re.findall(r"`([^`]+)`", section))
    assert {*MEASURES, *(f"edits.{kind}" for kind in EDITS), *KINDS, *PANES} <= told
