"""The arrays that a line reads and the one it makes, as large as there is room for."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.nn.digits import shown
from nn_tui.tui.guide import Guide
from nn_tui.tui.pictures.grid import CELL, Grid
from nn_tui.tui.strips import Row
from nn_tui.tui.theme import Palette

_GAP = 3
_SIZES = ((3, 12), (2, 12), (1, 12), (1, CELL))
"""Lines and columns for a number, from roomy to narrow."""


def draw_arrays(guide: Guide, width: int, height: int, palette: Palette) -> list[Strip]:
    """What was read, then what was made of it; the cell one stands on, and what made it."""
    strips = _numbers(guide, width, palette) if guide.view.numbers else []
    grids = grids_of(guide)
    room = height - len(strips)
    grids = _fitting(grids, width, room)
    shelves = _shelves(grids, width)
    spare = room - _height(shelves)
    for i, shelf in enumerate(shelves):
        if (strips or i) and spare > 0:
            strips.append(Row(palette.text).strip(width))
            spare -= 1
        strips += _draw_shelf(shelf, width, palette)
    return strips


def grids_of(guide: Guide) -> list[Grid]:
    """The tables in the order in which a person reads the line."""
    view, marked = guide.view, guide.touched()
    reads = [
        Grid(table, "reads", marked.get(table.name, ()), sample=guide.sample)
        for table in view.reads
    ]
    cursor = (guide.row, guide.column)
    after = Grid(view.after, "makes", cursor=cursor, sample=guide.sample)
    if view.before is None:
        return [*reads, after]
    name = view.after.name
    before = Grid(view.before, "before:", marked.get(name, ()), sample=guide.sample)
    return [*reads, before, Grid(view.after, "after:", cursor=cursor, sample=guide.sample)]


def _numbers(guide: Guide, width: int, palette: Palette) -> list[Strip]:
    row = Row(palette.muted)
    for name, value in guide.view.numbers:
        row.add("" if row.width else "reads ", palette.muted)
        row.add(name, palette.heading).add(f" {shown(value)}", palette.text).add("   ")
    return [row.strip(width)]


def _fitting(grids: Sequence[Grid], width: int, height: int) -> list[Grid]:
    """The grids as large as fits; else cut so that most of them shows."""
    for tall, cell in _SIZES:
        large = [grid.sized(tall, cell) for grid in grids]
        if _fit(large, width, height):
            return large
    return _grown(_evenly_cut(grids, width, height), width, height)


def _evenly_cut(grids: Sequence[Grid], width: int, height: int) -> list[Grid]:
    """Alike many rows and columns of each: what the cell was made from first, then the most."""
    best, most = [grid.within(1, 1) for grid in grids], (0, 0)
    rows = min(height, max(grid.table.rows.count for grid in grids))
    columns = min(width // CELL, max(grid.table.columns.count for grid in grids))
    for some_rows in range(1, rows + 1):
        for some_columns in range(1, columns + 1):
            cut = [grid.within(some_rows, some_columns) for grid in grids]
            if not _fit(cut, width, height):
                break  # nor will more of them
            cells = sum(grid.shown_rows * grid.shown_columns for grid in cut)
            score = (sum(grid.shown_touched for grid in cut), cells)
            if score > most:
                best, most = cut, score
    return best


def _grown(grids: list[Grid], width: int, height: int) -> list[Grid]:
    """The grids with every row and column more that there is room for."""
    for i, grid in enumerate(grids):
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


def _fit(grids: Sequence[Grid], width: int, height: int) -> bool:
    if any(grid.width > width for grid in grids):
        return False
    return _height(_shelves(grids, width)) <= height


def _shelves(grids: Sequence[Grid], width: int) -> list[list[Grid]]:
    shelves: list[list[Grid]] = []
    used = width
    for grid in grids:
        if used + _GAP + grid.width > width:
            shelves.append([])
            used = -_GAP
        shelves[-1].append(grid)
        used += _GAP + grid.width
    return shelves


def _height(shelves: Sequence[Sequence[Grid]]) -> int:
    return sum(max(grid.height for grid in shelf) for shelf in shelves)


def _draw_shelf(shelf: Sequence[Grid], width: int, palette: Palette) -> list[Strip]:
    rows = [Row(palette.text) for _ in range(max(grid.height for grid in shelf))]
    left = 0
    for grid in shelf:
        for row, part in zip(rows, grid.draw(palette), strict=False):
            row.to(left).extend(part)
        left += grid.width + _GAP
    return [row.strip(width) for row in rows]
