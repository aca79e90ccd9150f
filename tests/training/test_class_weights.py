"""Class weights of a run: their values, where they are refused, and how they change."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

from nn_tui import experiment
from nn_tui.recipe.parsing import parse_value
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edits import DatumEdit, RecipeEdit
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.model_builder import build_architecture, class_weights
from nn_tui.training.trainer import Trainer
from tests.training.runs import same


def opened(name, weights, *assignments):
    return experiment.load_experiment(name, (f"training.class_weights={weights}", *assignments))


def weights_of(name, weights, *assignments):
    found = opened(name, weights, *assignments)
    network = build_architecture(found.recipe, found.dataset)
    return class_weights(found.recipe, found.dataset, network)


@pytest.mark.parametrize("name", ["iris", "digits", "moons"])
def test_balanced_weights_are_those_of_scikit_learn(name):
    found = opened(name, "balanced", "data.validation_fraction=0.3")
    dataset = found.dataset
    numbers = dataset.class_numbers(dataset.parts["train"])
    expected = compute_class_weight("balanced", classes=np.unique(numbers), y=numbers)
    values = weights_of(name, "balanced", "data.validation_fraction=0.3").values
    np.testing.assert_allclose(values, expected)


@pytest.mark.parametrize("name", ["iris", "moons"])
def test_the_loss_is_the_mean_of_the_weighted_losses(name):
    values = "1, 5" if name == "moons" else "1, 5, 2"
    found = opened(name, values)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(3)
    snapshot, dataset = trainer.snapshot(), found.dataset
    outputs = ForwardPass().predictions(snapshot, dataset.inputs)
    weights = np.array([float(v) for v in values.split(",")])
    for part, loss in (("train", snapshot.train_loss), ("test", snapshot.test_loss)):
        rows = dataset.parts[part]
        numbers = dataset.class_numbers(rows)
        of_sample = weights[numbers]
        average = log_loss(numbers, outputs[rows], sample_weight=of_sample)
        assert loss == pytest.approx(average * of_sample.sum() / len(numbers))


def test_weights_of_one_change_no_bit():
    runs = []
    for weights in ("none", "1, 1, 1"):
        found = opened("iris", weights)
        trainer = Trainer(found.recipe, found.dataset)
        trainer.run_epochs(5)
        runs.append(trainer)
    np.testing.assert_array_equal(*(run.snapshot().parameters for run in runs))
    assert runs[0].snapshot().train_loss == pytest.approx(runs[1].snapshot().train_loss)


@pytest.mark.parametrize(
    ("text", "values"),
    [("setosa:5", (5, 1, 1)), ("virginica:2, setosa:0.5", (0.5, 1, 2)), ("1,2,3", (1, 2, 3))],
)
def test_weights_by_class(text, values):
    assert weights_of("iris", text).values == values


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("diabetes", "balanced", "needs one class for each sample; the targets of diabetes are"),
        ("sine", "1, 2", "set it to none"),
        ("iris", "1, 2", "1, 2 has 2 weights for 3 classes, in the order setosa, versicolor"),
        ("iris", "setsa:2", "there is no class 'setsa'; did you mean setosa?"),
    ],
)
def test_weights_that_do_not_fit_are_refused(name, text, said):
    found = opened(name, text)
    with pytest.raises(RecipeError, match=said):
        Trainer(found.recipe, found.dataset)


@pytest.mark.parametrize("text", ["0, 1", "-1, 2", "setosa", "a:b", "1, a:2", "nan, 1", ":2"])
def test_values_that_are_no_weights_are_refused(text):
    with pytest.raises(RecipeError, match="class:weight"):
        parse_value("training.class_weights", text)


def test_a_change_of_the_weights_is_an_edit_that_is_replayed():
    found = opened("iris", "none")
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(5)
    keyframe = trainer.keyframe()
    trainer.apply(RecipeEdit(5, (("training.class_weights", ("setosa:5",)),)))
    assert trainer.best is None  # the losses measure something else
    trainer.run_epochs(5)
    again = Trainer(found.recipe, found.dataset)
    again.restore(keyframe)
    again.apply(RecipeEdit(5, (("training.class_weights", ("setosa:5",)),)))
    again.run_epochs(5)
    same(trainer, again)
    changed = trainer.recipe
    other = Trainer(changed, found.dataset)
    other.restore(trainer.keyframe())
    same(trainer, other)


def test_balanced_weights_follow_a_change_of_a_class():
    found = opened("iris", "balanced")
    trainer = Trainer(found.recipe, found.dataset)
    before = trainer.runner.loop.state.rule.class_weights
    column = len(found.dataset.raw_names)
    trainer.apply(DatumEdit(0, 0, column, (found.dataset.targets[0, 0] + 1) % 3))
    after = trainer.runner.loop.state.rule.class_weights
    assert before != after
    fresh = Trainer(found.recipe, replace(trainer.dataset))
    assert fresh.runner.loop.state.rule.class_weights == after
