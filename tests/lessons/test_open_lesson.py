"""A lesson that is worked on: pages, predictions, hints, runs that count, stars."""

from dataclasses import replace

import pytest

from nn_tui.experiment import dataset_of, load_experiment
from nn_tui.lessons.catalog import course_files
from nn_tui.lessons.expressions import parse_check
from nn_tui.lessons.lesson import Condition
from nn_tui.lessons.open_lesson import OpenLesson
from nn_tui.lessons.parsing import read_lesson
from nn_tui.lessons.progress import MOST_EARLIER, read_progress, save_progress
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.trainer import Trainer
from tests.lessons.files import LESSON, lesson_of, with_check

DATASET = load_experiment("blog-xor").dataset


def trainer(lesson, epochs=0, hidden=(4,), seed=1):
    recipe = lesson.recipe.with_value("network.hidden", hidden).with_value("network.seed", seed)
    made = Trainer(recipe, DATASET)
    made.run_epochs(epochs)
    return made


def test_the_text_has_the_runs_figures_and_the_keys_names():
    opened = OpenLesson(lesson_of(), key_name={"run": "space"}.__getitem__)
    assert opened.text == "The loss is –." and opened.waits_for_figures
    opened.observe(1, trainer(opened.lesson, hidden=()).snapshot())
    assert opened.text == "The loss is 0.146." and not opened.waits_for_figures
    opened.turn(1)
    assert opened.text == "Press space."


def test_a_page_about_what_training_led_to_waits_for_it():
    text = LESSON.replace('kind = "try"\ntext = "Press `run`."', 'kind = "see"\ntext = "{epoch}!"')
    opened = OpenLesson(lesson_of(text), key_name={"run": "space"}.__getitem__)
    opened.turn(1)
    opened.observe(1, trainer(opened.lesson).snapshot())
    assert "press space" in opened.text
    opened.observe(1, trainer(opened.lesson, 3).snapshot())
    assert opened.text == "3!"


def test_pages_turn_within_the_lesson():
    opened = OpenLesson(lesson_of())
    assert [tuple(mark) for mark in opened.steps] == [("predict", "open"), ("try", "ahead")]
    opened.turn(5)
    assert opened.page.kind == "try"
    assert [tuple(mark) for mark in opened.steps] == [("predict", "done"), ("try", "open")]
    opened.turn(-5)
    assert opened.page_number == 0


def test_a_prediction_is_given_once_and_stands_beside_later_pages():
    opened = OpenLesson(lesson_of())
    page, given = opened.prediction
    assert page is opened.page and given is None
    opened.answer(0)
    opened.answer(1)
    opened.turn(1)
    page, given = opened.prediction
    assert given == 0 and opened.reply(page.choices[0]).startswith("For that")
    assert opened.progress.trained_first == ()
    with pytest.raises(IndexError):
        opened.answer(7)


def test_an_answer_after_training_is_noted():
    opened = OpenLesson(lesson_of())
    opened.observe(1, trainer(opened.lesson, 1).snapshot())
    opened.answer(1)
    assert opened.progress.trained_first == (0,)


def test_hints_open_one_by_one():
    opened = OpenLesson(lesson_of())
    opened.open_hint()
    assert opened.hints == []  # the first page has none
    opened.turn(1)
    assert opened.hints_left == 2
    opened.open_hint()
    assert (opened.hints, opened.hints_left) == (["first"], 1)
    opened.open_hint()
    opened.open_hint()
    assert opened.hints == ["first", "second"]
    assert OpenLesson(opened.lesson, opened.progress).hints == ["first", "second"]


def test_a_star_for_each_weight_seed_that_reaches_the_goal():
    opened = OpenLesson(lesson_of())
    made = trainer(opened.lesson)
    assert not opened.observe(1, made.snapshot())
    made.run_epochs(2000)
    assert opened.observe(1, made.snapshot())
    assert not opened.observe(1, made.snapshot())
    assert opened.stars == "★☆☆"
    assert opened.observe(2, trainer(opened.lesson, 2000, seed=5).snapshot())
    assert opened.stars == "★★☆" and opened.progress.seeds == (1, 5)


