"""Between a link to TensorFlow Playground and a recipe of the very same experiment."""

import math
import random
from typing import Any

from nn_tui.data.generators import GENERATORS
from nn_tui.data.playground import SETS, sample_count
from nn_tui.errors import InputError
from nn_tui.fields import FIELDS
from nn_tui.files.links import FEATURES, parse_link
from nn_tui.recipe import Recipe

PAGE = "https://playground.tensorflow.org/"

_FEATURES = dict(
    zip(FEATURES, ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"), strict=True)
)
_PENALTIES = {"none": "none", "L1": "l1", "L2": "l2"}
_ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")


def recipe_of_link(text: str) -> Recipe:
    """The experiment that the page with this link shows: points, start weights, rule.

    A link without a seed gets one, as on the page. Raises InputError, a sentence naming
    the link's key, for a value that cannot be trained with.
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
        "data.test_fraction": _test_fraction(state["percTrainData"]),
        "network.hidden": [_whole("networkShape", size) for size in state["networkShape"]],
        "network.activation": state["activation"],
        "network.output": "linear" if regression else "tanh",
        "network.bias": True,
        "network.init": "zeros" if state["initZero"] else "playground",
        "network.seed": seed,
        "training.reduction": "mean",
        "training.learning_rate": state["learningRate"],
        "training.penalty": _PENALTIES[state["regularization"]],
        "training.penalty_rate": state["regularizationRate"],
        "training.batch_size": _whole("batchSize", state["batchSize"]),
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
            shown = str(value)[:60]
            raise InputError(f"the link's {theirs} = {shown} cannot be had: {error}") from None
    return recipe


_LINK_KEYS = {
    "data.noise": "noise",
    "data.seed": "seed",
    "network.hidden": "networkShape",
    "training.learning_rate": "learningRate",
    "training.penalty_rate": "regularizationRate",
    "training.batch_size": "batchSize",
}


def _features(state: dict[str, Any]) -> list[str]:
    hidden = state["hidden"]
    on = [ours for theirs, ours in _FEATURES.items() if state[theirs] and theirs not in hidden]
    if not on:
        raise InputError("the link turns every input off; a network needs one, such as x=true")
    return on


def _test_fraction(percent: float) -> float:
    if not 0 < percent <= 100:
        raise InputError(
            f"the link's percTrainData = {percent:g} cannot be had: it must be above 0, and at "
            "most 100"
        )
    return 1 - percent / 100


def _whole(name: str, value: float) -> int:
    if not math.isfinite(value) or value != int(value):
        raise InputError(f"the link's {name} = {value:g} cannot be had: it must be a whole number")
    return int(value)


def link_of_recipe(recipe: Recipe) -> str:
    """The page's link that shows this very experiment.

    Raises InputError, a sentence that names the key, where the page cannot.
    """
    data, network, training = recipe.data, recipe.network, recipe.training
    ours = {mine: theirs for theirs, mine in SETS.items()}
    _demand(data.source in ours, "data.source", data.source, f"one of {', '.join(ours)}")
    _demand(isinstance(data.seed, str), "data.seed", data.seed, "a text, as the page's seeds are")
    regression = not GENERATORS[data.source].classes
    wanted: dict[str, tuple[Any, ...]] = {
        "data.samples": (sample_count(data.source),),
        "data.scale": ("none",),
        "network.activation": _ACTIVATIONS,
        "network.output": ("auto", "linear" if regression else "tanh"),
        "network.bias": (True,),
        "network.init": ("playground", "zeros"),
        "network.seed": (data.seed,),
        "network.dtype": ("float64",),
        "training.loss": ("half_squared_error",),
        "training.reduction": ("mean",),
        "training.optimizer": ("sgd",),
        "training.shuffle": (False,),
    }
    for key, allowed in wanted.items():
        if not FIELDS[key].unused(recipe):
            _demand(recipe[key] in allowed, key, recipe[key], _or(allowed))
    train = _train_count(recipe)
    batch = train if training.batch_size == "all" else training.batch_size
    fits = isinstance(batch, int) and (train % batch == 0 or training.partial_batch == "carry")
    _demand(fits, "training.partial_batch", training.partial_batch, "carry")
    features = data.features or ("x1", "x2")
    settings = {
        "activation": network.activation,
        **({} if training.penalty == "none" else {"regularization": training.penalty.upper()}),
        "batchSize": batch,
        ("regDataset" if regression else "dataset"): ours[data.source],
        "learningRate": _number(training.learning_rate),
        "regularizationRate": _number(training.penalty_rate),
        "noise": _number(round(100 * data.noise, 9)),
        "networkShape": ",".join(map(str, network.hidden)),
        "seed": data.seed,
        "percTrainData": _number(round(100 * (1 - _fraction(recipe)), 9)),
        **{theirs: str(mine in features).lower() for theirs, mine in _FEATURES.items()},
        "problem": "regression" if regression else "classification",
        "initZero": str(network.init == "zeros").lower(),
    }
    return PAGE + "#" + "&".join(f"{key}={value}" for key, value in settings.items())


def _fraction(recipe: Recipe) -> float:
    fraction = recipe.data.test_fraction
    return 0.5 if isinstance(fraction, str) else fraction


def _train_count(recipe: Recipe) -> int:
    return math.floor(recipe.data.samples * (1 - _fraction(recipe)) + 1e-9)


def _demand(holds: bool, key: str, value: Any, needed: str) -> None:
    if not holds:
        shown = FIELDS[key].kind.show(value)
        raise InputError(
            f"TensorFlow Playground has no link for {key} = {shown}; it would need {needed}"
        )


def _or(allowed: tuple[Any, ...]) -> str:
    return " or ".join(str(value).lower() if value is True else str(value) for value in allowed)


def _number(value: float) -> str:
    return f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
