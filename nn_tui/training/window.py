"""The rows that the batches under way read, at a place that stays the same.

Steps are bound to rows of the window, so that a running epoch makes no views. Where all
samples fit and keep their order, the window is the training data itself.
"""

from collections.abc import Sequence

import numpy as np

from nn_tui.types import Array


class ShuffleBuffer:
    """``rows`` of ``inputs`` (samples, inputs) and ``targets`` (samples, outputs) at a time.

    With a ``seed`` every epoch has an order of its own, derived from the seed and the
    epoch's number alone, so that any epoch can be had again by itself.
    """

    def __init__(
        self, inputs: Array, targets: Array, rows: int, seed: Sequence[int] | None
    ) -> None:
        self._data = (inputs, targets)
        self._seed = seed
        self._order: Array | None = None
        self.rows = rows
        self.whole = rows == len(inputs) and seed is None
        self.inputs, self.targets = self._data
        if not self.whole:
            self.inputs, self.targets = (
                np.zeros((rows, data.shape[1]), data.dtype) for data in self._data
            )

    def begin(self, epoch: int) -> None:
        """Put the samples in the order of ``epoch``."""
        self._order = self._order_of(epoch)

    def fill(self, start: int) -> None:
        """Hold the samples from ``start`` in the epoch's order, as many as there is room for."""
        stop = min(start + self.rows, len(self._data[0]))
        for data, window in zip(self._data, (self.inputs, self.targets), strict=True):
            if self._order is None:
                np.copyto(window[: stop - start], data[start:stop])
            else:
                # Any mode but "raise" writes where it should without a buffer.
                chosen = self._order[start:stop]
                np.take(data, chosen, axis=0, out=window[: stop - start], mode="clip")

    def first(self, epoch: int, rows: int) -> tuple[Array, Array]:
        """Copies of the first ``rows`` samples of ``epoch``."""
        chosen = self.places(epoch, rows)
        inputs, targets = self._data
        return inputs[chosen], targets[chosen]

    def places(self, epoch: int, rows: int) -> Array:
        """Where in the data the first ``rows`` samples of ``epoch`` are (rows,)."""
        order = self._order_of(epoch)
        return np.arange(rows) if order is None else order[:rows]

    def _order_of(self, epoch: int) -> Array | None:
        if self._seed is None:
            return None
        return np.random.default_rng([*self._seed, epoch]).permutation(len(self._data[0]))
