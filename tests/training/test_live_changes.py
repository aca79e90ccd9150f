"""Live changes during training, and their effect on the run."""

import numpy as np
import pytest

from nn_tui.recipe.recipe import RecipeError
from nn_tui.training import training_loop as course_module
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.trainer import Trainer
from tests.training.runs import BLOG_INPUTS, BLOG_TARGETS, blog, flowers, points, recipe, same


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_a_learning_rate_changed_on_the_way_acts_as_in_a_loop_that_changes_it_there():
    X, y = BLOG_INPUTS, BLOG_TARGETS["xor"]
    np.random.seed(1)
    W0 = 2 * np.random.random((3, 4)) - 1
    W1 = 2 * np.random.random((4, 1)) - 1
    trainer = Trainer(recipe(), blog("xor"))
    for learning_rate in (1.0, 0.3, 2.5, 1e-3):
        trainer.set(recipe(learning_rate=learning_rate))
        trainer.run_epochs(200)
        for _ in range(200):
            l1 = sigmoid(X @ W0)
            l2 = sigmoid(l1 @ W1)
            l2_delta = (y - l2) * (l2 * (1 - l2))
            l1_delta = l2_delta @ W1.T * (l1 * (1 - l1))
            W1 += learning_rate * (l1.T @ l2_delta)
            W0 += learning_rate * (X.T @ l1_delta)
    weights = trainer.snapshot().weights
    np.testing.assert_array_equal(weights["W0"], W0)
    np.testing.assert_array_equal(weights["W1"], W1)


SCALARS = {
    "learning_rate": 0.4,
    "momentum": 0.3,
    "beta1": 0.5,
    "beta2": 0.5,
    "epsilon": 1e-3,
    "penalty_rate": 0.2,
}


@pytest.mark.parametrize("name", SCALARS)
def test_numbers_change_without_compiling_again(name, monkeypatch):
    before = recipe(batch_size=10, optimizer="adam", penalty="l2", penalty_rate=0.1)
    trainer = Trainer(before, points())
    unchanged = Trainer(before, points())
    trainer.run_epochs(3)
    monkeypatch.setattr(course_module, "_epochs", None)
    trainer.set(before.with_value(f"training.{name}", SCALARS[name]))
    trainer.run_epochs(3)
    unchanged.run_epochs(6)
    same_weights = np.array_equal(trainer.snapshot().parameters, unchanged.snapshot().parameters)
    assert same_weights == (name == "momentum")  # which adam has none of


