"""What a step may have besides its rule: the same bits in every way to run it.

By the extension and by Python, in slices, through time and undo, saved and resumed, and by
the exported script.
"""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.files.script.script import script_of
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.predictor import outputs_of
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.model_builder import build_learning_rule, rate_at, rates_at, schedule_of
from nn_tui.training.run import Run
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, points, recipe, same

BATCHES = (
    {},
    {"batch_size": 10},
    {"batch_size": 7, "partial_batch": "carry", "shuffle": True},
    {"batch_size": 11, "partial_batch": "drop", "evaluate_every": 3},
)
OWN = (("own", "np.sin(x) + x * 0"),)
KINDS = {
    "cosine": {"schedule": "cosine", "schedule_epochs": 9, "final_rate": 0.1},
    "one cycle": {"schedule": "one_cycle", "optimizer": "adam", "learning_rate": 0.02},
    "step": {"schedule": "step", "schedule_epochs": 3, "dtype": "float32", "penalty": "l2"},
    "clip": {"clip_norm": 0.05, "optimizer": "adam", "learning_rate": 0.02},
    "clip and carry": {"clip_norm": 0.02, "reduction": "mean", "penalty": "l1"},
    "list": {"activation": ("relu", "own"), "functions": OWN},
    "own": {"activation": "own", "functions": (("own_derivative", "np.cos(x)"), *OWN)},
    "own narrow": {"activation": ("sigmoid", "own"), "functions": OWN, "dtype": "float32"},
    "dropout": {"dropout": 0.4, "optimizer": "adam", "learning_rate": 0.02},
    "dropout and list": {"dropout": 0.2, "activation": ("linear", "tanh"), "reduction": "mean"},
    "noise": {"input_noise": 0.3, "penalty": "l1"},
    "noise narrow": {"input_noise": 0.3, "dropout": 0.3, "dtype": "float32"},
    "smoothing": {"label_smoothing": 0.1, "loss": "cross_entropy", "output": "softmax"},
    "everything": {
        "label_smoothing": 0.2,
        "loss": "huber",
        "output": "softmax",
        "dropout": 0.3,
        "input_noise": 0.1,
        "clip_norm": 0.3,
        "schedule": "warmup_cosine",
    },
    "clip narrow": {"clip_norm": 0.5, "dtype": "float32"},
}


def made(name, batches):
    values = {
        "hidden": (5, 3),
        "activation": "tanh",
        "bias": True,
        "learning_rate": 0.1,
        "penalty_rate": 0.01,
        **KINDS[name],
        **batches,
    }
    functions = values.pop("functions", ())
    return replace(recipe(**values), functions=tuple(sorted(functions)))


def data_for(made):
    return flowers(60, 20) if made.network.output == "softmax" else points(53, 13)


def weights_of_script(run, epoch):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(script_of(run, epoch), names)
    return {name: names[name] for name in names if name[0] in "Wb" and name[1:].isdigit()}


def assert_script_ends_alike(run, trainer):
    for name, array in weights_of_script(run, trainer.epoch).items():
        assert array.dtype == trainer.runner.loop.state.dtype
        np.testing.assert_array_equal(array, trainer.runner.loop.state.arrays[name], name)


@pytest.mark.parametrize("number", range(len(BATCHES)))
@pytest.mark.parametrize("name", KINDS)
def test_every_way_to_run_a_step_gives_the_same_bits(name, number):
    wanted = made(name, BATCHES[number])
    data = data_for(wanted)
    assert from_toml(to_toml(wanted)) == wanted
    compiled, called, sliced = (Trainer(wanted, data) for _ in range(3))
    called.runner.loop.do_without_extension()
    assert compiled.runner.loop.compiled is not None
    compiled.run_epochs(5)
    compiled.run_epochs(7)
    called.run_epochs(12)
    moved = False
    while sliced.epoch < 12:
        sliced.runner._run_pieces(0.0)
        partial = sliced.partial_epoch
        if partial is not None and sliced.epoch == 3 and not moved:  # saved, continued elsewhere
            moved, keyframe, sliced = True, sliced.keyframe(), Trainer(wanted, data)
            sliced.restore(keyframe)
            sliced.enter(partial)
    for other in (called, sliced):
        same(compiled, other)
    assert_script_ends_alike(Run("points", wanted, data), compiled)


