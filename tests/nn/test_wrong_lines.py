"""Deliberately wrong lines: each is caught, and the line named is the right one."""

import numpy as np
import pytest

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.gradient_diagnosis import explain_fault
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_check import check_step
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace

ROWS = 5
SCALARS = {
    "learning_rate": 0.3,
    "momentum": 0.9,
    "beta1": 0.9,
    "beta2": 0.999,
    "rho": 0.9,
    "epsilon": 1e-8,
    "penalty_rate": 0.1,
}
BLOG = ("sigmoid", "half_squared_error", "sigmoid", {})
DEEP = ("tanh", "half_squared_error", "tanh", {"optimizer": "adam", "mean": True})
SINE = ("sine", "huber", "linear", {"optimizer": "momentum", "mean": True})
CROSS = ("relu", "cross_entropy", "softmax", {"optimizer": "rmsprop", "mean": True})

WRONG = [
    (BLOG, "l1_delta", "l1_error", "derivative of sigmoid is missing"),
    (BLOG, "l1_delta", "l1_error * (l2 * (1 - l2))", "The activation|broadcasts|ratios"),
    (BLOG, "l1_delta", "-l1_error * (l1 * (1 - l1))", "the sign is wrong"),
    (BLOG, "l1_delta", "l1_error * (sigmoid(l1) * (1 - sigmoid(l1)))", "already the output"),
    (BLOG, "l1_delta", "l1_error * (1 - l1 ** 2)", "derivative of tanh"),
    (BLOG, "l1_delta", "l1_error * (l1 * (1 - l1)) * (l1 * (1 - l1))", "applied twice"),
    (BLOG, "l1_delta", "l1 * (1 - l1)", "l1_error is missing"),
    (BLOG, "l1_delta", "2 * l1_error * (l1 * (1 - l1))", "2: l1_delta has a constant factor"),
    (BLOG, "l1_delta", "l1_error * (l1 * (1 - l1)) / n", "5 times too small"),
    (BLOG, "l1_delta", "l1_error * (l1 * (1 + l1))", "no single factor"),
    (BLOG, "l2_delta", "l2_error", "derivative of sigmoid is missing"),
    (BLOG, "l2_delta", "-l2_error * (l2 * (1 - l2))", "the sign is wrong"),
    (BLOG, "l2_delta", "l2_error * l2", "no single factor"),
    (BLOG, "l2_delta", "l2_error * (l2 * (1 - l2)) * n", "5 times too large"),
    (BLOG, "l2_error", "l2 - y", "target minus prediction"),
    (BLOG, "l2_error", "2 * (y - l2)", "The loss line reads l2_error"),
    (BLOG, "l2_error", "(y - l2) / n", "The loss line reads l2_error"),
    (BLOG, "l1_error", "l2_error @ W1.T", "l2_delta is wanted"),
    (BLOG, "l1_error", "-l2_delta @ W1.T", "the sign is wrong"),
    (BLOG, "l1_error", "l2_delta * l1", "no single factor"),
    (BLOG, "W0 +=", "learning_rate * (l0.T @ l1_error)", "instead|l1_error"),
    (BLOG, "W0 +=", "-= learning_rate * (l0.T @ l1_delta)", "the sign is wrong"),
    (BLOG, "W1 +=", "-= learning_rate * (l1.T @ l2_delta)", "the sign is wrong"),
    (BLOG, "W1 +=", "learning_rate * (l1.T @ l2_error)", "l1.T @ l2_error"),
    (BLOG, "W1 +=", "learning_rate * (l1.T @ l2_delta) / n", "5 times too small"),
    (BLOG, "W1 +=", "learning_rate * 3 * (l1.T @ l2_delta)", "3: W1 has a constant factor"),
    (BLOG, "W0 +=", "learning_rate * (l0.T @ (l1_delta * l1))", "no single factor"),
    (DEEP, "l1_delta", "l1_error * (1 - l1)", "no single factor"),
    (DEEP, "l1_error", "l2_delta @ W1", "W1 is not transposed"),
    (DEEP, "l2_delta", "l2_error * (1 - l1 ** 2)", "no single factor"),
    (DEEP, "l1_delta", "l2_error * (1 - l1 ** 2)", "no single factor"),
    (DEEP, "W0_descent", "l0.T @ l1_delta", "mean"),
    (DEEP, "W1_descent", "l1.T @ l2_delta / n / n", "5 times too small"),
    (DEEP, "W1_descent", "(l2_delta.T @ l1) / n", "transposed"),
    (DEEP, "W2_descent", "l1.T @ l3_delta / n", "l1.T @ l3_delta"),
    (DEEP, "W1_descent", "l1.T @ l1_delta / n", "ratios|single factor"),
    (DEEP, "b1_descent", "ones @ l2_error / n", "l2_error instead of l2_delta|l2_error"),
    (DEEP, "l3_delta", "l3_error * (1 - l3 ** 2) * (1 - l3 ** 2)", "applied twice"),
    (SINE, "l1_delta", "l1_error * np.cos(l1)", "at l1 instead of z1"),
    (SINE, "l1_delta", "l1_error * -np.cos(z1)", "the sign is wrong"),
    (SINE, "l2_error", "l3_delta @ W2.T + 0.1", "no single factor"),
    (SINE, "W0_velocity", "momentum * W0_velocity - learning_rate * (l0.T @ l1_delta / n)", "sign"),
    (CROSS, "l3_delta", "l3 - y", "the sign is wrong"),
    (CROSS, "l3_delta", "(y - l3) * l3", "no single factor"),
    (CROSS, "l2_error", "l3_delta @ W2.T * 0.5", "0.5"),
    (CROSS, "b0_descent", "-(ones @ l1_delta) / n", "the sign is wrong"),
]


def checked(setting, changes):
    activation, loss, output, options = setting
    deep = setting is not BLOG
    sizes = (3, 4, 4, 2) if deep else (3, 4, 1)
    network = Architecture(sizes, activation, output, bias=deep)
    rule = LearningRule(loss=loss, lines=changes, **options)
    check_step(network, rule, [ROWS])
    random = np.random.default_rng(3)
    parameters = random.normal(0, 0.7, network.parameter_count)
    state = State(network, rule, parameters, SCALARS)
    inputs = random.normal(size=(ROWS, 3))
    targets = random.normal(0, 2, (ROWS, sizes[-1]))
    if output == "softmax":
        targets = random.dirichlet(np.ones(2), ROWS)
    return check_gradients(Step(state, inputs, targets, Workspace(state, ROWS))), network


def test_there_are_40_wrong_lines():
    assert len(WRONG) >= 40


@pytest.mark.parametrize("setting", [BLOG, DEEP, SINE, CROSS])
def test_the_right_lines_agree(setting):
    found, _ = checked(setting, ())
    assert found.agrees and not found.faults


def test_each_wrong_line_is_caught_named_and_explained_by_what_is_wrong():
    import re

    for setting, name, change, said in WRONG:
        found, network = checked(setting, ((name, change),))
        assert not found.agrees, change
        first = found.faults[0]
        line = found.lines[first.line]
        assert line.code.startswith(f"{name.split()[0]} "), (change, line.code)
        text = explain_fault(found, first, network)
        assert re.search(said, text), (name, change, text)


def test_a_fault_leaves_what_comes_before_it_right():
    found, _ = checked(BLOG, (("l1_delta", "l1_error"),))
    agree = {entry.name: entry.agrees for entry in (*found.intermediates, *found.parameters)}
    assert agree == {
        "l2_error": True,
        "l2_delta": True,
        "l1_error": True,
        "l1_delta": False,
        "W1": True,
        "W0": False,
    }
