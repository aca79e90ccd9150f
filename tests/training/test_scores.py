"""Scores equal scikit-learn's; the baseline is its DummyClassifier and DummyRegressor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.dummy import DummyClassifier, DummyRegressor

from nn_tui import experiment
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import (
    SCORES,
    advice,
    class_scores,
    format_score,
    score_table,
    scores,
)
from nn_tui.training.trainer import Trainer

NUMBERS = ("r2", "rmse", "mae")


def snapshot_of(name, *assignments, epochs=None):
    opened = experiment.load_experiment(name, assignments)
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs if epochs is None else epochs)
    return trainer.snapshot()


@given(st.integers(2, 5), st.integers(1, 40), st.integers(0, 10**6))
def test_scores_of_classes_are_those_of_scikit_learn(classes, samples, seed):
    rng = np.random.default_rng(seed)
    true = rng.integers(0, classes, samples)
    outputs = rng.dirichlet(np.ones(classes), samples)
    names = tuple(map(str, range(classes)))
    found = scores(outputs, np.eye(classes)[true], DecisionRule(0.0, 1.0, names), True)
    predicted = outputs.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(true, predicted))
    recalls = metrics.recall_score(
        true, predicted, labels=np.unique(true), average="macro", zero_division=0
    )
    assert found["balanced_accuracy"] == pytest.approx(recalls)
    f1 = metrics.f1_score(true, predicted, average="macro", zero_division=0)
    assert found["f1_macro"] == pytest.approx(f1)
    loss = metrics.log_loss(true, outputs, labels=range(classes))
    assert found["log_loss"] == pytest.approx(loss)
    assert all(found[name] is None for name in NUMBERS)
    if classes == 2 and len(np.unique(true)) == 2:
        assert found["roc_auc"] == pytest.approx(metrics.roc_auc_score(true, outputs[:, 1]))
    else:
        assert found["roc_auc"] is None


@given(st.integers(2, 5), st.integers(1, 40), st.integers(0, 10**6))
def test_precision_recall_and_f1_of_a_class_are_those_of_scikit_learn(classes, samples, seed):
    rng = np.random.default_rng(seed)
    true = rng.integers(0, classes, samples)
    outputs = rng.dirichlet(np.ones(classes), samples)
    rule = DecisionRule(0.0, 1.0, tuple(map(str, range(classes))))
    found = class_scores(outputs, np.eye(classes)[true], rule)
    expected = metrics.precision_recall_fscore_support(
        true, outputs.argmax(axis=1), labels=range(classes), zero_division=np.nan
    )
    for entry, precision, recall, f1, support in zip(found, *expected, strict=True):
        assert entry.samples == support
        assert entry.precision == (None if np.isnan(precision) else pytest.approx(precision))
        assert entry.recall == (None if np.isnan(recall) else pytest.approx(recall))
        assert entry.f1 == (None if np.isnan(f1) else pytest.approx(f1))


def test_numbers_have_no_scores_of_classes():
    table = score_table(snapshot_of("diabetes", epochs=1))
    assert table.classes_of("train") == table.classes_of("test") == ()


@given(st.integers(1, 40), st.integers(0, 10**6), st.booleans())
def test_scores_of_one_output_of_two_classes_too(samples, seed, rounded):
    rng = np.random.default_rng(seed)
    true, output = rng.integers(0, 2, samples), rng.uniform(0, 1, samples)
    if rounded:  # ties
        output = output.round(1) + 0.01
    rule = DecisionRule(0.0, 1.0, ("no", "yes"))
    found = scores(output[:, None], true[:, None].astype(float), rule, True)
    assert found["log_loss"] == pytest.approx(
        metrics.log_loss(true, np.clip(output, 0, 1), labels=[0, 1])
    )
    if len(np.unique(true)) == 2:
        assert found["roc_auc"] == pytest.approx(metrics.roc_auc_score(true, output))


@given(st.integers(2, 40), st.integers(1, 3), st.integers(0, 10**6))
def test_scores_of_numbers_are_those_of_scikit_learn(samples, outputs, seed):
    rng = np.random.default_rng(seed)
    true = rng.normal(1e4, 300, (samples, outputs))
    predicted = true + rng.normal(0, 100, true.shape)
    found = scores(predicted, true, None, False)
    assert found["r2"] == pytest.approx(metrics.r2_score(true, predicted))
    assert found["rmse"] == pytest.approx(metrics.root_mean_squared_error(true, predicted))
    assert found["mae"] == pytest.approx(metrics.mean_absolute_error(true, predicted))
    assert all(found[name] is None for name in SCORES if name not in NUMBERS)


@pytest.mark.parametrize(("name", "epochs"), [("iris", 3), ("moons", 3), ("circle", 2)])
def test_the_baseline_of_classes_is_the_most_frequent_one(name, epochs):
    snapshot = snapshot_of(name, epochs=epochs)
    dataset, split = snapshot.dataset, snapshot.dataset.train_count
    numbers = dataset.class_numbers()
    dummy = DummyClassifier(strategy="prior").fit(dataset.inputs[:split], numbers[:split])
    tested = dataset.inputs[split:], numbers[split:]
    baseline = score_table(snapshot).baseline
    assert baseline["accuracy"] == pytest.approx(dummy.score(*tested))
    if snapshot.network.output != "tanh":
        loss = metrics.log_loss(tested[1], dummy.predict_proba(tested[0]))
        assert baseline["log_loss"] == pytest.approx(loss)


def test_of_equally_frequent_classes_the_baseline_is_the_first():
    baseline = score_table(snapshot_of("blog")).baseline
    assert (baseline["accuracy"], baseline["balanced_accuracy"]) == (0.5, 0.5)


def test_the_baseline_of_numbers_is_the_mean_of_the_training_set_in_its_own_units():
    snapshot = snapshot_of("diabetes", epochs=3)
    dataset, split = snapshot.dataset, snapshot.dataset.train_count
    dummy = DummyRegressor().fit(dataset.inputs[:split], dataset.targets[:split, 0])
    guess, true = dummy.predict(dataset.inputs[split:]), dataset.targets[split:, 0]
    baseline = score_table(snapshot).baseline
    assert baseline["rmse"] == pytest.approx(metrics.root_mean_squared_error(true, guess))
    assert baseline["mae"] == pytest.approx(metrics.mean_absolute_error(true, guess))


def test_scores_are_of_the_predictions_in_the_units_of_the_target():
    snapshot = snapshot_of("diabetes")
    dataset, split = snapshot.dataset, snapshot.dataset.train_count
    predicted = ForwardPass().predictions(snapshot, dataset.inputs)[split:, 0]
    true = dataset.targets[split:, 0]
    table = score_table(snapshot)
    assert table.test["r2"] == pytest.approx(metrics.r2_score(true, predicted))
    assert table.test["mae"] == pytest.approx(snapshot.test_error)
    assert 20 < table.test["mae"] < 60


def test_diabetes_explains_almost_half_of_the_variance_by_default():
    assert score_table(snapshot_of("diabetes")).test["r2"] >= 0.45


@pytest.mark.parametrize(
    ("assignments", "epochs", "said"),
    [
        (["data.target_scale=none"], 5, "data.target_scale = standard"),
        (
            ["data.target_scale=none", "network.hidden=", "training.learning_rate=1e-5"],
            20,
            "learning rate 1e-05 is too small for 20 epochs",
        ),
        (["data.features=sex", "training.learning_rate=1e-4"], 20, "still falls; try more epochs"),
        (["network.seed=3"], 0, "worse"),
        (["network.seed=3", "training.learning_rate=1e-9"], 20, "hardly changed"),
        (["data.features=sex"], 200, "no longer falls"),
    ],
)
def test_a_regression_that_has_learned_nothing_says_so_and_why(assignments, epochs, said):
    snapshot = snapshot_of("diabetes", *assignments, epochs=epochs)
    table = score_table(snapshot)
    assert table.learned_nothing and said in advice(table, snapshot)


def test_a_regression_that_has_learned_gets_no_advice():
    snapshot = snapshot_of("diabetes")
    assert advice(score_table(snapshot), snapshot) == ""


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("accuracy", 0.9999, "99.9 %"),
        ("rmse", 12875.6, "12,876"),
        ("mae", 0.04567891, "0.04568"),
        ("r2", -0.0001, "0.000"),
        ("roc_auc", None, "–"),
    ],
)
def test_scores_as_text(name, value, text):
    assert format_score(name, value) == text


def test_a_target_between_two_classes_is_of_none():
    rule = DecisionRule(0.0, 1.0, ("no", "yes"))
    outputs, targets = np.array([[0.9], [0.2], [0.3]]), np.array([[1.0], [0.0], [0.5]])
    found, without = (scores(outputs[:n], targets[:n], rule, True) for n in (3, 2))
    assert found == without
    assert class_scores(outputs, targets, rule) == class_scores(outputs[:2], targets[:2], rule)
