"""Buffers for the results of several epochs, whose metrics are then computed at once."""

from collections.abc import Sequence

import numpy as np

from nn_tui.types import Array

_NUMBERS = 2**17
_MOST, _FEWEST = 4096, 4
"""Epochs. If fewer than ``_FEWEST`` fit, each is evaluated by itself and nothing is copied."""


def block_numbers(epoch: int) -> int:
    """The numbers that a block holds if the results of an epoch have ``epoch`` numbers."""
    fitting = _NUMBERS // epoch
    return epoch * (1 + min(fitting, _MOST)) if fitting >= _FEWEST else 0


class EpochBlock:
    """``capacity`` rows for the results of epochs.

    ``predictions``, ``gradient`` and ``totals`` hold the results of one epoch until the next;
    predictions and totals are those of the training set and of the sets only evaluated.
    """

    def __init__(
        self, predictions: Sequence[Array], gradient: Array, totals: Sequence[Array]
    ) -> None:
        self._sources = [*predictions, gradient, *totals]
        self._parts = len(predictions)
        fitting = _NUMBERS // sum(source.size for source in self._sources)
        self.copies = fitting >= _FEWEST
        """Whether the results of an epoch are stored in a row of their own."""
        self.capacity = min(fitting, _MOST) if self.copies else 1
        if self.copies:
            # One row before the first, for the predictions that an update starts with.
            room = [np.empty((1 + self.capacity, *s.shape), s.dtype) for s in self._sources]
            self._before, self._rows = [r[:-1] for r in room], [r[1:] for r in room]
        else:
            self._rows = [source[None] for source in self._sources]

    @property
    def moves(self) -> list[tuple[Array, Array]]:
        """Each of the arrays and its rows."""
        return [*zip(self._sources, self._rows, strict=True)]

    @property
    def moves_before(self) -> list[tuple[Array, Array]]:
        """The training predictions and the rows before theirs."""
        return [(self._sources[0], self._before[0])]

    def begin(self, row: int) -> None:
        """Prepare for epochs that compute into the rows from ``row`` on."""
        self._before[0][row] = self._sources[0]

    def end(self, row: int) -> None:
        """After such epochs, copy the last ``row`` into the arrays."""
        for source, rows in self.moves:
            source[...] = rows[row]

    def take(self, row: int) -> None:
        """Store the arrays in ``row``."""
        if self.copies:
            for source, rows in self.moves:
                rows[row] = source

    def predictions(self, rows: slice) -> list[Array]:
        """(rows, samples, outputs) of each set."""
        return [kept[rows] for kept in self._rows[: self._parts]]

    def gradients(self, rows: slice) -> Array:
        """(rows, parameter_count)."""
        return self._rows[self._parts][rows]

    def totals(self, rows: slice) -> list[Array]:
        """(rows,) of each set."""
        return [kept[rows] for kept in self._rows[self._parts + 1 :]]
