"""The samples as a table: inputs, target, prediction, error."""

from dataclasses import dataclass

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.data_columns import ColumnSpan, TableColumn, cells_of, columns_of, in_sight
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.strips import RowBuilder, squeezed
from nn_tui.tui.pictures.data_cells import DataCells
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_GAUGE_LEAST = 12
_INPUTS = ("raw", "derived")


@dataclass(frozen=True)
class DataTableLayout:
    """The part of the table in sight: samples from ``first`` on, under one line of names.

    A sample takes ``tall`` lines; ``number`` is the width of its number. ``gauge`` is the
    width of the gauge behind the columns, or below them where a sample takes two lines.
    """

    columns: tuple[TableColumn, ...]
    spans: tuple[ColumnSpan, ...]
    first: int
    count: int
    first_column: int
    number: int
    tall: int
    gauge: int

    @property
    def rows(self) -> slice:
        """The samples in sight."""
        return slice(self.first, self.first + self.count)

    @property
    def cells(self) -> list[TableColumn]:
        """The columns that the cursor moves over."""
        return cells_of(self.columns)

    @property
    def right(self) -> int:
        """Where the columns end."""
        return self.spans[-1].left + self.spans[-1].column.width if self.spans else self.number

    def region(self, sample: int, cell: int) -> Region:
        """Where the cell of a sample stands; ``cell`` counts ``cells``."""
        wanted = self.cells[cell]
        span = next((s for s in self.spans if s.column == wanted), self.spans[-1])
        return Region(span.left, 1 + (sample - self.first) * self.tall, span.column.width, 1)

    def at(self, x: int, y: int, cell: int) -> tuple[int, int] | None:
        """Sample and cell at a place of the screen; beside the cells the ``cell`` stays."""
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
    """Room for the samples around the ``cursor`` (sample, cell), scrolled no more than it must.

    Spare room takes a gauge beside the columns, or one under each sample.
    """
    number = max(2, len(str(dataset.samples))) + bool(dataset.test_count)
    columns = columns_of(dataset, outputs, width - number - 1)
    cell = max(0, min(cursor[1], len(cells_of(columns)) - 1))
    spans, first_column = in_sight(columns, number + 1, width, cell, first_column)
    table_width = spans[-1].left + spans[-1].column.width if spans else number
    one_line = outputs == 1 and len(spans) == len(columns)
    gauge = width - table_width - 2
    under = one_line and gauge < _GAUGE_LEAST and 2 * dataset.samples + 1 <= height
    tall = 2 if under else 1
    if under:
        gauge = max(4, min(table_width, width - 1) - number - 2)
    elif not one_line or gauge < _GAUGE_LEAST:
        gauge = 0
    room = max(1, (height - 1) // tall)
    sample = max(0, min(cursor[0], dataset.samples - 1))
    first = min(max(first, sample - room + 1), sample)
    first = max(0, min(first, dataset.samples - room))
    count = min(room, dataset.samples - first)
    return DataTableLayout(
        tuple(columns), tuple(spans), first, count, first_column, number, tall, gauge
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
) -> list[Strip]:
    """A heading, and a row for each sample in sight; ``cursor`` is (sample, cell) or None.

    ``targets`` and ``predictions`` (rows, outputs) are those of the samples in sight, of a
    network with that ``output`` activation. The numbers of test samples end with a t.
    """
    cells = DataCells(dataset, output, targets, predictions, table.first, palette)
    chosen = table.cells[cursor[1]] if cursor is not None else None
    rows = [_heading(table, chosen, palette).strip(width)]
    for i in range(table.count):
        sample = table.first + i
        here = cursor is not None and sample == cursor[0]
        row = RowBuilder(palette.cursor if here else palette.text)
        tested = sample >= dataset.train_count
        name = f"{sample + 1}{'t' if tested else ' ' if dataset.test_count else ''}"
        row.right(name, table.number, palette.test if tested else palette.muted)
        for span in table.spans:
            text, style = cells.cell(span.column, i)
            if here and span.column == chosen:
                style = palette.chosen
            row.to(span.left).right(text, span.column.width, style)
        if table.gauge and table.tall == 1:
            cells.gauge(row.add("  "), i, table.gauge)
        rows.append(row.strip(width))
        if table.gauge and table.tall == 2:
            line = RowBuilder(palette.text).to(table.number + 2)
            cells.gauge(line, i, table.gauge)
            rows.append(line.strip(width))
    return rows


def _heading(table: DataTableLayout, chosen: TableColumn | None, palette: Palette) -> RowBuilder:
    """Names, with ‹ and › where columns lie out of sight."""
    heading = RowBuilder(palette.heading).right("#", table.number)
    before, after = _hidden(table)
    inputs = sum(span.column.kind in _INPUTS for span in table.spans)
    names = tuple(column.name for column in table.columns if column.kind in _INPUTS)
    last = (inputs or len(table.spans)) - 1
    for place, span in enumerate(table.spans):
        mark = "‹" if before and place == 0 else "›" if after and place == last + 1 else " "
        heading.to(span.left - 1).add(mark, palette.caution)
        style = palette.cursor if span.column == chosen else None
        column = span.column
        name = squeezed(column.name, column.width)
        if column.kind in _INPUTS:
            name = distinct_labels(names, column.width)[table.columns.index(column)]
        heading.right(name, column.width, style)
    if after and last == len(table.spans) - 1:
        heading.add("›", palette.caution)
    if table.gauge and table.tall == 1:
        heading.add("  ").left("○ wanted  ● predicted", table.gauge)
    return heading


def _hidden(table: DataTableLayout) -> tuple[bool, bool]:
    """Whether columns lie out of sight before and behind those that are scrolled."""
    shown = [span.column for span in table.spans]
    missing = [i for i, column in enumerate(table.columns) if column not in shown]
    first = table.columns.index(shown[0]) if shown else 0
    return any(i < first for i in missing), any(i > first for i in missing)
