"""A recipe says everything an experiment starts from; ``FIELDS`` says all about its keys.

The command line, the hyperparameter pane, validation, help and the TOML file are all
made from the one table.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import tomli_w

from nn_tui.data.sources import SOURCES
from nn_tui.data.tables import TABLES
from nn_tui.errors import InputError
from nn_tui.kinds import Choice, Flag, Integer, Kind, Number, Sizes, Text
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.outputs import OUTPUTS, refuse
from nn_tui.nn.penalties import PENALTIES
from nn_tui.nn.reductions import REDUCTIONS


class RecipeError(InputError):
    """A sentence that names the key, the value and what is allowed."""


@dataclass(frozen=True)
class Data:
    """Where the samples come from."""

    source: str = "blog"
    samples: int = 500
    noise: float = 0.0
    seed: int = 0
    test_fraction: float | str = "auto"


@dataclass(frozen=True)
class Network:
    """What is trained."""

    hidden: tuple[int, ...] = (4,)
    activation: str = "sigmoid"
    output: str = "sigmoid"
    bias: bool = False
    init: str = "uniform"
    seed: int = 1
    dtype: str = "float64"


@dataclass(frozen=True)
class Training:
    """How it is trained."""

    loss: str = "half_squared_error"
    reduction: str = "sum"
    optimizer: str = "sgd"
    learning_rate: float = 1.0
    momentum: float = 0.9
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    penalty: str = "none"
    penalty_rate: float = 0.0
    batch_size: int | str = "all"
    partial_batch: str = "keep"
    shuffle: bool = False
    epochs: int = 50
    stop_loss: float | str = "none"
    evaluate_every: int = 1


@dataclass(frozen=True)
class View:
    """How it is watched; changes nothing in the numbers."""

    pace: float = 10.0


@dataclass(frozen=True)
class Recipe:
    """An experiment's starting point; the default is the blog's."""

    data: Data = field(default_factory=Data)
    network: Network = field(default_factory=Network)
    training: Training = field(default_factory=Training)
    view: View = field(default_factory=View)

    def __getitem__(self, key: str) -> Any:
        section, name = key.split(".")
        return getattr(getattr(self, section), name)

    def with_value(self, key: str, value: Any) -> "Recipe":
        """A copy with one field changed; the value is not checked here."""
        section, name = key.split(".")
        changed = replace(getattr(self, section), **{name: value})
        return replace(self, **{section: changed})


def _always(recipe: Recipe) -> str:
    return ""


@dataclass(frozen=True)
class Field:
    """One key of the recipe.

    ``live`` fields may change while training goes on; the others need a restart.
    ``unused(recipe)`` says why the field does nothing in that recipe, or is empty.
    """

    key: str
    label: str
    kind: Kind
    help: str
    live: bool = False
    unused: Callable[[Recipe], str] = _always

    @property
    def section(self) -> str:
        return self.key.split(".")[0]

    @property
    def default(self) -> Any:
        return Recipe()[self.key]


def _needs_generated(recipe: Recipe) -> str:
    return "" if recipe.data.source not in TABLES else "a truth table is as it is"


def _needs_scalar(name: str) -> Callable[[Recipe], str]:
    def unused(recipe: Recipe) -> str:
        used = name in OPTIMIZERS[recipe.training.optimizer].scalars
        return "" if used else f"{recipe.training.optimizer} has no {name}"

    return unused


def _needs_batches(recipe: Recipe) -> str:
    return "all samples make one batch" if recipe.training.batch_size == "all" else ""


FIELDS: dict[str, Field] = {
    entry.key: entry
    for entry in (
        Field(
            "data.source",
            "data",
            Text(f"a built-in name ({', '.join(SOURCES)})"),
            "where the samples come from",
        ),
        Field(
            "data.samples",
            "samples",
            Integer(2, 10_000_000),
            "how many points are drawn, training and test together",
            unused=_needs_generated,
        ),
        Field(
            "data.noise",
            "noise",
            Number(0, 0.8),
            "how much chance there is in the points, as a fraction",
            unused=_needs_generated,
        ),
        Field(
            "data.seed",
            "data seed",
            Integer(0, 2**32 - 1),
            "the same seed draws the same points",
            unused=_needs_generated,
        ),
        Field(
            "data.test_fraction",
            "test part",
            Number(0, 0.9, word="auto"),
            "the part of the samples held back for testing; auto: none of a table, else half",
        ),
        Field(
            "network.hidden",
            "hidden layers",
            Sizes(50, 10_000_000),
            "units of each hidden layer, first layer first",
        ),
        Field(
            "network.activation",
            "activation",
            Choice(lambda: ACTIVATIONS),
            "what a hidden unit makes of its weighted sum",
            unused=lambda r: "" if r.network.hidden else "there is no hidden layer",
        ),
        Field(
            "network.output",
            "output",
            Choice(lambda: ("auto", *OUTPUTS)),
            "what the output layer makes of its weighted sum; auto follows data and loss",
        ),
        Field("network.bias", "bias", Flag(), "whether each unit adds a learned constant"),
        Field("network.init", "start weights", Choice(lambda: INITIALIZERS), "how weights start"),
        Field(
            "network.seed",
            "weight seed",
            Integer(0, 2**32 - 1),
            "the same seed draws the same start weights, and shuffles alike",
        ),
        Field(
            "network.dtype",
            "precision",
            Choice(lambda: ("float64", "float32")),
            "float32 takes half the memory and is faster where layers are large",
        ),
        Field(
            "training.loss", "loss", Choice(lambda: LOSSES), "what training makes small", live=True
        ),
        Field(
            "training.reduction",
            "reduction",
            Choice(lambda: REDUCTIONS),
            "whether an update adds up or averages the gradients of its samples",
            live=True,
        ),
        Field(
            "training.optimizer",
            "optimizer",
            Choice(lambda: OPTIMIZERS),
            "how far the weights move, given the gradient",
            live=True,
        ),
        Field(
            "training.learning_rate",
            "learning rate",
            Number(0, 1e6, above=True),
            "how far a step goes down the slope",
            live=True,
        ),
        Field(
            "training.momentum",
            "momentum",
            Number(0, 0.9999),
            "how much of the last velocity is kept",
            live=True,
            unused=_needs_scalar("momentum"),
        ),
        Field(
            "training.beta1",
            "beta 1",
            Number(0, 0.999999),
            "how much of the average slope is kept at each update",
            live=True,
            unused=_needs_scalar("beta1"),
        ),
        Field(
            "training.beta2",
            "beta 2",
            Number(0, 0.999999),
            "how much of the average squared slope is kept at each update",
            live=True,
            unused=_needs_scalar("beta2"),
        ),
        Field(
            "training.epsilon",
            "epsilon",
            Number(0, 1, above=True),
            "added to what is divided by, so that it is never zero",
            live=True,
            unused=_needs_scalar("epsilon"),
        ),
        Field(
            "training.penalty",
            "penalty",
            Choice(lambda: PENALTIES),
            "what large weights cost, apart from the loss; biases cost nothing",
            live=True,
        ),
        Field(
            "training.penalty_rate",
            "penalty rate",
            Number(0, 1e6),
            "how strongly the penalty pulls the weights to zero",
            live=True,
            unused=lambda r: "there is no penalty" if r.training.penalty == "none" else "",
        ),
        Field(
            "training.batch_size",
            "batch size",
            Integer(1, 10_000_000, word="all"),
            "samples per update",
            live=True,
        ),
        Field(
            "training.partial_batch",
            "last short batch",
            Choice(lambda: ("keep", "drop", "carry")),
            "keep: it updates too; drop: left out; carry: counted in with the next epoch's first",
            live=True,
            unused=_needs_batches,
        ),
        Field(
            "training.shuffle",
            "shuffle",
            Flag(),
            "whether every epoch takes the samples in a new order",
            live=True,
            unused=_needs_batches,
        ),
        Field(
            "training.epochs",
            "epochs",
            Integer(0, 10**12),
            "pause after so many; one can always go on; 0: never pause",
            live=True,
        ),
        Field(
            "training.stop_loss",
            "stop below",
            Number(0, 1e300, above=True, word="none"),
            "pause when the training loss falls below this; one can always go on",
            live=True,
        ),
        Field(
            "training.evaluate_every",
            "evaluate every",
            Integer(1, 1_000_000),
            "epochs from one exact loss to the next; more saves time with small batches",
            live=True,
        ),
        Field(
            "view.pace",
            "pace",
            Number(0, 1000),
            "epochs a second on the screen; 0: as fast as it goes",
            live=True,
        ),
    )
}
"""Every key by its full name, in the order in which it is shown."""


def field_of(key: str) -> Field:
    """The field of that name.

    Raises RecipeError with the nearest known key for an unknown one.
    """
    if key in FIELDS:
        return FIELDS[key]
    short = {name.split(".")[1]: name for name in FIELDS}
    close = difflib.get_close_matches(key, FIELDS, 1, 0.5)
    close = close or [short[n] for n in difflib.get_close_matches(key.split(".")[-1], short, 1)]
    hint = f"; did you mean {close[0]}?" if close else f"; the keys are {', '.join(FIELDS)}"
    raise RecipeError(f"{key} is no key of a recipe{hint}")


def typed(recipe: Recipe, key: str, text: str) -> Recipe:
    """``recipe`` with the value that a person typed for ``key``.

    Raises RecipeError if the key is unknown or the value not allowed.
    """
    return _changed(recipe, key, text, field_of(key).kind.parse)


def assigned(recipe: Recipe, assignment: str) -> Recipe:
    """``recipe`` with ``KEY=VALUE`` from the command line applied.

    Raises RecipeError, also where there is no equals sign.
    """
    key, equals, text = assignment.partition("=")
    if not equals:
        raise RecipeError(f"{assignment!r} has no equals sign; write KEY=VALUE")
    return typed(recipe, key.strip(), text)


def from_mapping(tables: Mapping[str, Any]) -> Recipe:
    """The recipe that a parsed TOML document says; keys it leaves out keep their defaults.

    Raises RecipeError.
    """
    recipe = Recipe()
    sections = {entry.section for entry in FIELDS.values()}
    for section, values in tables.items():
        if section not in sections:
            close = difflib.get_close_matches(section, sections, 1)
            hint = f"; did you mean [{close[0]}]?" if close else ""
            raise RecipeError(f"[{section}] is no section of a recipe{hint}")
        if not isinstance(values, Mapping):
            raise RecipeError(f"{section} = {values!r} must be a section, [{section}]")
        for name, value in values.items():
            key = f"{section}.{name}"
            recipe = _changed(recipe, key, value, field_of(key).kind.check)
    return recipe


def from_toml(text: str) -> Recipe:
    """The recipe that a TOML text says, checked as a whole.

    Raises RecipeError, also where the text is no TOML.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"the recipe is not valid TOML: {error}") from None
    except RecursionError:
        raise RecipeError("the recipe is nested too deeply") from None
    except ValueError:  # Python refuses to read thousands of digits
        raise RecipeError("the recipe has a number with too many digits") from None
    recipe = from_mapping(tables)
    check(recipe)
    return recipe


def to_toml(recipe: Recipe) -> str:
    """The recipe as TOML, every key written out."""
    tables: dict[str, dict[str, Any]] = {}
    for key, entry in FIELDS.items():
        value = recipe[key]
        tables.setdefault(entry.section, {})[key.split(".")[1]] = (
            list(value) if isinstance(value, tuple) else value
        )
    return tomli_w.dumps(tables)


def check(recipe: Recipe) -> None:
    """Raises RecipeError where fields that are right alone do not fit together."""
    reason = refuse(recipe.network.output, recipe.training.loss)
    if reason:
        raise RecipeError(f"network.output = {recipe.network.output} does not fit: {reason}")


def _changed(recipe: Recipe, key: str, given: Any, read: Callable[[Any], Any]) -> Recipe:
    try:
        return recipe.with_value(key, read(given))
    except ValueError as error:
        shown = str(given).strip()
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise RecipeError(f"{key} = {shown or 'nothing'} is not allowed: {error}") from None
