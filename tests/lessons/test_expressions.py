"""Expressions of lessons: their vocabulary, and what is refused."""

import pytest

from nn_tui.experiment import load_experiment
from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.expressions import Scope, parse_check
from nn_tui.lessons.measures import EDITS, MEASURES, LiveRun, PastRun
from nn_tui.training.edits import ParameterEdit
from nn_tui.training.trainer import Trainer


@pytest.fixture(scope="module")
def scope():
    opened = load_experiment("circle", ["data.samples=20", "network.hidden=3,2"])
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.apply(ParameterEdit(0, "W0", (1, 2), 0.25))
    trainer.run_epochs(2)
    run = LiveRun(trainer.snapshot())
    past = [
        PastRun(opened.recipe.with_value("network.seed", seed), {"test_loss": loss}, {"data": seed})
        for seed, loss in ((1, 0.5), (2, 0.1), (2, None), (4, 0.3))
    ]
    return Scope(run, past)


def value(text, scope):
    return parse_check(text).evaluate(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("epoch", 2),
        ("epoch == 2 and not diverged", True),
        ("epoch < 2 or epoch > 2", False),
        ("1 < epoch <= 2", True),
        ("hidden_units + hidden_layers * 10", 25),
        ("hidden_units / 0", None),
        ("hidden_units / 0 < 1", False),
        ("abs(0 - 3) == 3", True),
        ("inputs", 2),
        ("parameters", 2 * 3 + 3 + 3 * 2 + 2 + 2 + 1),
        ("distinct_hidden_units", 5),
        ("zero_weights", 0),
        ("recipe.network.hidden == [3, 2]", True),
        ("recipe.training.optimizer == 'sgd'", True),
        ("edits.weights", 1),
        ("edits.recipe + edits.data", 0),
        ("W0[1, 2] != 0", True),
        ("W0[9, 9]", None),
        ("b7[0] < 1", False),
        ("count(run.test_loss < 0.4 for run in runs)", 2),
        ("count(run.test_loss < 0.4 for run in runs if run.recipe.network.seed == 2)", 1),
        ("distinct(run.recipe.network.seed for run in runs)", 3),
        ("min(run.test_loss for run in runs)", 0.1),
        ("max(run.test_loss for run in runs if run.test_loss > 1)", None),
        ("any(a.test_loss > 2 * b.test_loss for a in runs for b in runs)", True),
        ("all(run.edits.data > 0 for run in runs)", True),
        ("all(any(a.test_loss <= b.test_loss for a in runs) for b in runs)", False),
    ],
)
def test_an_expression_has_the_value_that_it_has_in_python(scope, text, expected):
    assert value(text, scope) == expected


def test_every_word_has_a_value(scope):
    for word in MEASURES:
        assert value(word, scope) is not None, word
    assert value("gradient_error < 1e-6", scope)
    for kind in EDITS:
        assert value(f"edits.{kind}", scope) is not None
    assert len(value("predictions", scope)) == len(value("targets", scope)) == 4


def test_a_measure_that_does_not_apply_satisfies_no_comparison():
    opened = load_experiment("blog")
    scope = Scope(LiveRun(Trainer(opened.recipe, opened.dataset).snapshot()))
    assert value("test_loss", scope) is None
    for symbol in ("<", "<=", ">", ">="):
        assert value(f"test_loss {symbol} 1", scope) is False


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("train_los < 1", "did you mean train_loss?"),
        ("recipe.training.rate < 1", "learning_rate"),
        ("recipe.training", "recipe.SECTION.KEY"),
        ("edits.weight", "did you mean edits.weights?"),
        ("__import__('os').system('true')", "not allowed"),
        ("open('/etc/passwd')", "not allowed"),
        ("(lambda: 1)()", "not allowed"),
        ("[x for x in runs]", "not allowed"),
        ("epoch.__class__", "not known"),
        ("any(run.__class__ for run in runs)", "not known"),
        ("any(run.train_loss.real for run in runs)", "not known"),
        ("2 ** 9999", "not allowed"),
        ("'a' % 3", "not allowed"),
        ("f'{epoch}'", "not allowed"),
        ("epoch if 1 else 2", "not allowed"),
        ("(epoch := 3)", "not allowed"),
        ("epoch in [1, 2]", "comparisons are"),
        ("any(run.epoch for run in [1])", "for run in runs"),
        ("any(epoch.epoch for epoch in runs)", "taken"),
        ("any(any(any(a.epoch for a in runs) for b in runs) for c in runs)", "at most 2 loops"),
        ("W0['a']", "W0[2, 1]"),
        ("runs", "by itself"),
        ("epoch <", "is not an expression"),
        ("epoch; epoch", "is not an expression"),
        ("(" * 190 + "1" + ")" * 190, ""),
        ("-" * 399 + "1", ""),
        ("1" * 401, "longer than"),
        ("epoch < \x00", ""),
        ("train_loss < 1 / 0", "no value"),
        ("train_loss < 1 + 'a'", "no value"),
        ("train_loss < -1e300 * 1e300", "no value"),
        ("train_loss < 1e999", "too large"),
        ("epoch < 1" + "0" * 380, "too large"),
        ("epoch + 1" + "0" * 380 + " > 1", "too large"),
        ("train_loss < 'a'", "is a number"),
        ("train_loss == (1, 2)", "is a number"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(text, words):
    try:
        parse_check(text)
    except LessonError as error:
        assert words in str(error)
        assert "\x00" not in str(error) and "\n" not in str(error)
    else:
        assert words == ""


def test_strings_and_lists_are_never_multiplied(scope):
    for text in ("'a' * 999999999", "recipe.network.hidden * 999999999", "'a' + 'b'"):
        with pytest.raises(LessonError, match="different types"):
            value(text, scope)


def test_loops_are_bounded(scope):
    many = Scope(scope.run, list(scope.runs) * 100)
    with pytest.raises(LessonError, match="steps"):
        value("count(a.test_loss == b.test_loss for a in runs for b in runs)", many)
