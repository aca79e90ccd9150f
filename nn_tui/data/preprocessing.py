"""Preprocessing: from raw columns to the network's inputs by feature selection and scaling;
from targets in their own units to what the network learns.

Two-column data also have derived features, in TensorFlow Playground's order. To add a
feature, add an entry to ``_FEATURE_ENTRIES``; to add a scaling, to ``_SCALING_ENTRIES``.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.spelling import did_you_mean
from nn_tui.text import quoted
from nn_tui.types import Array


class Feature(NamedTuple):
    """A feature: ``apply(x1, x2)`` on columns (samples,); ``name`` is also the formula."""

    name: str
    help: str
    apply: Callable[[Array, Array], Array]


_FEATURE_ENTRIES = (
    Feature("x1", "the first column", lambda x1, x2: x1),
    Feature("x2", "the second column", lambda x1, x2: x2),
    Feature("x1^2", "the square of the first", lambda x1, x2: x1 * x1),
    Feature("x2^2", "the square of the second", lambda x1, x2: x2 * x2),
    Feature("x1*x2", "the product, which separates XOR", lambda x1, x2: x1 * x2),
    Feature("sin(x1)", "the sine of the first", lambda x1, x2: np.sin(x1)),
    Feature("sin(x2)", "the sine of the second", lambda x1, x2: np.sin(x2)),
)

FEATURES: dict[str, Feature] = {entry.name: entry for entry in _FEATURE_ENTRIES}
"""Features of two-column data by name, in input order."""

Chosen = tuple[int | Feature, str]
"""The index of a raw column, or a feature, and the name of the resulting input."""


def feature_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the features available for the raw columns ``columns``."""
    return tuple(columns) if len(columns) != 2 else tuple(_two(columns))


_LEAVES_OUT, _TAKES_IN = "-", "+"


def excludes(name: str, known: Collection[str]) -> bool:
    """Return whether a name in ``data.features`` leaves an input out: ``-Name``.

    A name that itself begins with - is one of ``known``.
    """
    return name.startswith(_LEAVES_OUT) and name not in known


def takes_in(name: str, known: Collection[str]) -> bool:
    """Return whether a name in ``data.features`` keeps an input from being left out: ``+Name``."""
    return name.startswith(_TAKES_IN) and name not in known


def choose_features(wanted: Sequence[str], columns: Sequence[str]) -> tuple[Chosen, ...]:
    """Return the inputs named in ``wanted``, in input order, without duplicates.

    A name is a column, or a categorical column without ``=`` and category. With two columns,
    features are written with ``x1`` and ``x2`` or with the column names. If all names have a
    leading -, these are left out of the columns. Raises DataError for an unknown name.
    """
    order: list[Chosen] = list(enumerate(columns))
    known: dict[str, list[Chosen]] = {}
    if len(columns) == 2:
        order = [(feature, name) for name, feature in _two(columns).items()]
        known = {feature.name: [(feature, name)] for name, feature in _two(columns).items()}
    for feature, name in order:
        if name in columns and "=" in name:
            known.setdefault(name.partition("=")[0], []).append((feature, name))
    known |= {name: [(feature, name)] for feature, name in order}
    left_out = [name.removeprefix(_LEAVES_OUT) for name in wanted if excludes(name, known)]
    if left_out and len(left_out) < len(wanted):
        raise DataError(
            "data.features has names with and without a leading -; give the inputs to use, or "
            "those to leave out"
        )
    for name in left_out or wanted:
        if name not in known:
            names = feature_names(columns)
            hint = did_you_mean(name, names, f"the inputs are {joined_names(names)}")
            raise DataError(f"there is no input {quoted(name)}; {hint}")
    named = {chosen for name in left_out or wanted for chosen in known[name]}
    if left_out:
        selected = tuple(c for c in order if c not in named and c[1] in columns)
    else:
        selected = tuple(chosen for chosen in order if chosen in named)
    if not selected:
        raise DataError("data.features leaves out every input; at least one must remain")
    return selected


def compute_features(chosen: Sequence[Chosen], raw: Array) -> Array:
    """Return the unscaled inputs (points, inputs) of ``raw`` (points, raw columns)."""
    inputs = np.empty((len(raw), len(chosen)))
    with np.errstate(all="ignore"):
        for column, (feature, _) in enumerate(chosen):
            inputs[:, column] = (
                raw[:, feature] if isinstance(feature, int) else feature.apply(raw[:, 0], raw[:, 1])
            )
    return inputs


def _two(columns: Sequence[str]) -> dict[str, Feature]:
    """Return the features of two columns by input name."""
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


