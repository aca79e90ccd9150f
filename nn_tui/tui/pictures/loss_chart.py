"""The loss over the epochs, for training and test samples."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.training.history import Curve
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.pictures.numbers import loss as loss_text
from nn_tui.tui.plot import Axes, Line, draw_chart
from nn_tui.tui.strips import Row, paragraph
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

_AXIS_WIDTH = 8
_LEAST_WIDTH, _LEAST_HEIGHT = 12, 4


def draw_loss(
    snapshot: Snapshot, log: bool, width: int, height: int, palette: Palette
) -> list[Strip]:
    """A legend and the chart; ``log`` puts the losses on a logarithmic axis."""
    legend = Row(palette.muted)
    legend.add("━ train ", palette.train).add(loss_text(snapshot.train_loss), palette.strong)
    if snapshot.test_loss is not None:
        legend.add("   ━ test ", palette.test).add(loss_text(snapshot.test_loss), palette.strong)
    if snapshot.train_accuracy is not None:
        accuracy = f"   accuracy {_percent(snapshot.train_accuracy)}"
        if snapshot.test_accuracy is not None:
            accuracy += f" / {_percent(snapshot.test_accuracy)}"
        if legend.width + len(accuracy) <= width:
            legend.add(accuracy)
    if len(snapshot.losses) < 2:
        hint = paragraph(
            "The loss of every epoch is drawn here: press space to train, s for one epoch.",
            width,
            palette.muted,
        )
        return [legend.strip(width), *hint]
    if width < _LEAST_WIDTH or height < _LEAST_HEIGHT:
        return [legend.strip(width)]
    return [legend.strip(width), *_chart(snapshot, log, width, height - 1, palette)]


def _chart(snapshot: Snapshot, log: bool, width: int, height: int, palette: Palette) -> list[Strip]:
    curve = snapshot.losses
    columns = max(2, width - _AXIS_WIDTH)
    lines = [Line(*_points(curve, "train", columns, log), palette.train)]
    if snapshot.test_loss is not None:
        lines.insert(0, Line(*_points(curve, "test", columns, log), palette.test))
    values = np.concatenate([np.asarray(line.y) for line in lines])
    values = values[np.isfinite(values)]
    if not len(values):
        return paragraph("No loss is a number.", width, palette.bad)
    low, high = float(values.min()), float(values.max())
    if not log:
        low = min(low, 0.0)
    if high - low < 1e-300 or high == low:
        low, high = low - 0.5, high + 0.5
    count = max(2, min(8, height // 2))
    y_ticks = _log_ticks(low, high, count) if log else linear_ticks(low, high, count)
    x_ticks = linear_ticks(0, float(curve.last[-1]), max(2, min(8, columns // 12)), whole=True)
    axes = Axes((0, float(curve.last[-1])), (low, high), x_ticks, y_ticks)
    return draw_chart(lines, axes, width, height, palette.muted)


def _points(curve: Curve, which: str, columns: int, log: bool) -> tuple[list[float], list[float]]:
    """At most two points a column: the smallest and the largest loss in it."""
    low = np.asarray(getattr(curve, f"{which}_low"))
    high = np.asarray(getattr(curve, f"{which}_high"))
    x = (curve.first + curve.last) / 2
    if log:
        with np.errstate(all="ignore"):
            low, high = (np.log10(np.where(v > 0, v, np.nan)) for v in (low, high))
    if len(x) > 2 * columns:
        place = np.floor((x - x[0]) / max(x[-1] - x[0], 1) * (columns - 1)).astype(int)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        x, low, high = x[starts], np.fmin.reduceat(low, starts), np.fmax.reduceat(high, starts)
    if np.array_equal(low, high, equal_nan=True):
        return x.tolist(), low.tolist()
    return np.repeat(x, 2).tolist(), np.column_stack([high, low]).ravel().tolist()


def linear_ticks(
    low: float, high: float, count: int, whole: bool = False
) -> Sequence[tuple[float, str]]:
    """About ``count`` round values from ``low`` to ``high`` with their labels."""
    step = _nice((high - low) / max(1, count - 1))
    if whole:
        step = max(1.0, step)
    first = math.ceil(low / step - 1e-9)
    values = [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]
    if len(values) < 2 and high > low:
        return linear_ticks(low, high, count + 1, whole) if count < 4 else ()
    if whole:
        return [(value, f"{value:,.0f}") for value in values]
    decimals = max(0, -math.floor(math.log10(step)))
    if decimals > 5:
        return [(value, f"{value:.1e}".rjust(_AXIS_WIDTH - 1)) for value in values]
    return [(value, f"{value:.{decimals}f}".rjust(_AXIS_WIDTH - 1)) for value in values]


def _log_ticks(low: float, high: float, count: int) -> Sequence[tuple[float, str]]:
    first, last = math.ceil(low), math.floor(high)
    if last - first < 1:
        ticks = linear_ticks(low, high, count)
        return [(at, f"{10**at:.2g}".rjust(_AXIS_WIDTH - 1)) for at, _ in ticks]
    stride = max(1, math.ceil((last - first + 1) / count))
    return [(at, f"1e{at}".rjust(_AXIS_WIDTH - 1)) for at in range(first, last + 1, stride)]


def _nice(step: float) -> float:
    if not step > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(step))
    return next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= step * 0.999)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
