"""TensorFlow Playground's points and weights, against runs of its own code."""

import json
from pathlib import Path

import numpy as np
import pytest

from nn_tui.data import sources
from nn_tui.data.errors import DataError
from nn_tui.data.playground import playground_experiment, weight_stream
from nn_tui.data.random_streams import SeedRandom
from nn_tui.nn.initializers import initial_weights

FOLDER = Path(__file__).parents[1] / "playground"
RUNS = {
    path.stem: run
    for path in sorted(FOLDER.glob("[0-9]*.json"))
    if "seed" in (run := json.loads(path.read_text()))
}
OURS = {
    "circle": "circle",
    "xor": "xor-cloud",
    "gauss": "gauss",
    "spiral": "spiral",
    "reg-gauss": "hills",
}
FEATURES = {
    "x": "x1",
    "y": "x2",
    "xSquared": "x1^2",
    "ySquared": "x2^2",
    "xTimesY": "x1*x2",
    "sinX": "sin(x1)",
    "sinY": "sin(x2)",
}


def test_there_are_runs():
    assert len(RUNS) == 5


@pytest.mark.parametrize("vector", json.loads((FOLDER / "seedrandom_vectors.json").read_text()))
def test_numbers_are_the_browsers_to_the_last_bit(vector):
    stream = SeedRandom(vector["seed"])
    assert [stream.random() for _ in range(5)] == vector["first5"]


def test_texts_that_mean_the_same_number_are_different_seeds():
    assert SeedRandom("0.6052").random() != SeedRandom("0.60520").random()


@pytest.mark.parametrize(
    ("seed", "first"),
    [
        ("abc" * 100, [0.9989361869534188, 0.45618475583921403]),
        ("b" * 1000, [0.47450684885636507, 0.03337027656608505]),
        ("ä😀x", [0.29641177365956106, 0.1115651532163927]),
    ],
)
def test_seeds_of_any_length_and_script(seed, first):
    """The numbers are those of the published algorithm, run as JavaScript."""
    stream = SeedRandom(seed)
    assert [stream.random(), stream.random()] == first


@pytest.mark.parametrize("name", RUNS)
def test_points_and_targets_of_the_reference_runs(name):
    run = RUNS[name]
    made = playground_experiment(
        run["seed"], run["dataset"], run["noise"], run["perc_train"]
    ).dataset
    points = np.array(run["points_train_xy"] + run["points_test_xy"])
    targets = np.array(run["targets"] + run["test_targets"])
    assert made.train_count == len(run["points_train_xy"])
    np.testing.assert_allclose(made.inputs, points, rtol=0, atol=1e-12)
    np.testing.assert_allclose(made.encoded("tanh")[:, 0], targets, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", RUNS)
def test_weights_come_next_from_the_same_stream(name):
    run = RUNS[name]
    sizes = tuple(run["layer_sizes"])
    experiment = playground_experiment(run["seed"], run["dataset"], run["noise"], run["perc_train"])
    again = weight_stream(
        run["seed"], OURS[run["dataset"]], experiment.dataset.samples, run["noise"] / 100
    )
    for stream in (experiment.stream, again):
        drawn = initial_weights("playground", sizes, stream)
        for (weights, biases), expected, expected_biases in zip(
            drawn, run["initial"]["weights"], run["initial"]["biases"], strict=True
        ):
            np.testing.assert_allclose(weights, expected, rtol=0, atol=1e-12)
            np.testing.assert_allclose(biases, expected_biases, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", RUNS)
def test_a_recipe_with_a_text_seed_loads_the_same_points_and_features(name):
    run = RUNS[name]
    made = sources.load_dataset(
        OURS[run["dataset"]],
        samples=len(run["targets"]) + len(run["test_targets"]),
        noise=run["noise"] / 100,
        seed=run["seed"],
        test_fraction=1 - run["perc_train"] / 100,
        features=[FEATURES[feature] for feature in run["features"]],
    )
    inputs = np.array(run["inputs"] + run["test_inputs"])
    assert made.train_count == len(run["inputs"])
    np.testing.assert_allclose(made.inputs, inputs, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("percent", "train", "test"), [(50, 250, 250), (33.3, 166, 334), (100, 500, 0), (250, 500, 0)]
)
def test_the_training_part_is_a_slice(percent, train, test):
    made = playground_experiment("a", "circle", 0, percent).dataset
    assert (made.train_count, made.test_count) == (train, test)


def test_a_negative_percentage_counts_from_the_end():
    assert playground_experiment("a", "gauss", 0, -10).dataset.train_count == 450


@pytest.mark.parametrize("percent", [0, 0.1, -100, -1e9, float("nan")])
def test_no_training_point_is_refused(percent):
    with pytest.raises(DataError, match="percTrainData"):
        playground_experiment("a", "circle", 0, percent)


@pytest.mark.parametrize("noise", [-1, 81, float("nan")])
def test_noise_out_of_bounds_is_refused(noise):
    with pytest.raises(DataError, match="noise"):
        playground_experiment("a", "circle", noise)


def test_the_plane_follows_its_rule():
    """No reference run has it: the rule is written out here, a draw at a time."""
    stream = SeedRandom("plane")
    points, targets = [], []
    for _ in range(1200):
        x, y, noise_x, noise_y = (stream.random() * 12 - 6 for _ in range(4))
        points.append((x, y))
        targets.append(((x + noise_x * 0.1) + (y + noise_y * 0.1)) / 10)
    counter = 1200
    while counter > 0:
        index = int(stream.random() * counter)
        counter -= 1
        for values in (points, targets):
            values[counter], values[index] = values[index], values[counter]
    made = playground_experiment("plane", "reg-plane", 10).dataset
    assert made.train_count == 600
    np.testing.assert_allclose(made.inputs, points, rtol=0, atol=1e-12)
    np.testing.assert_allclose(made.targets[:, 0], targets, rtol=0, atol=1e-12)


def test_too_many_numbers_from_a_text_are_refused_at_once():
    with pytest.raises(DataError, match="integer seed"):
        sources.load_dataset("circle", samples=10_000_000, seed="0.5")
