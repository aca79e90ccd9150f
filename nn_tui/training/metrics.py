"""How good the network was after each of many epochs, besides its losses.

Accuracy and mean absolute error come from predictions, gradient norms from the gradient of
the epoch: that of its update, where one update has all samples; the mean of its updates'
gradients, where each has a mini-batch. An epoch's figures are the same bits however many
epochs are computed at once.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.types import Array

_FEW = 16
"""Numbers of an epoch that are added up one after the other."""
_TINY, _HUGE = 1e-290, 1e300
"""Sums of squares between which no square was lost."""


class Scores(NamedTuple):
    """Of the predictions for some samples; each is (epochs,), NaN where not applicable.

    ``error`` is the mean absolute error over samples and outputs.
    """

    accuracy: Array
    error: Array


def gradient_norm(layer: int) -> str:
    """The name of the norm of the gradient of a layer's weights and biases; layers from 1."""
    return f"gradient_norm_{layer}"


class Metrics:
    """For the samples of ``dataset``; ``targets`` (samples, outputs) are as they are trained.

    ``names`` are the columns of what ``of`` computes.
    """

    def __init__(self, dataset: Dataset, targets: Array, network: Architecture) -> None:
        self._rule = dataset.decision_rule(network.output)
        split = dataset.train_count
        self._parts = [targets[:split], targets[split:]] if dataset.test_count else [targets]
        self._network = network
        self.names = metric_names(network, dataset.test_count > 0)

    def of(self, predictions: Sequence[Array], gradients: Array, updates: int) -> Array:
        """All metrics (names, epochs) of several epochs.

        ``predictions`` are (epochs, samples, outputs) of the training and the test samples,
        ``gradients`` (epochs, parameter_count) the sums over an epoch's ``updates``.
        """
        scores = self.scores(predictions)
        columns = [s.accuracy for s in scores] + [s.error for s in scores]
        return np.array([*columns, *self._norms(gradients, updates)])

    def scores(self, predictions: Sequence[Array]) -> list[Scores]:
        """Of the training samples, and of the test samples if there are any."""
        with np.errstate(all="ignore"):
            return [
                self._scores(_epochs_innermost(made), wanted)
                for made, wanted in zip(predictions, self._parts, strict=False)
            ]

    def _scores(self, made: Array, wanted: Array) -> Scores:
        error = row_sums(np.abs(wanted - made).reshape(len(made), -1)) / wanted.size
        return Scores(self._accuracy(made, wanted), error)

    def _accuracy(self, made: Array, wanted: Array) -> Array:
        if self._rule is None:
            return np.full(len(made), np.nan)
        return self._rule.accuracy(made, wanted)

    def _norms(self, gradients: Array, updates: int) -> Iterator[Array]:
        with np.errstate(all="ignore"):
            gradients = _epochs_innermost(gradients.astype(np.float64, copy=False))
            parts = dict(_parts(gradients, self._network))
            for layer in range(self._network.depth):
                here = [parts[n] for n in (f"W{layer}", f"b{layer}") if n in parts]
                yield np.divide(_norm(here), updates)


def metric_names(network: Architecture, has_test: bool) -> tuple[str, ...]:
    """What is recorded of every evaluated epoch besides the losses."""
    parts = ("train", "test") if has_test else ("train",)
    scores = [f"{part}_{kind}" for kind in ("accuracy", "error") for part in parts]
    return (*scores, *(gradient_norm(layer) for layer in range(1, network.depth + 1)))


def recorded(network: Architecture, has_test: bool) -> tuple[str, ...]:
    """The losses and metrics that are recorded of every evaluated epoch."""
    losses = ("train_loss", "test_loss") if has_test else ("train_loss",)
    return (*losses, *metric_names(network, has_test))


def known(values: Array) -> float | None:
    """The only one of ``values`` (1,); None where it is NaN."""
    (value,) = values.tolist()
    return None if math.isnan(value) else float(value)


def _parts(flat: Array, network: Architecture) -> Iterator[tuple[str, Array]]:
    """The columns of each weight matrix and bias in flat vectors (epochs, parameter_count)."""
    start = 0
    for name, shape in network.shapes().items():
        stop = start + math.prod(shape)
        yield name, flat[:, start:stop]
        start = stop


def _norm(parts: Sequence[Array]) -> Array:
    """The length of vectors (epochs, numbers) that are given in parts."""
    total = sum((row_sums(part * part) for part in parts), np.zeros(len(parts[0])))
    norms: Array = np.sqrt(total)
    lost = ~((total > _TINY) & (total < _HUGE))
    if lost.any():
        norms[lost] = _scaled_norms(np.concatenate([part[lost] for part in parts], axis=1))
    return norms


def _scaled_norms(vectors: Array) -> Array:
    """Lengths whose squares may be too large or too small for a number."""
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    norms = largest * np.sqrt(row_sums(np.square(vectors / largest[:, None])))
    lengths: Array = np.where((largest > 0) & (largest < np.inf), norms, largest)
    return lengths


def row_sums(values: Array) -> Array:
    """The sum of each row of (rows, numbers), (rows,); a row's bits depend on no other row."""
    if values.shape[1] > _FEW:
        sums: Array = np.add.reduce(np.ascontiguousarray(values), axis=1)
        return sums
    sums = np.zeros(len(values))
    for column in values.T:
        sums += column
    return sums


def _epochs_innermost(values: Array) -> Array:
    """The same (epochs, …), in memory with the epochs next to each other if the rest is small.

    NumPy is slow where it has many short rows.
    """
    if values[0].size > 2 * _FEW:
        return values
    return np.ascontiguousarray(np.moveaxis(values, 0, -1)).transpose(
        values.ndim - 1, *range(values.ndim - 1)
    )
