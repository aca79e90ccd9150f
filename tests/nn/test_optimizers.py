"""Each optimizer against its paper's update written out, and against scikit-learn's own."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.neural_network import MLPRegressor

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.optimizers import OPTIMIZERS, SCALARS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace

RATES = {
    "learning_rate": 0.03,
    "momentum": 0.8,
    "beta1": 0.7,
    "beta2": 0.95,
    "rho": 0.95,
    "epsilon": 1e-3,
    "penalty_rate": 0.2,
}
NETWORK = Architecture((3, 4, 2), "tanh", "linear", True)
UPDATES = 12


def samples():
    random = np.random.default_rng(5)
    return random.normal(size=(20, 3)), random.normal(size=(20, 2))


def trained(optimizer, penalty="none", updates=UPDATES, **rates):
    """Start, gradients and parameters after each update."""
    inputs, targets = samples()
    start = np.random.default_rng(6).normal(size=NETWORK.parameter_count)
    state = State(
        NETWORK, LearningRule("half_squared_error", True, optimizer, penalty), start, RATES
    )
    for name, value in rates.items():
        state.scalars.set(name, value)
    step = Step(state, inputs, targets, Workspace(state, len(inputs)))
    history = [(start, None)]
    for _ in range(updates):
        step.run()
        history.append((state.parameters.copy(), -state.arrays["descent"]))
    return history


def sgd(p, g, memory, t):
    return p - RATES["learning_rate"] * g


def momentum(p, g, memory, t):
    """Sutskever et al. 2013, eqs. 1 and 2, with the gradient at p."""
    v = memory["v"] = RATES["momentum"] * memory["v"] - RATES["learning_rate"] * g
    return p + v


def nesterov(p, g, memory, t):
    """Sutskever et al. 2013, eqs. 3 and 4, in the variable p + mu v (their appendix A.1)."""
    mu, rate = RATES["momentum"], RATES["learning_rate"]
    old = memory["v"]
    v = memory["v"] = mu * old - rate * g
    return p - mu * old + (1 + mu) * v


def adagrad(p, g, memory, t):
    """Duchi, Hazan and Singer 2011, diagonal form."""
    memory["s"] = memory["s"] + g * g
    return p - RATES["learning_rate"] * g / (RATES["epsilon"] + memory["s"] ** 0.5)


def rmsprop(p, g, memory, t):
    """Tieleman and Hinton 2012, slide 29."""
    memory["s"] = RATES["rho"] * memory["s"] + (1 - RATES["rho"]) * g * g
    return p - RATES["learning_rate"] * g / (RATES["epsilon"] + memory["s"] ** 0.5)


def adam(p, g, memory, t):
    """Kingma and Ba 2015, algorithm 1, its epsilon being that of the efficient form.

    With epsilon-hat = epsilon sqrt(1 - beta2^t) in the algorithm, the two are the same.
    """
    beta1, beta2 = RATES["beta1"], RATES["beta2"]
    memory["m"] = beta1 * memory["m"] + (1 - beta1) * g
    memory["s"] = beta2 * memory["s"] + (1 - beta2) * g * g
    unbiased_mean = memory["m"] / (1 - beta1**t)
    unbiased_square = memory["s"] / (1 - beta2**t)
    epsilon = RATES["epsilon"] / (1 - beta2**t) ** 0.5
    return p - RATES["learning_rate"] * unbiased_mean / (unbiased_square**0.5 + epsilon)


PAPERS = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
}


def test_every_optimizer_is_checked_against_its_paper():
    missing = set(OPTIMIZERS) - set(PAPERS)
    assert not missing, f"write the update rule of {missing}, as in the paper, in PAPERS above"
    assert set(PAPERS) == set(OPTIMIZERS)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_updates_are_those_of_the_paper(optimizer):
    history = trained(optimizer)
    memory = {name: np.zeros(NETWORK.parameter_count) for name in "vms"}
    parameters = history[0][0]
    for t, (made, gradient) in enumerate(history[1:], 1):
        parameters = PAPERS[optimizer](parameters, gradient, memory, t)
        np.testing.assert_allclose(made, parameters, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_scalar_that_is_read_is_declared_and_no_other(optimizer):
    rules = (*OPTIMIZERS[optimizer].per_update, *OPTIMIZERS[optimizer].per_parameter)
    text = " ".join(rule.code for rule in rules).replace("{p}", "p")
    optional = set(SCALARS) - {"learning_rate", "penalty_rate"}
    words = set(text.replace("(", " ").replace(")", " ").split())
    assert words & optional == set(OPTIMIZERS[optimizer].scalars)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "logistic"])
def test_full_batch_updates_are_scikit_learns(optimizer, activation):
    inputs, targets = samples()
    peer = MLPRegressor(
        hidden_layer_sizes=(4,),
        activation=activation,
        solver="adam" if optimizer == "adam" else "sgd",
        alpha=0,
        batch_size=len(inputs),
        learning_rate_init=0.03,
        momentum=0.0 if optimizer == "sgd" else 0.8,
        nesterovs_momentum=optimizer == "nesterov",
        beta_1=0.7,
        beta_2=0.95,
        epsilon=1e-3,
        shuffle=False,
        random_state=1,
    )
    peer.partial_fit(inputs, targets)
    ours = {"logistic": "sigmoid"}.get(activation, activation)
    network = Architecture((3, 4, 2), ours, "linear", True)
    method = LearningRule("half_squared_error", True, optimizer)
    state = State(network, method, np.zeros(network.parameter_count), RATES)
    flat = np.concatenate([a.ravel() for a in (*peer.coefs_, *peer.intercepts_)])
    state.parameters[...] = flat
    # scikit-learn's optimizer has made one update already: its memory is where we begin.
    memory = peer._optimizer
    begun = {
        "velocity": getattr(memory, "velocities", None),
        "mean": getattr(memory, "ms", None),
        "squares": getattr(memory, "vs", None),
    }
    for suffix in OPTIMIZERS[optimizer].memory:
        sign = -1 if suffix == "mean" else 1  # ours averages descents, theirs gradients
        values = np.concatenate([a.ravel() for a in begun[suffix]])
        state.arrays[f"parameters_{suffix}"][...] = sign * values
    state.scalars.set("t", 1)
    step = Step(state, inputs, targets, Workspace(state, len(inputs)))
    for _ in range(UPDATES):
        peer.partial_fit(inputs, targets)
        step.run()
        theirs = np.concatenate([a.ravel() for a in (*peer.coefs_, *peer.intercepts_)])
        np.testing.assert_allclose(state.parameters, theirs, rtol=1e-9, atol=1e-12)


# Penalties


def test_every_penalty_is_held_against_its_rule():
    assert set(PENALTIES) == {"none", "l1", "l2"}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_l2_comes_on_top_of_the_optimizers_step_at_the_old_weight(optimizer):
    history = trained(optimizer, "l2")
    memory = {name: np.zeros(NETWORK.parameter_count) for name in "vms"}
    weights = NETWORK.weight_count
    parameters = history[0][0]
    for t, (made, gradient) in enumerate(history[1:], 1):
        moved = PAPERS[optimizer](parameters, gradient, memory, t)
        moved[:weights] -= 0.03 * 0.2 * parameters[:weights]
        np.testing.assert_allclose(made, moved, rtol=1e-12, atol=1e-14)
        parameters = made


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_l1_cuts_the_weights_that_its_pull_carries_across_zero_for_good(optimizer):
    history = trained(optimizer, "l1", updates=60, penalty_rate=0.4)
    memory = {name: np.zeros(NETWORK.parameter_count) for name in "vms"}
    weights = NETWORK.weight_count
    parameters = history[0][0]
    dead = np.zeros(weights, bool)
    for t, (made, gradient) in enumerate(history[1:], 1):
        moved = PAPERS[optimizer](parameters, gradient, memory, t)
        for i in range(weights):
            pulled = moved[i] - 0.03 * 0.4 * np.sign(parameters[i])
            dead[i] |= moved[i] * pulled < 0
            moved[i] = 0 if dead[i] else pulled
        np.testing.assert_allclose(made, moved, rtol=1e-12, atol=1e-14)
        parameters = made
    assert 0 < dead.sum() < weights
    assert (made[:weights] == 0).sum() == dead.sum()


def test_a_gradient_that_crosses_zero_cuts_nothing():
    history = trained("sgd", "l1", penalty_rate=0.0, learning_rate=2.0)
    signs = [np.sign(parameters) for parameters, _ in history]
    assert any((a * b < 0).any() for a, b in pairwise(signs))
    assert all((parameters != 0).all() for parameters, _ in history)
