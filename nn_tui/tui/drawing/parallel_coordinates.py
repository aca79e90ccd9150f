"""Parallel coordinates: an axis for each varied key and one for the measure, a line a setting.

A. Inselberg, "The plane with parallel coordinates", The Visual Computer 1 (1985).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from textual.strip import Strip

from nn_tui.trials.ranking import SettingResult, format_short, measure_name
from nn_tui.trials.sweep_results import SweepResults, shown_value
from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, squeezed
from nn_tui.tui.drawing.value_axis import linear_axis, log_axis, prefers_log
from nn_tui.types import Array

_BEST = 5
"""Settings drawn in the accent colour."""
_MOST_LINES = 300
"""Settings that are drawn, the best ones."""
_MOST_PLACES = 9
"""Up to so many numbers are evenly spaced, each with its label; more are on a scale."""
_LABEL = 10
_HEAD, _FOOT = 2, 2
"""Rows above and below the axes."""


class _Axis(NamedTuple):
    """``labels`` by row from the lowest; ``heights`` (settings,) in dots from the lowest."""

    name: str
    labels: dict[int, str]
    heights: Array


def draw_parallel(
    results: SweepResults, chosen: SettingResult | None, area: DrawArea
) -> list[Strip]:
    """Draw the settings as lines: the best five bright, the one ``chosen`` on top."""
    width, height, palette = area
    rows = height - _HEAD - _FOOT
    settings = results.ranking[:_MOST_LINES]
    if chosen is not None and chosen not in settings:
        settings = [*settings, chosen]
    if rows < 2 or not settings:
        return [blank(width, palette.text)] * height
    axes = [*_key_axes(results, settings, rows), _measure_axis(results, settings, rows)]
    ends = [min(_LABEL, max(map(len, (" ", *axes[i].labels.values())))) for i in (0, -1)]
    left, right = ends[0] + 2, max(ends[1] + 2, len(axes[-1].name) // 2)
    span = width - left - right
    if span < 4 * (len(axes) - 1):
        return [RowBuilder(palette.muted).add(squeezed("too narrow", width)).strip(width)]
    columns = [left + round(span * i / (len(axes) - 1)) for i in range(len(axes))]
    canvas = _lines(axes, columns, settings, chosen, area)
    strips = [_names(axes, columns, area), blank(width, palette.text)]
    strips += [_row(axes, columns, canvas, line, rows, area) for line in range(rows)]
    return [*strips, blank(width, palette.text), _legend(results, chosen, area)]


def _key_axes(results: SweepResults, settings: Sequence[SettingResult], rows: int) -> list[_Axis]:
    axes = []
    for i, (key, name) in enumerate(zip(results.plan.axes, results.labels(), strict=True)):
        values = results.axes[i]
        column = [setting.setting[i] for setting in settings]
        numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
        if numbers and len(values) > _MOST_PLACES:
            axes.append(_scale(name, [float(v) for v in column], rows))
            continue
        places = {value: _place(at, len(values), rows) for at, value in enumerate(values)}
        labels = {place // 4: shown_value(key.show(value)) for value, place in places.items()}
        heights = np.array([places.get(value, np.nan) for value in column], float)
        axes.append(_Axis(name, labels, heights))
    return axes


def _place(at: int, count: int, rows: int) -> int:
    """The dot of one of several evenly spaced places, in the middle of a row."""
    row = (rows - 1) / 2 if count == 1 else at * (rows - 1) / (count - 1)
    return 4 * round(row) + 1


def _measure_axis(results: SweepResults, settings: Sequence[SettingResult], rows: int) -> _Axis:
    name = measure_name(results.measure)
    return _scale(name, [setting.median for setting in settings], rows)


def _scale(name: str, values: Sequence[float], rows: int) -> _Axis:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return _Axis(name, {}, np.full(len(values), np.nan))
    low, high = min(finite), max(finite)
    make = log_axis if prefers_log(low, high, was_log=False) else linear_axis
    axis = make(low, high, rows)
    return _Axis(name, dict(axis.ticks), axis.dots(np.array(values, float)))


def _lines(
    axes: Sequence[_Axis],
    columns: Sequence[int],
    settings: Sequence[SettingResult],
    chosen: SettingResult | None,
    area: DrawArea,
) -> BrailleCanvas:
    rows = area.height - _HEAD - _FOOT
    canvas = BrailleCanvas(area.width, rows)
    palette = area.palette
    ends: list[Any] = []
    styles = []
    # The last are on top: the worst first, then the best, then the chosen one.
    order = [*range(len(settings))][::-1]
    order.sort(key=lambda at: settings[at] is chosen)
    for at in order:
        style = palette.accented if at < _BEST else palette.faint
        style = palette.strong if settings[at] is chosen else style
        for i in range(len(axes) - 1):
            heights = axes[i].heights[at], axes[i + 1].heights[at]
            if not all(map(math.isfinite, heights)):
                continue
            start, stop = (4 * rows - 1 - round(float(h)) for h in heights)
            ends.append((2 * columns[i] + 1, start, 2 * columns[i + 1], stop))
            styles.append(style)
    canvas.lines(np.array(ends, int).reshape(-1, 4), [1] * len(ends), styles)
    return canvas


def _names(axes: Sequence[_Axis], columns: Sequence[int], area: DrawArea) -> Strip:
    """The names of the axes, centered over them."""
    row = RowBuilder(area.palette.text)
    gap = min(b - a for a, b in pairwise(columns))
    for number, (axis, column) in enumerate(zip(axes, columns, strict=True)):
        last = number == len(axes) - 1
        text = squeezed(axis.name, gap - 2)
        start = max(row.width + (number > 0), column - len(text) // 2)
        start = max(row.width, min(start, area.width - len(text)))
        style = area.palette.strong if last else area.palette.accented
        row.to(start).add(text, style)
    return row.strip(area.width)


def _row(
    axes: Sequence[_Axis],
    columns: Sequence[int],
    canvas: BrailleCanvas,
    line: int,
    rows: int,
    area: DrawArea,
) -> Strip:
    """One line: labels left of the axes, that of the measure right, lines between."""
    palette = area.palette
    row = RowBuilder(palette.text)
    for number, (axis, column) in enumerate(zip(axes, columns, strict=True)):
        label = squeezed(axis.labels.get(rows - 1 - line, ""), _LABEL)
        last = number == len(axes) - 1
        before = "" if last else label
        if number:
            canvas.add_to(row, line, row.width, column - len(before) - bool(before))
        row.to(column - len(before) - bool(before)).add(before, palette.text).to(column)
        mark = ("├" if last else "┤") if label else "│"
        row.add(mark, palette.muted)
        if last and label:
            row.add(f" {label}", palette.text)
    return row.strip(area.width)


def _legend(results: SweepResults, chosen: SettingResult | None, area: DrawArea) -> Strip:
    palette = area.palette
    row = RowBuilder(palette.text).add(" ")
    if chosen is not None:
        value = format_short(results.measure, chosen.median)
        values = ", ".join(map(shown_value, chosen.texts))
        row.add("━ ", palette.strong).add(f"{values} → ").add(value, palette.strong).add("   ")
    row.add("━ ", palette.accented).add("the best five", palette.accented)
    count = len(results.ranking)
    shown = f"all {count:,} settings" if count <= _MOST_LINES else f"the best {_MOST_LINES}"
    return row.add(f"   {shown}", palette.muted).strip(area.width)
