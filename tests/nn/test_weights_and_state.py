"""Start weights, the flat vector, saved states, predictions of a network by itself."""

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS, incompatibility, resolve_output
from nn_tui.nn.architecture import Architecture, flatten, views
from nn_tui.nn.initializers import INITIALIZERS, initial_weights
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.predictor import Predictor
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace
from tests.nn import plain

NETWORK = Architecture((3, 4, 2), "tanh", "sigmoid", True)


@pytest.mark.parametrize("registry", [ACTIVATIONS, LOSSES, OPTIMIZERS, PENALTIES, INITIALIZERS])
def test_registries_know_each_entry_by_its_own_name_and_have_help_and_a_source(registry):
    for name, entry in registry.items():
        assert entry.name == name
        assert entry.help
        assert entry.source


# Start weights


def test_uniform_draws_the_blogs_weights():
    np.random.seed(1)
    first = 2 * np.random.random((3, 4)) - 1
    second = 2 * np.random.random((4, 1)) - 1
    (w0, b0), (w1, b1) = initial_weights("uniform", (3, 4, 1), np.random.RandomState(1))
    np.testing.assert_array_equal(w0, first)
    np.testing.assert_array_equal(w1, second)
    assert not b0.any() and not b1.any()


def test_playground_draws_unit_by_unit_of_the_later_layer():
    stream = np.random.RandomState(3)
    expected = np.array([[stream.random_sample() - 0.5 for _ in range(3)] for _ in range(4)])
    ((weights, biases),) = initial_weights("playground", (3, 4), np.random.RandomState(3))
    np.testing.assert_array_equal(weights, expected.T)
    assert (biases == 0.1).all()


@pytest.mark.parametrize(
    ("name", "low", "high", "deviation"),
    [
        ("uniform", -1, 1, 2 / 12**0.5),
        ("normal", -9, 9, 1),
        ("xavier", -((6 / 700) ** 0.5), (6 / 700) ** 0.5, (2 / 700) ** 0.5),
        ("he", -9, 9, (2 / 300) ** 0.5),
        ("playground", -0.5, 0.5, 1 / 12**0.5),
        ("zeros", 0, 0, 0),
    ],
)
def test_start_weights_have_the_range_and_spread_they_promise(name, low, high, deviation):
    ((weights, _),) = initial_weights(name, (300, 400), np.random.RandomState(0))
    assert weights.shape == (300, 400)
    assert weights.min() >= low and weights.max() <= high
    assert weights.std() == pytest.approx(deviation, rel=0.01, abs=1e-12)
    assert weights.mean() == pytest.approx(0, abs=0.01)


# The flat vector


@pytest.mark.parametrize("bias", [False, True])
def test_views_are_parts_of_the_flat_vector_weights_first(bias):
    network = Architecture((3, 4, 2), "tanh", "linear", bias)
    flat = np.arange(float(network.parameter_count))
    named = views(flat, network)
    assert list(named) == (["W0", "W1", "b0", "b1"] if bias else ["W0", "W1"])
    assert named["W1"].shape == (4, 2)
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in named.values()]), flat)
    named["W1"][0, 0] = -5
    assert flat[12] == -5
    np.testing.assert_array_equal(flatten(named, network), flat)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"W1": None}, "W1 is missing; the network has W0, W1, b0, b1"),
        ({"W0": np.zeros((4, 3))}, "W0 is 4×3; the network needs 3×4"),
        ({"b1": np.zeros(())}, "b1 is a single number; the network needs 2"),
        ({"W2": np.zeros(1)}, "W2 is unknown; the network has W0, W1, b0, b1"),
        ({"W0": np.full((3, 4), np.nan)}, "W0 contains a value that is not a finite number"),
    ],
)
def test_weights_that_do_not_fit_are_refused_in_a_sentence(change, sentence):
    named = {name: np.zeros(shape) for name, shape in NETWORK.shapes().items()} | change
    with pytest.raises(ValueError) as error:
        flatten({name: array for name, array in named.items() if array is not None}, NETWORK)
    assert str(error.value) == sentence


