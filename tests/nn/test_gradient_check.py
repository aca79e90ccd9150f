"""The gradient check: agrees with every entry of the registries, finds kinks, computes float64."""

import itertools

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.slopes import slope
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from tests.nn.test_gradients import problem

ROWS = 6
SCALARS = {
    "learning_rate": 0.3,
    "momentum": 0.9,
    "beta1": 0.9,
    "beta2": 0.999,
    "rho": 0.9,
    "epsilon": 1e-8,
    "penalty_rate": 0.1,
}


def step_of(network, rule, dtype=np.float64):
    inputs, targets, parameters = problem(network, rule.loss)
    state = State(network, rule, parameters.astype(dtype), SCALARS, dtype)
    l0, y = (np.ascontiguousarray(array, dtype) for array in (inputs, targets))
    return Step(state, l0, y, Workspace(state, ROWS))


@pytest.mark.parametrize("loss", LOSSES)
def test_all_gradients_agree_with_every_activation_loss_penalty_and_optimizer(loss):
    """Each activation with each output; penalties and optimizers take turns."""
    others = itertools.cycle(itertools.product(PENALTIES, OPTIMIZERS, (False, True)))
    for activation, output in itertools.product(ACTIVATIONS, LOSSES[loss].outputs):
        penalty, optimizer, mean = next(others)
        network = Architecture((2, 2, 2), activation, output, bias=True)
        rule = LearningRule(loss, mean, optimizer, penalty)
        found = check_gradients(step_of(network, rule))
        wrong = [e.name for e in (*found.parameters, *found.intermediates) if not e.agrees]
        assert not wrong and found.agrees, (activation, output, penalty, optimizer, mean)
        assert [entry.name for entry in found.parameters] == ["W1", "b1", "W0", "b0"]
        assert {"l1_delta", "l2_delta"} <= {entry.name for entry in found.intermediates}
        assert all(entry.compared.any() for entry in found.parameters)


def test_class_weights_are_part_of_the_loss():
    rule = LearningRule(class_weights=ClassWeights((0.5, 3.0), 0.0, 1.0, 1))
    found = check_gradients(step_of(Architecture((2, 3, 1), "tanh", "sigmoid", True), rule))
    assert found.agrees


def test_a_float32_step_is_checked_in_float64_and_left_as_it_is():
    step = step_of(Architecture((3, 4, 1), "sigmoid", "sigmoid", True), LearningRule(), np.float32)
    before = step.state.parameters.copy()
    found = check_gradients(step)
    assert found.agrees
    assert max(entry.relative_error for entry in found.parameters) < 1e-8
    assert np.array_equal(step.state.parameters, before)


def test_at_a_kink_nothing_is_compared_and_the_kink_is_counted():
    network = Architecture((1, 2, 1), "relu", "linear", bias=False)
    state = State(network, LearningRule(), np.array([0.0, 0.7, 1.0, 1.0]), SCALARS)
    step = Step(state, np.ones((2, 1)), np.ones((2, 1)), Workspace(state, 2))
    found = check_gradients(step)
    (weights,) = (entry for entry in found.parameters if entry.name == "W0")
    assert weights.kinks.tolist() == [[True, False]]
    assert found.agrees


@pytest.mark.parametrize(
    ("function", "at", "wanted"),
    [
        (np.sin, 0.3, np.cos(0.3)),
        (lambda x: x**4, 2.0, 32.0),
        (lambda x: abs(x - 3e-5), 0.0, -1.0),  # a kink within the first step, not at the place
        (lambda x: np.exp(1000 * x), 0.0, 1000.0),
    ],
)
def test_a_slope_is_the_derivative(function, at, wanted):
    found = slope(lambda x: float(function(x)), at, float(function(at)))
    assert not found.kink
    assert found.value == pytest.approx(wanted, rel=1e-7)


@pytest.mark.parametrize("small", [1.0, 1e-5])
def test_a_slope_has_a_kink_where_both_sides_differ(small):
    def function(x):
        return small * abs(x) + x + x * x

    assert slope(function, 0.0, 0.0, doubted=1.0 + small).kink


def test_a_loss_that_is_not_finite_is_refused_in_a_sentence():
    network = Architecture((1, 1), "sigmoid", "linear", bias=False)
    state = State(network, LearningRule(), np.array([1e200]), SCALARS)
    step = Step(state, np.ones((2, 1)), np.ones((2, 1)), Workspace(state, 2))
    with pytest.raises(ValueError, match="the loss is inf"):
        check_gradients(step)
