"""Weight initialization.

Weights are drawn layer by layer from the caller's random stream. To add an initializer,
add an entry to ``_ENTRIES``.
"""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class WeightStream(Protocol):
    """The part of ``numpy.random.RandomState`` that initializers use."""

    def random_sample(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Draw from the uniform distribution on [0, 1)."""

    def standard_normal(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Draw from the standard normal distribution."""


class Initializer(NamedTuple):
    """An initializer; ``code`` draws weights ({fan_in}, {fan_out}) in plain NumPy."""

    name: str
    help: str
    source: str
    code: str
    bias: float = 0.0

    def line(self, fan_in: int, fan_out: int) -> str:
        """Return the code for a layer of that size."""
        return self.code.format(fan_in=fan_in, fan_out=fan_out)

    def draw(self, stream: WeightStream, fan_in: int, fan_out: int) -> NDArray[Any]:
        """Draw weights (fan_in, fan_out) from ``stream``, which replaces ``np.random``."""
        random = SimpleNamespace(
            random=stream.random_sample, standard_normal=stream.standard_normal
        )
        numpy = SimpleNamespace(random=random, sqrt=np.sqrt, zeros=np.zeros)
        drawn: NDArray[Any] = eval(self.line(fan_in, fan_out), {"__builtins__": {}, "np": numpy})
        return drawn


_ENTRIES = (
    Initializer(
        "uniform",
        "uniform in -1..1; used in the blog",
        "the blog",
        "2 * np.random.random(({fan_in}, {fan_out})) - 1",
    ),
    Initializer(
        "normal",
        "standard normal distribution",
        "Gauss",
        "np.random.standard_normal(({fan_in}, {fan_out}))",
    ),
    Initializer(
        "xavier",
        "uniform in ±√(6 / (fan_in + fan_out)); for tanh and sigmoid",
        "Glorot and Bengio 2010",
        "(2 * np.random.random(({fan_in}, {fan_out})) - 1) * np.sqrt(6 / ({fan_in} + {fan_out}))",
    ),
    Initializer(
        "he",
        "normal with standard deviation √(2 / fan_in); for relu",
        "He et al. 2015",
        "np.random.standard_normal(({fan_in}, {fan_out})) * np.sqrt(2 / {fan_in})",
    ),
    Initializer(
        "playground",
        "uniform in -0.5..0.5, biases 0.1, as in TensorFlow Playground",
        "tensorflow/playground, nn.ts",
        # Drawn unit by unit of the later layer, in the Playground's order; copied because the
        # last bits of a matrix product depend on the memory layout.
        "np.random.random(({fan_out}, {fan_in})).T.copy() - 0.5",
        bias=0.1,
    ),
    Initializer(
        "zeros",
        "all zero: shows why symmetry must be broken",
        "Rumelhart, Hinton and Williams 1986",
        "np.zeros(({fan_in}, {fan_out}))",
    ),
)

INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ENTRIES}
"""Initializers by recipe name."""


def initial_weights(
    name: str, sizes: tuple[int, ...], stream: WeightStream
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return weights (fan_in, fan_out) and biases (fan_out,) of each layer, float64."""
    entry = INITIALIZERS[name]
    return [
        (entry.draw(stream, fan_in, fan_out), np.full(fan_out, entry.bias))
        for fan_in, fan_out in pairwise(sizes)
    ]