# States


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_restored_state_goes_on_as_it_did(optimizer, penalty):
    random = np.random.default_rng(0)
    scalars = dict.fromkeys(("momentum", "beta1", "beta2", "rho"), 0.9) | {
        "learning_rate": 0.1,
        "epsilon": 1e-8,
        "penalty_rate": 0.5,
    }
    method = LearningRule(mean=True, optimizer=optimizer, penalty=penalty, carry=True)
    state = State(NETWORK, method, random.normal(size=NETWORK.parameter_count), scalars)
    inputs, targets = random.normal(size=(5, 3)), random.normal(size=(5, 2))
    workspace = Workspace(state, 5)
    rest = Step(state, inputs, targets, workspace, part="rest")
    first = Step(state, inputs, targets, workspace, part="first")
    for _ in range(5):
        first.run()
        rest.run()
    saved, twin = state.save(), state.copy()
    first.run()
    after = state.save()
    first.run()
    state.restore(saved)
    Step(twin, inputs, targets, Workspace(twin, 5), part="first").run()
    first.run()
    for name, array in after.arrays.items():
        np.testing.assert_array_equal(state.arrays[name], array)
        np.testing.assert_array_equal(twin.arrays[name], array)
    assert state.save().counts == after.counts == twin.save().counts
    assert after.counts == {"t": 6.0 if optimizer == "adam" else 0.0, "carried": 5.0}


def test_another_optimizer_begins_with_an_empty_memory_and_the_same_cut_weights():
    rates = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.9, "rho": 0.9, "epsilon": 1e-8}
    old = State(NETWORK, LearningRule(optimizer="rmsprop", penalty="l1"), np.ones(22 + 4), rates)
    old.arrays["parameters_squares"][...] = 3
    old.arrays["weights_alive"][2] = 0
    old.scalars.set("t", 9)
    new = State(NETWORK, LearningRule(optimizer="adam", penalty="l1"), old.parameters, rates)
    new.continue_from(old)
    assert not new.arrays["parameters_squares"].any()
    assert new.scalars.values["t"] == 0
    assert new.arrays["weights_alive"][2] == 0
    same = State(NETWORK, LearningRule("huber", optimizer="rmsprop"), old.parameters, rates)
    same.continue_from(old)
    assert (same.arrays["parameters_squares"] == 3).all()


# Predictions


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output", OUTPUTS)
def test_a_predictor_gives_every_layers_outputs(activation, output):
    network = Architecture((3, 5, 4, 2), activation, output, True)
    random = np.random.default_rng(2)
    predictor = Predictor(network, LearningRule(), 6)
    for _ in range(2):
        parameters = random.normal(0, 0.7, network.parameter_count)
        inputs = random.normal(size=(6, 3))
        made = predictor.layers(parameters, inputs)
        named = plain.split(parameters, network.shapes())
        wanted = plain.layers(named, 3, inputs, activation, output)[1:]
        assert [layer.shape for layer in made] == [(6, 5), (6, 4), (6, 2)]
        for layer, expected in zip(made, wanted, strict=True):
            np.testing.assert_allclose(layer, expected, rtol=1e-12, atol=1e-14)


# Outputs and losses


def test_auto_is_what_the_loss_needs_or_what_the_targets_suggest():
    assert resolve_output("auto", "binary_cross_entropy", classes=False) == "sigmoid"
    assert resolve_output("auto", "cross_entropy", classes=True) == "softmax"
    assert resolve_output("auto", "half_squared_error", classes=True) == "tanh"
    assert resolve_output("auto", "huber", classes=False) == "linear"
    assert resolve_output("softmax", "half_squared_error", classes=False) == "softmax"


def test_outputs_that_a_loss_cannot_judge_are_refused():
    assert incompatibility("tanh", "binary_cross_entropy") == (
        "the loss binary_cross_entropy requires the output sigmoid, not tanh"
    )
    assert incompatibility("sigmoid", "cross_entropy")
    assert incompatibility("auto", "cross_entropy") is None
