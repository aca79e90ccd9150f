"""A growing table whose copies share all full pages."""

import numpy as np

from nn_tui.types import Array

ROWS = 256
"""Rows of a page."""


class Pages:
    """Rows of ``columns`` numbers; a page that is full never changes again."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self._full: tuple[Array, ...] = ()
        self._last = np.empty((0, columns))
        self._used = 0

    def __len__(self) -> int:
        return ROWS * len(self._full) + self._used

    def append(self, rows: Array) -> None:
        """Add ``rows`` (rows, columns)."""
        while len(rows):
            if len(self._last) < ROWS:
                begun, self._last = self._last, np.empty((ROWS, self.columns))
                self._last[: len(begun)] = begun
            taken = min(len(rows), ROWS - self._used)
            self._last[self._used : self._used + taken] = rows[:taken]
            self._used += taken
            rows = rows[taken:]
            if self._used == ROWS:
                self._full = (*self._full, self._last)
                self._last, self._used = np.empty((0, self.columns)), 0

    def copy(self) -> "Pages":
        """An independent copy of the table."""
        made = Pages(self.columns)
        made._full, made._used = self._full, self._used
        made._last = self._last[: self._used].copy()
        return made

    def rows(self) -> Array:
        """A copy of all rows (rows, columns)."""
        return np.concatenate([*self._full, self._last[: self._used]])

    @property
    def arrays(self) -> tuple[Array, ...]:
        """The pages."""
        return (*self._full, self._last)
