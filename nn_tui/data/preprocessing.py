"""Which inputs the network sees: columns, or for two columns also what follows from them.

The derived features and their order are TensorFlow Playground's. To add one, add an
entry to ``FEATURES``.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from nn_tui.data.clean import quoted
from nn_tui.data.errors import DataError
from nn_tui.text import did_you_mean
from nn_tui.types import Array


class Feature(NamedTuple):
    """One entry: ``apply(x1, x2)`` on columns (samples,); ``name`` is also its formula."""

    name: str
    help: str
    apply: Callable[[Array, Array], Array]


_FEATURE_ENTRIES = (
    Feature("x1", "the first column", lambda x1, x2: x1),
    Feature("x2", "the second column", lambda x1, x2: x2),
    Feature("x1^2", "a parabola along the first", lambda x1, x2: x1 * x1),
    Feature("x2^2", "a parabola along the second", lambda x1, x2: x2 * x2),
    Feature("x1*x2", "the product: a saddle, all that xor needs", lambda x1, x2: x1 * x2),
    Feature("sin(x1)", "a wave along the first", lambda x1, x2: np.sin(x1)),
    Feature("sin(x2)", "a wave along the second", lambda x1, x2: np.sin(x2)),
)

FEATURES: dict[str, Feature] = {entry.name: entry for entry in _FEATURE_ENTRIES}
"""Features of two-column data by name, in the network's order."""

Chosen = tuple[int | Feature, str]
"""A raw column's number or a feature, and the name of the input that it makes."""


def feature_names(columns: Sequence[str]) -> tuple[str, ...]:
    """What ``data.features`` may name where the raw columns are ``columns``."""
    return tuple(columns) if len(columns) != 2 else tuple(_two(columns))


def choose_features(wanted: Sequence[str], columns: Sequence[str]) -> tuple[Chosen, ...]:
    """The inputs that ``wanted`` names, in the network's order, each once.

    A column may be named as it is, a text column also by its name before ``=``. Of two
    columns features may be written with ``x1`` and ``x2`` or with the columns' names.
    Raises DataError for a name that is none of these.
    """
    order: list[Chosen] = list(enumerate(columns))
    known: dict[str, list[Chosen]] = {}
    if len(columns) == 2:
        order = [(feature, name) for name, feature in _two(columns).items()]
        known = {feature.name: [(feature, name)] for name, feature in _two(columns).items()}
    for what, name in order:
        if name in columns and "=" in name:
            known.setdefault(name.partition("=")[0], []).append((what, name))
    known |= {name: [(what, name)] for what, name in order}
    for name in wanted:
        if name not in known:
            raise DataError(_unknown(name, feature_names(columns)))
    asked = {chosen for name in wanted for chosen in known[name]}
    return tuple(chosen for chosen in order if chosen in asked)


def compute_features(chosen: Sequence[Chosen], raw: Array) -> Array:
    """``raw`` (points, raw columns) to inputs (points, inputs), a new array."""
    inputs = np.empty((len(raw), len(chosen)))
    with np.errstate(all="ignore"):
        for place, (what, _) in enumerate(chosen):
            inputs[:, place] = (
                raw[:, what] if isinstance(what, int) else what.apply(raw[:, 0], raw[:, 1])
            )
    return inputs


def _two(columns: Sequence[str]) -> dict[str, Feature]:
    """The features of two columns by the names of their inputs."""
    first, second = columns
    names = {"x1": first, "x2": second}
    return {
        "".join(names.get(part, part) for part in _parts(feature.name)): feature
        for feature in _FEATURE_ENTRIES
    }


def _parts(formula: str) -> list[str]:
    for mark in "()*^":
        formula = formula.replace(mark, f" {mark} ")
    return formula.split()


def _unknown(name: str, names: Sequence[str]) -> str:
    hint = did_you_mean(name, names, f"there are {joined_names(names)}")
    return f"there is no input {quoted(name)}; {hint}"


def joined_names(names: Sequence[str], most: int = 12) -> str:
    """Names for a sentence, the first few where there are many."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"
