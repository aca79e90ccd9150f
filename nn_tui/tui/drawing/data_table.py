"""The samples as a table: inputs, target, prediction, error."""

from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.data_cells import DataCells
from nn_tui.tui.drawing.data_columns import (
    ColumnSpan,
    ShownColumn,
    hidden_text,
    selectable_columns,
    table_columns,
    total_width,
    visible_columns,
)
from nn_tui.tui.drawing.number_line import GOOD_WIDTH, LEAST_WIDTH, add_number_line
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.part_marks import part_mark
from nn_tui.tui.drawing.sample_marks import WRONG
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette
from nn_tui.types import Array


@dataclass(frozen=True)
class DataTableLayout:
    """The visible part of the table: samples from ``first`` on, below a line of names.

    A sample takes ``tall`` lines; ``number`` is the width of its number. ``line`` is the
    width of the number line after the columns, or ``below`` them; 0 without one. ``legend``
    tells whether there is room for a legend below the samples.
    """

    columns: tuple[ShownColumn, ...]
    spans: tuple[ColumnSpan, ...]
    first: int
    count: int
    first_column: int
    number: int
    tall: int
    line: int
    below: bool
    legend: bool

    @property
    def rows(self) -> slice:
        """Rows of the visible samples."""
        return slice(self.first, self.first + self.count)

    @property
    def cells(self) -> list[ShownColumn]:
        """The columns that the cursor moves over."""
        return selectable_columns(self.columns)

    @property
    def right(self) -> int:
        """The right end of the columns."""
        return self.spans[-1].left + self.spans[-1].column.width if self.spans else self.number

    def region(self, sample: int, cell: int) -> Region:
        """Region of a sample's cell; ``cell`` counts ``cells``."""
        target = self.cells[cell]
        span = next((s for s in self.spans if s.column == target), self.spans[-1])
        return Region(span.left, 1 + (sample - self.first) * self.tall, span.column.width, 1)

    def at(self, x: int, y: int, cell: int) -> tuple[int, int] | None:
        """Sample and cell at a position; between cells, ``cell`` is kept."""
        row = (y - 1) // self.tall
        if not 0 <= row < self.count:
            return None
        cells = self.cells
        for span in self.spans:
            inside = span.left <= x < span.left + span.column.width + 1
            if inside and span.column.chosen and (y - 1) % self.tall == 0:
                cell = cells.index(span.column)
        return self.first + row, cell


