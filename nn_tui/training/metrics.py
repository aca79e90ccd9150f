"""Metrics of every evaluated epoch besides the loss, computed for many epochs at once.

``METRICS`` is the registry. Whatever is in it is recorded in the history and saved with it,
and appears in snapshots, in the views of the loss pane, in the comparison of runs and in the
output of ``train --json``. Which outputs count as correct is decided by
``data.decision_rule``.

The norms of the gradient are recorded as well, one for each layer: that of the epoch's
update where one update has all samples; that of the mean of its updates' gradients with
mini-batches. An epoch's values are the same bits however many epochs are computed at once.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.nn.architecture import Architecture
from nn_tui.types import Array

_FEW = 16
"""Numbers of an epoch up to which they are added one after the other."""
_CACHED = 2**13
"""Numbers whose squares are added before those of the next epochs are computed."""
_TINY, _HUGE = 1e-290, 1e300
"""Sums of squares between which no square underflowed or overflowed."""


@dataclass(frozen=True)
class Metric:
    """A measure of predictions, recorded of the training set and of the sets only evaluated.

    ``compute`` takes predictions (epochs, samples, outputs), targets (samples, outputs) and
    the rule by which outputs become classes, None for regression; it returns (epochs,), NaN
    where the metric does not apply. An epoch's value must not depend on other epochs.

    ``name`` names its columns, ``train_NAME``, ``test_NAME`` and ``validation_NAME``, and their
    keys in JSON.
    ``label`` is shown. A ``percent`` metric is a fraction from 0 to 1, shown as a percentage.
    ``task`` is what charts and comparisons show it for.
    """

    name: str
    label: str
    compute: Callable[[Array, Array, DecisionRule | None], Array]
    percent: bool = False
    higher_is_better: bool = False
    task: Literal["classification", "regression", "any"] = "any"
    in_json: bool = True
    abbreviation: str = ""

    @property
    def short_label(self) -> str:
        """The abbreviation for narrow headings, or the label if there is none."""
        return self.abbreviation or self.label

    def column(self, part: str) -> str:
        """The name of its values of ``part``, one of ``Dataset.parts``."""
        return f"{part}_{self.name}"

    def shown_for(self, classifies: bool) -> bool:
        """Whether charts and comparisons show it for runs that classify, or do not."""
        return self.task in ("any", "classification" if classifies else "regression")


def _accuracy(predictions: Array, targets: Array, rule: DecisionRule | None) -> Array:
    if rule is None:
        return np.full(len(predictions), np.nan)
    return rule.accuracy(predictions, targets)


def _mean_absolute_error(predictions: Array, targets: Array, rule: DecisionRule | None) -> Array:
    return row_sums(np.abs(targets - predictions).reshape(len(predictions), -1)) / targets.size


METRICS = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "accuracy", _accuracy, True, True, "classification"),
        Metric(
            "error",
            "mean absolute error",
            _mean_absolute_error,
            task="regression",
            in_json=False,
            abbreviation="MAE",
        ),
    )
}


def shown_metrics(classifies: bool) -> list[Metric]:
    """The metrics that charts and comparisons show for runs that classify, or do not."""
    return [metric for metric in METRICS.values() if metric.shown_for(classifies)]


def gradient_norm(layer: int) -> str:
    """The name of the norm of the gradient of a layer's weights and biases; layers from 1."""
    return f"gradient_norm_{layer}"


def metric_columns(parts: Iterable[str]) -> tuple[str, ...]:
    """The columns of all metrics: for each metric the ``parts`` of the dataset."""
    parts = tuple(parts)
    return tuple(metric.column(part) for metric in METRICS.values() for part in parts)


def recorded(network: Architecture, parts: Iterable[str]) -> tuple[str, ...]:
    """The columns of a history: losses, metrics and the gradient norm of each layer."""
    parts = tuple(parts)
    losses = (f"{part}_loss" for part in parts)
    norms = (gradient_norm(layer) for layer in range(1, network.depth + 1))
    return (*losses, *metric_columns(parts), *norms)


