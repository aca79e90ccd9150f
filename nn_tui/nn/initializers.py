"""Where the weights start.

Weights are drawn layer by layer from the random stream that the caller gives. To add
an initializer, add an entry to ``INITIALIZERS``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Stream(Protocol):
    """Random numbers, one after the other, as ``numpy.random.RandomState`` has them."""

    def random_sample(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Evenly from 0 to below 1."""

    def standard_normal(self, shape: tuple[int, ...], /) -> NDArray[Any]:
        """Normal, mean 0, standard deviation 1."""


Draw = Callable[[Stream, int, int], NDArray[Any]]


@dataclass(frozen=True)
class Initializer:
    """One entry: ``draw(stream, fan_in, fan_out)`` gives weights (fan_in, fan_out)."""

    name: str
    help: str
    source: str
    draw: Draw
    bias: float = 0.0


def _uniform(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    drawn: NDArray[Any] = 2 * stream.random_sample((fan_in, fan_out)) - 1
    return drawn


def _normal(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    return stream.standard_normal((fan_in, fan_out))


def _xavier(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    limit = np.sqrt(6 / (fan_in + fan_out))
    drawn: NDArray[Any] = (2 * stream.random_sample((fan_in, fan_out)) - 1) * limit
    return drawn


def _he(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    drawn: NDArray[Any] = stream.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
    return drawn


def _playground(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    # Unit by unit of the later layer, so that the draws come in the playground's order.
    drawn: NDArray[Any] = stream.random_sample((fan_out, fan_in)).T - 0.5
    return drawn


def _zeros(stream: Stream, fan_in: int, fan_out: int) -> NDArray[Any]:
    return np.zeros((fan_in, fan_out))


_ENTRIES = (
    Initializer("uniform", "evenly from -1 to 1; the blog's choice", "the blog", _uniform),
    Initializer("normal", "normal, mean 0, standard deviation 1", "Gauss", _normal),
    Initializer(
        "xavier",
        "evenly within ±√(6 / (fan_in + fan_out)); for tanh and sigmoid",
        "Glorot and Bengio 2010",
        _xavier,
    ),
    Initializer("he", "normal, standard deviation √(2 / fan_in); for relu", "He et al. 2015", _he),
    Initializer(
        "playground",
        "evenly from -0.5 to 0.5, biases 0.1, as TensorFlow Playground",
        "tensorflow/playground, nn.ts",
        _playground,
        bias=0.1,
    ),
    Initializer("zeros", "all zero: shows why weights must differ", "a lesson", _zeros),
)

INITIALIZERS: dict[str, Initializer] = {entry.name: entry for entry in _ENTRIES}
"""Initializers by the name that the user sees."""


def draw_weights(
    name: str, sizes: tuple[int, ...], stream: Stream
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """For each layer its weights (fan_in, fan_out) and biases (fan_out,), float64."""
    entry = INITIALIZERS[name]
    return [
        (entry.draw(stream, fan_in, fan_out), np.full(fan_out, entry.bias))
        for fan_in, fan_out in pairwise(sizes)
    ]
