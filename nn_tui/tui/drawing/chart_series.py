"""What there is to draw in each view of the loss pane: curves with their names and inks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from nn_tui import text
from nn_tui.training.curve import Curve
from nn_tui.training.pin import Pin
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.trace import Trace
from nn_tui.tui.drawing.curve_sampling import Points
from nn_tui.tui.drawing.numbers import loss as loss_text
from nn_tui.tui.theme import Palette

Array = NDArray[Any]
Pair = tuple[Points, Points]
"""A curve of training samples, and one of test samples."""

_AHEAD, _PINNED = 0.5, 0.75
"""How strong the ink is of what lies ahead, and of pinned runs."""


@dataclass(frozen=True, eq=False)
class Series:
    """One curve. ``latest`` is its value now; without a label it belongs to the one before.

    ``own`` is whether it is the run itself up to where one stands.
    """

    label: str
    points: Points
    latest: float | None
    ink: Style
    own: bool = True
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Subject:
    """What a view shows: its name, curves from the front to the back, a value as text.

    A linear axis begins at zero if ``from_zero``; no value is above ``most``.
    """

    name: str
    curves: Sequence[Series]
    show: Callable[[float], str]
    from_zero: bool = True
    most: float | None = None


def subject(view: str, snapshot: Snapshot, pins: Sequence[Pin], palette: Palette) -> Subject:
    """The curves of a view, one of ``chart_view.VIEWS``."""
    if view == "loss":
        return Subject("loss", _losses(snapshot, pins, palette), loss_text)
    if view == "gradient":
        return Subject("gradient norm", _gradients(snapshot, palette), loss_text)
    if not snapshot.classifies:
        return Subject("mean absolute error", _scores(snapshot, pins, palette), loss_text)
    return Subject("accuracy", _scores(snapshot, pins, palette), percent, False, 100.0)


def percent(value: float) -> str:
    """Percents, 0 … 100, as accuracy is shown everywhere."""
    return text.percent(value / 100)


def _losses(snapshot: Snapshot, pins: Sequence[Pin], palette: Palette) -> list[Series]:
    latest = snapshot.train_loss, snapshot.test_loss
    curves = _own(_of_curve(snapshot.losses), latest, palette)
    if snapshot.ahead is not None:
        pair = _beyond(_of_curve(snapshot.ahead), snapshot.epoch)
        inks = (palette.fainter(palette.train, _AHEAD), palette.fainter(palette.test, _AHEAD))
        curves += _compared("ahead", pair, (_end(pair[0]), _end(pair[1])), inks)
    for number, pin in enumerate(pins):
        seen, ink = pin.outcome, palette.series(number, _PINNED)
        latest = seen.train_loss, seen.test_loss
        curves += _compared(pin.label, _of_curve(seen.losses), latest, (ink, ink))
    return curves


def _scores(snapshot: Snapshot, pins: Sequence[Pin], palette: Palette) -> list[Series]:
    if not snapshot.trace:
        return []
    kind = "accuracy" if snapshot.classifies else "error"
    pair = _of_trace(snapshot.trace, kind)
    test = None if snapshot.test_loss is None else _end(pair[1])
    curves = _own(pair, (_end(pair[0]), test), palette)
    for number, pin in enumerate(pins):
        if pin.outcome.trace:
            pair, ink = _of_trace(pin.outcome.trace, kind), palette.series(number, _PINNED)
            curves += _compared(pin.label, pair, (_end(pair[0]), _end(pair[1])), (ink, ink))
    return curves


def _gradients(snapshot: Snapshot, palette: Palette) -> list[Series]:
    trace = snapshot.trace
    if not trace:
        return []
    layers = [_looks(trace, norms) for norms in trace.gradient_norms.T]
    return [
        Series(
            f"layer {number + 1}",
            points,
            _end(points) if snapshot.updated else None,
            palette.series(number),
        )
        for number, points in enumerate(layers)
    ]


def _own(pair: Pair, latest: tuple[float, float | None], palette: Palette) -> list[Series]:
    curves = [Series("train", pair[0], latest[0], palette.train)]
    if latest[1] is not None:
        # Where a terminal may have no colours, the two must differ otherwise.
        test = Series("test", pair[1], latest[1], palette.test, dashed=palette.ansi)
        curves.append(test)
    return curves


def _compared(
    label: str, pair: Pair, latest: tuple[float, float | None], inks: tuple[Style, Style]
) -> list[Series]:
    curves = [Series(label, pair[0], latest[0], inks[0], own=False)]
    if np.isfinite(pair[1].high).any():
        curves.append(Series("", pair[1], latest[1], inks[1], own=False, dashed=True))
    return curves


def _of_curve(curve: Curve) -> Pair:
    return (
        Points(curve.first, curve.last, curve.train_low, curve.train_high),
        Points(curve.first, curve.last, curve.test_low, curve.test_high),
    )


def _of_trace(trace: Trace, kind: str) -> Pair:
    scale = 100.0 if kind == "accuracy" else 1.0
    train, test = (getattr(trace, f"{part}_{kind}") * scale for part in ("train", "test"))
    return _looks(trace, train), _looks(trace, test)


def _looks(trace: Trace, values: Array) -> Points:
    return Points(trace.epoch, trace.epoch, values, values)


def _beyond(pair: Pair, epoch: int) -> Pair:
    """What comes after ``epoch``, and the point there, from which it goes on."""
    start = max(0, int(np.searchsorted(pair[0].last, epoch)))
    train, test = (
        Points(p.first[start:], p.last[start:], p.low[start:], p.high[start:]) for p in pair
    )
    return train, test


def _end(points: Points) -> float:
    return float(points.high[-1]) if len(points.high) else float("nan")
