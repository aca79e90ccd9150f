"""Chart of loss, accuracy or gradients over epochs: curves, axes, labels and marks."""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.training.baseline import baseline_of, decisive_part
from nn_tui.training.branches import PinnedRun
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.chart_curves import draw_curves, rows_down
from nn_tui.tui.drawing.chart_marks import (
    Mark,
    axis_labels,
    axis_marks,
    best_mark,
    draw_annotations,
    draw_crosshair,
    draw_guides,
    epoch_marks,
    mark_of_best,
    write_divergence,
)
from nn_tui.tui.drawing.chart_readout import draw_readout
from nn_tui.tui.drawing.chart_series import (
    LOSS,
    ChartContent,
    ChartCurve,
    chart_content,
    comparable_pins,
)
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.curve_labels import CurveLabel, draw_labels, label_columns
from nn_tui.tui.drawing.data_summary import short_error
from nn_tui.tui.drawing.epoch_axis import AXIS_HEIGHT, ChartFrame, draw_epochs, empty_chart
from nn_tui.tui.drawing.replica_curves import replica_curves
from nn_tui.tui.drawing.strips import DrawArea, paragraph
from nn_tui.tui.drawing.value_axis import ValueAxis, linear_axis, log_axis, prefers_log
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.theme import Palette

_LEAST_WIDTH, _LEAST_HEIGHT, _LEAST_COLUMNS = 12, 4, 4
_AXIS_WIDTH, _WIDTH_FOR_AXIS = 8, 40
"""In wide charts, the value axis has a fixed width, so that curves do not move."""
_LINES_PER_READOUT_ROW = 6
_HEIGHT_FOR_TWO = 6
_VALUE = 9
"""Width of a value beside its curve."""
_NEAR_THE_END = 3
"""Columns from the right edge within which a curve counts as complete."""


