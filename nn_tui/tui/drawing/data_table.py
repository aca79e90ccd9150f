"""The samples as a table: inputs, target, prediction, error."""

from dataclasses import dataclass

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.tui.drawing.bounded import bounded
from nn_tui.tui.drawing.class_marks import class_fill, class_ink
from nn_tui.tui.drawing.color_scale import SMALLEST
from nn_tui.tui.drawing.data_columns import (
    OUTPUT_WIDTH,
    ColumnSpan,
    TableColumn,
    selectable_columns,
    table_columns,
    visible_columns,
)
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.tui.drawing.strips import RowBuilder, squeezed
from nn_tui.tui.theme import Palette
from nn_tui.types import Array


class DataCells:
    """Cells of the samples from ``first`` on, with ``targets`` and ``predictions`` (rows, outputs).

    ``output`` is the output activation.
    """

    def __init__(
        self,
        dataset: Dataset,
        output: str,
        targets: Array,
        predictions: Array,
        first: int,
        palette: Palette,
    ) -> None:
        self.dataset = dataset
        self.rule = dataset.decision_rule(output)
        self.targets, self.predictions = targets, predictions
        self.first = first
        self.palette = palette
        known = bounded(dataset.targets)
        self.low, self.high = float(known.min()), float(known.max())
        if self.rule is not None:
            self.low, self.high = self.rule.low, self.rule.high

    def cell(self, column: TableColumn, row: int) -> tuple[str, Style | None]:
        """Return text and style (None: that of the row) of a cell of sample ``first + row``."""
        sample, k = self.first + row, column.index
        match column.kind:
            case "raw":
                return format_datum(float(self.dataset.raw_inputs[sample, k]), column.width), None
            case "derived":
                return format_datum(
                    float(self.dataset.inputs[sample, k]), column.width
                ), self.palette.muted
            case "target":
                return self._target(sample, row, k)
            case "prediction":
                prediction = float(self.predictions[row, k])
                return format_fixed(prediction, OUTPUT_WIDTH), self._tint(prediction, k)
            case "difference":
                gap = float(self.targets[row, 0]) - float(self.predictions[row, 0])
                return format_fixed(gap, column.width), self.palette.muted
        return self._class(column, row)

    def _target(self, sample: int, row: int, k: int) -> tuple[str, Style | None]:
        if not self.dataset.classes:
            target = float(self.targets[row, k])
            return format_datum(target, OUTPUT_WIDTH), self._tint(target, k)
        classes, number = self.dataset.classes, int(self.dataset.targets[sample, 0])
        return classes[number], class_fill(number, len(classes), 1.0, self.palette)

    def _class(self, column: TableColumn, row: int) -> tuple[str, Style]:
        """Return the predicted class, in its colour if correct, or the largest output."""
        assert self.rule is not None
        prediction, target = (
            int(self.rule.decide(outputs[row])) for outputs in (self.predictions, self.targets)
        )
        names, largest = self.rule.names, float(self.predictions[row].max())
        if column.kind == "confidence":
            style = self.palette.muted
            if prediction != UNDECIDED:
                share = min(1.0, max(0.0, _share(largest, self.low, self.high) / 2 + 0.5))
                style = class_fill(prediction, len(names), share, self.palette)
            return format_fixed(largest, OUTPUT_WIDTH), style
        if prediction == UNDECIDED:
            return "–", self.palette.muted
        right = prediction == target
        return names[prediction], class_ink(
            prediction, len(names), self.palette
        ) if right else self.palette.bad

    def gauge(self, line: RowBuilder, row: int, width: int) -> None:
        """Append a line from the lowest to the highest target, with target ○ and prediction ●."""
        prediction = float(self.predictions[row, 0])
        target = self._place(float(self.targets[row, 0]), width)
        predicted = self._place(prediction, width)
        for at in range(width):
            if at == predicted:
                line.add("●", self.palette.inked(_share(prediction, self.low, self.high)))
            elif at == target:
                line.add("○", self.palette.strong)
            else:
                line.add("─", self.palette.faint)

    def _place(self, value: float, width: int) -> int:
        low, high = self.low, self.high
        share = (value - low) / (high - low) if high > low else 0.5
        return round(min(max(share, 0.0), 1.0) * (width - 1)) if share == share else 0

    def _tint(self, value: float, k: int) -> Style:
        """Return the colour of output ``k`` at ``value``: that of its class, if it has one."""
        share = _share(value, self.low, self.high)
        count = self.targets.shape[1]
        if count > 1 and self.dataset.class_names:
            return class_fill(k, count, min(1.0, max(0.0, share / 2 + 0.5)), self.palette)
        return self.palette.filled(share * 0.75)


