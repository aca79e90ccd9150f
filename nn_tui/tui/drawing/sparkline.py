"""A loss curve in a single line of text."""

import numpy as np

from nn_tui.training.curve import Curve

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "×"
"""Glyph of a loss that is not finite."""


def log_range(curves: list[Curve]) -> tuple[float, float]:
    """Return log10 of the smallest and largest positive loss; (0, 1) without any."""
    values = np.concatenate([np.empty(0), *(curve.train_high for curve in curves)])
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return 0.0, 1.0
    return float(np.log10(values.min())), float(np.log10(values.max()))


def sparkline(curve: Curve, width: int, reach: tuple[float, float]) -> str:
    """Draw the training loss over all epochs in ``width`` cells, on a logarithmic scale.

    A bar for each recorded epoch, if they fit; otherwise for epochs at equal distances.
    ``reach`` (low, high) is log10 of the loss at the lowest and highest bar.
    """
    if len(curve) < 2:
        return " " * width
    losses = curve.train_high
    if len(curve) > width:
        epochs = np.linspace(curve.first[0], curve.last[-1], width)
        losses = losses[np.minimum(np.searchsorted(curve.last, epochs), len(curve) - 1)]
    low, high = reach
    with np.errstate(all="ignore"):
        share = (np.log10(losses) - low) / ((high - low) or 1.0)
        levels = np.rint(np.clip(share, 0, 1) * (len(_BARS) - 1))
        levels[~np.isfinite(losses)] = np.nan
    bars = "".join(_GAP if np.isnan(level) else _BARS[int(level)] for level in levels)
    return bars.ljust(width)
