"""A heat map of two varied keys: the first from left to right, the second from bottom to top."""

import math
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from nn_tui.trials.ranking import format_short, higher_is_better, measure_name
from nn_tui.trials.sweep_results import SweepResults, shown_value
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, fit_text, squeezed
from nn_tui.tui.theme import Palette, mix

_LEVELS = 9
_DARKEST, _BRIGHTEST = 0.06, 0.9
"""Shares of the accent colour in the worst and the best cell."""
_CELL_WIDTHS, _CELL_HEIGHTS = (7, 20), (1, 7)
_GAP = 1
_LABEL_WIDTH = 12
_FRAME_ROWS = 3
"""Rows of the name of the second key, of the values of the first, and of its name."""
_LEGEND = 12


class HeatMapLayout(NamedTuple):
    """Where the cells are: ``left`` cells of labels, ``columns`` and ``rows`` of them visible.

    ``first`` is the column at the left and the row at the bottom that are visible first.
    """

    left: int
    width: int
    height: int
    columns: int
    rows: int
    first: tuple[int, int]

    def cell_at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return column and row of the cell at a place of the picture; None outside."""
        column, line = (x - self.left) // (self.width + _GAP), (y - 1) // self.height
        if x < self.left or y < 1 or column >= self.columns or line >= self.rows:
            return None
        return self.first[0] + column, self.first[1] + self.rows - 1 - line


def lay_out_heat_map(
    results: SweepResults, cursor: tuple[int, int], width: int, height: int
) -> HeatMapLayout:
    """Return the largest layout in ``width`` x ``height`` cells; the ``cursor`` is visible."""
    across, up = (max(1, len(values)) for values in results.axes)
    left = min(_LABEL_WIDTH, max([1, *map(len, results.texts_of(1))])) + 2
    room = max(1, width - left)
    columns = max(1, min(across, (room + _GAP) // (_CELL_WIDTHS[0] + _GAP)))
    cell = min(_CELL_WIDTHS[1], (room + _GAP) // columns - _GAP)
    lines = max(1, height - _FRAME_ROWS)
    rows = min(up, lines)
    first = (_first(cursor[0], across, columns), _first(cursor[1], up, rows))
    tall = max(_CELL_HEIGHTS[0], min(_CELL_HEIGHTS[1], lines // rows))
    return HeatMapLayout(left, max(1, cell), tall, columns, rows, first)


def _first(at: int, count: int, shown: int) -> int:
    """The first visible of ``count`` places, so that the one ``at`` is in the middle."""
    return max(0, min(at - shown // 2, count - shown))


def draw_heat_map(results: SweepResults, cursor: tuple[int, int], area: DrawArea) -> list[Strip]:
    """Draw the medians of all combinations, the better the brighter."""
    width, height, palette = area
    if height <= _FRAME_ROWS:
        return [blank(width, palette.text)] * height
    layout = lay_out_heat_map(results, cursor, width, height)
    names, texts = results.labels(), (results.texts_of(0), results.texts_of(1))
    below = f" ↓ {layout.first[1]}" if layout.first[1] else ""
    above = len(texts[1]) - layout.first[1] - layout.rows
    note = f"{f' ↑ {above}' if above else ''}{below}"
    strips = [RowBuilder(palette.muted).add(squeezed(f" {names[1]}{note}", width)).strip(width)]
    for row in reversed(range(layout.first[1], layout.first[1] + layout.rows)):
        strips += _cells(results, cursor, layout, row, area)
    values = RowBuilder(palette.text).to(layout.left)
    for column in range(layout.first[0], layout.first[0] + layout.columns):
        text = squeezed(texts[0][column], layout.width) if column < len(texts[0]) else ""
        here = column == cursor[0]
        style = palette.strong if here else palette.muted
        values.add(text.center(layout.width), style).add(" " * _GAP)
    strips += [values.strip(width), _legend(results, layout, names[0], area)]
    return strips[:height]


def _cells(
    results: SweepResults, cursor: tuple[int, int], layout: HeatMapLayout, row: int, area: DrawArea
) -> list[Strip]:
    """The lines of one row of cells, with the numbers in the middle one."""
    width, _, palette = area
    texts = results.texts_of(1)
    label = squeezed(texts[row], _LABEL_WIDTH) if row < len(texts) else ""
    strips = []
    for line in range(layout.height):
        middle = line == (layout.height - 1) // 2
        builder = RowBuilder(palette.text)
        style = palette.strong if row == cursor[1] else palette.muted
        builder.right(label if middle else "", layout.left - 1, style).add(" ")
        for column in range(layout.first[0], layout.first[0] + layout.columns):
            text, paper = _cell(results, (column, row), palette)
            if (column, row) == cursor:
                paper = palette.chosen
            shown = fit_text(text, layout.width) if len(text) > layout.width else text
            builder.add((shown if middle else "").center(layout.width), paper).add(" " * _GAP)
        strips.append(builder.strip(width))
    return strips


def _cell(results: SweepResults, at: tuple[int, int], palette: Palette) -> tuple[str, Style]:
    """Text and style of a cell: a median, ``✗`` diverged or failed, ``·`` to come."""
    texts = texts_at(results, at)
    setting = results.by_texts.get(texts) if texts else None
    if setting is None:
        return "·", palette.faint
    text = format_short(results.measure, setting.median)
    if not math.isfinite(setting.median):
        return text, palette.bad
    best = results.best is setting
    style = _filled(share_of(results, setting.median), palette)
    return (f"★ {text}", style + Style(bold=True)) if best else (text, style)


def texts_at(results: SweepResults, at: tuple[int, ...]) -> tuple[str, ...] | None:
    """Return the texts of the values at a place of the axes; None outside."""
    axes = results.axes
    if any(not 0 <= i < len(values) for i, values in zip(at, axes, strict=True)):
        return None
    plan = results.plan
    places = zip(plan.axes, axes, at, strict=True)
    return tuple(axis.show(values[i]) for axis, values, i in places)


def share_of(results: SweepResults, value: float) -> float:
    """Return how good a median is among all: 1 the best, 0 the worst; losses by their logarithm."""
    found = results.finite
    if not found or not math.isfinite(value):
        return 0.0
    best, worst = found[0], found[-1]
    logarithmic = not higher_is_better(results.measure) and min(best, worst, value) > 0
    if logarithmic:
        best, worst, value = math.log(best), math.log(worst), math.log(value)
    # Halves, so that the difference of two huge numbers is finite.
    span = worst / 2 - best / 2
    if not abs(span) > 1e-6 * max(abs(best), abs(worst), 1e-300):
        return 1.0
    return max(0.0, min(1.0, (worst / 2 - value / 2) / span))


def _filled(share: float, palette: Palette) -> Style:
    """A cell of that ``share``; on an ANSI theme the text alone."""
    if palette.ansi:
        return Style(dim=share < 0.3, bold=share > 0.8)
    level = round(share * (_LEVELS - 1)) / (_LEVELS - 1)
    paper = mix(palette.background, palette.accent, _DARKEST + (_BRIGHTEST - _DARKEST) * level)
    return Style(color=palette.ink_on(paper), bgcolor=paper)


def _legend(results: SweepResults, layout: HeatMapLayout, name: str, area: DrawArea) -> Strip:
    """The name of the first key, and which colours are which values."""
    width, _, palette = area
    hidden = len(results.axes[0]) - layout.columns
    more = f", {layout.first[0]} to the left, {hidden - layout.first[0]} to the right"
    row = RowBuilder(palette.muted).to(layout.left).add(f"{name} →{more if hidden > 0 else ''}")
    if results.best is None:
        return row.strip(width)
    best, worst = (
        format_short(results.measure, v) for v in (results.finite[0], results.finite[-1])
    )
    if best == worst:
        return row.strip(width)
    end = min(width, layout.left + layout.columns * (layout.width + _GAP) - _GAP)
    text = f"{worst} "
    after = f" {best} better"
    start = end - len(text) - _LEGEND - len(after)
    if palette.ansi:
        legend = f"{measure_name(results.measure)} {worst} … {best} better"
        start = end - len(legend)
        return (row.to(start).add(legend) if start > row.width + 1 else row).strip(width)
    if start > row.width + 1:
        row.to(start).add(text)
        for cell in range(_LEGEND):
            row.add(" ", _filled(cell / (_LEGEND - 1), palette))
        row.add(after)
    return row.strip(width)


def describe_setting(results: SweepResults, texts: tuple[str, ...]) -> str:
    """Return the values of a setting with their names, as in ``hidden layers 4 · bias true``."""
    names = zip(results.labels(), texts, strict=True)
    return " · ".join(f"{name} {shown_value(text)}" for name, text in names)