@pytest.mark.parametrize("name", KINDS)
def test_it_can_be_changed_in_the_middle_undone_and_returned_to(name):
    wanted = made(name, BATCHES[1])
    data = data_for(wanted)
    plain = recipe(hidden=(5, 3), activation="tanh", bias=True, learning_rate=0.1, batch_size=10)
    for key in ("network.dtype", "network.activation", "network.output", "training.loss"):
        plain = plain.with_value(key, wanted[key])
    plain = replace(plain, functions=wanted.functions)
    timeline = Timeline(Run("points", plain, data))
    timeline.trainer.run_epochs(4)
    timeline.edit(lambda epoch: RecipeEdit(epoch, timeline.trainer.recipe.differences(wanted)))
    timeline.trainer.run_epochs(4)
    timeline.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.05),)))
    timeline.trainer.run_epochs(4)
    run = timeline.run
    assert_script_ends_alike(run, timeline.trainer)
    again = RunReplayer(run)
    again.go_to(run, 12, lambda: False)
    same(again.trainer, timeline.trainer)
    timeline.go_to(2)
    timeline.go_to(12)
    same(again.trainer, timeline.trainer)
    back = timeline.trainer.recipe.differences(plain)
    timeline.edit(lambda epoch: RecipeEdit(epoch, back))
    timeline.trainer.run_epochs(3)
    assert timeline.trainer.recipe == plain
    assert_script_ends_alike(timeline.run, timeline.trainer)


def test_the_rate_of_every_epoch_is_known_and_is_the_one_trained_with():
    wanted = recipe(schedule="one_cycle", schedule_epochs=20, optimizer="momentum")
    trainer = Trainer(wanted, points())
    for epoch in (1, 2, 3):
        trainer.run_epochs(1)
        used = trainer.runner.loop.state.scalars.values["learning_rate"]
        assert rates_at(wanted, np.arange(1.0, 25.0))[epoch - 1] == used == rate_at(wanted, epoch)


def test_the_gradient_of_an_update_is_no_longer_than_the_limit():
    """torch.nn.utils.clip_grad_norm_, without the 1e-6 that it adds to the norm."""
    data = points(20)
    free = Trainer(recipe(hidden=(4,), bias=True, learning_rate=1.0), data)
    clipped = Trainer(recipe(hidden=(4,), bias=True, learning_rate=1.0, clip_norm=0.1), data)
    start = free.runner.start
    free.run_epochs(1)
    clipped.run_epochs(1)
    gradient, short = (t.runner.loop.state.parameters - start for t in (free, clipped))
    norm = np.linalg.norm(gradient)
    assert norm > 0.1
    np.testing.assert_allclose(short, gradient * min(1, 0.1 / norm), rtol=1e-12)


@pytest.mark.parametrize("name", KINDS)
def test_the_gradient_check_agrees_and_a_wrong_line_is_named(name):
    wanted = made(name, BATCHES[1])
    right = check_gradients(Trainer(wanted, data_for(wanted)).step(), 8)
    assert right.agrees, [(e.name, e.relative_error) for e in right.parameters]
    unit = Trainer(wanted, data_for(wanted)).network.unit_of(1)
    line = "l1_error" if unit.derivative else "l1_delta"
    wrong = wanted.with_value(f"lines.{line}", "l2_delta @ W1.T * 1.5")
    found = check_gradients(Trainer(wrong, data_for(wrong)).step(), 8)
    assert found.faults[0].name == line


def test_a_derivative_that_mixes_samples_is_refused():
    text = to_toml(recipe(activation="own")) + "[functions]\nown = 'x * 2'\n"
    with pytest.raises(RecipeError, match="own_derivative mixes samples"):
        from_toml(f"{text}own_derivative = 'x - x.sum(axis=0)'\n")


def one_layer(**values):
    """A linear unit without bias on two inputs: the gradients are written out in a line."""
    return recipe(hidden=(), output="linear", learning_rate=0.1, **values)


