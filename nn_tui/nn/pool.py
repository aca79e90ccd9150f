"""Scratch arrays for lines that need a place for a value without a name."""

from collections import defaultdict
from typing import Any

import numpy as np

from nn_tui.types import Array


class BufferPool:
    """Scratch arrays, handed out and taken back while lines are compiled."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype
        self._free: dict[tuple[int, ...], list[Array]] = defaultdict(list)
        self._ours: dict[int, Array] = {}

    def take(self, shape: tuple[int, ...]) -> Array:
        free = self._free[shape]
        array = free.pop() if free else np.empty(shape, self.dtype)
        self.lend(array)
        return array

    def lent(self, array: Array) -> bool:
        """Whether ``array`` is scratch that nobody has a name for."""
        return id(array) in self._ours

    def give_back(self, array: Array) -> None:
        """Take ``array`` back if it is lent; any other array is left alone."""
        if self.lent(array):
            self.keep(array)
            self._free[array.shape].append(array)

    def keep(self, array: Array) -> None:
        """``array`` has a name now: it is scratch no longer."""
        self._ours.pop(id(array), None)

    def lend(self, array: Array) -> None:
        """The name of ``array`` is gone: it is scratch again."""
        self._ours[id(array)] = array
