"""Room for what comes of several epochs, so that their metrics are computed all at once."""

from collections.abc import Sequence

import numpy as np

from nn_tui.types import Array

_NUMBERS = 2**17
_MOST, _FEWEST = 1024, 4
"""Epochs. Where fewer than ``_FEWEST`` fit, each is looked at by itself and nothing is copied."""


def block_numbers(epoch: int) -> int:
    """How many numbers a block holds where an epoch has so many."""
    fitting = _NUMBERS // epoch
    return epoch * (1 + min(fitting, _MOST)) if fitting >= _FEWEST else 0


class EpochBlock:
    """``predictions`` and ``totals`` are those of the training and of the test samples.

    These arrays and ``gradient`` hold what came of an epoch until the next one; a block has
    ``capacity`` rows for them.
    """

    def __init__(
        self, predictions: Sequence[Array], gradient: Array, totals: Sequence[Array]
    ) -> None:
        self._sources = [*predictions, gradient, *totals]
        fitting = _NUMBERS // sum(source.size for source in self._sources)
        self.copies = fitting >= _FEWEST
        """Whether an epoch's row must be taken, or written, before the next epoch."""
        self.capacity = min(fitting, _MOST) if self.copies else 1
        if self.copies:
            # One row before the first, for what an update begins with.
            room = [np.empty((1 + self.capacity, *s.shape), s.dtype) for s in self._sources]
            self._before, self._rows = [r[:-1] for r in room], [r[1:] for r in room]
        else:
            self._rows = [source[None] for source in self._sources]

    @property
    def moves(self) -> list[tuple[Array, Array]]:
        """Each of the arrays, and its rows."""
        return [*zip(self._sources, self._rows, strict=True)]

    @property
    def moves_before(self) -> list[tuple[Array, Array]]:
        """The training predictions, and the rows before theirs."""
        return [(self._sources[0], self._before[0])]

    def begin(self, row: int) -> None:
        """Before epochs that write rows from ``row`` on themselves."""
        self._before[0][row] = self._sources[0]

    def end(self, row: int) -> None:
        """After such epochs: the arrays are those of the last one, in ``row``."""
        for source, rows in self.moves:
            source[...] = rows[row]

    def take(self, row: int) -> None:
        """Keep what the arrays hold."""
        if self.copies:
            for source, rows in self.moves:
                rows[row] = source

    def predictions(self, rows: slice) -> list[Array]:
        """(rows, samples, outputs) of the training and of the test samples."""
        return [self._rows[0][rows], self._rows[1][rows]]

    def gradients(self, rows: slice) -> Array:
        """(rows, parameter_count)."""
        return self._rows[2][rows]

    def totals(self, rows: slice) -> list[Array]:
        """(rows,) of the training and of the test samples."""
        return [self._rows[3][rows], self._rows[4][rows]]
