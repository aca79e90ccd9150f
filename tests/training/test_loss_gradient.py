"""The gradient of a snapshot is that of the loss at the weights, samples and loss it shows."""

import numpy as np
import pytest

from nn_tui.training import chunk_size, loss_gradient
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.loss_gradient import LossGradient
from nn_tui.training.trainer import Trainer
from tests.nn import plain
from tests.training.runs import blog, points, recipe

EDITS = {
    "none": lambda epoch: None,
    "the label of a sample": lambda epoch: DatumEdit(epoch, 1, 2, 0.125),
    "an input": lambda epoch: DatumEdit(epoch, 0, 1, -2.0),
    "a weight": lambda epoch: ParameterEdit(epoch, "W1", (2, 0), -3.0),
    "a pruned weight": lambda epoch: PruneEdit(epoch, "W0", (0, 1)),
    "the loss": lambda epoch: RecipeEdit(epoch, (("training.loss", "binary_cross_entropy"),)),
    "the reduction": lambda epoch: RecipeEdit(epoch, (("training.reduction", "mean"),)),
    "the batch size": lambda epoch: RecipeEdit(epoch, (("training.batch_size", 5),)),
}


def numeric(snapshot):
    """By finite differences of the mean or summed loss over all training samples."""
    dataset, training, network = snapshot.dataset, snapshot.recipe.training, snapshot.network
    train = slice(dataset.train_count)
    inputs, targets = dataset.inputs[train], dataset.encoded(network.output)[train]
    average = np.mean if training.reduction == "mean" else np.sum

    def value(named):
        kinds = network.activation, network.output, training.loss
        per_sample = plain.losses(named, network.depth, inputs, targets, *kinds)
        return average(per_sample, axis=-1)

    return plain.numeric_gradient(value, snapshot.parameters, network.shapes())


def assert_true(snapshot):
    assert snapshot.gradient_is_current
    np.testing.assert_allclose(snapshot.gradient, numeric(snapshot), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("batch_size", ["all", 10])
@pytest.mark.parametrize("change", EDITS)
def test_after_any_change_the_gradient_is_that_of_what_is_shown(change, batch_size, reduction):
    made = recipe(bias=True, learning_rate=0.05, batch_size=batch_size, reduction=reduction)
    trainer = Trainer(made, points(53, tested=9))
    assert_true(trainer.snapshot())
    trainer.run_epochs(7)
    assert_true(trainer.snapshot())
    edit = EDITS[change](7)
    if edit is not None:
        trainer.apply(edit)
        assert_true(trainer.snapshot())
    trainer.run_epochs(1)
    assert_true(trainer.snapshot())


@pytest.mark.parametrize("change", EDITS)
def test_that_holds_within_an_epoch_too(change, monkeypatch):
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    trainer = Trainer(recipe(batch_size=10, learning_rate=0.05), points(53))
    trainer.run_for(0.0)
    assert not trainer.at_rest
    assert_true(trainer.snapshot())
    edit = EDITS[change](trainer.edit_epoch)
    if edit is not None and change != "a weight":
        trainer.apply(edit)
        assert_true(trainer.snapshot())


def test_over_many_samples_it_is_the_sum_over_blocks():
    trainer = Trainer(recipe(bias=True), points(9_000))
    snapshot, dataset = trainer.snapshot(), trainer.dataset
    parts = [
        LossGradient(
            trainer.network,
            "half_squared_error",
            False,
            dataset.inputs[start : start + 100],
            dataset.targets[start : start + 100],
        ).at(snapshot.parameters)
        for start in range(0, 9_000, 100)
    ]
    np.testing.assert_allclose(snapshot.gradient, np.sum(parts, axis=0), rtol=1e-9)


def test_where_it_would_take_long_it_is_that_of_the_last_update_and_says_so(monkeypatch):
    monkeypatch.setattr(loss_gradient, "MOST_WORK", 10)
    trainer = Trainer(recipe(learning_rate=0.5), blog())
    start = trainer.snapshot()
    assert not start.gradient_is_current and not start.has_gradient
    trainer.run_epochs(1)
    snapshot = trainer.snapshot()
    assert not snapshot.gradient_is_current and snapshot.has_gradient
    np.testing.assert_allclose(snapshot.gradient, -snapshot.change / 0.5)


# The last change


def test_the_last_change_is_known_to_be_of_before_once_something_was_changed_by_hand():
    trainer = Trainer(recipe(), blog())
    trainer.run_epochs(3)
    assert trainer.snapshot().change_is_current
    trainer.apply(ParameterEdit(3, "W0", (0, 0), 1.0))
    assert not trainer.snapshot().change_is_current
    trainer.run_epochs(1)
    assert trainer.snapshot().change_is_current
