"""Where the weights start.

Weights are drawn layer by layer from the random stream that the caller gives. To add
an initializer, add an entry to ``INITIALIZERS``.
"""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class WeightStream(Protocol):
    """Random numbers, one after the other, as ``numpy.random.RandomState`` has them."""

    def random_sample(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Evenly from 0 to below 1."""

    def standard_normal(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Normal, mean 0, standard deviation 1."""


class Initializer(NamedTuple):
    """One entry; ``code`` draws weights ({fan_in}, {fan_out}), as a person would write it."""

    name: str
    help: str
    source: str
    code: str
    bias: float = 0.0

    def line(self, fan_in: int, fan_out: int) -> str:
        """The code with its numbers."""
        return self.code.format(fan_in=fan_in, fan_out=fan_out)

    def draw(self, stream: WeightStream, fan_in: int, fan_out: int) -> NDArray[Any]:
        """Weights (fan_in, fan_out), drawn by the code from ``stream`` as if it were NumPy's."""
        random = SimpleNamespace(
            random=stream.random_sample, standard_normal=stream.standard_normal
        )
        numpy = SimpleNamespace(random=random, sqrt=np.sqrt, zeros=np.zeros)
        drawn: NDArray[Any] = eval(self.line(fan_in, fan_out), {"__builtins__": {}, "np": numpy})
        return drawn


_ENTRIES = (
    Initializer(
        "uniform",
        "evenly from -1 to 1; the blog's choice",
        "the blog",
        "2 * np.random.random(({fan_in}, {fan_out})) - 1",
    ),
    Initializer(
        "normal",
        "normal, mean 0, standard deviation 1",
        "Gauss",
        "np.random.standard_normal(({fan_in}, {fan_out}))",
    ),
    Initializer(
        "xavier",
        "evenly within ±√(6 / (fan_in + fan_out)); for tanh and sigmoid",
        "Glorot and Bengio 2010",
        "(2 * np.random.random(({fan_in}, {fan_out})) - 1) * np.sqrt(6 / ({fan_in} + {fan_out}))",
    ),
    Initializer(
        "he",
        "normal, standard deviation √(2 / fan_in); for relu",
        "He et al. 2015",
        "np.random.standard_normal(({fan_in}, {fan_out})) * np.sqrt(2 / {fan_in})",
    ),
    Initializer(
        "playground",
        "evenly from -0.5 to 0.5, biases 0.1, as TensorFlow Playground",
        "tensorflow/playground, nn.ts",
        # Unit by unit of the later layer, so that the draws come in the playground's order;
        # a copy, since a product's last bits depend on how its arrays lie in memory.
        "np.random.random(({fan_out}, {fan_in})).T.copy() - 0.5",
        bias=0.1,
    ),
    Initializer(
        "zeros",
        "all zero: shows why weights must differ",
        "a lesson",
        "np.zeros(({fan_in}, {fan_out}))",
    ),
)

INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ENTRIES}
"""Initializers by the name that the user sees."""


def initial_weights(
    name: str, sizes: tuple[int, ...], stream: WeightStream
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """For each layer its weights (fan_in, fan_out) and biases (fan_out,), float64."""
    entry = INITIALIZERS[name]
    return [
        (entry.draw(stream, fan_in, fan_out), np.full(fan_out, entry.bias))
        for fan_in, fan_out in pairwise(sizes)
    ]
