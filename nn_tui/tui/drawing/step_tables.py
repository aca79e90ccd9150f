"""A table of numbers on a colour scale, cropped to the part around a cell."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from rich.style import Style

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.explain.dependencies import Index
from nn_tui.nn.explain.expression_tree import significant_digits
from nn_tui.tui.drawing.colour_scale import SMALLEST, saturation
from nn_tui.tui.drawing.matrix import unit_names
from nn_tui.tui.drawing.strips import RowBuilder, fit_text
from nn_tui.tui.theme import Palette
from nn_tui.types import Array

_LAYERED = re.compile(r"([lzWb])(\d+)(_total)?")


@dataclass(frozen=True)
class TableAxis:
    """``count`` samples, inputs, units or outputs, and their names."""

    word: str
    count: int
    names: Sequence[str] = ()

    @property
    def samples(self) -> bool:
        return self.word == "samples"

    def labels(self, places: Sequence[int], width: int) -> list[str]:
        """Return index and name of each position; the names only where just these fit."""
        if not self.names:
            return [str(place) for place in places]
        names = [self.names[place] for place in places]
        numbered = [f"{place} {name}" for place, name in zip(places, names, strict=True)]
        return next(
            (all_of for all_of in (numbered, names) if all(cell_len(n) <= width for n in all_of)),
            numbered,
        )

    def __str__(self) -> str:
        return f"{self.count:,} {self.word if self.count != 1 else self.word.removesuffix('s')}"


@dataclass(frozen=True, eq=False)
class NamedTable:
    """A 2-D view ``values`` (rows, columns) of an array of ``dimensions`` 0, 1 or 2.

    ``name`` is that of the array, also if this is its transpose.
    """

    name: str
    values: Array
    rows: TableAxis
    columns: TableAxis
    dimensions: int
    transposed: bool = False

    @property
    def title(self) -> str:
        """The name as in the code, such as ``W1.T``."""
        return f"{self.name}.T" if self.transposed else self.name

    @property
    def transpose(self) -> "NamedTable":
        """The transpose of the array."""
        return NamedTable(
            self.name, self.values.T, self.columns, self.rows, self.dimensions, not self.transposed
        )

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """Return the index in the array of a cell."""
        if self.dimensions == 2:
            return (column, row) if self.transposed else (row, column)
        return (max(row, column),) if self.dimensions else ()

    def cell(self, index: Index) -> tuple[int | None, int | None]:
        """Return row and column of an index in the array; None for a whole axis."""
        if self.dimensions == 2:
            return (index[1], index[0]) if self.transposed else (index[0], index[1])
        if not self.dimensions:
            return 0, 0
        return (index[0], 0) if self.rows.samples else (0, index[0])

    @property
    def shape(self) -> str:
        """The shape in words."""
        if not self.dimensions:
            return ""
        if self.dimensions == 1:
            return str(self.rows if self.rows.samples else self.columns)
        return f"{self.rows} × {self.columns}"

    @property
    def short_shape(self) -> str:
        """The shape in numbers."""
        return "×".join(f"{size:,}" for size in self.values.shape[2 - self.dimensions :])


class TableNames:
    """Names of the axes of a step's arrays; outputs of several classes have their names."""

    def __init__(
        self,
        network: Architecture,
        inputs: Sequence[str],
        classes: Sequence[str],
        samples: Sequence[int],
    ) -> None:
        """``samples`` are the row indices of the batch in the data."""
        self.samples = tuple(f"#{place + 1}" for place in samples)
        depth = network.depth
        self._layers = [TableAxis("inputs", network.sizes[0], tuple(inputs))]
        for i, size in enumerate(network.sizes[1:], 1):
            names = tuple(unit_names(i, size, depth, classes))
            self._layers.append(TableAxis("outputs" if i == depth else "units", size, names))
        target_names = tuple(name.replace("ŷ", "y") for name in self._layers[-1].names)
        self._targets = TableAxis("targets", network.sizes[-1], target_names)

    def table(self, name: str, array: Array) -> NamedTable:
        """Return the table of a step's array, by its name in the code."""
        dimensions = array.ndim
        nothing = TableAxis("", 1)
        samples = TableAxis("samples", len(array) if dimensions else 1, self.samples)
        found = _LAYERED.match(name)
        if not dimensions:
            return NamedTable(name, array.reshape(1, 1), nothing, nothing, 0)
        if name in ("sample_weight", "class_weight"):
            classes = TableAxis("classes", len(array), self._targets.names)
            rows = samples if name == "sample_weight" else classes
            return NamedTable(name, array, rows, TableAxis("weight", 1), dimensions)
        if found is None:
            rows, columns = samples, self._targets if dimensions == 2 else nothing
            return NamedTable(name, array.reshape(len(array), -1), rows, columns, dimensions)
        kind, layer = found[1], int(found[2])
        if kind == "b":
            return NamedTable(name, array.reshape(1, -1), nothing, self._layers[layer + 1], 1)
        if kind == "W":
            return NamedTable(name, array, self._layers[layer], self._layers[layer + 1], 2)
        columns = TableAxis("sum", 1) if found[3] else self._layers[layer]
        return NamedTable(name, array, samples, columns, 2)


