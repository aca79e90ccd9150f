"""Links to TensorFlow Playground, against what its own code makes of them."""

import json
import math
from pathlib import Path

import pytest

from nn_tui.files.playground_url import FEATURES, is_link, javascript_number, parse_link

FOLDER = Path(__file__).parents[1] / "playground"
VECTORS = json.loads((FOLDER / "url_vectors.json").read_text())
RUNS = {
    path.stem: run
    for path in sorted(FOLDER.glob("[0-9]*.json"))
    if "playground_hash" in (run := json.loads(path.read_text()))
}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["hash"] for vector in VECTORS])
def test_every_setting_is_parsed_as_on_the_page(vector):
    state = parse_link("https://playground.tensorflow.org/#" + vector["hash"])
    if state["seed"] is None:
        state["seed"] = "(random)"
    shown = {
        name: "NaN" if isinstance(value, float) and math.isnan(value) else value
        for name, value in state.items()
    }
    assert shown == vector["parsed"]


@pytest.mark.parametrize("name", RUNS)
def test_the_links_of_the_reference_runs(name):
    run = RUNS[name]
    state = parse_link("#" + run["playground_hash"])
    regression = run["problem"] == "regression"
    assert state["problem"] == run["problem"]
    assert state["regDataset" if regression else "dataset"] == run["dataset"]
    assert state["seed"] == run["seed"]
    assert state["networkShape"] == run["layer_sizes"][1:-1]
    assert [feature for feature in FEATURES if state[feature]] == run["features"]
    assert (state["noise"], state["percTrainData"]) == (run["noise"], run["perc_train"])
    assert state["regularization"] == run["regularization"]
    assert state["regularizationRate"] == run["regularization_rate"]
    assert (state["batchSize"], state["learningRate"]) == (run["batch_size"], run["learning_rate"])
    assert state["activation"] == run["hidden_activation"]


@pytest.mark.parametrize(
    ("setting", "name", "expected"),
    [
        ("networkShape=", "networkShape", []),
        ("networkShape", "networkShape", []),
        ("networkShape=4,,2", "networkShape", [4, 0, 2]),
        ("seed=0.60520", "seed", "0.60520"),
        ("seed=a%20b", "seed", "a%20b"),
        ("seed=1&seed=2", "seed", "2"),
        ("seed=", "seed", None),
        ("noise=81", "noise", 50),
        ("noise=80", "noise", 80),
        ("noise=-3", "noise", 0),
        ("x_hide=true&y_hide=True&playButton_hide=true", "hidden", ["x", "playButton"]),
        ("x=", "x", True),
        ("initZero=no", "initZero", True),
        ("activation", "activation", "tanh"),
        ("learningRate=0x1F", "learningRate", 31),
        ("batchSize= ", "batchSize", 10),  # at the end, which a browser trims
        # What a browser encodes, the page sees encoded.
        ("seed=hello world&x=true", "seed", "hello%20world"),
        ("seed=café", "seed", "caf%C3%A9"),
        ("seed=😀", "seed", "%F0%9F%98%80"),
        ('seed=a"b<c>`d', "seed", "a%22b%3Cc%3E%60d"),
        ("seed=0\t.\r\n5 ", "seed", "0.5"),
        ("seed=a\x7fb", "seed", "a%7Fb"),
        ("seed=a#b!$'()*+,/:;?@[\\]^{|}~%20", "seed", "a#b!$'()*+,/:;?@[\\]^{|}~%20"),
    ],
)
def test_one_setting(setting, name, expected):
    assert parse_link("#" + setting)[name] == expected


def test_a_number_after_a_space_is_parsed_as_on_the_page():
    assert math.isnan(parse_link("#batchSize= 5&x=true")["batchSize"])
    first, second = parse_link("#networkShape=4, 2")["networkShape"]
    assert first == 4 and math.isnan(second)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", 10),
        (" 10\n", 10),
        ("\ufeff1\u2003", 1),
        ("+.5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("1E-3", 0.001),
        ("1e400", math.inf),
        ("-Infinity", -math.inf),
        ("0b101", 5),
        ("0O17", 15),
        ("0x" + "f" * 400, math.inf),
        ("", 0),
    ],
)
def test_numbers_as_javascript_reads_them(text, expected):
    assert javascript_number(text) == expected


@pytest.mark.parametrize(
    "text", ["1_0", "1,5", "inf", "nan", "infinity", "-0x10", "0x", "0b2", "1e", ".", "١", "1 2"]
)
def test_text_that_is_not_a_number_in_javascript(text):
    assert math.isnan(javascript_number(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://playground.tensorflow.org/#activation=tanh", True),
        ("http://playground.tensorflow.org", True),
        ("#seed=1", True),
        ("HTTPS://PLAYGROUND.TENSORFLOW.ORG/#seed=1", True),
        ("https://tensorflow.github.io/playground/#seed=1", True),
        ("blog", False),
        ("data.csv", False),
        ("dir#playground.tensorflow.org", False),
    ],
)
def test_links_are_recognized(text, expected):
    assert is_link(text) == expected
