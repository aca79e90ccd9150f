"""Between a link to TensorFlow Playground and a recipe of the very same experiment."""

import math
import random
from collections.abc import Callable, Sequence
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


class NoLink(InputError):
    """What the page cannot show of a recipe, every key with what it would need.

    ``changes`` are the keys and the values, as one types them, with which it could.
    """

    def __init__(self, reasons: Sequence[str], changes: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"TensorFlow Playground has no link for {', '.join(reasons)}")
        self.changes = tuple(changes)


def link_of_recipe(recipe: Recipe) -> str:
    """The page's link that shows this very experiment; raises NoLink where the page cannot."""
    _demand_all(recipe)
    data, network, training = recipe.data, recipe.network, recipe.training
    ours = {mine: theirs for theirs, mine in SETS.items()}
    regression = not GENERATORS[data.source].classes
    batch = _batch(recipe)
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


def _batch(recipe: Recipe) -> int:
    size = recipe.training.batch_size
    return _train_count(recipe) if isinstance(size, str) else size


def _demand_all(recipe: Recipe) -> None:
    """Raises NoLink, which counts up all that has to be otherwise."""
    fit, reasons, changes = recipe, [], []
    for key, demand in _DEMANDS.items():
        needed, value = demand(fit)
        if needed and not FIELDS[key].unused(fit):
            show = FIELDS[key].kind.show
            reasons.append(f"{key} = {show(fit[key])} (needs {needed})")
            changes.append((key, show(value)))
            fit = fit.with_value(key, value)
    if reasons:
        raise NoLink(reasons, changes)


Demand = Callable[[Recipe], tuple[str, Any]]
"""What a field would need in a recipe, or nothing, and a value that would do."""


def _one_of(key: str, allowed: Callable[[Recipe], tuple[Any, ...]]) -> Demand:
    def demand(recipe: Recipe) -> tuple[str, Any]:
        values = allowed(recipe)
        return "" if recipe[key] in values else _or(values), values[0]

    return demand


def _source(recipe: Recipe) -> tuple[str, Any]:
    known = tuple(SETS.values())
    return "" if recipe.data.source in known else _or(known), known[0]


def _features_known(recipe: Recipe) -> tuple[str, Any]:
    known = set(_FEATURES.values())
    return "" if known.issuperset(recipe.data.features) else _or([*_FEATURES.values()]), ()


def _data_seed(recipe: Recipe) -> tuple[str, Any]:
    """The page's seeds are texts."""
    drawn = recipe.network.seed
    seed = drawn if isinstance(drawn, str) else _SOME_SEED
    return "" if isinstance(recipe.data.seed, str) else f"a text such as {seed}", seed


def _partial_batch(recipe: Recipe) -> tuple[str, Any]:
    """The page counts the last samples in with the next epoch's first, where any are left."""
    rest = _train_count(recipe) % max(1, _batch(recipe))
    return "carry" if rest and recipe.training.partial_batch != "carry" else "", "carry"


def _output(recipe: Recipe) -> tuple[Any, ...]:
    return ("tanh" if GENERATORS[recipe.data.source].classes else "linear", "auto")


_SOME_SEED = "0.5"
_DEMANDS: dict[str, Demand] = {
    "data.source": _source,
    "data.features": _features_known,
    "data.seed": _data_seed,
    **{
        key: _one_of(key, allowed)
        for key, allowed in {
            "data.samples": lambda r: (sample_count(r.data.source),),
            "data.scale": lambda r: ("none",),
            "network.activation": lambda r: _ACTIVATIONS,
            "network.output": _output,
            "network.bias": lambda r: (True,),
            "network.init": lambda r: ("playground", "zeros"),
            "network.seed": lambda r: (r.data.seed,),
            "network.dtype": lambda r: ("float64",),
            "training.loss": lambda r: ("half_squared_error",),
            "training.reduction": lambda r: ("mean",),
            "training.optimizer": lambda r: ("sgd",),
            "training.shuffle": lambda r: (False,),
        }.items()
    },
    "training.partial_batch": _partial_batch,
}
"""By key; those that others depend on come first."""


def _or(allowed: Sequence[Any]) -> str:
    *others, last = [str(v).lower() if isinstance(v, bool) else str(v) for v in allowed]
    return f"{', '.join(others)} or {last}" if others else last


def _number(value: float) -> str:
    return f"{value:.17g}" if float(f"{value:.15g}") != value else f"{value:.15g}"