def table_saturation(values: Array, most: int = 1 << 16) -> float:
    """Return the magnitude of the full colour, ``saturation`` of a subset of many values."""
    rows = max(1, most // max(1, values.shape[1]))
    part = values[:: max(1, len(values) // rows)]
    return saturation(part)


NUMBER_WIDTH = 9
HEADING_LINES = 2
"""Lines above the numbers: the title, and the column names."""
_WIDEST_LABEL = 13
_FAINTEST = 0.5
"""Lowest opacity, so that all numbers are legible."""


@dataclass(frozen=True, eq=False)
class ValueTable:
    """A table with marked cells.

    ``caption`` precedes the name in the heading; ``dependencies`` are the elements that the
    cell of the cursor was computed from; ``cursor`` is that cell, if it is in this table.
    """

    table: NamedTable
    caption: str = ""
    dependencies: Sequence[Index] = ()
    cursor: tuple[int, int] | None = None
    sample: int = 0
    most_rows: int = 1 << 30
    most_columns: int = 1 << 30
    tall: int = 1
    cell: int = NUMBER_WIDTH
    roomy: bool = False
    """Whether it is wide enough for the full heading."""
    short_names: bool = False
    """Whether samples are named by their index in the batch."""

    def cropped(self, rows: int, columns: int) -> "ValueTable":
        """Return a copy cropped to some rows and columns."""
        return replace(self, most_rows=rows, most_columns=columns)

    def sized(self, tall: int, cell: int) -> "ValueTable":
        """Return a copy with ``tall`` lines and ``cell`` columns per number."""
        return replace(self, tall=tall, cell=cell, roomy=True)

    def with_short_names(self) -> "ValueTable":
        """Return a copy with short names of samples."""
        return replace(self, short_names=True)

    @property
    def shown_rows(self) -> int:
        return min(self.table.rows.count, self.most_rows)

    @property
    def shown_columns(self) -> int:
        return min(self.table.columns.count, self.most_columns)

    @property
    def width(self) -> int:
        numbers = self._label_width + self.cell * self.shown_columns
        name = f"{self.caption} {self.table.title}".strip()
        return max(numbers, len(self._title if self.roomy else name))

    @property
    def height(self) -> int:
        return HEADING_LINES + self.tall * self.shown_rows

    @property
    def shown_dependencies(self) -> int:
        """Number of visible dependencies."""
        cells = map(self.table.cell, self.dependencies)
        return sum(
            (self.shown_rows if row is None else 1) * (self.shown_columns if column is None else 1)
            for row, column in cells
        )

    def draw(self, palette: Palette) -> list[RowBuilder]:
        """Draw heading, column names and rows; arrows mark hidden parts."""
        table, style = self.table, palette.muted
        rows, columns = self._window(table.rows, 0), self._window(table.columns, 1)
        heading = RowBuilder(palette.text)
        heading.add(f"{self.caption} " if self.caption else "", style).add(
            table.title, palette.accented
        )
        for shape in (table.shape, table.short_shape):
            if heading.width + len(shape) + 2 <= self.width:
                heading.add(f"  {shape}", style)
                break
        names = RowBuilder(style).right("← " if columns[0] else "", self._label_width)
        labels = table.columns.labels(columns, self.cell - 1)
        for column, name in zip(columns, labels, strict=True):
            label, ink = name if table.columns.word else "", style
            if table.columns.samples:
                label = str(column) if self.short_names else label
                if column == self.sample:
                    label, ink = f"▸ {label}", palette.strong
            names.add(_field(label, self.cell, _more(column, columns, table.columns)), ink)
        scale = table_saturation(table.values)
        labels = table.rows.labels(rows, self._label_width - 3)
        lines = [
            self._row(row, label, rows, columns, scale, palette)
            for row, label in zip(rows, labels, strict=True)
        ]
        return [heading, names, *(line for row in lines for line in row)]

    def cell_at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return row and column of the number at a position, if any."""
        column, row = (x - self._label_width) // self.cell, (y - HEADING_LINES) // self.tall
        if not (0 <= column < self.shown_columns and 0 <= row < self.shown_rows):
            return None
        return self._window(self.table.rows, 0)[row], self._window(self.table.columns, 1)[column]

    @property
    def _title(self) -> str:
        return f"{self.caption} {self.table.title}  {self.table.shape}".strip()

    @property
    def _label_width(self) -> int:
        rows = self.table.rows
        if not rows.word:
            return 3
        number = len(str(rows.count - 1)) + 1
        if rows.samples and self.short_names:
            return 2 + number
        return min(_WIDEST_LABEL, 3 + number + max(map(cell_len, rows.names[:64]), default=0))

    def _window(self, axis: TableAxis, which: int) -> range:
        """Return the visible positions: around the cursor, its dependencies, or the sample."""
        count = self.shown_rows if which == 0 else self.shown_columns
        places = [self.cursor] if self.cursor else [self.table.cell(i) for i in self.dependencies]
        centre = next((p[which] for p in places if p[which] is not None), None)
        if centre is None:
            centre = self.sample if axis.samples else 0
        first = max(0, min(centre - count // 2, axis.count - count))
        return range(first, first + count)

    def _row(
        self,
        row: int,
        label: str,
        rows: range,
        columns: range,
        scale: float,
        palette: Palette,
    ) -> list[RowBuilder]:
        """Return the lines of one row, the numbers in the middle one."""
        followed = self.table.rows.samples and row == self.sample
        if not self.table.rows.word:
            label = ""
        if self.table.rows.samples and self.short_names:
            label = str(row)
        ink = palette.strong if followed else palette.muted
        lines = [RowBuilder(palette.text) for _ in range(self.tall)]
        middle = (self.tall - 1) // 2
        for i, line in enumerate(lines):
            mark = ("▸" if followed else " ") + self._arrow(row, rows)
            line.left(mark if i == middle else "", 2, palette.accented)
            line.left(label if i == middle else "", self._label_width - 2, ink)
        for column in columns:
            value = float(self.table.values[row, column])
            share = 0.0 if abs(value) < SMALLEST else value / scale
            style = self._style(row, column, share, palette)
            for i, line in enumerate(lines):
                line.add(_field(significant_digits(value) if i == middle else "", self.cell), style)
        return lines

    def _arrow(self, row: int, rows: range) -> str:
        if row == rows[-1] and row + 1 < self.table.rows.count:
            return "↓"
        return "↑" if row and row == rows[0] else " "

    def _style(self, row: int, column: int, share: float, palette: Palette) -> Style:
        if self.cursor == (row, column):
            return palette.chosen
        for index in self.dependencies:
            places = zip(self.table.cell(index), (row, column), strict=True)
            if all(expected in (None, place) for expected, place in places):
                return palette.unit(share)
        if not share:
            return palette.text
        return palette.inked(share if abs(share) > _FAINTEST else math.copysign(_FAINTEST, share))


def _field(text: str, width: int, end: str = " ") -> str:
    """Right-align the text in a field."""
    margin = (width - NUMBER_WIDTH) // 2 + 1
    return fit_text(text, width - margin, right=True) + " " * (margin - 1) + end


def _more(column: int, columns: range, axis: TableAxis) -> str:
    """Return an arrow after the last visible column if more columns follow."""
    return "→" if column == columns[-1] and column + 1 < axis.count else " "
