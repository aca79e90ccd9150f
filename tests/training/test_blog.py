"""The blog's experiment against the blog's own loop, to the last bit."""

import functools

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.training.trainer import Trainer
from tests.training.runs import BLOG_INPUTS, BLOG_TARGETS, Recorded, blog, recipe


@functools.cache
def naive(name, epochs):
    """The loop as a reader of the blog types it.

    The blog's sigmoid takes a parameter to calculate the derivative.
    """

    def sigmoid(x, derivative=False):
        if derivative:
            return x * (1 - x)
        return 1 / (1 + np.exp(-x))

    X, y = BLOG_INPUTS, BLOG_TARGETS[name]
    np.random.seed(1)
    W0 = 2 * np.random.random((3, 4)) - 1
    W1 = 2 * np.random.random((4, 1)) - 1
    for _ in range(epochs):
        l0 = X
        l1 = sigmoid(np.dot(l0, W0))
        l2 = sigmoid(np.dot(l1, W1))
        l2_error = y - l2
        l2_delta = l2_error * sigmoid(l2, derivative=True)
        l1_error = np.dot(l2_delta, W1.T)
        l1_delta = l1_error * sigmoid(l1, derivative=True)
        W1 += np.dot(l1.T, l2_delta)
        W0 += np.dot(l0.T, l1_delta)
    return W0, W1, sigmoid(np.dot(sigmoid(np.dot(X, W0)), W1))


@pytest.mark.parametrize("name", ["blog", "xor"])
@pytest.mark.parametrize("epochs", [0, 1, 50, 1000, 60_000])
def test_weights_are_those_of_the_readers_loop_bit_for_bit(name, epochs):
    trainer = Trainer(recipe(), blog(name))
    trainer.run_epochs(epochs)
    weights = trainer.snapshot().weights
    wanted = naive(name, epochs)
    np.testing.assert_array_equal(weights["W0"], wanted[0])
    np.testing.assert_array_equal(weights["W1"], wanted[1])


@pytest.mark.parametrize("preset", ["blog", "blog-xor"])
def test_the_presets_themselves_are_the_readers_loop(preset):
    found = experiment.load_experiment(preset)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(1000)
    weights = trainer.snapshot().weights
    wanted = naive(preset.removeprefix("blog-"), 1000)
    np.testing.assert_array_equal(weights["W0"], wanted[0])
    np.testing.assert_array_equal(weights["W1"], wanted[1])


def test_predictions_are_the_blogs():
    """The blog prints those of its fiftieth forward pass, that is, after 49 updates."""
    printed = np.array([0.168, 0.143, 0.841, 0.826])
    assert naive("blog", 49)[2][:, 0].round(3).tolist() == printed.tolist()
    trainer = Trainer(recipe(), blog())
    trainer.run_epochs(49)
    snapshot = trainer.snapshot()
    error = np.abs(printed - BLOG_TARGETS["blog"][:, 0]).mean()
    assert snapshot.train_error == pytest.approx(error, abs=5e-4)
    assert snapshot.train_accuracy == 1.0
    assert snapshot.test_loss is None and snapshot.test_accuracy is None


def test_every_loss_is_that_of_the_weights_after_its_epoch():
    trainer = Trainer(recipe(), blog("xor"))
    recorded = Recorded(trainer)
    trainer.run_epochs(300)
    assert recorded.epochs == list(range(1, 301))
    for epoch in (1, 2, 50, 299, 300):
        predictions = naive("xor", epoch)[2]
        loss = np.mean((BLOG_TARGETS["xor"] - predictions) ** 2) / 2
        assert recorded.train[epoch - 1] == pytest.approx(loss, rel=1e-14)
    curve = trainer.snapshot().losses
    np.testing.assert_array_equal(curve.first, np.arange(301))
    np.testing.assert_array_equal(curve.train_low[1:], recorded.train)
    np.testing.assert_array_equal(curve.train_high[1:], recorded.train)
    assert np.isnan(curve.test_low).all()


def test_given_weights_replace_the_recipes():
    weights = {"W0": np.full((3, 4), 0.25), "W1": np.full((4, 1), -0.5)}
    trainer = Trainer(recipe(), blog(), weights)
    made = trainer.snapshot().weights
    np.testing.assert_array_equal(made["W0"], weights["W0"])
    np.testing.assert_array_equal(made["W1"], weights["W1"])
    with pytest.raises(ValueError, match="W1 is missing"):
        Trainer(recipe(), blog(), {"W0": weights["W0"]})


def test_a_snapshot_is_left_alone_by_later_training():
    trainer = Trainer(recipe(), blog())
    trainer.run_epochs(3)
    snapshot = trainer.snapshot()
    kept = (snapshot.parameters.copy(), snapshot.gradient.copy(), snapshot.losses.train_low.copy())
    trainer.run_epochs(500)
    np.testing.assert_array_equal(snapshot.parameters, kept[0])
    np.testing.assert_array_equal(snapshot.gradient, kept[1])
    np.testing.assert_array_equal(snapshot.losses.train_low, kept[2])
    assert (snapshot.epoch, len(snapshot.losses)) == (3, 4)
    with pytest.raises(ValueError):
        snapshot.weights["W0"][0, 0] = 1


def test_the_gradient_shown_is_that_by_which_the_next_update_moves_the_weights():
    trainer = Trainer(recipe(), blog())
    for _ in range(9):
        before = trainer.snapshot()
        trainer.run_epochs(1)
        moved = trainer.snapshot().parameters - before.parameters
        np.testing.assert_allclose(-before.gradient, moved, rtol=1e-9, atol=1e-15)
    assert set(before.gradients) == {"W0", "W1"}
