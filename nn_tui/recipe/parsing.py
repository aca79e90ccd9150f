"""Reading and writing recipes: typed values, ``KEY=VALUE`` assignments, TOML files."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from nn_tui.nn.activations import ACTIVATIONS, incompatibility
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.own_activations import DERIVATIVE
from nn_tui.nn.sample_mixing import mixes_samples
from nn_tui.recipe.field_types import Value
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.line_fields import FUNCTIONS, LINES, MOST_ENTRIES, find_line_field
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.recipe.replicas import check_replicas
from nn_tui.recipe.synonyms import CHOICES, KEYS
from nn_tui.spelling import did_you_mean, suggest
from nn_tui.text import as_unicode, file_name

_DEEPEST_KEY = 20
_FILE_KEY = "data.source"
"""The key whose value may be a file name, which need not be valid Unicode."""
_SECTIONS = "|".join([*dict.fromkeys(entry.section for entry in FIELDS.values()), LINES, FUNCTIONS])
_SECTION_BEGINS = re.compile(rf"^[ \t]*(\[[ \t]*)?({_SECTIONS})[ \t]*[].=]", re.MULTILINE)


def find_field(key: str) -> Field:
    """Return the field of a key.

    Raises RecipeError, with the nearest known key, for an unknown one.
    """
    if key in FIELDS:
        return FIELDS[key]
    try:
        if found := find_line_field(key):
            return found
    except ValueError as error:
        raise RecipeError(str(error)) from None
    section, _, name = key.strip().rpartition(".")
    near = suggest(name, (known.split(".")[1] for known in FIELDS), KEYS)
    candidates = [known for known in FIELDS if known.split(".")[1] in near]
    in_section = [known for known in candidates if known.startswith(f"{section}.")]
    candidates = in_section or candidates
    otherwise = did_you_mean(key, FIELDS, "nn-tui list shows all keys")
    hint = f"did you mean {' or '.join(candidates)}?" if candidates else otherwise
    raise RecipeError(f"{_shorten(key)} is not a recipe key; {hint}")


def with_typed_value(recipe: Recipe, key: str, text: str) -> Recipe:
    """Return ``recipe`` with the typed value of ``key``.

    Raises RecipeError if the key is unknown or the value not allowed.
    """
    return recipe.with_value(key, parse_value(key, text))


def parse_value(key: str, text: str) -> Value:
    """The value that was typed for ``key``.

    Raises RecipeError if the key is unknown or the value not allowed.
    """
    return _value(key, text, find_field(key).kind.parse)


def check_value(key: str, value: object) -> Value:
    """``value`` in the type of the field ``key``.

    Raises RecipeError if the key is unknown or the value not allowed.
    """
    return _value(key, value, find_field(key).kind.check)


def with_assignment(recipe: Recipe, assignment: str) -> Recipe:
    """Return ``recipe`` with ``KEY=VALUE`` from the command line applied.

    Raises RecipeError, also for a missing equals sign.
    """
    key, equals, text = assignment.partition("=")
    if not equals:
        raise RecipeError(f"{_shorten(assignment)!r} has no equals sign; write KEY=VALUE")
    key = key.strip()
    if key.startswith(f"{LINES}.") and key[-1] in "+-*/" and text.startswith("="):
        key, text = f"{key}=", text[1:]  # lines.W1 +==…
    return with_typed_value(recipe, key, text)


def from_mapping(tables: Mapping[str, Any]) -> Recipe:
    """Return the recipe of a parsed TOML document; missing keys have their defaults.

    Raises RecipeError.
    """
    recipe = Recipe()
    sections = [*dict.fromkeys(entry.section for entry in FIELDS.values()), LINES, FUNCTIONS]
    for section, values in tables.items():
        if section not in sections:
            listed = [f"[{name}]" for name in sections]
            hint = did_you_mean(f"[{section}]", listed, f"the sections are {', '.join(listed)}")
            raise RecipeError(f"[{_shorten(section)}] is not a recipe section; {hint}")
        if not isinstance(values, Mapping):
            raise RecipeError(f"{section} = {_display(values)} must be a section, [{section}]")
        if section in (LINES, FUNCTIONS) and len(values) > MOST_ENTRIES:
            raise RecipeError(f"[{section}] has at most {MOST_ENTRIES} entries")
        for name, value in values.items():
            key = f"{section}.{name}"
            if key == _FILE_KEY and isinstance(value, str):
                value = file_name(value)
            recipe = recipe.with_value(key, check_value(key, value))
    return _with_earlier_rho(recipe, tables.get("training", {}))


def _with_earlier_rho(recipe: Recipe, training: Mapping[str, Any]) -> Recipe:
    """``recipe``, with the decay rate of rmsprop as it was before it had one of its own."""
    earlier = recipe.training.optimizer == "rmsprop" or "beta2" in training
    if "rho" in training or not earlier:
        return recipe
    return recipe.with_value("training.rho", "beta2")


def from_toml(text: str) -> Recipe:
    """Parse a TOML text and check the recipe as a whole.

    Raises RecipeError, also for invalid TOML.
    """
    if deepest_key(text) > _DEEPEST_KEY:
        raise RecipeError("the recipe is nested too deeply")
    import tomllib  # a preset needs no parser: start-up time

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"the recipe is not valid TOML: {error}") from None
    except RecursionError:
        raise RecipeError("the recipe is nested too deeply") from None
    except ValueError:  # Python refuses to read thousands of digits
        raise RecipeError("the recipe has a number with too many digits") from None
    recipe = from_mapping(tables)
    check_recipe(recipe)
    return recipe


def looks_like_recipe(text: str) -> bool:
    """Return whether a text has a section of a recipe, valid or not; nothing is parsed."""
    return _SECTION_BEGINS.search(text) is not None


def to_toml(recipe: Recipe) -> str:
    """Return the recipe as TOML, with every key."""
    tables: dict[str, dict[str, Any]] = {}
    for key, entry in FIELDS.items():
        value = recipe[key]
        if isinstance(value, tuple):
            value = list(value)
        elif key == _FILE_KEY:
            value = as_unicode(value)
        tables.setdefault(entry.section, {})[key.split(".")[1]] = value
    for section, entries in ((LINES, recipe.lines), (FUNCTIONS, recipe.functions)):
        for name, text in entries:
            made = list(text) if isinstance(text, tuple) else text
            tables.setdefault(section, {})[name] = made
    import tomli_w

    return tomli_w.dumps(tables)


def check_recipe(recipe: Recipe) -> None:
    """Raise RecipeError for values that are valid by themselves but not together."""
    check_output(recipe.network.output, recipe.training.loss)
    check_activations(recipe)
    check_replicas(recipe)


def check_activations(recipe: Recipe) -> None:
    """Raise RecipeError for an unknown activation, or a list with another number of them."""
    network, functions = recipe.network, dict(recipe.functions)
    field = FIELDS["network.activation"]
    names = [network.activation] if isinstance(network.activation, str) else network.activation
    for name in names:
        if name not in ACTIVATIONS and name not in functions:
            choices = (*ACTIVATIONS, *(f for f in functions if not f.endswith(DERIVATIVE)))
            hint = did_you_mean(name, choices, synonyms=CHOICES)
            raise RecipeError(
                f"network.activation = {_display(field.kind.show(network.activation))} is not "
                f"allowed: it must be one of {', '.join(choices)}{hint and f' ({hint})'}, or a "
                "function of the recipe"
            )
        for used in (name, f"{name}{DERIVATIVE}"):
            if name not in ACTIVATIONS and mixes_samples(functions.get(used, "x")):
                raise RecipeError(
                    f"network.activation = {name}: {used} mixes samples, so that a prediction "
                    "would depend on the rows beside it; use .sum(axis=1) or .max(axis=1)"
                )
    layers = len(network.hidden)
    if not isinstance(network.activation, str) and layers and len(names) != layers:
        raise RecipeError(
            f"network.activation = {_display(field.kind.show(network.activation))} has "
            f"{len(names)} activations for {layers} hidden layer{'s'[: layers > 1]}"
        )


def check_output(output: str, loss: str) -> None:
    """Raise RecipeError for an output activation that the loss does not support."""
    if reason := incompatibility(output, loss):
        raise RecipeError(f"network.output = {output} is not compatible: {reason}")


def reconcile_output_and_loss(recipe: Recipe, key: str) -> tuple[Recipe, str]:
    """Return ``recipe`` with a compatible output and loss, and a note on what changed.

    The value of ``key`` was just set and stays.
    """
    loss, output = recipe.training.loss, recipe.network.output
    if incompatibility(output, loss) is None:
        return recipe, ""
    if key == "network.output":
        loss = next(name for name, entry in LOSSES.items() if output in entry.outputs)
        return recipe.with_value("training.loss", loss), f", and the loss {loss}"
    return recipe.with_value("network.output", "auto"), ", and the output auto"


def deepest_key(text: str) -> int:
    """Return an upper bound of the dots in any TOML key: parsing time is quadratic in them."""
    ends = (re.split(r"[,{\[\n]", part)[-1] for part in re.split(r"[=\]]", text))
    return max(end.count(".") for end in ends)


def _display(value: Any) -> str:
    try:
        return _shorten(str(value).strip())
    except ValueError:  # Python refuses to write thousands of digits
        return "a number with too many digits"


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _value(key: str, given: Any, read: Callable[[Any], Value]) -> Value:
    try:
        return read(given)
    except ValueError as error:
        raise RecipeError(
            f"{key} = {_display(given) or 'nothing'} is not allowed: {error}"
        ) from None
