"""Every gradient against central finite differences of losses computed elsewhere."""

import itertools

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from tests.nn import plain

ROWS = 6
PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]
HIDDEN = {0: (), 1: (4,), 2: (4, 3), 3: (3, 4, 2)}


def problem(network, loss, seed=7):
    random = np.random.default_rng(seed)
    inputs = random.normal(size=(ROWS, network.sizes[0]))
    shape = (ROWS, network.sizes[-1])
    targets = random.normal(0, 1.5, shape)
    if LOSSES[loss].targets == "probability":
        targets = random.uniform(0, 1, shape)
    if network.output == "softmax":
        targets = random.dirichlet(np.ones(shape[1]), ROWS)
    parameters = random.normal(0, 0.8, network.parameter_count)
    return inputs, targets, parameters


def error_of_gradient(activation, output, loss, bias, depth, mean):
    network = Architecture((3, *HIDDEN[depth], 2), activation, output, bias)
    inputs, targets, parameters = problem(network, loss)
    state = State(network, LearningRule(loss, mean), parameters, {"learning_rate": 0.1})
    Step(state, inputs, targets, Workspace(state, ROWS)).run()
    made = -state.arrays["descent"]
    average = np.mean if mean else np.sum

    def value(named):
        per_sample = plain.losses(named, network.depth, inputs, targets, activation, output, loss)
        return average(per_sample, axis=-1)

    wanted = plain.numeric_gradient(value, parameters, network.shapes())
    return np.linalg.norm(made - wanted) / np.linalg.norm(wanted)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("depth", HIDDEN)
def test_the_gradient_is_the_derivative_of_the_loss(loss, output, depth):
    hidden = ACTIVATIONS if depth else ["linear"]
    for activation, bias, mean in itertools.product(hidden, (False, True), (False, True)):
        error = error_of_gradient(activation, output, loss, bias, depth, mean)
        assert error < 1e-6, (activation, bias, mean)


@pytest.mark.parametrize(
    ("loss", "output", "outputs"),
    [
        (*pair, outputs)
        for pair in PAIRS
        for outputs in (1, 3)
        if outputs > 1 or pair[1] != "softmax"
    ],
)
@pytest.mark.parametrize("mean", [False, True])
def test_with_class_weights_loss_and_gradient_are_of_the_weighted_losses(
    loss, output, outputs, mean
):
    network = Architecture((3, 4, outputs), "tanh", output, True)
    inputs, _, parameters = problem(network, loss)
    low = -1.0 if output in ("linear", "tanh") else 0.0
    kinds = np.array([0, 1, 0, 1, 1, 0]) if outputs == 1 else np.array([0, 1, 2, 2, 0, 1])
    weights = ClassWeights((0.5, 3.0, 1.7)[: max(2, outputs)], low, 1.0, outputs)
    targets = kinds[:, None] == (1 if outputs == 1 else np.arange(outputs))
    targets = np.where(targets, 1.0, low)
    of_sample = np.array(weights.values)[kinds]
    rule = LearningRule(loss, mean, class_weights=weights)
    state = State(network, rule, parameters, {"learning_rate": 0.1})
    step = Step(state, inputs, targets, Workspace(state, ROWS))

    def value(named):
        losses = plain.losses(named, network.depth, inputs, targets, "tanh", output, loss)
        return (np.mean if mean else np.sum)(of_sample * losses, axis=-1)

    wanted = plain.numeric_gradient(value, parameters, network.shapes())
    mean_loss = value(plain.split(parameters, network.shapes())) / (1 if mean else ROWS)
    for _ in step.run_lines():
        pass
    np.testing.assert_array_equal(step.arrays["sample_weight"][:, 0], of_sample)
    np.testing.assert_allclose(step.arrays["loss"], mean_loss, rtol=1e-11)
    state.parameters[...] = parameters
    step.run()
    made = -state.arrays["descent"]
    assert np.linalg.norm(made - wanted) / np.linalg.norm(wanted) < 1e-6


def test_every_activation_and_loss_is_checked_against_its_formula():
    assert {output for _, output in PAIRS} == set(OUTPUTS)
    assert {loss for loss, _ in PAIRS} == set(LOSSES)
    missing = (set(ACTIVATIONS) | set(OUTPUTS)) - set(plain.ACTIVATIONS)
    assert not missing, f"write the formula of {missing} in ACTIVATIONS of tests/nn/plain.py"
    assert set(plain.ACTIVATIONS) == set(ACTIVATIONS) | set(OUTPUTS)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_predictions_and_loss_are_those_of_the_formulas(activation, loss, output):
    network = Architecture((3, 5, 2), activation, output, True)
    inputs, targets, parameters = problem(network, loss)
    state = State(network, LearningRule(loss), parameters, {"learning_rate": 0.0})
    step = Step(state, inputs, targets, Workspace(state, ROWS))
    for _ in step.run_lines():
        pass
    named = plain.split(parameters, network.shapes())
    wanted = plain.layers(named, 2, inputs, activation, output)
    np.testing.assert_allclose(step.arrays["l1"], wanted[1], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(step.arrays["l2"], wanted[2], rtol=1e-12, atol=1e-14)
    loss_wanted = plain.losses(named, 2, inputs, targets, activation, output, loss).mean()
    np.testing.assert_allclose(step.arrays["loss"], loss_wanted, rtol=1e-11)


FAR = np.array([[-1000.0, -745.0, -40.0, -1e-300, 0.0, 1e-300, 40.0, 709.0, 1000.0]])


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_activations_and_derivatives_are_finite_for_large_arguments(activation, dtype):
    """Pre-activations of a thousand occur in training long before it diverges."""
    width = FAR.shape[1]
    network = Architecture((width, width, 1), activation, "linear", False)
    parameters = np.concatenate([np.eye(width).ravel(), np.full(width, 1e-3)])
    state = State(network, LearningRule(), parameters, {"learning_rate": 0.0}, dtype)
    inputs = FAR.astype(dtype)
    step = Step(state, inputs, np.ones((1, 1), dtype), Workspace(state, 1))
    with np.errstate(all="ignore"):
        step.run()
    for name in ("l1", "l1_delta", "l2"):
        assert np.isfinite(step.arrays[name]).all(), name


@pytest.mark.parametrize(
    ("loss", "output", "sums", "target", "wanted"),
    [
        ("binary_cross_entropy", "sigmoid", [800.0, -800.0], [0.0, 1.0], 1600.0),
        ("binary_cross_entropy", "sigmoid", [800.0, -800.0], [1.0, 0.0], 0.0),
        ("cross_entropy", "softmax", [800.0, -800.0], [0.0, 1.0], 1600.0),
        ("cross_entropy", "softmax", [800.0, -800.0], [1.0, 0.0], 0.0),
    ],
)
def test_fused_losses_are_exact_where_the_plain_formula_is_infinite(
    loss, output, sums, target, wanted
):
    network = Architecture((2, 2), "tanh", output, False)
    state = State(network, LearningRule(loss), np.eye(2).ravel(), {"learning_rate": 0.0})
    step = Step(state, np.array([sums]), np.array([target]), Workspace(state, 1))
    with np.errstate(all="ignore"):
        for line in step.lines:
            line.run()
    assert step.arrays["loss"] == pytest.approx(wanted)
    assert np.isfinite(state.arrays["descent"]).all()
