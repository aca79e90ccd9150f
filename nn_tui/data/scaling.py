"""Bringing input columns to one size, measured on the training samples.

To add a scaling, write its measure and add an entry to ``SCALINGS``.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_tui.types import Array


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
