"""Which inputs the network sees: columns, or for two columns also what follows from them.

The derived features and their order are TensorFlow Playground's. To add one, add an
entry to ``FEATURES``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.text import did_you_mean, quoted
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


class Scaling(NamedTuple):
    """One entry: ``measure(inputs)`` gives shift and size, both (inputs,).

    A scaled column is (column - shift) / size.
    """

    name: str
    help: str
    measure: Callable[[Array], tuple[Array, Array]]


def _none(inputs: Array) -> tuple[Array, Array]:
    width = inputs.shape[1]
    return np.zeros(width), np.ones(width)


def _standard(inputs: Array) -> tuple[Array, Array]:
    return inputs.mean(axis=0), inputs.std(axis=0)


def _minmax(inputs: Array) -> tuple[Array, Array]:
    low = inputs.min(axis=0)
    return low, inputs.max(axis=0) - low


_SCALING_ENTRIES = (
    Scaling("none", "the columns as they are", _none),
    Scaling("standard", "mean 0 and standard deviation 1 over the training samples", _standard),
    Scaling("minmax", "from 0 to 1 over the training samples", _minmax),
)

SCALINGS: dict[str, Scaling] = {entry.name: entry for entry in _SCALING_ENTRIES}
"""Scalings by the name that the user sees."""


def fit_scaling(name: str, inputs: Array) -> tuple[Array, Array]:
    """Shift and size (inputs,) of that scaling over ``inputs`` (samples, inputs).

    A column that never changes has the size 1, so it becomes 0 and stays finite.
    """
    with np.errstate(all="ignore"):
        shift, size = SCALINGS[name].measure(inputs)
    if name != "none":
        # Rounding gives some constant columns a mean and a deviation of their own.
        low = inputs.min(axis=0)
        constant = low == inputs.max(axis=0)
        shift = np.where(constant, low, shift)
        size = np.where(constant | (size == 0), 1.0, size)
    return shift, size


@dataclass(frozen=True, eq=False)
class Preparation:
    """An input is (what was chosen - shift) / size; ``shift`` and ``size`` are (inputs,)."""

    chosen: tuple[Chosen, ...]
    shift: Array
    size: Array

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs' names."""
        return tuple(name for _, name in self.chosen)

    def apply(self, raw: Array) -> Array:
        """``raw`` (points, raw columns) to inputs (points, inputs), a new array."""
        return self._scaled(compute_features(self.chosen, raw))

    def _scaled(self, inputs: Array) -> Array:
        with np.errstate(all="ignore"):
            inputs -= self.shift
            inputs /= self.size
        return inputs


def fit_preparation(
    raw: Array, columns: Sequence[str], train_count: int, features: Sequence[str], scale: str
) -> tuple[Preparation, Array] | None:
    """How to make the inputs, and the inputs themselves (samples, inputs).

    ``raw`` is (samples, columns), the training samples first: the scaling is measured on
    these alone. No ``features`` means every column as it is. None where nothing is to be
    done. Raises DataError for an unknown feature, and where an input would not be finite.
    """
    chosen = choose_features(features, columns) if features else tuple(enumerate(columns))
    if scale == "none" and tuple(name for _, name in chosen) == tuple(columns):
        return None
    inputs = compute_features(chosen, raw)
    preparation = Preparation(chosen, *fit_scaling(scale, inputs[:train_count]))
    _refuse_unmeasured(preparation, scale)
    preparation._scaled(inputs)
    finite = np.isfinite(inputs).all(axis=0)
    if not finite.all():
        name = preparation.names[int(np.argmin(finite))]
        raise DataError(f"the input {name} is infinite for some samples: its column is too large")
    return preparation, inputs


def _refuse_unmeasured(preparation: Preparation, scale: str) -> None:
    """Raises DataError where a column is so large that every value of it would become 0."""
    measured = np.isfinite(preparation.shift) & np.isfinite(preparation.size)
    if not measured.all():
        name = preparation.names[int(np.argmin(measured))]
        raise DataError(
            f"the input {name} cannot be scaled by data.scale = {scale}: its values are too large "
            "to be measured in float64; make them smaller in the file"
        )
