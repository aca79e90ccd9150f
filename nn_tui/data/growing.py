"""A matrix that rows are added to, in hardly more memory than it ends with."""

import numpy as np

from nn_tui.types import Array


class GrowingMatrix:
    """Rows of ``width`` float64 numbers; ``expected`` is a guess of how many there will be.

    Room that no row has been written to is not touched, so a generous guess costs nothing.
    """

    def __init__(self, width: int, expected: int) -> None:
        self._matrix = np.empty((max(1, expected), width))
        self._rows = 0

    def append(self, block: Array) -> None:
        """Add the rows of ``block`` (rows, width)."""
        needed = self._rows + len(block)
        if needed > len(self._matrix):
            self._resize(max(needed, len(self._matrix) * 9 // 8))
        self._matrix[self._rows : needed] = block
        self._rows = needed

    def finish(self) -> Array:
        """The rows so far, (rows, width); nothing may be added after this."""
        self._resize(self._rows)
        return self._matrix

    def _resize(self, rows: int) -> None:
        # In place: the system moves the pages, so the matrix is never there twice.
        self._matrix.resize((rows, self._matrix.shape[1]), refcheck=False)
