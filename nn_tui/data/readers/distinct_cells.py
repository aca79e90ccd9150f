"""The distinct cells of a column, so that a column of strings is understood as a whole."""

from collections.abc import Sequence

import numpy as np

from nn_tui.types import Array


class DistinctCells:
    """The distinct cells of a column, numbered in the order in which they appear.

    ``lines`` are the line numbers where each of them appears first.
    """

    def __init__(self) -> None:
        self.lines: list[int] = []
        self._numbers: dict[str, int] = {}

    @property
    def cells(self) -> list[str]:
        """The cells by number."""
        return [*self._numbers]

    def numbers(self, cells: Sequence[str], lines: Sequence[int]) -> Array:
        """Return the number of each cell, (cells,); ``lines`` are their line numbers."""
        known = self._numbers
        try:
            return np.array([known[cell] for cell in cells], float)
        except KeyError:
            for cell, line in zip(cells, lines, strict=True):
                if cell not in known:
                    known[cell] = len(known)
                    self.lines.append(line)
        return np.array([known[cell] for cell in cells], float)
