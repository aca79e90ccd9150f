"""The input arrays and the result of a line, as large as they fit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from textual.strip import Strip

from nn_tui.nn.explain.expression_tree import significant_digits
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.row_breaks import break_into_rows
from nn_tui.tui.drawing.step_tables import NUMBER_WIDTH, ValueTable
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder

_GAP = 3
_SIZES = ((3, 12), (2, 12), (1, 12), (1, NUMBER_WIDTH))
"""Lines and columns per number, from large to small."""


class PlacedTable(NamedTuple):
    """A table and its upper left corner."""

    left: int
    top: int
    table: ValueTable


def draw_arrays(cursor: ExplainCursor, area: DrawArea) -> list[Strip]:
    """Draw inputs, then the result; mark the cell of the cursor and its dependencies."""
    width, height, palette = area
    rows = [RowBuilder(palette.text) for _ in range(height)]
    for name, value in cursor.view.numbers:
        rows[0].add("   " if rows[0].width else "inputs ", palette.muted)
        rows[0].add(name, palette.accented).add(f" {significant_digits(value)}")
    for left, top, table in place_tables(cursor, width, height):
        for row, part in zip(rows[top:], table.draw(palette), strict=False):
            row.to(left).extend(part)
    return [row.strip(width) for row in rows]


def place_tables(cursor: ExplainCursor, width: int, height: int) -> list[PlacedTable]:
    """Place the tables in reading order, side by side while they fit."""
    top = 1 if cursor.view.numbers else 0
    tables = _whole(tables_of_step(cursor), width, height - top)
    if tables is None:
        tables = _fitting(tables_of_step(cursor, with_change=False), width, height - top)
    rows = _in_rows(tables, width)
    spare = height - top - _height(rows)
    found = []
    for row in rows:
        if top and spare > 0:
            top, spare = top + 1, spare - 1
        left = 0
        for table in row:
            found.append(PlacedTable(left, top, table))
            left += table.width + _GAP
        top += max(table.height for table in row)
    return found


def tables_of_step(cursor: ExplainCursor, with_change: bool = True) -> list[ValueTable]:
    """Return the tables in reading order.

    For the update of a parameter: before, change (if ``with_change``), after.
    """
    view, marked = cursor.view, cursor.dependencies()
    reads = [
        ValueTable(table, "input", marked.get(table.name, ()), sample=cursor.sample)
        for table in view.reads
    ]
    cell = (cursor.row, cursor.column)
    after = ValueTable(view.after, "result", cursor=cell, sample=cursor.sample)
    if view.before is None:
        return [*reads, after]
    name = view.after.name
    before = ValueTable(view.before, "before:", marked.get(name, ()), sample=cursor.sample)
    after = replace(after, caption="after:")
    if view.change is None or not with_change:
        return [*reads, before, after]
    change = ValueTable(view.change, "change:", [cursor.index], sample=cursor.sample)
    return [*reads, before, change, after]


def _fitting(tables: Sequence[ValueTable], width: int, height: int) -> list[ValueTable]:
    """Return the tables as large as they fit; else cropped to show as much as possible."""
    whole = _whole(tables, width, height)
    if whole is not None:
        return whole
    terse = [table.with_short_names() for table in tables]
    return _enlarged(_cropped_evenly(terse, width, height), width, height)


def _whole(tables: Sequence[ValueTable], width: int, height: int) -> list[ValueTable] | None:
    """Return the tables as large as they fit uncropped; None if they do not."""
    for tall, cell in _SIZES:
        large = [table.sized(tall, cell) for table in tables]
        if _fit(large, width, height):
            return large
    terse = [table.with_short_names() for table in tables]
    return terse if _fit(terse, width, height) else None


def _cropped_evenly(tables: Sequence[ValueTable], width: int, height: int) -> list[ValueTable]:
    """Crop all to equal rows and columns, to show the most dependencies, then the most cells.

    Rows of a transposed array are cropped like columns, as both are, say, samples.
    """
    best, most = [table.cropped(1, 1) for table in tables], (0, 0)
    rows = min(height, max(table.table.rows.count for table in tables))
    columns = min(width // NUMBER_WIDTH, max(table.table.columns.count for table in tables))
    for some_rows in range(1, rows + 1):
        for some_columns in range(1, columns + 1):
            cut = [
                table.cropped(some_columns, some_rows)
                if table.table.transposed
                else table.cropped(some_rows, some_columns)
                for table in tables
            ]
            if not _fit(cut, width, height):
                break  # larger ones will not fit either
            cells = sum(table.shown_rows * table.shown_columns for table in cut)
            score = (sum(table.shown_dependencies for table in cut), cells)
            if score > most:
                best, most = cut, score
    return best


def _enlarged(tables: list[ValueTable], width: int, height: int) -> list[ValueTable]:
    """Return the tables with as many more rows and columns as fit, the result first."""
    for i, table in reversed(list(enumerate(tables))):
        for rows, columns in ((0, 1), (1, 0)):
            while True:
                larger = table.cropped(table.shown_rows + rows, table.shown_columns + columns)
                whole = (larger.shown_rows, larger.shown_columns)
                if whole == (table.shown_rows, table.shown_columns):
                    break
                if not _fit([*tables[:i], larger, *tables[i + 1 :]], width, height):
                    break
                tables[i] = table = larger
    return tables


def _fit(tables: Sequence[ValueTable], width: int, height: int) -> bool:
    if any(table.width > width for table in tables):
        return False
    return _height(_in_rows(tables, width)) <= height


def _in_rows(tables: Sequence[ValueTable], width: int) -> list[list[ValueTable]]:
    return break_into_rows(tables, lambda table: table.width, width, _GAP)


def _height(rows: Sequence[Sequence[ValueTable]]) -> int:
    return sum(max(table.height for table in row) for row in rows)