class Metrics:
    """The metrics of ``dataset``; ``targets`` (samples, outputs) are encoded for ``network``.

    ``names`` are the columns that ``rows`` computes.
    """

    def __init__(self, dataset: Dataset, targets: Array, network: Architecture) -> None:
        parts = dataset.parts
        self._rule = dataset.decision_rule(network.output)
        self._size = None if dataset.target_scaling is None else dataset.target_scaling.size
        if self._size is not None:
            targets = targets * self._size
        self._targets = [targets[rows] for rows in parts.values()]
        self._metrics = tuple(METRICS.values())
        self._columns = metric_columns(parts)
        self.names = recorded(network, parts)[len(parts) :]
        self._columns_of_layers: list[list[slice]] = [[] for _ in range(network.depth)]
        start = 0
        for name, shape in network.shapes().items():
            part = slice(start, start + math.prod(shape))
            self._columns_of_layers[int(name[1:])].append(part)
            start = part.stop

    def rows(self, predictions: Sequence[Array], gradients: Array, updates: int) -> Array:
        """All metrics and gradient norms (names, epochs) of several epochs.

        ``predictions`` are (epochs, samples, outputs) of each part of the dataset,
        ``gradients`` (epochs, parameter_count) the sums over an epoch's ``updates``.
        """
        return np.array([*self.of(predictions).values(), *self._norms(gradients, updates)])

    def of(self, predictions: Sequence[Array]) -> Mapping[str, Array]:
        """The metrics by column, each (epochs,)."""
        made = [_epochs_innermost(part) for part in predictions]
        with np.errstate(all="ignore"):
            if self._size is not None:  # errors are in the targets' own units
                made = [part * self._size for part in made]
            values = [
                metric.compute(part, targets, self._rule)
                for metric in self._metrics
                for part, targets in zip(made, self._targets, strict=True)
            ]
        return dict(zip(self._columns, values, strict=True))

    def _norms(self, gradients: Array, updates: int) -> Array:
        """The gradient norm of each layer, (layers, epochs)."""
        columns = self._columns_of_layers
        totals = np.zeros((len(columns), len(gradients)))
        at_once = max(1, _CACHED // gradients.shape[1])
        with np.errstate(all="ignore"):
            for begin in range(0, len(gradients), at_once):
                epochs = slice(begin, begin + at_once)
                squares = _epochs_innermost(gradients[epochs].astype(np.float64))
                np.multiply(squares, squares, squares)
                for total, parts in zip(totals, columns, strict=True):
                    for part in parts:
                        total[epochs] += row_sums(squares[:, part])
            norms: Array = np.sqrt(totals)
            if not (totals.min() > _TINY and totals.max() < _HUGE):
                gradients = gradients.astype(np.float64, copy=False)
                for layer, parts in enumerate(columns):
                    _correct(norms[layer], totals[layer], [gradients[:, part] for part in parts])
            return np.divide(norms, updates)


def known(values: Array) -> float | None:
    """The only one of ``values`` (1,); None where it is NaN."""
    (value,) = values.tolist()
    return None if math.isnan(value) else float(value)


def _correct(norms: Array, totals: Array, parts: Sequence[Array]) -> None:
    """Replace ``norms`` (epochs,) whose squares underflowed or overflowed in ``totals``."""
    imprecise = ~((totals > _TINY) & (totals < _HUGE))
    vectors = np.concatenate([part[imprecise] for part in parts], axis=1)
    norms[imprecise] = _scaled_norms(vectors)


def _scaled_norms(vectors: Array) -> Array:
    """Norms of vectors whose squares may overflow or underflow."""
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    norms = largest * np.sqrt(row_sums(np.square(vectors / largest[:, None])))
    lengths: Array = np.where((largest > 0) & (largest < np.inf), norms, largest)
    return lengths


def row_sums(values: Array) -> Array:
    """The sum of each row of (rows, numbers), (rows,); a row's bits depend on no other row."""
    sums: Array
    if values.shape[1] > _FEW:
        sums = np.add.reduce(np.ascontiguousarray(values), axis=1)
    elif len(values) > 1:
        # NumPy adds whole columns, one after the other.
        sums = np.add.reduce(np.ascontiguousarray(values.T), axis=0, initial=0.0)
    else:
        sums = np.zeros(len(values))
        for column in values.T:
            sums += column
    return sums


def _epochs_innermost(values: Array) -> Array:
    """The same (epochs, …), stored with the epochs contiguous if the rest is small.

    NumPy is slow with many short rows.
    """
    if values[0].size > 2 * _FEW:
        return values
    return np.ascontiguousarray(np.moveaxis(values, 0, -1)).transpose(
        values.ndim - 1, *range(values.ndim - 1)
    )
