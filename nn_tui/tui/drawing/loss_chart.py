"""Loss, accuracy or gradients over the epochs: legend, curves, axes and what stands on them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.pin import Pin
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.chart_axes import Frame, Range, linear_ticks, log_ticks, rounded
from nn_tui.tui.drawing.chart_series import Series, subject
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_sampling import dotted, smoothed
from nn_tui.tui.drawing.line_plot import DOTS_ACROSS, DOTS_DOWN, Line, draw_lines
from nn_tui.tui.drawing.strips import paragraph
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.pictures.axis_rows import below, left_of
from nn_tui.tui.pictures.legend import draw_legend
from nn_tui.tui.pictures.marks import mark_axis, mark_curves
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

AXIS_WIDTH, AXIS_HEIGHT = 8, 2
_LEAST_WIDTH, _LEAST_HEIGHT = 12, 4
_LINES_PER_LEGEND_ROW = 6
_HEIGHT_FOR_TWO = 6
_RAW = 0.4
"""How strong the ink of a curve is behind its smoothed self."""
_DASH, _DASH_AND_GAP = 7, 10
"""Dots."""


class LossChart:
    """A run and its pins, seen in one way, in ``width`` x ``height`` cells.

    ``frame`` is where the curves are, or None where there is nothing to draw or no room.
    Sentences on what to press have the ``keys``.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        pins: Sequence[Pin],
        view: ChartView,
        width: int,
        height: int,
        palette: Palette,
        keys: KeyNames,
    ) -> None:
        self._keys = keys
        self.subject = subject(view.name, snapshot, pins, palette)
        self.latest = snapshot.epoch
        self.whole = last_epoch(snapshot, pins)
        self.frame: Frame | None = None
        self._snapshot, self._view, self._palette = snapshot, view, palette
        self._width = width
        most = max(1, height // _LINES_PER_LEGEND_ROW)
        aside = _accuracy(snapshot) if view.name == "loss" else ""
        if view.crosshair is not None:
            aside = ""  # all values are those of its epoch, which takes room to say
            most = max(most, 2 if height >= _HEIGHT_FOR_TWO else 1)
        self._legend = draw_legend(self.subject, view.crosshair, aside, width, most, palette)
        lines = height - len(self._legend) - AXIS_HEIGHT
        drawable = any(len(curve.points.first) > 1 for curve in self.subject.curves)
        if drawable and width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT:
            epochs = view.epochs(self.latest, self.whole)
            columns = width - AXIS_WIDTH
            self.frame = Frame(AXIS_WIDTH, len(self._legend), columns, lines, epochs)

    @property
    def start(self) -> int:
        """Where a crosshair begins: where one stands, or the middle of what is in sight."""
        if self.frame is None or 0 <= self.frame.column(self.latest) < self.frame.columns:
            return self.latest
        return self.frame.epoch(self.frame.columns // 2)

    def stop(self, epoch: int, direction: int) -> int:
        """``epoch``, or the next one in that direction which a curve has a value for."""
        ends = [c.points for c in self.subject.curves if len(c.points.first)]
        longest = max(ends, key=lambda points: float(points.last[-1]), default=None)
        return epoch if longest is None else longest.stop(epoch, direction)

    def note(self, width: int) -> str:
        """What is shown and how, in at most ``width`` cells."""
        view = self._view
        parts = [self.subject.name]
        if view.log:
            parts.append("log axis")
        if view.strength and self.frame is not None:
            reach = view.reach(self.frame.epochs)
            parts.append(f"smoothed over {reach:,.3g} epoch{'' if reach == 1 else 's'}")
        if view.window is not None:
            parts.append("following" if view.window.end is None else "zoomed")
        while len(" · ".join(parts)) > width and len(parts) > 1:
            parts.pop()
        return " · ".join(parts)

    def draw(self) -> list[Strip]:
        """The picture; without a frame, what will be there, or just the numbers."""
        if self.frame is not None:
            return [*self._legend, *self._chart(self.frame)]
        if any(len(curve.points.first) > 1 for curve in self.subject.curves):
            return self._legend
        name = self.subject.name
        how = self._keys.told("press `run` to train, `epoch` for one epoch")
        sentence = f"The {name} is drawn here, epoch by epoch: {how}."
        return [*self._legend, *paragraph(sentence, self._width, self._palette.muted)]

    def _chart(self, frame: Frame) -> list[Strip]:
        view, palette = self._view, self._palette
        curves = self.subject.curves[::-1]
        values = [dotted(curve.points, frame, view.log) for curve in curves]
        finite = np.concatenate([v[np.isfinite(v)] for v in values])
        if not len(finite):
            sentence = paragraph(self._nothing(), self._width, palette.bad)
            return sentence[: frame.lines + AXIS_HEIGHT]
        y_range = self._y_range(float(finite.min()), float(finite.max()))
        lines = self._lines(curves, values, frame, y_range)
        strips = draw_lines(lines, frame.columns, frame.lines, palette.text)
        strips = mark_curves(strips, frame, self._snapshot, view.crosshair, palette)
        count = max(2, min(8, frame.lines // 2))
        ticks = (log_ticks if view.log else linear_ticks)(*y_range, count)
        marks = mark_axis(frame, self._snapshot, view.crosshair, palette)
        rows = left_of(strips, frame, y_range, ticks, palette)
        return [*rows, *below(frame, marks, view.crosshair, palette)]

    def _y_range(self, low: float, high: float) -> Range:
        if self.subject.from_zero and not self._view.log and self._view.window is None:
            low = min(low, 0.0)
        low, high = rounded(low, high)
        most = self.subject.most
        return low, high if most is None or self._view.log else min(high, most)

    def _lines(
        self, curves: Sequence[Series], values: Sequence[Array], frame: Frame, y_range: Range
    ) -> list[Line]:
        low, high = y_range
        reach = DOTS_ACROSS * self._view.reach(frame.epochs) / frame.epochs_per_column
        raws, lines = [], []
        for curve, value in zip(curves, values, strict=True):
            up = (value / (high - low) - low / (high - low)) * (DOTS_DOWN * frame.lines - 1)
            if reach and curve.own:
                raws.append(Line(up, self._palette.fainter(curve.ink, _RAW)))
            if reach:
                up = smoothed(up, reach)
            if curve.dashed:
                up[np.arange(len(up)) % _DASH_AND_GAP >= _DASH] = np.nan
            lines.append(Line(up, curve.ink))
        return raws + lines

    def _nothing(self) -> str:
        sentence = f"No {self.subject.name} is a number"
        if self._view.window is not None:
            return f"{sentence} in these epochs; {self._keys['loss.fit']} shows all."
        if self._view.log:
            log = self._keys["loss.log"]
            return f"{sentence} above zero; {log} changes to a linear axis."
        return f"{sentence}."


def last_epoch(snapshot: Snapshot, pins: Sequence[Pin]) -> int:
    """Where the longest curve ends."""
    ends = [snapshot.epoch, *(pin.outcome.epoch for pin in pins)]
    if snapshot.ahead is not None and len(snapshot.ahead):
        ends.append(int(snapshot.ahead.last[-1]))
    return max(ends)


def _accuracy(snapshot: Snapshot) -> str:
    if not snapshot.classifies:
        return ""
    parts = [snapshot.train_accuracy]
    if snapshot.dataset.test_count:
        parts.append(snapshot.test_accuracy)
    return "accuracy " + " / ".join(percent(part) for part in parts)
