"""TensorFlow Playground's own runs, from its data and initial weights, to 1e-9."""

import json
from pathlib import Path

import numpy as np
import pytest

from nn_tui.data.dataset import Dataset
from nn_tui.training.trainer import Trainer
from tests.training.runs import Recorded, recipe

RUNS = sorted((Path(__file__).parents[1] / "playground").glob("[0-9][0-9]_*.json"))


def column(values):
    return np.array(values, float).reshape(len(values), -1)


def dataset_of(run):
    inputs, targets = column(run["inputs"]), column(run["targets"])
    count = len(inputs)
    if run["test_inputs"]:
        inputs = np.vstack([inputs, column(run["test_inputs"])])
        targets = np.vstack([targets, column(run["test_targets"])])
    return Dataset("run", inputs, targets, tuple(run["features"]), ("y",), count)


def recipe_of(run):
    return recipe(
        hidden=tuple(run["layer_sizes"][1:-1]),
        activation=run["hidden_activation"],
        output=run["output_activation"],
        bias=True,
        reduction="mean",
        learning_rate=run["learning_rate"],
        batch_size=run["batch_size"],
        partial_batch="carry",
        penalty=run["regularization"].lower(),
        penalty_rate=run["regularization_rate"],
    )


def weights_of(place):
    named = {f"W{i}": np.array(weights) for i, weights in enumerate(place["weights"])}
    return named | {f"b{i}": np.array(biases) for i, biases in enumerate(place["biases"])}


@pytest.fixture(params=RUNS, ids=lambda path: path.stem)
def run(request):
    return json.loads(request.param.read_text())


def test_all_six_are_here():
    assert len(RUNS) == 6


def test_losses_and_weights_are_the_playgrounds(run):
    trainer = Trainer(recipe_of(run), dataset_of(run), weights_of(run["initial"]))
    recorded = Recorded(trainer)
    first = trainer.snapshot()
    for epoch in sorted(int(epoch) for epoch in run["result"]["checkpoints"]):
        trainer.run_epochs(epoch - trainer.epoch)
        assert_same_weights(trainer, run["result"]["checkpoints"][str(epoch)])
    trainer.run_epochs(run["epochs"] - trainer.epoch)
    assert_same_weights(trainer, run["result"]["final"])
    losses = [first.train_loss, *recorded.train]
    np.testing.assert_allclose(losses, run["result"]["loss_train"], rtol=0, atol=1e-9)
    if run["test_inputs"]:
        losses = [first.test_loss, *recorded.test]
        np.testing.assert_allclose(losses, run["result"]["loss_test"], rtol=0, atol=1e-9)


def test_cut_links_are_the_playgrounds(run):
    trainer = Trainer(recipe_of(run), dataset_of(run), weights_of(run["initial"]))
    trainer.run_epochs(run["epochs"])
    made = trainer.snapshot().weights
    for i, dead in enumerate(run["result"]["final"]["dead"]):
        np.testing.assert_array_equal(made[f"W{i}"] == 0, np.array(dead, bool))


def assert_same_weights(trainer, place):
    wanted = weights_of(place)
    for name, array in trainer.snapshot().weights.items():
        np.testing.assert_allclose(array, wanted[name], rtol=0, atol=1e-9)
