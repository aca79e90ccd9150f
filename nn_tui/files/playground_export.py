"""Export of a recipe as a TensorFlow Playground link to the same experiment."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from nn_tui.data.dataset import hold_back
from nn_tui.data.generators import GENERATORS
from nn_tui.data.playground import SETS, sample_count
from nn_tui.errors import InputError
from nn_tui.files.playground_import import INPUTS, parse_number, trained_with
from nn_tui.files.playground_url import location_hash
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.recipe import Recipe

PAGE = "https://playground.tensorflow.org/"

_ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear")


class NoLink(InputError):
    """The recipe has settings that TensorFlow Playground does not support.

    ``changes`` are pairs of a key and a supported value, as text.
    """

    def __init__(self, reasons: Sequence[str], changes: Sequence[tuple[str, str]]) -> None:
        super().__init__(f"TensorFlow Playground does not support {', '.join(reasons)}")
        self.changes = tuple(changes)


def link_of_recipe(recipe: Recipe) -> str:
    """The link to the same experiment. Raises NoLink if the page does not support it."""
    _check_all(recipe)
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
        "learningRate": parse_number(training.learning_rate),
        "regularizationRate": parse_number(training.penalty_rate),
        "noise": parse_number(_percent(data.noise)),
        "networkShape": ",".join(map(str, network.hidden)),
        "seed": data.seed,
        "percTrainData": parse_number(_percent_trained_with(recipe)),
        **{theirs: str(mine in features).lower() for theirs, mine in INPUTS.items()},
        "problem": "regression" if regression else "classification",
        "initZero": str(network.init == "zeros").lower(),
    }
    return PAGE + "#" + "&".join(f"{key}={value}" for key, value in settings.items())


def _fraction(recipe: Recipe) -> float:
    fraction = recipe.data.test_fraction
    return 0.5 if isinstance(fraction, str) else fraction


def _train_count(recipe: Recipe) -> int:
    return hold_back(recipe.data.samples, _fraction(recipe))


def _percent(fraction: float) -> float:
    """The shortest percentage that the page converts to exactly ``fraction``."""
    short, exact = round(100 * fraction, 9), 100 * fraction
    near = (short, exact, math.nextafter(exact, math.inf), math.nextafter(exact, 0))
    return next((percent for percent in near if percent / 100 == fraction), exact)


def _percent_trained_with(recipe: Recipe) -> float:
    """The shortest percentage with which the page has as many training samples."""
    samples, count = recipe.data.samples, _train_count(recipe)
    short, exact = round(100 * (1 - _fraction(recipe)), 9), 100 * count / samples
    near = (short, exact, math.nextafter(exact, math.inf))
    return next(percent for percent in near if trained_with(percent, samples) == count)


def _batch(recipe: Recipe) -> int:
    size = recipe.training.batch_size
    return _train_count(recipe) if isinstance(size, str) else size


def _check_all(recipe: Recipe) -> None:
    """Raise NoLink with all unsupported settings, if there are any."""
    supported, reasons, changes = recipe, [], []
    for key, requirement in _REQUIREMENTS.items():
        needed, value = requirement(supported)
        if needed and not FIELDS[key].inactive_reason(supported):
            show = FIELDS[key].kind.show
            reasons.append(f"{key} = {show(supported[key])} (needs {needed})")
            changes.append((key, show(value)))
            supported = supported.with_value(key, value)
    if reasons:
        raise NoLink(reasons, changes)


Requirement = Callable[[Recipe], tuple[str, Any]]
"""Maps a recipe to the values needed (empty if its value is supported), and one of them."""


def _one_of(key: str, allowed: Callable[[Recipe], tuple[Any, ...]]) -> Requirement:
    def requirement(recipe: Recipe) -> tuple[str, Any]:
        values = allowed(recipe)
        return "" if recipe[key] in values else _or(values), values[0]

    return requirement


def _source(recipe: Recipe) -> tuple[str, Any]:
    known = tuple(SETS.values())
    return "" if recipe.data.source in known else _or(known), known[0]


def _features(recipe: Recipe) -> tuple[str, Any]:
    known = set(INPUTS.values())
    return "" if known.issuperset(recipe.data.features) else _or([*INPUTS.values()]), ()


def _data_seed(recipe: Recipe) -> tuple[str, Any]:
    """The page's seeds are strings without characters that a link would change."""
    ours = recipe.network.seed
    seed = ours if _survives_link(ours) else _EXAMPLE_SEED
    needed = "a string of letters and digits" if isinstance(recipe.data.seed, str) else "a string"
    return "" if _survives_link(recipe.data.seed) else f"{needed} such as {seed}", seed


def _survives_link(seed: int | str) -> bool:
    """Whether the page gets exactly this seed from a link, after a browser has parsed it."""
    return isinstance(seed, str) and not {*"&="} & {*seed} and location_hash(seed) == seed


def _partial_batch(recipe: Recipe) -> tuple[str, Any]:
    """The page carries the samples of an incomplete batch over to the next epoch."""
    rest = _train_count(recipe) % max(1, _batch(recipe))
    return "carry" if rest and recipe.training.partial_batch != "carry" else "", "carry"


def _output(recipe: Recipe) -> tuple[Any, ...]:
    return ("tanh" if GENERATORS[recipe.data.source].classes else "linear", "auto")


_EXAMPLE_SEED = "0.5"
_REQUIREMENTS: dict[str, Requirement] = {
    "data.source": _source,
    "data.features": _features,
    "data.seed": _data_seed,
    **{
        key: _one_of(key, allowed)
        for key, allowed in {
            "data.samples": lambda r: (sample_count(r.data.source),),
            "data.validation_fraction": lambda r: (0.0,),
            "data.scale": lambda r: ("none",),
            "network.activation": lambda r: _ACTIVATIONS,
            "network.output": _output,
            "network.bias": lambda r: (True,),
            "network.init": lambda r: ("playground", "zeros"),
            "network.seed": lambda r: (r.data.seed,),
            "network.dtype": lambda r: ("float64",),
            "training.loss": lambda r: ("half_squared_error",),
            "training.reduction": lambda r: ("mean",),
            "training.class_weights": lambda r: ("none",),
            "training.optimizer": lambda r: ("sgd",),
            "training.schedule": lambda r: ("constant",),
            "training.clip_norm": lambda r: ("none",),
            "training.input_noise": lambda r: (0.0,),
            "training.label_smoothing": lambda r: (0.0,),
            "network.dropout": lambda r: (0.0,),
            "training.shuffle": lambda r: (False,),
        }.items()
    },
    "training.partial_batch": _partial_batch,
}
"""By key; a key comes after those that it depends on."""


def _or(allowed: Sequence[Any]) -> str:
    *others, last = [str(v).lower() if isinstance(v, bool) else str(v) for v in allowed]
    return f"{', '.join(others)} or {last}" if others else last