CHANGES = {
    "loss": {"loss": "huber"},
    "cross entropy": {"loss": "binary_cross_entropy"},
    "reduction": {"reduction": "mean"},
    "batches": {"batch_size": 7},
    "all at once": {"batch_size": "all"},
    "shuffle": {"shuffle": True},
    "carry": {"partial_batch": "carry"},
    "penalty": {"penalty": "l1", "penalty_rate": 0.01},
    "optimizer": {"optimizer": "adam"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_method_goes_on_from_the_weights_as_they_stand(change):
    before = recipe(batch_size=10, learning_rate=0.1)
    after = recipe(**{"batch_size": 10, "learning_rate": 0.1, **CHANGES[change]})
    trainer = Trainer(before, points(tested=9))
    trainer.run_epochs(4)
    weights = trainer.snapshot().weights
    trainer.set(after)
    assert trainer.snapshot().epoch == 4
    np.testing.assert_array_equal(trainer.snapshot().weights["W0"], weights["W0"])
    fresh = Trainer(after, points(tested=9), weights)
    assert trainer.snapshot().train_loss == fresh.snapshot().train_loss
    assert trainer.snapshot().test_loss == fresh.snapshot().test_loss
    trainer.run_epochs(1)
    if change != "shuffle":  # whose order is that of epoch 5 here and of epoch 1 there
        fresh.run_epochs(1)
        np.testing.assert_array_equal(trainer.snapshot().parameters, fresh.snapshot().parameters)


def test_an_optimizers_memory_survives_another_loss_but_not_another_optimizer():
    momentum = recipe(optimizer="momentum", learning_rate=0.1)
    trainer = Trainer(momentum, blog())
    trainer.run_epochs(5)
    before = trainer.snapshot().parameters
    trainer.set(recipe(optimizer="momentum", learning_rate=1e-12, reduction="mean"))
    trainer.run_epochs(1)
    assert np.abs(trainer.snapshot().parameters - before).max() > 1e-4
    trainer.set(recipe(optimizer="sgd"))
    trainer.set(recipe(optimizer="momentum", learning_rate=1e-12))
    before = trainer.snapshot().parameters
    trainer.run_epochs(1)
    assert np.abs(trainer.snapshot().parameters - before).max() < 1e-10


def test_changing_there_and_back_is_as_if_nothing_had_been():
    made = recipe(batch_size=10)
    trainer, reference = (Trainer(made, points()) for _ in range(2))
    trainer.run_epochs(5)
    trainer.set(recipe(batch_size=4, reduction="mean"))
    trainer.set(made)
    trainer.run_epochs(5)
    reference.run_epochs(10)
    same(trainer, reference)


def test_a_loss_that_needs_another_output_takes_it_where_the_output_is_automatic():
    made = recipe(output="auto", loss="half_squared_error")
    dataset = flowers(classes=2)
    trainer = Trainer(made, dataset)
    assert trainer.network.output == "tanh"
    trainer.run_epochs(2)
    trainer.set(made.with_value("training.loss", "binary_cross_entropy"))
    assert trainer.snapshot().network.output == "sigmoid"
    trainer.run_epochs(2)
    assert not trainer.diverged and trainer.epoch == 4


@pytest.mark.parametrize(
    ("start", "change", "sentence"),
    [
        (
            {"output": "auto"},
            {"output": "auto", "loss": "cross_entropy"},
            "the network would have the layers 2-4-2 instead of 2-4-1; restart to train it",
        ),
        (
            {},
            {"hidden": (5,)},
            "the network would have the layers 2-5-1 instead of 2-4-1; restart to train it",
        ),
        (
            {},
            {"bias": True},
            "the network would have another activation or bias; restart to train it",
        ),
        (
            {"batch_size": 10},
            {"batch_size": 50, "partial_batch": "drop"},
            "training.batch_size = 50 is more than the 40 training samples, and "
            "training.partial_batch = drop skips an incomplete batch: nothing would be trained; "
            "use a smaller batch or keep",
        ),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_leaves_the_run_alone(start, change, sentence):
    made, dataset = recipe(**start), flowers(classes=2)
    trainer, reference = (Trainer(made, dataset) for _ in range(2))
    trainer.run_epochs(3)
    with pytest.raises(RecipeError) as error:
        trainer.set(recipe(**change))
    assert str(error.value) == sentence
    assert trainer.recipe == made
    trainer.run_epochs(3)
    reference.run_epochs(6)
    same(trainer, reference)


@pytest.mark.parametrize(
    ("loss", "output", "dataset", "sentence"),
    [
        (
            "binary_cross_entropy",
            "sigmoid",
            lambda: points().__class__(
                "far", np.zeros((2, 1)), np.array([[3.0], [-1.0]]), ("x",), ("y",), 2
            ),
            "training.loss = binary_cross_entropy needs targets from 0 to 1; those of far go "
            "from -1 to 3",
        ),
        (
            "cross_entropy",
            "softmax",
            blog,
            "training.loss = cross_entropy needs classes, or targets that add up to 1; those of "
            "blog do not; binary_cross_entropy takes any from 0 to 1",
        ),
    ],
)
def test_targets_that_a_loss_cannot_take_are_refused(loss, output, dataset, sentence):
    with pytest.raises(RecipeError) as error:
        Trainer(recipe(loss=loss, output=output), dataset())
    assert str(error.value) == sentence


def test_what_was_carried_over_is_dropped_when_the_batches_change():
    made = recipe(batch_size=7, partial_batch="carry", learning_rate=0.1)
    after = made.with_value("training.batch_size", 9)
    trainer = Trainer(made, points(53))
    trainer.run_epochs(4)
    fresh = Trainer(after, points(53), trainer.snapshot().weights)
    trainer.set(after)
    for run in (trainer, fresh):
        run.run_epochs(3)
    np.testing.assert_array_equal(trainer.snapshot().parameters, fresh.snapshot().parameters)


def test_a_loss_that_cannot_take_the_targets_leaves_the_run_alone():
    dataset = points()
    dataset.targets.setflags(write=True)
    dataset.targets[0] = 3
    made = recipe(learning_rate=0.1)
    trainer, reference = (Trainer(made, dataset) for _ in range(2))
    trainer.run_epochs(2)
    with pytest.raises(RecipeError, match="needs targets from 0 to 1; those of points go from"):
        trainer.set(made.with_value("training.loss", "binary_cross_entropy"))
    assert trainer.recipe == made
    trainer.run_epochs(2)
    reference.run_epochs(4)
    same(trainer, reference)


def test_cut_weights_stay_cut_until_the_penalty_changes():
    made = recipe(penalty="l1", penalty_rate=0.005, learning_rate=0.5)
    trainer = Trainer(made, blog())
    trainer.run_epochs(400)
    dead = trainer.snapshot().parameters == 0
    assert 0 < dead.sum() < len(dead)
    trainer.set(made.with_value("training.optimizer", "momentum"))
    trainer.set(made.with_value("training.penalty_rate", 0.0))
    trainer.run_epochs(100)
    assert (trainer.snapshot().parameters[dead] == 0).all()
    trainer.set(made.with_value("training.penalty", "none"))
    trainer.run_epochs(5)
    assert (trainer.snapshot().parameters[dead] != 0).any()


@pytest.mark.parametrize("batch", ["all", 10])
def test_the_loss_shown_after_a_change_of_evaluate_every_is_that_of_the_epoch(batch):
    made = recipe(batch_size=batch, evaluate_every=10)
    changed, other = (Trainer(made, points(53, 13)) for _ in range(2))
    for trainer in (changed, other):
        trainer.run_epochs(5)
    changed.apply(RecipeEdit(5, (("training.evaluate_every", 1),)))
    assert changed.snapshot().train_loss == other.snapshot().train_loss


@pytest.mark.parametrize(
    ("start", "key", "value"),
    [
        (recipe(label_smoothing=0.1), "training.label_smoothing", 0.6),
        (
            recipe().with_value("lines.l2_error", "(y - l2) * (1 - penalty_rate)"),
            "training.penalty_rate",
            0.5,
        ),
    ],
)
def test_a_number_that_the_error_reads_acts_in_the_next_update(start, key, value):
    changed, restored = (Trainer(start, flowers(40, 0, classes=2)) for _ in range(2))
    changed.run_epochs(3)
    changed.apply(RecipeEdit(3, ((key, value),)))
    restored.restore(changed.keyframe())
    for trainer in (changed, restored):
        trainer.run_epochs(3)
    same(changed, restored)


def test_losses_of_other_targets_have_another_best_epoch():
    trainer = Trainer(recipe(), flowers(40, 10, classes=2))
    trainer.run_epochs(5)
    trainer.set(trainer.recipe.with_value("training.label_smoothing", 0.5))
    assert trainer.best is None