def test_noisy_inputs_are_keras_gaussian_noise_and_evaluations_have_none():
    data = points(8)
    trainer = Trainer(one_layer(input_noise=0.5, seed=3), data)
    weights = trainer.start.reshape(2, 1).copy()
    for epoch in (1, 2):
        loss = ((data.targets - data.inputs @ weights) ** 2).sum() / 2 / 8
        assert trainer.snapshot().train_loss == pytest.approx(loss, rel=1e-12)
        noise = np.random.default_rng([3, epoch, 1]).standard_normal((8, 2))
        seen = data.inputs + 0.5 * noise
        weights += 0.1 * seen.T @ (data.targets - seen @ weights)
        trainer.run_epochs(1)
        np.testing.assert_allclose(trainer.snapshot().parameters, weights.ravel(), rtol=1e-12)


def test_dropout_is_inverted_as_in_pytorch_and_predictions_use_all_units():
    """torch.nn.functional.dropout: a · mask / (1 - p), in training only."""
    data, p = points(8), 0.25
    values = {"hidden": (5,), "activation": "linear", "output": "linear", "learning_rate": 0.1}
    trainer = Trainer(recipe(dropout=p, seed=4, **values), data)
    w0, w1 = trainer.start[:10].reshape(2, 5).copy(), trainer.start[10:].reshape(5, 1).copy()
    loss = ((data.targets - data.inputs @ w0 @ w1) ** 2).sum() / 2 / 8
    assert trainer.snapshot().train_loss == pytest.approx(loss, rel=1e-12)
    mask = (np.random.default_rng([4, 1, 1]).random((8, 5)) >= p) / (1 - p)
    assert 0 < (mask == 0).sum() < 40
    hidden = data.inputs @ w0 * mask
    error = data.targets - hidden @ w1
    back = data.inputs.T @ (error @ w1.T * mask)
    w1, w0 = w1 + 0.1 * hidden.T @ error, w0 + 0.1 * back
    trainer.run_epochs(1)
    np.testing.assert_allclose(
        trainer.snapshot().parameters, np.concatenate([w0.ravel(), w1.ravel()]), rtol=1e-12
    )


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_smoothed_losses_are_those_of_pytorch_and_keras(output):
    """CrossEntropyLoss(label_smoothing=s); BinaryCrossentropy(label_smoothing=s)."""
    data, s = flowers(30, 0, classes=3 if output == "softmax" else 2), 0.2
    loss = "cross_entropy" if output == "softmax" else "binary_cross_entropy"
    made = recipe(hidden=(), output=output, loss=loss, label_smoothing=s, batch_size=10)
    trainer = Trainer(made, data)
    z = data.inputs @ trainer.start.reshape(2, -1)
    number = data.targets[:, 0].astype(int)
    if output == "softmax":
        logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        expected = -((1 - s) * logs[np.arange(30), number] + s * logs.mean(axis=1)).mean()
    else:
        y = number[:, None] * (1 - s) + s / 2
        a = 1 / (1 + np.exp(-z))
        expected = -(y * np.log(a) + (1 - y) * np.log(1 - a)).mean()
    assert trainer.snapshot().train_loss == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", [name for name, entry in SCHEDULES.items() if entry.rate])
def test_the_line_of_every_schedule_can_be_edited(name):
    made = recipe(schedule=name, hidden=(3,))
    line = schedule_of(made).code.partition(" = ")[2]
    edited = made.with_value("lines.learning_rate", f"{line} * 1")
    usual, other = (Trainer(one, points(20)) for one in (made, edited))
    for trainer in (usual, other):
        trainer.run_epochs(4)
    np.testing.assert_array_equal(usual.snapshot().parameters, other.snapshot().parameters)
    assert_script_ends_alike(Run("points", edited, points(20)), other)


@pytest.mark.parametrize("power", ["9 ** 9 ** 9", "9 ** (9 * 9 ** 9)", "9 ** (9 / 9 ** 9 ** 9)"])
def test_a_power_that_takes_forever_is_refused(power):
    made = recipe(schedule="step").with_value("lines.learning_rate", f"base_rate * {power}")
    with pytest.raises(RecipeError, match="an exponent is a number"):
        Trainer(made, points(20))


