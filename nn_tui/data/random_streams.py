"""The random numbers of TensorFlow Playground: David Bau's seedrandom, version 2.

An RC4 key stream, keyed by a text, read six bytes and more at a time. The same text gives
the same numbers as in the browser, to the last bit.
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
    """The stream keyed by ``seed``; ``0.6052`` and ``0.60520`` are different texts.

    ``random_sample(shape)`` draws as ``numpy.random.RandomState`` does, so weights can be
    drawn from the same stream as the points before them.
    """

    def __init__(self, seed: str) -> None:
        self._state = _schedule(_key(seed))
        self._i = self._j = 0
        for _ in range(256):
            self._byte()

    def random(self) -> float:
        """The next number, from 0 to below 1."""
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
        """An array of that shape, the last index running fastest."""
        count = math.prod(shape)
        return np.array([self.random() for _ in range(count)]).reshape(shape)

    def standard_normal(self, shape: Sequence[int]) -> Array:
        """An array of that shape from the normal distribution."""
        return np.array([self._normal() for _ in range(math.prod(shape))]).reshape(shape)

    def uniform(self, samples: int, numbers: int) -> Array:
        """(samples, numbers) evenly from 0 to 1, drawn row by row."""
        self._check(samples * numbers)
        return self.random_sample((samples, numbers))

    def normal(self, samples: int, numbers: int) -> Array:
        """(samples, numbers) from the normal distribution, row by row.

        The polar method, Marsaglia and Bray 1964; of each pair the first is used.
        """
        self._check(samples * numbers)
        drawn = [self._normal() for _ in range(samples * numbers)]
        return np.array(drawn).reshape(samples, numbers)

    def order(self, samples: int) -> Array:
        """A Fisher-Yates shuffle of 0 … samples - 1, from the end."""
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
                f"{draws:,} random numbers from a seed that is a text would take too long (the "
                f"most is {_MOST_DRAWS:,}); take fewer samples or a whole number as the seed"
            )


def _key(seed: str) -> list[int]:
    """The key's bytes: every character mixed in, 256 at most."""
    key = [0] * 256
    length, smear = 0, 0
    units = seed.encode("utf-16-le", "surrogatepass")
    codes = [units[k] | units[k + 1] << 8 for k in range(0, len(units), 2)]
    for place, code in enumerate(codes):
        # 32-bit as in JavaScript; 19 * byte is small, so the smear never leaves 32 bits.
        smear ^= key[place & 255] * 19
        key[place & 255] = (smear + code) & 255
        length = place + 1
    return key[:length] or [0]


def _schedule(key: list[int]) -> list[int]:
    """RC4's key schedule over 256 bytes."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    return state


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
