"""How well signals pass through each layer: activations, gradients and updates over all samples."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.nn.activations import Activation
from nn_tui.nn.predictor import Predictor
from nn_tui.order_statistics import percentile
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

CONSTANT = 1e-3
"""A unit whose activation varies by less over all samples is constant."""
BINS = 64
"""Bins of a histogram; a picture joins neighbours."""
USUAL_RATIO = -3.0
"""log10 of the usual ratio of an update to the weights (Karpathy, makemore part 3, 2022)."""
_TOGETHER = 4096
"""Rows of a forward pass."""
_DECADES = 12
"""Most decades of a histogram of gradients."""


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """Layer ``number`` (1 … depth) of a network at its weights, over all training samples.

    ``activations`` and ``gradients`` are histograms (bins,), of every unit's activation for
    every sample, and of log10 of the magnitudes in the gradient of its weights (zeros are left
    out); their ends are those of ``HealthReport``. ``spread`` is the mean, over the units,
    of the standard deviation over the samples. ``saturated`` is the share of activations with
    a derivative below 5 % of the largest, None where that does not apply; of relu it is that
    of zeros. ``constant`` is the number of units that vary by less than ``CONSTANT``.
    ``gradient_norm`` is that of weights and biases.
    ``ratio`` is log10 of ‖update‖ / ‖weights‖ of the next update; None if it is unknown.
    """

    number: int
    units: int
    activations: Array
    low: float
    high: float
    spread: float
    saturated: float | None
    constant: int
    gradients: Array
    gradient_norm: float | None
    ratio: float | None


@dataclass(frozen=True, eq=False)
class HealthReport:
    """All layers of a ``snapshot``, the first one first.

    ``decades`` are log10 of the gradients' magnitudes at both ends of their histograms; None
    if all are zero, or unknown.
    """

    snapshot: Snapshot
    layers: tuple[LayerHealth, ...]
    decades: tuple[int, int] | None


def measure_health(snapshot: Snapshot) -> HealthReport:
    """Measure all layers over all training samples; NaN and infinite values are not counted."""
    with np.errstate(all="ignore"):
        decades = _decades(snapshot)
        spans = _Spans(snapshot)
        bins = _histograms(snapshot, spans)
        depth = snapshot.network.depth
        layers = (_layer(snapshot, i, spans, bins[i - 1], decades) for i in range(1, depth + 1))
        return HealthReport(snapshot, tuple(layers), decades)


class _Spans:
    """Of each layer, from a first pass: mean, variance, range and saturation of its units."""

    def __init__(self, snapshot: Snapshot) -> None:
        network = snapshot.network
        sizes, self.samples = network.sizes[1:], snapshot.dataset.train_count
        totals = [np.zeros(size) for size in sizes]
        squares = [np.zeros(size) for size in sizes]
        self.least = [np.full(size, np.inf) for size in sizes]
        self.most = [np.full(size, -np.inf) for size in sizes]
        self.saturated = [0] * len(sizes)
        shifts: list[Array] = []
        for layers in _activations(snapshot):
            # Shifted by a first value: the variance of nearly equal numbers keeps its digits.
            shifts = shifts or [layer[0].astype(np.float64) for layer in layers]
            for i, layer in enumerate(layers):
                shifted = layer - shifts[i]
                totals[i] += shifted.sum(axis=0)
                squares[i] += (shifted**2).sum(axis=0)
                np.minimum(self.least[i], layer.min(axis=0), out=self.least[i])
                np.maximum(self.most[i], layer.max(axis=0), out=self.most[i])
                limits = network.unit_of(i + 1).saturation
                if limits is not None:
                    self.saturated[i] += int(((layer < limits[0]) | (layer > limits[1])).sum())
        self.means = [
            shift + total / self.samples for shift, total in zip(shifts, totals, strict=True)
        ]
        self.deviations = [
            np.sqrt(np.maximum(0, square / self.samples - (total / self.samples) ** 2))
            for square, total in zip(squares, totals, strict=True)
        ]
        hidden = [self._reach(i) for i in range(len(sizes) - 1)]
        self.ends = [
            _ends(
                network.unit_of(i + 1),
                self.least[i],
                hidden if i < len(sizes) - 1 else [self._reach(i)],
            )
            for i in range(len(sizes))
        ]

    def _reach(self, i: int) -> float:
        """The magnitude within which nearly all activations of a layer are."""
        most = np.maximum(np.abs(self.least[i]), np.abs(self.most[i]))
        usual = np.abs(self.means[i]) + 3 * self.deviations[i]
        found = np.minimum(most, usual)
        found = found[np.isfinite(found)]
        return float(found.max()) if len(found) else 1.0


def _ends(activation: Activation, least: Array, reaches: Sequence[float]) -> tuple[float, float]:
    """The ends of a histogram: those of the activation, or a power of two for all layers."""
    bounds = activation.range
    if bounds is not None:
        return bounds
    high = 2.0 ** np.ceil(np.log2(np.clip(max(reaches), 1e-6, 1e300)))
    return (0.0 if least.min() >= 0 else -float(high)), float(high)


def _histograms(snapshot: Snapshot, spans: _Spans) -> list[Array]:
    """Counts (bins,) of each layer; values beyond the ends are in the outer bins."""
    counts = [np.zeros(BINS, np.int64) for _ in spans.ends]
    for layers in _activations(snapshot):
        for i, layer in enumerate(layers):
            counts[i] += _count(layer, *spans.ends[i])
    return counts


def _count(values: Array, low: float, high: float) -> Array:
    known = values[np.isfinite(values)].astype(np.float64)
    places = np.clip((known / high - low / high) / (1 - low / high) * BINS, 0, BINS - 1)
    counts: Array = np.bincount(places.astype(int), minlength=BINS)
    return counts


def _activations(snapshot: Snapshot) -> Iterator[list[Array]]:
    """The activations of layers 1 … depth for the training samples, some rows at a time."""
    inputs = snapshot.dataset.inputs[: snapshot.dataset.train_count]
    rule, dtype = build_learning_rule(snapshot.recipe), snapshot.recipe.network.dtype
    made: Predictor | None = None
    for first in range(0, len(inputs), _TOGETHER):
        rows = inputs[first : first + _TOGETHER]
        if made is None or made.rows != len(rows):
            made = Predictor(snapshot.network, rule, len(rows), dtype)
        yield made.layers(snapshot.parameters, rows)


def _decades(snapshot: Snapshot) -> tuple[int, int] | None:
    if not snapshot.has_gradient:
        return None
    weights = snapshot.gradient[: snapshot.network.weight_count]
    sizes = np.log10(np.abs(weights[weights != 0]))
    sizes = sizes[np.isfinite(sizes)]
    if not len(sizes):
        return None
    high = int(np.ceil(sizes.max()))
    low = min(high - 1, math.floor(percentile(sizes, 1)))
    return max(low, high - _DECADES), high


def _layer(
    snapshot: Snapshot, number: int, spans: _Spans, counts: Array, decades: tuple[int, int] | None
) -> LayerHealth:
    at, name = number - 1, f"W{number - 1}"
    network, weights = snapshot.network, snapshot.weights[name]
    gradient = snapshot.gradients[name] if snapshot.has_gradient else None
    update = None if snapshot.update is None else snapshot.updates[name]
    units = network.sizes[number]
    applies = network.unit_of(number).saturation is not None
    bins = np.zeros(BINS, np.int64)
    if gradient is not None and decades is not None:
        sizes = np.log10(np.abs(gradient[gradient != 0]))
        bins = _count(sizes - decades[0], 0.0, float(decades[1] - decades[0]))
    return LayerHealth(
        number=number,
        units=units,
        activations=counts,
        low=spans.ends[at][0],
        high=spans.ends[at][1],
        spread=float(spans.deviations[at].mean()),
        saturated=spans.saturated[at] / (units * spans.samples) if applies else None,
        constant=int((spans.most[at] - spans.least[at] < CONSTANT).sum()),
        gradients=bins,
        gradient_norm=_norm(snapshot, at),
        ratio=None if update is None else _ratio(update, weights),
    )


def _norm(snapshot: Snapshot, at: int) -> float | None:
    """That of the gradient of a layer's weights and biases."""
    if not snapshot.has_gradient:
        return None
    parts = (snapshot.gradients.get(f"{kind}{at}") for kind in "Wb")
    return math.hypot(*(float(np.linalg.norm(part)) for part in parts if part is not None))


def _ratio(update: Array, weights: Array) -> float | None:
    """log10 of ‖update‖ / ‖weights‖; None if a norm is not finite, or that of the weights 0."""
    size = float(np.linalg.norm(weights))
    share = float(np.linalg.norm(update)) / size if size else np.nan
    return float(np.log10(share)) if np.isfinite(share) else None
