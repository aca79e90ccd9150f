"""Goals: the figures now, since when they have held, and what does not count."""

import pytest

from nn_tui.experiment import load_experiment
from nn_tui.lessons.goal import goal_status
from nn_tui.lessons.measures import LiveRun, past_run
from nn_tui.training.edits import ParameterEdit, RecipeEdit
from nn_tui.training.trainer import Trainer
from tests.lessons.files import LESSON, lesson_of, with_check


def trained(lesson, epochs, **values):
    recipe = lesson.recipe
    for key, value in values.items():
        recipe = recipe.with_value(key.replace("__", "."), value)
    trainer = Trainer(recipe, load_experiment("blog-xor").dataset)
    trainer.run_epochs(epochs)
    return trainer


def test_a_goal_ticks_at_its_first_epoch_and_says_since_when():
    lesson = lesson_of()
    status = goal_status(lesson, trained(lesson, 300).snapshot())
    assert not status.reached
    assert str(status) == "train loss 0.125 → below 0.01 ✗"
    run = trained(lesson, 2000, network__hidden=(4,))
    status = goal_status(lesson, run.snapshot())
    losses = run.snapshot().losses
    assert status.reached and status.first == status.since
    assert losses.value("train_loss", status.since)[0] < 0.01
    assert losses.value("train_loss", status.since - 1)[0] >= 0.01
    assert str(status).endswith(f"held since epoch {status.since:,}")


def test_a_goal_reached_in_time_stays_reached_later():
    lesson = with_check("epoch <= 300", "train_loss < 0.2")
    run = trained(lesson, 300, network__hidden=(4,))
    assert goal_status(lesson, run.snapshot()).since is not None
    run.run_epochs(100)
    status = goal_status(lesson, run.snapshot())
    assert status.reached and status.since is None and status.first < 300


def test_conditions_must_hold_at_the_same_epoch():
    lesson = with_check("epoch <= 10", "train_loss < 0.01")
    assert not goal_status(lesson, trained(lesson, 2000, network__hidden=(4,)).snapshot()).reached


def test_the_progress_of_a_loss_is_logarithmic():
    lesson = lesson_of()
    run = trained(lesson, 0, network__hidden=(4,))
    assert goal_status(lesson, run.snapshot()).conditions[0].progress == 0
    run.run_epochs(2000)
    assert goal_status(lesson, run.snapshot()).conditions[0].progress == 1


def test_a_run_that_changed_a_fixed_key_does_not_count():
    lesson = lesson_of()
    run = trained(lesson, 10, network__hidden=(4,))
    run.apply(RecipeEdit(10, (("training.learning_rate", 5.0),)))
    run.run_epochs(1990)
    status = goal_status(lesson, run.snapshot())
    assert run.snapshot().train_loss < 0.01
    assert not status.reached
    assert status.refusals == (
        "learning rate is fixed in this lesson; hidden layers and the value of a weight can change",
    )


def test_weights_and_seed_may_change_where_they_are_free():
    lesson = lesson_of()
    run = trained(lesson, 0, network__hidden=(4,), network__seed=7)
    run.apply(ParameterEdit(0, "W0", (0, 0), 0.5))
    assert goal_status(lesson, run.snapshot()).refusals == ()
    assert lesson.refusal("data").startswith("the data is fixed")


def test_a_goal_about_weights_is_judged_at_the_weights_shown():
    lesson = with_check("zero_weights >= 1", "epoch <= 5")
    run = trained(lesson, 5)
    assert not goal_status(lesson, run.snapshot()).reached
    run.apply(ParameterEdit(5, "W0", (0, 0), 0.0))
    status = goal_status(lesson, run.snapshot())
    assert status.reached and status.since is None


@pytest.mark.parametrize(("losses", "reached"), [((2, 4), True), ((2, 2), False), ((0, 4), False)])
def test_a_goal_may_be_about_several_runs(losses, reached):
    lesson = with_check(
        "any(a.train_loss < 0.02 and b.train_loss > 0.1 and a.hidden_units > b.hidden_units > 0 "
        "for a in runs for b in runs)"
    )
    first, last = (trained(lesson, 2000 * (n == 4), network__hidden=(n,) * (n > 0)) for n in losses)
    earlier = [past_run(LiveRun(first.snapshot()), lesson.run_words)]
    assert goal_status(lesson, last.snapshot(), earlier).reached == reached


def test_the_gradient_check_is_the_goal_not_the_loss():
    lesson = with_check("gradient_error < 1e-6", text=LESSON.replace('"weights"', '"lines"'))
    for line, error in (("?", False), ("l1_error", False), ("l1_error * (l1 * (1 - l1))", True)):
        run = trained(lesson, 0, network__hidden=(4,), lines__l1_delta=line)
        assert goal_status(lesson, run.snapshot()).reached is error
    run = trained(lesson, 0, network__hidden=(4,), functions__half="0.5 * x")
    assert goal_status(lesson, run.snapshot()).refusals == (
        "half is fixed in this lesson; hidden layers and the lines of the step can change",
    )


def test_a_condition_about_the_recipe_must_hold_too():
    for most, reached in ((3, False), (4, True)):
        lesson = with_check("train_loss < 0.01", f"hidden_units <= {most}", "epoch <= 2000")
        run = trained(lesson, 2000, network__hidden=(4,))
        assert goal_status(lesson, run.snapshot()).reached is reached
