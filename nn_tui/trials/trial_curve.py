"""The losses of a trial over its epochs, at so few of them that every trial can keep its own."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nn_tui.training.curve import Curve
from nn_tui.types import Array

CURVES = ("train_loss", "test_loss", "validation_loss")
"""The losses that are kept, of the sets that there are."""
MOST_POINTS = 100
"""Of one curve; a chart has fewer columns."""
_HEAD = "epoch"


@dataclass(frozen=True, eq=False)
class TrialCurve:
    """``losses`` by name in ``CURVES``, each (points,), at ``epochs`` (points,), ascending.

    A loss that is not finite is NaN.
    """

    epochs: Array
    losses: Mapping[str, Array]


def sampled_curve(curve: Curve) -> TrialCurve | None:
    """Return at most ``MOST_POINTS`` points of a curve, evenly over its epochs, both ends too.

    None if it has no points.
    """
    if not len(curve):
        return None
    wanted = np.linspace(float(curve.first[0]), float(curve.last[-1]), MOST_POINTS)
    places = np.unique(np.minimum(np.searchsorted(curve.last, wanted), len(curve) - 1))
    losses = {}
    for name in CURVES:
        values = curve.band(name).middle[places]
        finite = np.isfinite(values)
        if finite.any():
            losses[name] = np.where(finite, values, np.nan)
    return TrialCurve(curve.last[places].astype(float), losses)


def curve_text(curve: TrialCurve) -> str:
    """Return the curve as CSV: a line for each epoch, losses with six digits."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_HEAD, *curve.losses])
    for row in zip(
        curve.epochs.tolist(), *(v.tolist() for v in curve.losses.values()), strict=True
    ):
        writer.writerow([int(row[0]), *(f"{v:.6g}" if math.isfinite(v) else "" for v in row[1:])])
    return buffer.getvalue()


def read_curve(text: str) -> TrialCurve:
    """Return the curve of a text of ``curve_text``. Raises ValueError for any other."""
    head, *rows = csv.reader(text.splitlines())
    names = head[1:]
    if head[:1] != [_HEAD] or len({*names} & {*CURVES}) < len(names) or not rows:
        raise ValueError("it has other columns")
    if len(rows) > MOST_POINTS or any(len(row) != len(head) for row in rows):
        raise ValueError("it has another shape")
    table = np.array([[float(cell or "nan") for cell in row] for row in rows])
    epochs, values = table[:, 0], table[:, 1:]
    if not np.isfinite(epochs).all() or (np.diff(epochs) <= 0).any() or np.isinf(values).any():
        raise ValueError("its epochs are not in ascending order")
    return TrialCurve(epochs, dict(zip(names, values.T, strict=True)))
