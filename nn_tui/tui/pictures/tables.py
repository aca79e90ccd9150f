"""The arrays of a step as tables: what their rows and columns stand for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.explain.dependencies import Index
from nn_tui.tui.drawing.color_scale import reach
from nn_tui.tui.drawing.matrix import unit_names
from nn_tui.types import Array

_LAYERED = re.compile(r"([lzWb])(\d+)(_total)?")


@dataclass(frozen=True)
class TableAxis:
    """``count`` samples, inputs, units or outputs; samples are called as in the data."""

    word: str
    count: int
    names: Sequence[str] = ()

    @property
    def samples(self) -> bool:
        return self.word == "samples"

    def label(self, place: int) -> str:
        """The place in the array, and what is there."""
        return f"{place} {self.names[place]}" if self.names else str(place)

    def __str__(self) -> str:
        return f"{self.count:,} {self.word if self.count != 1 else self.word.removesuffix('s')}"


@dataclass(frozen=True, eq=False)
class NamedTable:
    """``values`` (rows, columns) is a view of an array of ``dimensions`` 0, 1 or 2.

    ``name`` is that of the array, of which it may be the transpose.
    """

    name: str
    values: Array
    rows: TableAxis
    columns: TableAxis
    dimensions: int
    transposed: bool = False

    @property
    def title(self) -> str:
        """The name as the line says it, such as ``W1.T``."""
        return f"{self.name}.T" if self.transposed else self.name

    @property
    def transpose(self) -> "NamedTable":
        """The same array with rows and columns exchanged."""
        return NamedTable(
            self.name, self.values.T, self.columns, self.rows, self.dimensions, not self.transposed
        )

    def index(self, row: int, column: int) -> tuple[int, ...]:
        """The place in the array that a cell shows."""
        if self.dimensions == 2:
            return (column, row) if self.transposed else (row, column)
        return (max(row, column),) if self.dimensions else ()

    def cell(self, index: Index) -> tuple[int | None, int | None]:
        """Row and column of a place in the array; None where the place is all along."""
        if self.dimensions == 2:
            return (index[1], index[0]) if self.transposed else (index[0], index[1])
        if not self.dimensions:
            return 0, 0
        return (index[0], 0) if self.rows.samples else (0, index[0])

    @property
    def shape(self) -> str:
        """What there is of it, in words."""
        if not self.dimensions:
            return ""
        if self.dimensions == 1:
            return str(self.rows if self.rows.samples else self.columns)
        return f"{self.rows} × {self.columns}"

    @property
    def short_shape(self) -> str:
        """The same in numbers."""
        return "×".join(f"{size:,}" for size in self.values.shape[2 - self.dimensions :])


class TableNames:
    """What the layers of a network are made of; outputs of several classes have their names."""

    def __init__(
        self,
        network: Architecture,
        inputs: Sequence[str],
        classes: Sequence[str],
        samples: Sequence[int],
    ) -> None:
        """``samples`` is where in the data those of the batch are, counted from 0."""
        self.samples = tuple(f"#{place + 1}" for place in samples)
        depth = network.depth
        self._layers = [TableAxis("inputs", network.sizes[0], tuple(inputs))]
        for i, size in enumerate(network.sizes[1:], 1):
            names = tuple(unit_names(i, size, depth, classes))
            self._layers.append(TableAxis("outputs" if i == depth else "units", size, names))
        wanted = tuple(name.replace("ŷ", "y") for name in self._layers[-1].names)
        self._targets = TableAxis("targets", network.sizes[-1], wanted)

    def table(self, name: str, array: Array) -> NamedTable:
        """An array of a step, by the name that the lines give it."""
        dimensions = array.ndim
        nothing = TableAxis("", 1)
        samples = TableAxis("samples", len(array) if dimensions else 1, self.samples)
        found = _LAYERED.match(name)
        if not dimensions:
            return NamedTable(name, array.reshape(1, 1), nothing, nothing, 0)
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


def largest(values: Array, looked_at: int = 1 << 16) -> float:
    """The largest size of a finite number among the values, or among a part of very many."""
    rows = max(1, looked_at // max(1, values.shape[1]))
    part = values[:: max(1, len(values) // rows)]
    return reach(part)