def _share(value: float, low: float, high: float) -> float:
    """Map ``value`` to -1 at ``low`` and 1 at ``high``; a tiny range counts as rounding error."""
    return (2 * value - low - high) / max(high - low, 2 * SMALLEST) if high > low else 0.0


_GAUGE_LEAST = 12
_INPUTS = ("raw", "derived")


@dataclass(frozen=True)
class DataTableLayout:
    """The visible part of the table: samples from ``first`` on, below a line of names.

    A sample takes ``tall`` lines; ``number`` is the width of its number. ``gauge`` is the
    width of the gauge after the columns, or below them where a sample takes two lines.
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
        """Rows of the visible samples."""
        return slice(self.first, self.first + self.count)

    @property
    def cells(self) -> list[TableColumn]:
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

    Spare space holds a gauge after the columns, or below each sample.
    """
    number = max(2, len(str(dataset.samples))) + bool(dataset.test_count)
    columns = table_columns(dataset, outputs, width - number - 1)
    cell = max(0, min(cursor[1], len(selectable_columns(columns)) - 1))
    spans, first_column = visible_columns(columns, number + 1, width, cell, first_column)
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
    """Return a heading and the visible samples; ``cursor`` is (sample, cell) or None.

    ``targets`` and ``predictions`` (rows, outputs) are those of the visible samples, of a
    network with that ``output`` activation. The numbers of test samples end with a t.
    """
    cells = DataCells(dataset, output, targets, predictions, table.first, palette)
    chosen = table.cells[cursor[1]] if cursor is not None else None
    rows = [_heading(table, chosen, palette).strip(width)]
    for i in range(table.count):
        sample = table.first + i
        selected = cursor is not None and sample == cursor[0]
        row = RowBuilder(palette.cursor if selected else palette.text)
        tested = sample >= dataset.train_count
        name = f"{sample + 1}{'t' if tested else ' ' if dataset.test_count else ''}"
        row.right(name, table.number, palette.test if tested else palette.muted)
        for span in table.spans:
            text, style = cells.cell(span.column, i)
            if selected and span.column == chosen:
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
    """Column names, with ‹ and › where columns are hidden."""
    heading = RowBuilder(palette.accented).right("#", table.number)
    before, after = _hidden(table)
    inputs = sum(span.column.kind in _INPUTS for span in table.spans)
    names = tuple(column.name for column in table.columns if column.kind in _INPUTS)
    last = (inputs or len(table.spans)) - 1
    for place, span in enumerate(table.spans):
        mark = "‹" if before and place == 0 else "›" if after and place == last + 1 else " "
        heading.to(span.left - 1).add(mark, palette.accented)
        style = palette.cursor if span.column == chosen else None
        column = span.column
        name = squeezed(column.name, column.width)
        if column.kind in _INPUTS:
            name = distinct_labels(names, column.width)[table.columns.index(column)]
        heading.right(name, column.width, style)
    if after and last == len(table.spans) - 1:
        heading.add("›", palette.accented)
    if table.gauge and table.tall == 1:
        heading.add("  ").left("○ target  ● predicted", table.gauge)
    return heading


def _hidden(table: DataTableLayout) -> tuple[bool, bool]:
    """Whether columns are hidden before and after the visible inputs."""
    shown = [span.column for span in table.spans]
    missing = [i for i, column in enumerate(table.columns) if column not in shown]
    first = table.columns.index(shown[0]) if shown else 0
    return any(i < first for i in missing), any(i > first for i in missing)
