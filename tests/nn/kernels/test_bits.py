"""The extension computes what Python and NumPy compute, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.kernels import status
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.training.edits import ParameterEdit
from nn_tui.training.trainer import Trainer
from tests.nn.kernels.both_ways import agree, combinations, same_run, start
from tests.training.runs import flowers, points, recipe

CHOSEN = list(combinations(everything=False))
PARTS = 12


@pytest.mark.parametrize("part", range(PARTS))
def test_every_registered_function_has_the_same_bits(part, monkeypatch):
    for made in CHOSEN[part::PARTS]:
        agree(made, monkeypatch)


def test_the_combinations_have_every_entry_of_the_registries():
    training, network = [made.training for made in CHOSEN], [made.network for made in CHOSEN]
    assert {t.loss for t in training} == set(LOSSES)
    assert {t.optimizer for t in training} == set(OPTIMIZERS)
    assert {t.penalty for t in training} == set(PENALTIES)
    assert {t.schedule for t in training} == set(SCHEDULES)
    assert {n.activation for n in network} == set(ACTIVATIONS)
    for field in ("batch_size", "partial_batch", "shuffle", "reduction", "clip_norm"):
        assert len({getattr(t, field) for t in training}) > 1
    assert (
        {t.input_noise > 0 for t in training} == {n.dropout > 0 for n in network} == {False, True}
    )
    assert {n.dtype for n in network} == {"float32", "float64"}


def test_a_large_network_with_blocks_of_samples_has_the_same_bits(monkeypatch):
    """Chains of many blocks, more than one window, and more than one block of an evaluation."""
    for dtype in ("float64", "float32"):
        for optimizer in OPTIMIZERS:
            values = {"hidden": (70, 33), "bias": True, "dtype": dtype, "optimizer": optimizer}
            made = recipe(**values, penalty="l1", penalty_rate=0.01, batch_size=3, shuffle=True)
            ways = []
            for way in ("off", "on"):
                trainer = start(made, way, monkeypatch)
                trainer = Trainer(made, points(4500, 150))
                trainer.run_epochs(2)
                ways.append(trainer)
            same_run(*ways)


def test_the_epoch_whose_loss_is_not_finite_is_the_same(monkeypatch):
    for size in ("all", 10):
        made = recipe(learning_rate=1e30, activation="linear", output="linear", batch_size=size)
        assert agree(made, monkeypatch, counts=(30,)).diverged


def test_edits_between_two_calls_have_the_same_effect(monkeypatch):
    ways = []
    for way in ("off", "on"):
        made = recipe(batch_size=7, shuffle=True, hidden=(4,), optimizer="momentum", bias=True)
        trainer = start(made, way, monkeypatch)
        for count, (field, value) in enumerate(
            (
                ("training.learning_rate", 0.3),
                ("training.momentum", 0.5),
                ("training.optimizer", "adam"),
                ("training.penalty", "l1"),
                ("training.batch_size", 10),
                ("training.partial_batch", "carry"),
                ("training.evaluate_every", 2),
                ("training.batch_size", "all"),
                ("training.loss", "huber"),
            ),
            start=3,
        ):
            trainer.run_epochs(count)
            trainer.set(trainer.recipe.with_value(field, value))
            trainer.apply(ParameterEdit(trainer.epoch, "W0", (0, 1), 0.25))
        trainer.run_epochs(4)
        ways.append(trainer)
    same_run(*ways)


def test_a_run_may_change_between_both_at_any_epoch(monkeypatch):
    made = recipe(batch_size=10, shuffle=True, hidden=(4,), optimizer="adam", partial_batch="carry")
    whole = start(made, "on", monkeypatch)
    whole.run_epochs(9)
    keyframe = whole.keyframe()
    whole.run_epochs(9)
    again = start(made, "off", monkeypatch)
    again.restore(keyframe)
    again.run_epochs(9)
    same_run(again, whole)


def test_predictions_are_kept_of_every_epoch_that_is_evaluated(monkeypatch):
    """The metrics of many epochs are computed from them at once."""
    made = recipe(hidden=(4,), evaluate_every=3, batch_size=10)
    trainer = agree(made, monkeypatch, counts=(2, 50, 5))
    errors = trainer.history.curve().band("train_error")[0]
    assert len(np.unique(errors)) > 10


@pytest.mark.parametrize(("loss", "output"), [("huber", "tanh"), ("cross_entropy", "softmax")])
@pytest.mark.parametrize("batch", ["all", 7])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("classes", [2, 3])
def test_class_weights_a_validation_set_and_early_stopping(
    loss, output, batch, dtype, classes, monkeypatch
):
    dataset = flowers(60, 15, classes)
    dataset = replace(dataset, train_count=dataset.train_count - 10, validation_count=10)
    made = recipe(
        loss=loss,
        output=output,
        dtype=dtype,
        batch_size=batch,
        learning_rate=0.05,
        class_weights="balanced",
        patience=3,
    )
    trainers = []
    for way in ("off", "on"):
        monkeypatch.setenv(status.SWITCH, way)
        trainers.append(Trainer(made, dataset))
        trainers[-1].run_epochs(300)
    assert [trainer.runner.loop.compiled is not None for trainer in trainers] == [False, True]
    same_run(*trainers)
    python, compiled = trainers
    assert (python.epoch, python.stopped, python.best) == (
        compiled.epoch,
        compiled.stopped,
        compiled.best,
    )
    assert python.snapshot().validation_loss == compiled.snapshot().validation_loss
