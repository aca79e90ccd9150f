"""The samples of an epoch in its order, as many of them at a time as its batches read."""

from collections.abc import Mapping, Sequence

import numpy as np

from nn_tui.types import Array


class ShuffleBuffer:
    """Holds ``rows`` of ``inputs`` (samples, inputs) and ``targets`` (samples, outputs) at a time.

    With a ``seed`` every epoch is shuffled by the seed and the epoch's number alone, so that
    every epoch is reproducible by itself. ``noise`` are further arrays (samples, columns) in
    the order of the batches, held in ``noise_windows`` by name.
    """

    def __init__(
        self,
        inputs: Array,
        targets: Array,
        rows: int,
        seed: Sequence[int] | None,
        noise: Mapping[str, Array],
    ) -> None:
        self._data = (inputs, targets)
        self._seed = seed
        self._order: Array | None = None
        self._orders: tuple[range, Array] = range(0), np.empty((0, 0), np.int64)
        self.rows = rows
        self.whole = rows == len(inputs) and seed is None
        self.inputs, self.targets = self._data
        if not self.whole:
            self.inputs, self.targets = (
                np.zeros((rows, data.shape[1]), data.dtype) for data in self._data
            )
        self._noise = noise
        self.noise_windows = {
            name: data if rows == len(inputs) else np.zeros((rows, data.shape[1]), data.dtype)
            for name, data in noise.items()
        }

    def begin(self, epoch: int) -> None:
        """Shuffle the samples for ``epoch``."""
        self._order = self._order_of(epoch)

    def fill(self, start: int) -> None:
        """Load the samples from ``start`` on in the epoch's order, up to ``rows``."""
        stop = min(start + self.rows, len(self._data[0]))
        for data, window in zip(self._data, (self.inputs, self.targets), strict=True):
            if self._order is None:
                np.copyto(window[: stop - start], data[start:stop])
            else:
                # Any mode except "raise" writes into ``out`` without a buffer.
                chosen = self._order[start:stop]
                np.take(data, chosen, axis=0, out=window[: stop - start], mode="clip")
        for data, window in self.unshuffled:
            np.copyto(window[: stop - start], data[start:stop])

    def first(self, epoch: int, rows: int) -> tuple[Array, Array]:
        """Copies of the first ``rows`` samples of ``epoch``."""
        chosen = self.places(epoch, rows)
        inputs, targets = self._data
        return inputs[chosen], targets[chosen]

    def places(self, epoch: int, rows: int) -> Array:
        """The indices in the data of the first ``rows`` samples of ``epoch``, (rows,)."""
        order = self._order_of(epoch)
        return np.arange(rows) if order is None else order[:rows]

    @property
    def samples(self) -> int:
        return len(self._data[0])

    @property
    def shuffles(self) -> bool:
        return self._seed is not None

    @property
    def pairs(self) -> tuple[tuple[Array, Array], ...]:
        """Data and window, of the inputs and of the targets."""
        return (self._data[0], self.inputs), (self._data[1], self.targets)

    @property
    def unshuffled(self) -> tuple[tuple[Array, Array], ...]:
        """Data and window of the noise, where they are not the same."""
        found = ((data, self.noise_windows[name]) for name, data in self._noise.items())
        return tuple((data, window) for data, window in found if data is not window)

    @property
    def windows(self) -> tuple[Array, ...]:
        """All that a batch is a part of: inputs, targets and noise."""
        return self.inputs, self.targets, *self.noise_windows.values()

    def orders(self, epochs: range) -> Array:
        """The order of every epoch, (epochs, samples), int64."""
        made, known = self._orders
        first = epochs.start - made.start
        if first < 0 or epochs[-1] not in made:
            # Those that were made and not run are not made again.
            kept = known[first:] if epochs.start in made else known[:0]
            more = [self._order_of(epoch) for epoch in epochs[len(kept) :]]
            known, first = np.array([*kept, *more], np.int64), 0
            self._orders = epochs, known
        return known[first : first + len(epochs)]

    def _order_of(self, epoch: int) -> Array | None:
        if self._seed is None:
            return None
        return np.random.default_rng([*self._seed, epoch]).permutation(len(self._data[0]))
