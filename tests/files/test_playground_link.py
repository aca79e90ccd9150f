"""Links to TensorFlow Playground open its very experiments, and experiments become links."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.errors import InputError
from nn_tui.files.playground_export import NoLink, link_of_recipe
from nn_tui.files.playground_import import recipe_of_link
from nn_tui.files.playground_url import parse_link
from nn_tui.recipe.parsing import check_recipe, with_assignment
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.trainer import Trainer

RUNS = sorted((Path(__file__).parents[1] / "playground").glob("[0-9]*.json"))
LINKED = [path for path in RUNS if "playground_hash" in json.loads(path.read_text())]


def near(made, wanted):
    return np.abs(np.asarray(made) - np.asarray(wanted)).max(initial=0) < 1e-9


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.stem)
def test_a_link_determines_data_initial_weights_and_every_loss(path):
    run = json.loads(path.read_text())
    link = "https://playground.tensorflow.org/#" + run["playground_hash"].lstrip("#")
    opened = experiment.load_experiment(link)
    dataset, split = opened.dataset, opened.dataset.train_count
    assert near(dataset.raw_inputs[:split], run["points_train_xy"])
    assert near(dataset.raw_inputs[split:], run["points_test_xy"])
    assert near(dataset.inputs[:split], run["inputs"])
    trainer = Trainer(opened.recipe, dataset)
    start = trainer.snapshot()
    for i, weights in enumerate(run["initial"]["weights"]):
        assert near(start.weights[f"W{i}"], weights)
    for i, biases in enumerate(run["initial"]["biases"]):
        assert near(start.weights[f"b{i}"], biases)
    trainer.run_epochs(run["epochs"])
    losses = trainer.snapshot().losses
    assert near(losses.train_low, run["result"]["loss_train"])
    assert near(losses.test_low, run["result"]["loss_test"])
    for i, weights in enumerate(run["result"]["final"]["weights"]):
        assert near(trainer.snapshot().weights[f"W{i}"], weights)


def test_there_are_links_to_test():
    assert len(LINKED) == 5


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.stem)
def test_a_link_round_trips_through_its_recipe(path):
    given = "#" + json.loads(path.read_text())["playground_hash"].lstrip("#")
    recipe = recipe_of_link(given)
    link = link_of_recipe(recipe)
    assert recipe_of_link(link) == recipe
    acting = ("activation", "batchSize", "learningRate", "noise", "networkShape", "seed", "problem")
    made, wanted = parse_link(link), parse_link(given)
    assert {key: made[key] for key in acting} == {key: wanted[key] for key in acting}


@pytest.mark.parametrize(
    "link",
    [
        "#seed=0.1&percTrainData=33&noise=12.5&networkShape=&xTimesY=true&y=false",
        "#seed=abc&initZero=true&problem=regression&regDataset=reg-plane&percTrainData=100",
        "#seed=1&batchSize=30&activation=linear&regularization=L1&regularizationRate=0.1",
    ],
)
def test_other_links_round_trip(link):
    recipe = recipe_of_link(link)
    assert recipe_of_link(link_of_recipe(recipe)) == recipe
    experiment.dataset_of(recipe)


@pytest.mark.parametrize(
    ("percent", "count"), [("64.6", 322), ("33", 165), ("0.2", 1), ("99.9", 499), ("100", 500)]
)
def test_the_training_set_is_as_large_as_on_the_page(percent, count):
    recipe = recipe_of_link(f"#seed=0.5&percTrainData={percent}")
    assert experiment.dataset_of(recipe).train_count == count
    again = recipe_of_link(link_of_recipe(recipe))
    assert experiment.dataset_of(again).train_count == count


@pytest.mark.parametrize("fraction", ["0.354", "0.999", "0.6666666666666667", "0.1234567891234"])
@pytest.mark.parametrize("source", ["spiral", "hills"])
def test_a_recipes_split_is_the_pages(source, fraction):
    recipe = recipe_of_link("#seed=0.5")
    if source == "hills":
        recipe = recipe_of_link("#seed=0.5&problem=regression&regDataset=reg-gauss")
    recipe = with_assignment(recipe, f"data.test_fraction={fraction}")
    percent = parse_link(link_of_recipe(recipe))["percTrainData"]
    trained_with = math.floor(recipe.data.samples * percent / 100)
    assert trained_with == experiment.dataset_of(recipe).train_count


@pytest.mark.parametrize("noise", ["0.333333333333", "1e-12", "0.07", "0.123456789012345"])
def test_the_noise_of_a_recipe_is_that_of_its_link(noise):
    recipe = with_assignment(recipe_of_link("#seed=0.5"), f"data.noise={noise}")
    assert recipe_of_link(link_of_recipe(recipe)).data.noise == recipe.data.noise


@pytest.mark.parametrize("seed", ["a&b", "a=b", "hello world", "café", "a<b"])
def test_a_seed_that_a_link_cannot_contain_is_reported(seed):
    recipe = recipe_of_link("#seed=0.5")
    recipe = recipe.with_value("data.seed", seed).with_value("network.seed", seed)
    with pytest.raises(NoLink, match="needs a string of letters and digits"):
        link_of_recipe(recipe)


def test_a_link_without_a_seed_gets_one():
    assert recipe_of_link("#").data.seed != recipe_of_link("#").data.seed


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("#batchSize=0", "batchSize = 0"),
        ("#batchSize=2.5", "must be an integer"),
        ("#learningRate=abc", "learningRate"),
        ("#networkShape=4,0", "networkShape"),
        ("#x=false&y=false", "no input features"),
        ("#percTrainData=0", "percTrainData = 0 is not supported"),
        ("#percTrainData=0.1", "percTrainData = 0.1 is not supported: it must be"),
        ("#percTrainData=101", "percTrainData = 101 is not supported"),
        ("#batchSize=3.0000001", r"batchSize = 3\.0000001 is not supported"),
        ("#noise=abc", "noise = nan is not supported"),
        ("#seed=" + "7" * 101, "seed = 7777.* at most 100 characters"),
    ],
)
def test_an_unsupported_value_in_a_link_is_reported(link, said):
    with pytest.raises(InputError, match=said) as caught:
        recipe_of_link("#seed=1&" + link[1:])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("data.seed=3", "data.seed"),
        ("data.source=moons", "data.source"),
        ("training.optimizer=adam", "training.optimizer"),
        ("network.activation=elu", "network.activation"),
        ("training.partial_batch=drop", "training.partial_batch"),
        ("network.seed=other", "network.seed"),
        ("data.samples=400", "data.samples"),
        ("network.bias=false", "network.bias"),
    ],
)
def test_settings_unsupported_by_the_page_are_reported_by_key(change, said):
    recipe = with_assignment(recipe_of_link("#seed=0.5&batchSize=30"), change)
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        link_of_recipe(recipe)


def test_the_blog_has_no_link():
    with pytest.raises(InputError, match=r"data\.source = blog"):
        link_of_recipe(PRESETS["blog"].recipe)


def test_all_unsupported_settings_are_reported_at_once():
    with pytest.raises(NoLink) as refused:
        link_of_recipe(PRESETS["circle"].recipe)
    assert str(refused.value) == (
        "TensorFlow Playground does not support data.seed = 0 (needs a string such as 0.5), "
        "network.seed = 1 (needs 0.5)"
    )


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("more", [(), ("network.seed=0.7", "data.seed=0.3", "data.features=x1^2")])
def test_a_recipe_with_the_suggested_changes_has_a_link(name, more):
    recipe = PRESETS[name].recipe
    for assignment in more:
        recipe = with_assignment(recipe, assignment)
    with pytest.raises(NoLink) as refused:
        link_of_recipe(recipe)
    for key, text in refused.value.changes:
        assert f"{key} = " in str(refused.value)
        recipe = with_assignment(recipe, f"{key}={text}")
    check_recipe(recipe)
    assert recipe_of_link(link_of_recipe(recipe)).network.hidden == recipe.network.hidden


def test_a_file_column_is_not_an_input_of_the_page():
    recipe = with_assignment(recipe_of_link("#seed=0.5"), "data.features=height")
    with pytest.raises(NoLink, match=r"data.features = height \(needs x1, x2, x1\^2"):
        link_of_recipe(recipe)