def test_earlier_runs_count_unless_they_changed_what_is_fixed():
    lesson = with_check("count(run.train_loss < 0.01 for run in runs) >= 2")
    cheating = trainer(lesson, 10)
    cheating.apply(RecipeEdit(10, (("training.learning_rate", 5.0),)))
    cheating.run_epochs(2000)
    for first, reached in ((cheating, False), (trainer(lesson, 2000), True)):
        opened = OpenLesson(lesson)
        opened.observe("first", first.snapshot())
        assert opened.goal.reached is False
        opened.observe("second", trainer(lesson, 2000, seed=2).snapshot())
        assert opened.goal.reached is reached
        opened = OpenLesson(lesson)
        opened.add_runs([("first", first.snapshot())])
        opened.observe("second", trainer(lesson, 2000, seed=2).snapshot())
        assert opened.goal.reached is reached


def test_another_state_of_the_same_run_is_not_another_run():
    lesson = with_check("count(run.epoch >= 0 for run in runs) == 1")
    opened = OpenLesson(lesson)
    made = trainer(lesson, 1)
    for _ in range(3):
        opened.observe("a", made.snapshot())
        assert opened.goal.reached
    opened.observe("b", trainer(lesson).snapshot())
    assert not opened.goal.reached
    two = OpenLesson(with_check("count(run.epoch >= 0 for run in runs) == 2"))
    for key in ("a", "b", "a"):
        two.observe(key, made.snapshot())
    assert two.goal.reached


def test_the_number_of_kept_runs_is_bounded():
    lesson = with_check("count(run.epoch >= 0 for run in runs) > 0")
    opened = OpenLesson(lesson)
    snapshot = trainer(lesson).snapshot()
    opened.add_runs((i, snapshot) for i in range(3 * MOST_EARLIER))
    assert len(opened._earlier) == MOST_EARLIER


def test_runs_before_the_saved_one_count_after_coming_back(tmp_path):
    opened = OpenLesson(with_check("any(run.train_loss < 0.01 for run in runs)"))
    opened.observe(1, trainer(opened.lesson, 600).snapshot())
    opened.observe(2, trainer(opened.lesson, hidden=()).snapshot())
    assert opened.goal.reached
    opened.keep("20261127-a-lesson-0000")
    save_progress(tmp_path, "a-lesson", opened.progress)

    again = OpenLesson(opened.lesson, read_progress(tmp_path)["a-lesson"])
    again.observe(1, trainer(opened.lesson, hidden=()).snapshot())
    assert again.goal.reached and again.progress.run.endswith("0000")
    again.observe(2, trainer(opened.lesson, hidden=()).snapshot())
    again.keep("")
    assert next(run.changes for run in again.progress.earlier) == {"network.hidden": (4,)}


def test_a_run_is_judged_by_the_recipe_it_was_trained_with():
    """The star of lesson 2: a finished run, its rate changed, and the run with the new rate."""
    (path,) = (p for p in course_files() if "edge" in p.name)
    lesson = read_lesson(path)
    dataset = dataset_of(lesson.recipe)

    def run(rate, then=None, more=0):
        made = Trainer(lesson.recipe, dataset)
        made.apply(RecipeEdit(0, (("training.learning_rate", rate),)))
        made.run_epochs(60)
        if then is not None:
            made.apply(RecipeEdit(made.edit_epoch, (("training.learning_rate", then),)))
            made.run_epochs(more)
        return made.snapshot()

    text = lesson.check[0].that.text.replace("1515", "1540")  # 60 epochs are enough for that
    lesson = replace(lesson, check=(Condition(parse_check(text), "bracketed"),))
    opened = OpenLesson(lesson)
    assert not opened.observe(1, run(0.1))
    assert not opened.observe(1, run(0.1, then=1.0))  # only typed in
    assert not opened.observe(2, run(1.0))
    assert not opened.observe(2, run(1.0, then=0.1))
    assert not opened.observe(3, run(0.5, then=0.52, more=200))  # of neither
    assert not opened.observe(4, run(0.52, then=0.1))
    assert opened.observe(5, run(0.5))
