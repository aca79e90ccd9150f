"""The settings of a sweep as a table, the best first."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.trials.ranking import SettingResult, format_short, measure_name
from nn_tui.trials.sweep_results import SweepResults, shown_value
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, squeezed

_WIDEST, _SHORT = 16, 9
"""Of a column, and where there is little room."""
_GAP = 2
_SEEDS = ("lowest", "highest", "seeds")
"""Columns of several seeds, which are left out where there is no room."""


def first_row(at: int, count: int, height: int) -> int:
    """Return the first of ``count`` rows below the head, so that row ``at`` is visible."""
    rows = max(1, height - 1)
    return max(0, min(at - rows // 2, count - rows))


def draw_ranking(results: SweepResults, at: int, area: DrawArea) -> list[Strip]:
    """Draw the settings around row ``at``, which has the cursor, below the names of columns.

    Of several seeds, the median is beside the lowest and the highest value.
    """
    width, height, palette = area
    ranking = results.ranking
    first = first_row(at, len(ranking), height)
    several = any(len(setting.by_seed) > 1 for setting in ranking)
    shown = ranking[first : first + max(0, height - 1)]
    head = ["", *results.labels(), measure_name(results.measure)]
    head += _SEEDS if several else ()
    rows = [_cells(results, s, first + i, several) for i, s in enumerate(shown)]
    widths = _widths([head, *rows], width, several)
    strips = [_line(head, widths, area, heading=True)]
    for number, row in enumerate(rows, first):
        strips.append(_line(row, widths, area, chosen=number == at))
    if not ranking:
        strips.append(RowBuilder(palette.muted).add(" no trial is trained yet").strip(width))
    return strips[:height]


def _widths(rows: Sequence[Sequence[str]], width: int, several: bool) -> list[int]:
    """The widths of the columns that fit: with long names whole, or short, or without seeds."""
    longest = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ways = [(0, _WIDEST), (1, _WIDEST), (1, _SHORT), (len(_SEEDS), _WIDEST)]
    found: list[int] = []
    for dropped, widest in ways if several else [(0, _WIDEST), (0, _SHORT)]:
        found = [min(widest, size) for size in longest[: len(longest) - dropped]]
        if 1 + sum(found) + _GAP * (len(found) - 1) <= width:
            break
    return found


def _cells(results: SweepResults, setting: SettingResult, place: int, seeds: bool) -> list[str]:
    values = [setting.median, *((setting.lowest, setting.highest) if seeds else ())]
    best = results.best is setting
    cells = ["★ " if best else f"{place + 1} ", *map(shown_value, setting.texts)]
    cells += [format_short(results.measure, value) for value in values]
    return cells + ([f"{len(setting.by_seed)}"] if seeds else [])


def _line(
    cells: Sequence[str],
    widths: Sequence[int],
    area: DrawArea,
    heading: bool = False,
    chosen: bool = False,
) -> Strip:
    palette = area.palette
    style = palette.accented if heading else palette.cursor if chosen else palette.text
    row = RowBuilder(style).add(" ")
    for number, (cell, width) in enumerate(zip(cells, widths, strict=False)):
        row.add(" " * _GAP if number else "").add(squeezed(cell, width).rjust(width))
    return row.strip(area.width)
