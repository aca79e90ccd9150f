"""Where chance comes from: NumPy's generator for a number, the playground's for a text."""

from typing import Protocol

import numpy as np

from nn_tui.data.random_streams import SeedRandom
from nn_tui.types import Array


class RandomStream(Protocol):
    """A stream of random numbers; every call goes on where the last one ended."""

    def uniform(self, samples: int, numbers: int) -> Array:
        """(samples, numbers) evenly from 0 to 1, drawn row by row."""

    def normal(self, samples: int, numbers: int) -> Array:
        """(samples, numbers) with mean 0 and standard deviation 1, drawn row by row."""

    def order(self, samples: int) -> Array:
        """A random order of the numbers 0 … samples - 1."""


class NumpyStream:
    """``np.random.default_rng(seed)``."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def uniform(self, samples: int, numbers: int) -> Array:
        return self._random.random((samples, numbers))

    def normal(self, samples: int, numbers: int) -> Array:
        return self._random.standard_normal((samples, numbers))

    def order(self, samples: int) -> Array:
        return self._random.permutation(samples)


def random_stream(seed: int | str) -> RandomStream:
    """The stream that starts from ``seed``; a text is TensorFlow Playground's kind of seed."""
    return SeedRandom(seed) if isinstance(seed, str) else NumpyStream(seed)
