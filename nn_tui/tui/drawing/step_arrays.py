"""The arrays that a line reads and the one it makes, as large as there is room for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from textual.strip import Strip

from nn_tui.nn.explain.expression_tree import significant_digits
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.step_tables import NUMBER_WIDTH, ValueTable
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder

_GAP = 3
_SIZES = ((3, 12), (2, 12), (1, 12), (1, NUMBER_WIDTH))
"""Lines and columns for a number, from roomy to narrow."""


class PlacedTable(NamedTuple):
    """A grid and the cell of its upper left corner."""

    left: int
    top: int
    grid: ValueTable


def draw_arrays(guide: ExplainCursor, area: DrawArea) -> list[Strip]:
    """What was read, then what was made of it; the cell one stands on, and what made it."""
    width, height, palette = area
    rows = [RowBuilder(palette.text) for _ in range(height)]
    for name, value in guide.view.numbers:
        rows[0].add("   " if rows[0].width else "reads ", palette.muted)
        rows[0].add(name, palette.heading).add(f" {significant_digits(value)}")
    for left, top, grid in place_tables(guide, width, height):
        for row, part in zip(rows[top:], grid.draw(palette), strict=False):
            row.to(left).extend(part)
    return [row.strip(width) for row in rows]


def place_tables(guide: ExplainCursor, width: int, height: int) -> list[PlacedTable]:
    """Where every table goes: in the order of reading, side by side while there is room."""
    top = 1 if guide.view.numbers else 0
    grids = _whole(tables_of_step(guide), width, height - top)
    if grids is None:
        grids = _fitting(tables_of_step(guide, with_change=False), width, height - top)
    shelves = _shelves(grids, width)
    spare = height - top - _height(shelves)
    found = []
    for shelf in shelves:
        if top and spare > 0:
            top, spare = top + 1, spare - 1
        left = 0
        for grid in shelf:
            found.append(PlacedTable(left, top, grid))
            left += grid.width + _GAP
        top += max(grid.height for grid in shelf)
    return found


def tables_of_step(guide: ExplainCursor, with_change: bool = True) -> list[ValueTable]:
    """The tables in the order in which a person reads the line.

    Between a parameter before and after its update stands the change, if that is wanted.
    """
    view, marked = guide.view, guide.touched()
    reads = [
        ValueTable(table, "reads", marked.get(table.name, ()), sample=guide.sample)
        for table in view.reads
    ]
    cursor = (guide.row, guide.column)
    after = ValueTable(view.after, "makes", cursor=cursor, sample=guide.sample)
    if view.before is None:
        return [*reads, after]
    name = view.after.name
    before = ValueTable(view.before, "before:", marked.get(name, ()), sample=guide.sample)
    after = replace(after, said="after:")
    if view.change is None or not with_change:
        return [*reads, before, after]
    change = ValueTable(view.change, "change:", [guide.index], sample=guide.sample)
    return [*reads, before, change, after]


def _fitting(grids: Sequence[ValueTable], width: int, height: int) -> list[ValueTable]:
    """The grids as large as fits; else cut so that most of them shows."""
    whole = _whole(grids, width, height)
    if whole is not None:
        return whole
    terse = [grid.tersely() for grid in grids]
    return _grown(_evenly_cut(terse, width, height), width, height)


def _whole(grids: Sequence[ValueTable], width: int, height: int) -> list[ValueTable] | None:
    """The grids as large as fits with all their numbers; None where that does not fit."""
    for tall, cell in _SIZES:
        large = [grid.sized(tall, cell) for grid in grids]
        if _fit(large, width, height):
            return large
    terse = [grid.tersely() for grid in grids]
    return terse if _fit(terse, width, height) else None


def _evenly_cut(grids: Sequence[ValueTable], width: int, height: int) -> list[ValueTable]:
    """Alike many rows and columns of each: what the cell was made from first, then the most.

    Of a transposed array the rows are columns: both stand for the same, such as samples.
    """
    best, most = [grid.within(1, 1) for grid in grids], (0, 0)
    rows = min(height, max(grid.table.rows.count for grid in grids))
    columns = min(width // NUMBER_WIDTH, max(grid.table.columns.count for grid in grids))
    for some_rows in range(1, rows + 1):
        for some_columns in range(1, columns + 1):
            cut = [
                grid.within(some_columns, some_rows)
                if grid.table.transposed
                else grid.within(some_rows, some_columns)
                for grid in grids
            ]
            if not _fit(cut, width, height):
                break  # nor will more of them
            cells = sum(grid.shown_rows * grid.shown_columns for grid in cut)
            score = (sum(grid.shown_touched for grid in cut), cells)
            if score > most:
                best, most = cut, score
    return best


def _grown(grids: list[ValueTable], width: int, height: int) -> list[ValueTable]:
    """The grids with every row and column more that there is room for, the result's first."""
    for i, grid in reversed(list(enumerate(grids))):
        for rows, columns in ((0, 1), (1, 0)):
            while True:
                larger = grid.within(grid.shown_rows + rows, grid.shown_columns + columns)
                whole = (larger.shown_rows, larger.shown_columns)
                if whole == (grid.shown_rows, grid.shown_columns):
                    break
                if not _fit([*grids[:i], larger, *grids[i + 1 :]], width, height):
                    break
                grids[i] = grid = larger
    return grids


def _fit(grids: Sequence[ValueTable], width: int, height: int) -> bool:
    if any(grid.width > width for grid in grids):
        return False
    return _height(_shelves(grids, width)) <= height


def _shelves(grids: Sequence[ValueTable], width: int) -> list[list[ValueTable]]:
    shelves: list[list[ValueTable]] = []
    used = width
    for grid in grids:
        if used + _GAP + grid.width > width:
            shelves.append([])
            used = -_GAP
        shelves[-1].append(grid)
        used += _GAP + grid.width
    return shelves


def _height(shelves: Sequence[Sequence[ValueTable]]) -> int:
    return sum(max(grid.height for grid in shelf) for shelf in shelves)