def joined_names(names: Sequence[str], most: int = 12) -> str:
    """Join names for a sentence; of many, only the first few."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


class Scaling(NamedTuple):
    """A scaling: ``fit(inputs)`` returns shift and size, both (inputs,).

    A scaled column is (column - shift) / size.
    """

    name: str
    help: str
    fit: Callable[[Array], tuple[Array, Array]]


def _none(inputs: Array) -> tuple[Array, Array]:
    width = inputs.shape[1]
    return np.zeros(width), np.ones(width)


def _standard(inputs: Array) -> tuple[Array, Array]:
    return inputs.mean(axis=0), inputs.std(axis=0)


def _minmax(inputs: Array) -> tuple[Array, Array]:
    low = inputs.min(axis=0)
    return low, inputs.max(axis=0) - low


_SCALING_ENTRIES = (
    Scaling("none", "no scaling", _none),
    Scaling("standard", "mean 0 and standard deviation 1 on the training set", _standard),
    Scaling("minmax", "range 0..1 on the training set", _minmax),
)

SCALINGS: dict[str, Scaling] = {entry.name: entry for entry in _SCALING_ENTRIES}
"""Scalings by recipe name."""


def fit_scaling(name: str, inputs: Array) -> tuple[Array, Array]:
    """Return shift and size (inputs,) of a scaling fitted to ``inputs`` (samples, inputs).

    A constant column has size 1, so that it becomes 0.
    """
    with np.errstate(all="ignore"):
        shift, size = SCALINGS[name].fit(inputs)
    if name != "none":
        # Rounding errors may give a constant column a nonzero standard deviation.
        low = inputs.min(axis=0)
        constant = low == inputs.max(axis=0)
        shift = np.where(constant, low, shift)
        size = np.where(constant | (size == 0), 1.0, size)
    return shift, size


@dataclass(frozen=True, eq=False)
class Preparation:
    """Fitted preprocessing: (feature - shift) / size; ``shift`` and ``size`` are (inputs,)."""

    chosen: tuple[Chosen, ...]
    shift: Array
    size: Array

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(name for _, name in self.chosen)

    def apply(self, raw: Array) -> Array:
        """Return the inputs (points, inputs) of ``raw`` (points, raw columns)."""
        return self._scale(compute_features(self.chosen, raw))

    def _scale(self, inputs: Array) -> Array:
        with np.errstate(all="ignore"):
            inputs -= self.shift
            inputs /= self.size
        return inputs


def fit_preparation(
    raw: Array, columns: Sequence[str], train_count: int, features: Sequence[str], scale: str
) -> tuple[Preparation, Array] | None:
    """Fit the preprocessing; return it with the inputs (samples, inputs).

    ``raw`` is (samples, columns), training samples first: the scaling is fitted to these
    only. Empty ``features`` means all columns. Return None where the inputs are the raw
    columns. Raises DataError for an unknown feature and for inputs that are not finite.
    """
    chosen = choose_features(features, columns) if features else tuple(enumerate(columns))
    if scale == "none" and tuple(name for _, name in chosen) == tuple(columns):
        return None
    inputs = compute_features(chosen, raw)
    preparation = Preparation(chosen, *fit_scaling(scale, inputs[:train_count]))
    _check_fitted(preparation, scale)
    preparation._scale(inputs)
    finite = np.isfinite(inputs).all(axis=0)
    if not finite.all():
        name = preparation.names[int(np.argmin(finite))]
        raise DataError(f"the input {name} is infinite for some samples: its column is too large")
    return preparation, inputs


def _check_fitted(preparation: Preparation, scale: str) -> None:
    """Raise DataError for a column whose values are too large to be scaled."""
    finite = np.isfinite(preparation.shift) & np.isfinite(preparation.size)
    if not finite.all():
        name = preparation.names[int(np.argmin(finite))]
        raise DataError(
            f"the input {name} cannot be scaled with data.scale = {scale}: its values overflow "
            "float64; make them smaller in the file"
        )


TARGET_SCALES = {
    "auto": "standard for continuous targets of files and built-in sets, else none",
    "none": "no scaling",
    "standard": "mean 0 and standard deviation 1 on the training set",
}
"""Help of the scalings of continuous targets, by recipe name."""


@dataclass(frozen=True, eq=False)
class TargetScaling:
    """Continuous targets as (target - shift) / size; ``shift`` and ``size`` are (outputs,)."""

    shift: Array
    size: Array

    @classmethod
    def fit(cls, targets: Array) -> Self:
        """Return the scaling to mean 0 and deviation 1 of ``targets`` (samples, outputs).

        Raises DataError for targets whose mean or deviation overflows.
        """
        shift, size = fit_scaling("standard", targets)
        if not np.isfinite([shift, size]).all():
            raise DataError(
                "the target cannot be scaled with data.target_scale = standard: its values "
                "overflow float64; make them smaller in the file"
            )
        return cls(shift, size)

    def encode(self, targets: Array) -> Array:
        """Return what the network learns, of ``targets`` (…, outputs) in their own units."""
        scaled: Array = (targets - self.shift) / self.size
        return scaled

    def decode(self, outputs: Array) -> Array:
        """Return ``outputs`` (…, outputs) of the network in the units of the targets."""
        with np.errstate(all="ignore"):
            values: Array = outputs * self.size + self.shift
        return values
