"""Random number streams: NumPy's, and the one of TensorFlow Playground.

The Playground uses David Bau's seedrandom, version 2: an RC4 key stream keyed by a string
and read six bytes or more at a time. ``SeedRandom`` gives the same numbers bit for bit.
"""

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nn_tui.data.errors import DataError
from nn_tui.types import Array

_MOST_DRAWS = 1_000_000
_BYTES = 6
_ENOUGH = 2.0**52
_TOO_MUCH = 2.0**53


class SeedRandom:
    """The Playground's stream for a string seed; ``0.6052`` and ``0.60520`` differ.

    Like ``numpy.random.RandomState`` it has ``random_sample(shape)``, so that weights can be
    drawn from the same stream as the points.
    """

    def __init__(self, seed: str) -> None:
        self._state = _schedule(_key(seed))
        self._i = self._j = 0
        for _ in range(256):
            self._byte()

    def random(self) -> float:
        """Return the next number in [0, 1)."""
        number = 0.0
        for _ in range(_BYTES):
            number = number * 256 + self._byte()
        scale, last = 256.0**_BYTES, 0
        while number < _ENOUGH:
            number = (number + last) * 256
            scale *= 256
            last = self._byte()
        while number >= _TOO_MUCH:
            number /= 2
            scale /= 2
            last >>= 1
        return (number + last) / scale

    def random_sample(self, shape: Sequence[int]) -> Array:
        """Return a uniform array, drawn in C order."""
        count = math.prod(shape)
        return np.array([self.random() for _ in range(count)]).reshape(shape)

    def standard_normal(self, shape: Sequence[int]) -> Array:
        """Return a standard normal array, drawn in C order."""
        return np.array([self._normal() for _ in range(math.prod(shape))]).reshape(shape)

    def uniform(self, samples: int, numbers: int) -> Array:
        """Return uniform numbers (samples, numbers) in [0, 1), drawn row by row."""
        self._check(samples * numbers)
        return self.random_sample((samples, numbers))

    def normal(self, samples: int, numbers: int) -> Array:
        """Return standard normal numbers (samples, numbers), drawn row by row.

        Polar method, Marsaglia and Bray 1964; only the first of each pair is used.
        """
        self._check(samples * numbers)
        drawn = [self._normal() for _ in range(samples * numbers)]
        return np.array(drawn).reshape(samples, numbers)

    def order(self, samples: int) -> Array:
        """Return a random permutation (Fisher-Yates shuffle from the end)."""
        self._check(samples)
        order = list(range(samples))
        for counter in range(samples, 0, -1):
            index = int(self.random() * counter)
            last = counter - 1
            order[last], order[index] = order[index], order[last]
        return np.array(order, np.intp)

    def _normal(self) -> float:
        while True:
            first = 2 * self.random() - 1
            second = 2 * self.random() - 1
            square = first * first + second * second
            if 0 < square <= 1:
                return math.sqrt(-2 * math.log(square) / square) * first

    def _byte(self) -> int:
        state = self._state
        i = self._i = (self._i + 1) & 255
        at_i = state[i]
        j = self._j = (self._j + at_i) & 255
        at_j = state[i] = state[j]
        state[j] = at_i
        return state[(at_i + at_j) & 255]

    @staticmethod
    def _check(draws: int) -> None:
        if draws > _MOST_DRAWS:
            raise DataError(
                f"{draws:,} random numbers from a string seed would take too long (the maximum "
                f"is {_MOST_DRAWS:,}); use fewer samples or an integer seed"
            )


def _key(seed: str) -> list[int]:
    """Return the key bytes, at most 256, mixed from all characters."""
    key = [0] * 256
    length, smear = 0, 0
    units = seed.encode("utf-16-le", "surrogatepass")
    codes = [units[k] | units[k + 1] << 8 for k in range(0, len(units), 2)]
    for place, code in enumerate(codes):
        # As in JavaScript with 32 bits, which 19 * byte never exceeds.
        smear ^= key[place & 255] * 19
        key[place & 255] = (smear + code) & 255
        length = place + 1
    return key[:length] or [0]


def _schedule(key: list[int]) -> list[int]:
    """Return the RC4 state of a key."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    return state


class RandomStream(Protocol):
    """A stream of random numbers; every call continues the stream."""

    def uniform(self, samples: int, numbers: int) -> Array:
        """Return uniform numbers (samples, numbers) in [0, 1), drawn row by row."""

    def normal(self, samples: int, numbers: int) -> Array:
        """Return standard normal numbers (samples, numbers), drawn row by row."""

    def order(self, samples: int) -> Array:
        """Return a random permutation of 0 … samples - 1."""


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
    """Return the stream of a seed; a string is a seed of TensorFlow Playground."""
    return SeedRandom(seed) if isinstance(seed, str) else NumpyStream(seed)