def lay_out_table(
    dataset: Dataset,
    outputs: int,
    width: int,
    height: int,
    cursor: tuple[int, int],
    first: int = 0,
    first_column: int = 0,
) -> DataTableLayout:
    """Place the samples around the ``cursor`` (sample, cell), scrolling as little as possible.

    Spare room has a number line after the columns, or below each sample.
    """
    number = len(str(dataset.samples)) + (dataset.train_count < dataset.samples)
    columns = table_columns(dataset, outputs, width - number - 1)
    cell = max(0, min(cursor[1], len(selectable_columns(columns)) - 1))
    spare = width - number - 1 - total_width(columns) - 2 if outputs == 1 else -1
    few = 2 * dataset.samples + 1 <= height
    beside = spare >= (GOOD_WIDTH if few else LEAST_WIDTH)
    below = few and spare + 2 >= 0 and not beside and outputs == 1
    spans, first_column = visible_columns(
        columns, number + 1, width, cell, first_column, LEAST_WIDTH + 2 if beside else 0
    )
    right = spans[-1].left + spans[-1].column.width if spans else number
    line = width - number - 2 if below else width - right - 2 if beside else 0
    # Few samples spread out: with a blank line below each, and the legend.
    lines = height - 1 - (2 if below else 0)
    least, most = (2, 3) if below else (1, 2 if line else 1)
    tall = max(least, min(most, lines // dataset.samples))
    room = max(1, (height - 1) // tall)
    sample = max(0, min(cursor[0], dataset.samples - 1))
    first = min(max(first, sample - room + 1), sample)
    first = max(0, min(first, dataset.samples - room))
    count = min(room, dataset.samples - first)
    legend = below and count * tall + 1 < height
    return DataTableLayout(
        tuple(columns),
        tuple(spans),
        first,
        count,
        first_column,
        number,
        tall,
        line,
        below,
        legend,
    )


def draw_data_table(
    dataset: Dataset,
    output: str,
    table: DataTableLayout,
    targets: Array,
    predictions: Array,
    cursor: tuple[int, int] | None,
    width: int,
    palette: Palette,
    order: Array | None = None,
) -> list[Strip]:
    """Return a heading and the visible samples; ``cursor`` is (sample, cell) or None.

    With an ``order`` (samples,) of the samples, the table counts places in it, and so does the
    ``cursor``.

    ``targets`` and ``predictions`` (rows, outputs) are those of the visible samples, of a
    network with that ``output`` activation. The numbers of test samples end with a t.
    """
    places = np.arange(table.first, table.first + table.count)
    samples = places if order is None else order[places]
    cells = DataCells(dataset, output, targets, predictions, samples, palette)
    chosen = table.cells[cursor[1]] if cursor is not None else None
    rows = [_heading(table, cells, chosen, palette).strip(width)]
    for i in range(table.count):
        sample = cells.samples[i]
        selected = cursor is not None and table.first + i == cursor[0]
        row = RowBuilder(palette.cursor if selected else palette.text)
        mark = part_mark(dataset, sample)
        name = f"{sample + 1}{mark or ' ' * (dataset.train_count < dataset.samples)}"
        row.right(name, table.number, palette.test if mark else palette.muted)
        for span in table.spans:
            text, style = cells.cell(span.column, i)
            if selected:
                style = palette.chosen if span.column == chosen else _on_cursor(style, palette)
            if span.column.kind in ("class", "prediction") and cells.is_wrong(i):
                bad = _on_cursor(palette.bad, palette) if selected else palette.bad
                row.to(span.left - 1).add(WRONG, bad)
            row.to(span.left)
            if span.column.classes:
                row.left(text, span.column.width, style)
            else:
                row.right(text, span.column.width, style)
        marks = (cells.target_mark(i), cells.prediction_mark(i)) if table.line else ()
        if table.line and not table.below:
            add_number_line(row.add("  "), marks, table.line, palette)
        below = [RowBuilder(palette.text).to(table.number + 1) for _ in range(table.tall - 1)]
        if table.below:
            add_number_line(below[0], marks, table.line, palette)
        rows += [line.strip(width) for line in (row, *below)]
    if table.legend:
        row = RowBuilder(palette.text).to(table.number + 1)
        rows.append(row.extend(_legend(cells, table, table.line, palette)).strip(width))
    return rows


def _on_cursor(style: Style | None, palette: Palette) -> Style | None:
    """``style`` in the line of the cursor; filled cells keep their colour."""
    if style is None or style.bgcolor != palette.text.bgcolor:
        return style
    return style + (Style(reverse=True) if palette.ansi else Style(bgcolor=palette.cursor.bgcolor))


def _heading(
    table: DataTableLayout, cells: DataCells, chosen: ShownColumn | None, palette: Palette
) -> RowBuilder:
    """Column names, and how many are hidden; ‹ if some are hidden before the first."""
    heading = RowBuilder(palette.muted).right("#", table.number)
    before, after = _hidden(table)
    inputs = sum(span.column.is_input for span in table.spans)
    last = (inputs or len(table.spans)) - 1
    for place, span in enumerate(table.spans):
        column = span.column
        heading.to(span.left - 1).add("‹" if before and place == 0 else " ", palette.accented)
        style = palette.muted if column.is_input else palette.strong
        if column == chosen:
            style = palette.cursor
        fit = heading.left if column.classes else heading.right
        fit(column.heading, column.width, style)
        if place == last and (before or after):
            text = f" {hidden_text(before + after)}"
            end = table.spans[place + 1].left if place + 1 < len(table.spans) else span.left + 99
            if heading.width + len(text) >= end:
                text = "›" if after else ""
            heading.add(text, palette.accented)
    if table.line and not table.below:
        heading.add("  ").extend(_legend(cells, table, table.line, palette))
    return heading


def _legend(cells: DataCells, table: DataTableLayout, width: int, palette: Palette) -> RowBuilder:
    """The limits of the number line, and its marks between them."""
    low, high = (format_plain(limit) for limit in (cells.low, cells.high))
    target = next(column for column in table.columns if column.kind == "target")
    marks = RowBuilder(palette.muted)
    for sign, style in cells.target_signs():
        marks.add(sign, style).add(" ")
    name = target.heading
    marks.add(name if marks.width + cell_len(name) + 5 <= width else "y").add("  ◆ ŷ")
    blanks = width - 2 - len(low) - len(high) - marks.width
    row = RowBuilder(palette.muted)
    if blanks < 4:
        return row.add(" " * max(0, (width - marks.width) // 2)).extend(marks)
    row.add(f" {low}").add(" " * (blanks // 2)).extend(marks)
    return row.add(" " * (blanks - blanks // 2)).add(f"{high} ")


def _hidden(table: DataTableLayout) -> tuple[int, int]:
    """The number of columns hidden before and after the visible inputs."""
    shown = [span.column for span in table.spans]
    missing = [i for i, column in enumerate(table.columns) if column not in shown]
    first = table.columns.index(shown[0]) if shown else 0
    return sum(i < first for i in missing), sum(i > first for i in missing)
