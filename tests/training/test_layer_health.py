"""The health of layers: the same numbers as NumPy's, taken from all samples at once."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.training import layer_health
from nn_tui.training.health_diagnosis import diagnose
from nn_tui.training.layer_health import measure_health
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.trainer import Trainer

FUNCTIONS = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "softplus": lambda x: np.logaddexp(x, 0),
}


def trainer_of(name, *settings, epochs=0):
    found = experiment.load_experiment(name, settings)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer


def layers_of(snapshot):
    """Every layer's activations for all training samples, by the textbook's formulas."""
    network, layer = snapshot.network, snapshot.dataset.inputs[: snapshot.dataset.train_count]
    for i in range(network.depth):
        z = layer @ snapshot.weights[f"W{i}"] + snapshot.weights[f"b{i}"]
        layer = FUNCTIONS[network.activation_of(i + 1)](z)
        yield layer


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_numbers_are_those_of_all_samples_at_once(activation, monkeypatch):
    monkeypatch.setattr(layer_health, "_TOGETHER", 100)  # three blocks, the last one smaller
    trainer = trainer_of(
        "circle",
        *("network.hidden=5,4", f"network.activation={activation}", "network.output=tanh"),
        *("training.optimizer=adam", "training.learning_rate=0.1"),
        epochs=30,
    )
    snapshot = trainer.snapshot()
    snapshot = replace(snapshot, update=trainer.next_update())
    report = measure_health(snapshot)
    for found, a in zip(report.layers, layers_of(snapshot), strict=True):
        assert found.units == a.shape[1]
        assert found.spread == pytest.approx(a.std(axis=0).mean(), rel=1e-9)
        assert found.constant == (np.ptp(a, axis=0) < 1e-3).sum()
        limits = (1e-30, np.inf)
        if found.number == 3 or activation == "tanh":
            limits = (-0.97468, 0.97468)
        elif activation == "sigmoid":
            limits = (0.01266, 0.98734)
        assert found.saturated == ((a < limits[0]) | (a > limits[1])).mean()
        span = (found.low, found.high)
        counts = np.histogram(np.clip(a, *span), layer_health.BINS, span)[0]
        # Where a value is within rounding of an edge, NumPy may choose the other bin.
        assert np.abs(np.cumsum(found.activations) - np.cumsum(counts)).max() <= 1
        w, b = (snapshot.gradients[f"{kind}{found.number - 1}"] for kind in "Wb")
        assert found.gradient_norm == pytest.approx(np.sqrt((w**2).sum() + (b**2).sum()))
        assert found.gradients.sum() == np.count_nonzero(w)
        name = f"W{found.number - 1}"
        share = np.linalg.norm(snapshot.updates[name]) / np.linalg.norm(snapshot.weights[name])
        assert found.ratio == pytest.approx(np.log10(share))


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop"])
def test_the_next_update_is_the_one_that_training_makes(optimizer):
    trainer = trainer_of("blog", f"training.optimizer={optimizer}", epochs=3)
    before, update = trainer.snapshot(), trainer.next_update()
    trainer.run_epochs(1)
    assert np.array_equal(before.parameters + update, trainer.snapshot().parameters) or np.allclose(
        update, trainer.snapshot().change, rtol=1e-9, atol=1e-15
    )


@pytest.mark.parametrize("name", sorted(n for n, e in ACTIVATIONS.items() if e.saturation))
def test_saturated_outputs_have_a_derivative_below_five_percent(name):
    x = np.linspace(-12, 12, 200_001)
    a = FUNCTIONS[name](x)
    derivative = np.gradient(a, x)
    low, high = ACTIVATIONS[name].saturation
    saturated = (a < low) | (a > high)
    share = derivative / derivative.max()
    assert share[saturated][1:-1].max() < 0.0501
    inside = share[~saturated]
    assert inside.min() > 0.0499 or name == "relu"


def test_what_stands_out_is_told():
    deep = ("network.hidden=8,8,8,8,8", "network.activation=sigmoid")
    assert "the first layer hardly learns" in diagnose(measure_health(seen("circle", *deep)))
    dead = seen("circle", "network.hidden=3", "network.activation=relu")
    weights = dead.parameters.copy()
    weights[dead.network.weight_count : dead.network.weight_count + 3] = -100.0  # biases of l1
    sentence = diagnose(measure_health(replace(dead, parameters=weights)))
    assert sentence.startswith("all units of l1 are constant")
    assert not diagnose(measure_health(seen("circle", "network.activation=tanh", epochs=30)))


def seen(name, *settings, epochs=0):
    return trainer_of(name, *settings, epochs=epochs).snapshot()


def test_class_weights_and_several_outputs_are_measured_too():
    snapshot = seen("iris", "training.class_weights=balanced", epochs=2)
    assert build_learning_rule(snapshot.recipe).loss
    report = measure_health(snapshot)
    assert report.layers[-1].units == 3 and report.layers[-1].saturated is None
    assert report.layers[0].ratio is None  # not asked for


def test_an_activation_of_the_recipe_is_measured_without_saturation():
    settings = ("functions.own=x / (1 + np.abs(x))", "network.activation=own")
    report = measure_health(trainer_of("circle", *settings, epochs=2).snapshot())
    assert report.layers[0].saturated is None
    assert report.layers[0].activations.sum() > 0
    diagnose(report)
