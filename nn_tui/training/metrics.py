"""A trace that grows look by look, in bounded memory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trace import Trace

Array = NDArray[Any]

MOST = 2048


class Looks:
    """When there are ``MOST`` of them, every other one of the older half is forgotten."""

    def __init__(self, layers: int) -> None:
        self._rows = np.empty((MOST, 5 + layers))
        self._count = 0

    def add(self, snapshot: Snapshot) -> None:
        """Keep the figures of ``snapshot``, unless that epoch was seen already."""
        if self._count and snapshot.epoch <= self._rows[self._count - 1, 0]:
            return
        if self._count == MOST:
            older, newer = self._rows[: MOST // 2 : 2].copy(), self._rows[MOST // 2 :].copy()
            self._count = len(older) + len(newer)
            self._rows[: self._count] = np.vstack([older, newer])
        figures = (
            snapshot.train_accuracy,
            snapshot.test_accuracy,
            snapshot.train_error,
            snapshot.test_error,
        )
        known = [np.nan if value is None else value for value in figures]
        self._rows[self._count] = [snapshot.epoch, *known, *_norms(snapshot)]
        self._count += 1

    def until(self, epoch: int) -> "Looks":
        """Another one, without what was seen after ``epoch``."""
        made = Looks(self._rows.shape[1] - 5)
        seen = self._rows[: self._count]
        seen = seen[seen[:, 0] <= epoch]
        made._rows[: len(seen)] = seen
        made._count = len(seen)
        return made

    @property
    def rows(self) -> Array:
        """Everything so far, (looks, 5 + layers), for ``of_rows``."""
        return self._rows[: self._count]

    @classmethod
    def of_rows(cls, rows: Array, layers: int) -> "Looks":
        """The looks at a network of so many ``layers`` that gave ``rows``.

        Raises ValueError for what never did.
        """
        if rows.ndim != 2 or rows.shape[1] != 5 + layers or len(rows) > MOST:
            raise ValueError("metrics of another shape")
        epochs = rows[:, 0]
        if not np.isfinite(epochs).all() or (epochs < 0).any() or (np.diff(epochs) <= 0).any():
            raise ValueError("metrics out of order")
        made = cls(rows.shape[1] - 5)
        made._rows[: len(rows)] = rows
        made._count = len(rows)
        return made

    def trace(self) -> Trace:
        """A copy of everything so far."""
        rows = self._rows[: self._count].copy()
        return Trace(rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 4], rows[:, 5:])


def _norms(snapshot: Snapshot) -> list[float]:
    """The length of the gradient of each layer's weights and biases together."""
    gradients = snapshot.gradients
    norms = []
    with np.errstate(all="ignore"):
        for layer in range(snapshot.network.depth):
            parts = [gradients[name] for name in (f"W{layer}", f"b{layer}") if name in gradients]
            norms.append(float(np.sqrt(sum(float(np.vdot(part, part)) for part in parts))))
    return norms
