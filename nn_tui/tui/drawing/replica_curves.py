"""The losses of replicas in the chart: the median between its quartiles, and single curves."""

import numpy as np

from nn_tui.training.curve import Curve
from nn_tui.training.replica_results import ReplicaResults
from nn_tui.training.seed_losses import quantile
from nn_tui.tui.drawing.chart_band import quartile_curve
from nn_tui.tui.drawing.chart_series import ChartCurve
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

MOST_SINGLE = 12
"""The largest number of replicas with a curve each."""
_MOST_VALUES = 40_000
"""The largest number of values of which quartiles are taken: many replicas have fewer points."""


def replica_curves(replicas: ReplicaResults, palette: Palette) -> list[ChartCurve]:
    """Return the curves of all replicas except the shown one, which the run itself has."""
    results = replicas.results
    median = quantile([result.loss for result in results], 0.5)
    curves = [
        ChartCurve("median", _quartiles(replicas), median, palette.train, own=False, shaded=True)
    ]
    if len(results) <= MOST_SINGLE:
        curves += [
            ChartCurve("", _sampled(result.losses), None, palette.faint, own=False, behind=True)
            for index, result in enumerate(results)
            if index != replicas.shown
        ]
    if replicas.target is not None:
        curves.append(_target(replicas.target, curves[0].points, palette))
    return curves


def _target(loss: float, along: SampledCurve, palette: Palette) -> ChartCurve:
    """The target loss as a dashed line."""
    epochs, losses = along.last[[0, -1]], np.full(2, loss)
    points = SampledCurve(epochs, epochs, losses, losses, losses)
    return ChartCurve("target", points, loss, palette.muted, own=False, dashed=True, behind=True)


def _sampled(losses: Curve) -> SampledCurve:
    return SampledCurve(losses.first, losses.last, *losses.band("train_loss"))


def _quartiles(replicas: ReplicaResults) -> SampledCurve:
    """The median and the quartiles at the points of the longest curve, or at some of them."""
    curves = [result.losses for result in replicas.results]
    longest = max(curves, key=lambda curve: float(curve.last[-1]))
    most = max(2, _MOST_VALUES // len(curves))
    places = np.arange(len(longest))
    if len(places) > most:
        places = np.unique(np.linspace(0, len(longest) - 1, most).astype(int))
    epochs = longest.last[places]
    return quartile_curve(epochs, np.stack([_at(curve, epochs) for curve in curves]))


def _at(curve: Curve, epochs: Array) -> Array:
    """The losses at ``epochs`` (epochs,), NaN after the curve's end."""
    place = np.searchsorted(curve.last, epochs)
    inside = place < len(curve)
    values = curve.train_middle[np.minimum(place, len(curve) - 1)]
    return np.where(inside, values, np.nan)