class LossChart:
    """A view of a run and its pins in an area.

    ``frame`` is the plotting area, or None if there is nothing to draw or no room. ``log``
    is whether the value axis is logarithmic, ``suggests_log`` whether the values suggest
    it. ``keys`` are the names of keys in hints.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        pins: Sequence[PinnedRun],
        view: ChartView,
        area: DrawArea,
        keys: KeyNames,
    ) -> None:
        width, height, palette = area
        self._keys = keys
        self._snapshot, self._view, self._palette = snapshot, view, palette
        self._width, self._height = width, height
        self.content = _content(view.name, snapshot, pins, palette)
        self.latest = snapshot.epoch
        self.whole = last_epoch(view.name, snapshot, pins)
        self.suggests_log = self.log = False
        self.frame: ChartFrame | None = None
        self._axis: ValueAxis | None = None
        self._curves = [curve for curve in self.content.curves if len(curve.points)]
        readout_only = not self._curves or width < _LEAST_WIDTH or height < _LEAST_HEIGHT
        self._readout = self._read(readout_only)
        lines = height - len(self._readout) - AXIS_HEIGHT
        if not readout_only and lines >= _LEAST_HEIGHT - AXIS_HEIGHT:
            self._lay_out(lines)
            if self.frame is None:
                self._readout = self._read(True)

    @property
    def start(self) -> int:
        """Initial epoch of the crosshair: the current one, or the middle of the visible epochs."""
        if self.frame is None or 0 <= self.frame.column(self.latest) < self.frame.columns:
            return self.latest
        return self.frame.epoch(self.frame.columns // 2)

    def stop(self, epoch: int, direction: int) -> int:
        """Return ``epoch``, or the next one in that direction with a value."""
        ends = [curve.points for curve in self._curves]
        longest = max(ends, key=lambda points: float(points.last[-1]), default=None)
        return epoch if longest is None else longest.stop(epoch, direction)

    def note(self, width: int, scores: Mapping[str, float | None] = MappingProxyType({})) -> str:
        """Describe the view in at most ``width`` cells, with the ``scores`` of a regression."""
        view, snapshot = self._view, self._snapshot
        parts = [self.content.name, *filter(None, [self.content.detail])]
        if self._axis is not None:
            parts.append("log axis" if self.log else "linear axis")
        if sum(curve.own for curve in self._curves) > 1 and self.frame is not None:
            parts.append("striped where curves meet")
        if self.content.excluded:
            parts.append(self.content.excluded)
        if view.window is not None:
            parts.append("following" if view.window.end is None else "zoomed")
        if view.strength and self.frame is not None:
            reach = view.reach(self.frame.epochs)
            parts.append(f"smoothed over {reach:,.3g} epoch{'' if reach == 1 else 's'}")
        if view.name == "loss" and view.crosshair is None and snapshot.classifies:
            least = baseline_of(snapshot.dataset, snapshot.network.output).accuracy
            parts += [_accuracy(snapshot), f"most frequent class {percent(least)}"]
        elif view.name == "loss" and view.crosshair is None:
            parts += filter(None, [_errors(snapshot, scores)])
        while len(" · ".join(parts)) > width and len(parts) > 1:
            parts.pop()
        return " · ".join(parts)

    def draw(self) -> list[Strip]:
        """Return the chart; without a frame, a hint or only the values."""
        palette = self._palette
        if self.frame is None:
            if self._curves:
                return self._readout
            return [*self._readout, *paragraph(self._hint(), self._width, palette.muted)]
        if self._axis is None:
            rows = paragraph(self._nothing(), self._width, palette.bad)
            return [*self._readout, *rows][: self._height]
        frame = self.frame._replace(top=0)
        grid = empty_chart(self._width, frame, self._axis, palette).copy()
        self._fill(grid, frame, self._axis)
        return [*self._readout, *grid.strips()]

    def _read(self, alone: bool) -> list[Strip]:
        """Return the rows of values: at the crosshair, or the latest if ``alone``."""
        crosshair = self._view.crosshair
        if crosshair is None and not alone:
            return []
        most = max(1, self._height // _LINES_PER_READOUT_ROW)
        if crosshair is not None and self._height >= _HEIGHT_FOR_TWO:
            most = max(most, 2)
        return draw_readout(self.content, crosshair, self._width, most, self._palette)

    def _lay_out(self, lines: int) -> None:
        """Choose the axes, and place the plotting area."""
        view = self._view
        epochs = view.epochs(self.latest, self.whole)
        values = np.concatenate([curve.points.range(epochs) for curve in self._curves])
        if len(values) and self.content.most is None:
            low, high = float(values.min()), float(values.max())
            self.suggests_log = prefers_log(low, high, view.was_log)
        self.log = self.suggests_log if view.log is None else view.log
        if self.log:
            values = values[values > 0]
        if len(values):
            self._axis = self._value_axis(float(values.min()), float(values.max()), lines)
        labels = [len(label) for _, label in self._axis.ticks] if self._axis else []
        left = max([1, *(length + 1 for length in labels)])
        if self._width >= _WIDTH_FOR_AXIS:
            left = max(left, _AXIS_WIDTH)
        named = [curve for curve in self._curves if curve.label]
        value = _VALUE if any(map(self._value, named)) else 0
        names = [curve.label for curve in named]
        columns = self._width - left - label_columns(names, value, self._width)
        if columns >= _LEAST_COLUMNS:
            self.frame = ChartFrame.showing(left, len(self._readout), columns, lines, epochs)

    def _value_axis(self, low: float, high: float, lines: int) -> ValueAxis:
        if self.log:
            return log_axis(low, high, lines)
        if self.content.from_zero and self._view.window is None and low >= 0:
            constant = low == high
            high = min(2 * high, sys.float_info.max) if constant else high
            low, high = 0.0, high or 1.0
        if self.content.most is not None:
            high = max(high, self.content.most)
            low = min(low, high / 2) if low == high else low
        return linear_axis(low, high, lines)

    def _fill(self, grid: CellGrid, frame: ChartFrame, axis: ValueAxis) -> None:
        view, palette, snapshot = self._view, self._palette, self._snapshot
        draw_curves(grid, frame, axis, self._curves, view, palette)
        diverged = self._divergence()
        end = diverged[0] if diverged else None
        marks = epoch_marks(snapshot, view.crosshair, end, self._best(frame), palette)
        draw_guides(grid, frame, marks, palette)
        if snapshot.epoch == 0 and self.whole == 0:
            self._write_hint(grid, frame)
        draw_labels(grid, frame, self._labels(frame, axis), palette)
        if diverged:
            row = int(rows_down(frame, axis, diverged[1]))
            write_divergence(grid, frame, diverged[0], row, palette)
        draw_annotations(grid, frame, snapshot, palette)
        if view.crosshair is not None:
            draw_crosshair(grid, frame, view.crosshair, snapshot, palette)
        last = min(float(self.whole), frame.epochs[1])
        labels = axis_labels(marks)
        after = 0 if view.crosshair is None else 1  # its label is always visible
        labels[after:after] = [
            (epoch, f"{epoch:,.0f}", ink)
            for epoch, ink in ((frame.epochs[0], palette.muted), (last, palette.text))
        ]
        draw_epochs(grid, frame, axis_marks(frame, marks), labels, palette)

    def _best(self, frame: ChartFrame) -> Mark | None:
        curve, snapshot = self.content.decisive, self._snapshot
        if curve is None or not len(curve.points):
            return None
        if self._view.name == LOSS and snapshot.best is not None and len(curve.points) > 2:
            ahead = snapshot.ahead
            end = snapshot.epoch if ahead is None else float(ahead.last[-1])
            return mark_of_best(snapshot.best.epoch, end, frame, curve.ink)
        return best_mark(curve.points, self.content.lower_is_better, frame, curve.ink)

    def _labels(self, frame: ChartFrame, axis: ValueAxis) -> list[CurveLabel]:
        """Return the label of every visible curve, main curves first."""
        labels = []
        for curve in sorted(self._curves, key=lambda curve: curve.minor):
            end = curve.points.end
            if end is None or not curve.label:
                continue
            last = curve.points.middle if curve.shaded else curve.points.high
            down = rows_down(frame, axis, float(last[end]))
            column = frame.column(float(curve.points.center[end]))
            value = self._value(curve)
            bound = curve.own or column >= frame.columns - _NEAR_THE_END or column < 0
            ink = curve.ink + Style(bold=True) if curve.own else curve.ink
            labels.append(CurveLabel(curve.label, value, ink, down, column, bound, curve.dashed))
        return labels

    def _value(self, curve: ChartCurve) -> str:
        """Return the last value of a curve; none where the chart says that the run diverged."""
        diverged = curve.own and self._snapshot.diverged
        if curve.latest is None or (diverged and not math.isfinite(curve.latest)):
            return ""
        return self.content.show(curve.latest)

    def _divergence(self) -> tuple[float, float] | None:
        """Return the epoch at which the run diverged, and its last finite value."""
        own = next((curve.points for curve in self._curves if curve.own), None)
        if not self._snapshot.diverged or own is None or own.end is None:
            return None
        return float(own.first[min(own.end + 1, len(own) - 1)]), float(own.high[own.end])

    def _write_hint(self, grid: CellGrid, frame: ChartFrame) -> None:
        """Write the hint on the keys beside the first point."""
        room = frame.columns - 6
        rows = paragraph(self._hint(), room, self._palette.muted) if room > 10 else []
        if len(rows) <= frame.lines:
            for line, row in enumerate(rows, (frame.lines - len(rows)) // 2):
                grid.put(frame.left + 4, line, row.text.rstrip(), self._palette.muted)

    def _hint(self) -> str:
        how = self._keys.with_key_names("press `run` to train, `epoch` for one epoch")
        return f"The {self.content.name} curve appears here: {how}."

    def _nothing(self) -> str:
        name = self.content.name
        if self._view.window is not None:
            return f"No finite {name} in these epochs; {self._keys['loss.fit']} shows all epochs."
        if self.log:
            log = self._keys["loss.log"]
            return f"No positive {name}; {log} switches to a linear axis."
        return f"No finite {name}."


def _content(
    view: str, snapshot: Snapshot, pins: Sequence[PinnedRun], palette: Palette
) -> ChartContent:
    """The curves of the run shown and, of its loss, those of its replicas."""
    content = chart_content(view, snapshot, pins, palette)
    if view != LOSS or snapshot.replicas is None:
        return content
    curves = [*content.curves, *replica_curves(snapshot.replicas, palette)]
    return replace(content, curves=curves)


def last_epoch(view: str, snapshot: Snapshot, pins: Sequence[PinnedRun]) -> int:
    """Return the last epoch of the longest curve."""
    shown, _ = comparable_pins(view, snapshot, pins)
    ends = [snapshot.epoch, *(pin.outcome.epoch for _, pin in shown)]
    if view == LOSS and snapshot.replicas is not None:
        ends += [result.epoch for result in snapshot.replicas.results]
    if snapshot.ahead is not None and len(snapshot.ahead):
        ends.append(int(snapshot.ahead.last[-1]))
    return max(ends)


def _accuracy(snapshot: Snapshot) -> str:
    parts = [snapshot.train_accuracy]
    if snapshot.dataset.test_count:
        parts.append(snapshot.test_accuracy)
    return "accuracy " + " / ".join(percent(part) for part in parts)


def _errors(snapshot: Snapshot, scores: Mapping[str, float | None]) -> str:
    """R² and RMSE of a regression, beside that of the mean; empty if not known."""
    r2, rmse = scores.get("r2"), scores.get("rmse")
    if r2 is None or rmse is None:
        return ""
    least = short_error(baseline_of(snapshot.dataset, snapshot.network.output).rmse)
    part = decisive_part(snapshot.dataset.parts)
    return f"{part} R² {r2:.3f} · RMSE {short_error(rmse)} (mean {least})"