def test_what_does_not_fit_is_refused_in_a_sentence():
    for values, lines, said in (
        ({"label_smoothing": 0.1}, {}, "needs one class for each sample"),
        ({"dropout": 0.2}, {"after l1_dropped": ("l1_dropped *= 2",)}, "add lines after l1"),
        ({"dropout": 0.2}, {"l1": "np.tanh(l0 @ W0) * dropout"}, "dropout is unknown here"),
        ({"schedule": "step"}, {"learning_rate": "np.tanh(epoch)"}, "computed from numbers"),
        ({"schedule": "step"}, {"learning_rate": "W0.sum()"}, "W0 is unknown"),
        ({"schedule": "step"}, {"learning_rate": ""}, "neither left out"),
        ({"schedule": "step"}, {"W0 +=": "-= epoch * (l0.T @ l1_delta)"}, "epoch is unknown"),
        ({"clip_norm": 1.0}, {"squared_norm +=": "np.vdot(W0, W0)"}, "lines are called"),
        ({}, {"l1": "sigmoid(l0 @ W0 / np.abs(l0).max())"}, "this mixes samples"),
        ({}, {"l1": "sigmoid(np.vdot(l0, l0) * (l0 @ W0))"}, "this mixes samples"),
        ({}, {"l1": "sigmoid((l0 @ W0) - (l0 @ W0).sum(axis=0))"}, "this mixes samples"),
        ({}, {"after l1": ("m = l1.sum(axis=0, keepdims=True)",)}, "this mixes samples"),
        ({}, {"l1": "bend(l0 @ W0)"}, "bend mixes samples"),
        ({}, {"learning_rate": "0.1"}, "no line learning_rate"),
    ):
        wanted = recipe(hidden=(4, 3), **values)
        wanted = wanted.with_value("functions.bend", "x / np.abs(x).max()")
        for name, line in lines.items():
            wanted = wanted.with_value(f"lines.{name}", line)
        with pytest.raises(RecipeError, match=said):
            Trainer(wanted, points())


@pytest.mark.parametrize(
    "line", ["sigmoid(l0 @ W0 * np.abs(W0).max())", "(l0 @ W0) * np.vdot(W0, W0)"]
)
def test_lines_that_keep_samples_apart_are_accepted(line):
    softmax = "np.exp(l0 @ W0) / np.exp(l0 @ W0).sum(axis=1, keepdims=True)"
    for code in (line, softmax):
        Trainer(recipe(hidden=(4, 3)).with_value("lines.l1", code), points())


def test_lines_of_new_kinds_can_be_changed_and_predictions_follow():
    """A line that reads dropped units reads all of them in a prediction."""
    wanted = recipe(hidden=(4,), dropout=0.3, schedule="step", schedule_epochs=2, batch_size=10)
    for name, line in {
        "l1_dropped": "l1 * (l1_random >= dropout)",
        "l2": "sigmoid(0.5 * (l1_dropped @ W1))",
        "learning_rate": "base_rate * np.exp(-epoch / 10)",
    }.items():
        wanted = wanted.with_value(f"lines.{name}", line)
    compiled, called = (Trainer(wanted, points()) for _ in range(2))
    called.runner.loop.do_without_extension()
    compiled.run_epochs(5)
    called.run_epochs(5)
    same(compiled, called)
    assert_script_ends_alike(Run("points", wanted, points()), compiled)
    network, rule = compiled.network, build_learning_rule(wanted)
    parameters, inputs = compiled.snapshot().parameters, points().inputs
    made = outputs_of(network, rule, parameters, inputs)
    w0, w1 = parameters[:8].reshape(2, 4), parameters[8:].reshape(4, 1)
    hidden = 1 / (1 + np.exp(-(inputs @ w0)))
    np.testing.assert_allclose(made, 1 / (1 + np.exp(-0.5 * (hidden @ w1))), rtol=1e-12)
