"""Import of a TensorFlow Playground link as the recipe of the same experiment."""

import math
import random
from typing import Any

from nn_tui.data.dataset import hold_back
from nn_tui.data.playground import SETS, sample_count
from nn_tui.errors import InputError
from nn_tui.files.playground_url import FEATURES, parse_link
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe

INPUTS = dict(
    zip(FEATURES, ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"), strict=True)
)
"""Our names of the page's input features."""
_PENALTIES = {"none": "none", "L1": "l1", "L2": "l2"}


def recipe_of_link(text: str) -> Recipe:
    """The experiment of a link: the same data, initial weights and update rule.

    Without a seed in the link, a random one is drawn, as on the page. Raises InputError,
    naming the link's key, for a value that is not supported.
    """
    state = parse_link(text)
    seed = state["seed"] or f"{random.random():.5f}"
    regression = state["problem"] == "regression"
    theirs = state["regDataset"] if regression else state["dataset"]
    values = {
        "data.source": SETS[theirs],
        "data.features": _features(state),
        "data.samples": sample_count(theirs),
        "data.noise": state["noise"] / 100,
        "data.seed": seed,
        "data.test_fraction": _test_fraction(state["percTrainData"], sample_count(theirs)),
        "network.hidden": [_integer("networkShape", size) for size in state["networkShape"]],
        "network.activation": state["activation"],
        "network.output": "linear" if regression else "tanh",
        "network.bias": True,
        "network.init": "zeros" if state["initZero"] else "playground",
        "network.seed": seed,
        "training.reduction": "mean",
        "training.learning_rate": state["learningRate"],
        "training.penalty": _PENALTIES[state["regularization"]],
        "training.penalty_rate": state["regularizationRate"],
        "training.batch_size": _integer("batchSize", state["batchSize"]),
        "training.partial_batch": "carry",
        "training.epochs": 0,
        "view.pace": 0,
    }
    recipe = Recipe()
    for key, value in values.items():
        try:
            recipe = recipe.with_value(key, FIELDS[key].kind.check(value))
        except ValueError as error:
            theirs = _LINK_KEYS.get(key, key)
            shown = f"{state[theirs]:.17g}" if isinstance(state.get(theirs), float) else value
            shown = str(shown)[:60]
            raise InputError(f"the link's {theirs} = {shown} is not supported: {error}") from None
    return recipe


_LINK_KEYS = {
    "data.noise": "noise",
    "data.seed": "seed",
    "data.test_fraction": "percTrainData",
    "network.hidden": "networkShape",
    "training.learning_rate": "learningRate",
    "training.penalty_rate": "regularizationRate",
    "training.batch_size": "batchSize",
}


def _features(state: dict[str, Any]) -> list[str]:
    hidden = state["hidden"]
    on = [ours for theirs, ours in INPUTS.items() if state[theirs] and theirs not in hidden]
    if not on:
        raise InputError("the link has no input features; turn one on, such as x=true")
    return on


def _test_fraction(percent: float, samples: int) -> float:
    """The test fraction with which as many samples are held out as on the page."""
    count = trained_with(percent, samples) if 0 < percent <= 100 else 0
    if not count:
        raise InputError(
            f"the link's percTrainData = {parse_number(percent)} is not supported: it must be at "
            "most 100 and leave a training sample"
        )
    fraction = 1 - percent / 100
    return fraction if hold_back(samples, fraction) == count else 1 - count / samples


def trained_with(percent: float, samples: int) -> int:
    """Number of training samples on the page (playground.ts, generateData)."""
    return math.floor(samples * percent / 100)


def _integer(name: str, value: float) -> int:
    if not math.isfinite(value) or value != int(value):
        raise InputError(
            f"the link's {name} = {parse_number(value)} is not supported: it must be an integer"
        )
    return int(value)


def parse_number(value: float) -> str:
    """The shortest text of a number that reads back as the same number."""
    return f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
