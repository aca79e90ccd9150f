"""Matrices of a network's numbers with row and column names, and a cursor over them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from nn_tui.training.edits import parameter_name
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_VECTOR = 8  # units of a layer shown in one row; more are wrapped


@dataclass(frozen=True, eq=False)
class Matrix:
    """A layer's weights (fan_in, fan_out), its biases (fan_out,) or None, and row names.

    ``masks`` and ``bias_mask`` have the same shapes and are False where a parameter is
    pruned; None if none is. ``gradients`` returns those of weights and biases when they are
    shown, as they may have to be computed; None if there are none.
    ``cells`` are the names of the cells, row by row, if these are units; the last row may then
    be incomplete.

    A ``lying`` matrix is the transpose of the weights (fan_in, 1) to a single output: a row
    for the output, a column for each unit before it; its bias is the first cell of a second row.
    """

    name: str
    weights: Array
    biases: Array | None
    rows: Sequence[str]
    columns: Sequence[str]
    masks: Array | None = None
    bias_mask: Array | None = None
    cells: Sequence[str] = ()
    unknown: frozenset[tuple[int, int]] = frozenset()
    """Rows and columns of unknown numbers, shown as a dash."""
    gradients: Callable[[], tuple[Array, Array | None]] | None = None
    lying: bool = False

    @property
    def lines(self) -> int:
        """Number of rows, including that of the biases."""
        return len(self.weights) + (self.biases is not None)

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.weights.shape[1])

    @property
    def shape(self) -> str:
        """The shape of the weights, such as ``3×4``, or the number of units."""
        if self.cells:
            return str(len(self.cells))
        rows, columns = self.weights.T.shape if self.lying else self.weights.shape
        return f"{rows}×{columns}"

    def row_name(self, row: int) -> str:
        """Name of a row; ``b`` for the biases."""
        return self.rows[row] if row < len(self.weights) else "b"

    @property
    def _count(self) -> int:
        """Number of cells, row by row."""
        biases = 0 if self.biases is None else len(self.biases)
        return len(self.cells) or self.weights.size + biases

    def exists(self, row: int, column: int) -> bool:
        """Whether there is a number in that cell."""
        inside = 0 <= row < self.lines and 0 <= column < self.width
        return inside and row * self.width + column < self._count

    def exists_mask(self, rows: range, columns: range) -> Array:
        """``exists`` for every cell of a part."""
        found: Array = np.add.outer(np.array(rows) * self.width, np.array(columns)) < self._count
        return found

    def window(self, rows: range, columns: range) -> tuple[Array, Array | None]:
        """Return values and masks (or None) of a part, biases as the last row."""
        values = _part(self.weights, self.biases, rows, columns)
        if self.masks is None:
            return values, None
        return values, _part(self.masks, self.bias_mask, rows, columns)

    def gradient_window(self, rows: range, columns: range) -> Array | None:
        """Return the gradients of a part like ``window``, or None if there are none."""
        if self.gradients is None:
            return None
        weights, biases = self.gradients()
        return _part(weights.T if self.lying else weights, biases, rows, columns)

    def known(self) -> Array:
        """Return all known numbers (count,), biases after weights."""
        weights = self.weights.ravel()[: len(self.cells) or None]
        values = weights if self.biases is None else np.concatenate([weights, self.biases])
        unknown = [row * self.width + column for row, column in self.unknown]
        return np.delete(values, unknown) if 0 < len(unknown) < len(values) else values

    def row_of(self, unit: int) -> tuple[Sequence[str], Array]:
        """Return the outputs' names, and their weights (fan_out,) for a unit before them."""
        if self.lying:
            return self.rows, self.weights[:, unit]
        return self.columns, self.weights[unit]

    def cell_of(self, name: str, index: tuple[int, ...]) -> tuple[int, int]:
        """Return row and column of the weight (``W0``) or bias (``b0``) at ``index``."""
        if name.startswith("b"):
            return len(self.weights), index[0]
        return (index[1], index[0]) if self.lying else (index[0], index[1])


class MatrixCursor(NamedTuple):
    """A cell in a list of matrices; the row after the weights is that of the biases."""

    matrix: int = 0
    row: int = 0
    column: int = 0


def _part(weights: Array, biases: Array | None, rows: range, columns: range) -> Array:
    across = slice(columns.start, columns.stop)
    part: Array = weights[rows.start : rows.stop, across]
    if biases is not None and rows.stop > len(weights):
        row = np.zeros((1, weights.shape[1]), biases.dtype)
        row[0, : len(biases)] = biases
        part = np.vstack([part, row[:, across]])
    return part


def parameter_matrices(
    named: dict[str, Array],
    input_names: Sequence[str],
    classes: Sequence[str],
    masks: dict[str, Array] | None = None,
    prefix: str = "",
    gradients: Callable[[], dict[str, Array]] | None = None,
) -> list[Matrix]:
    """Return a ``Matrix`` per layer from ``W0 b0 W1 …``; ``classes`` may name the outputs.

    ``prefix`` precedes the names, as in ``∇W0``, where the numbers are not the weights. The
    last matrix is lying if it has a single output and stands below another one.
    """
    count = sum(1 for name in named if name.startswith("W"))
    masks = masks or {}
    result = []
    for i in range(count):
        weights, biases = named[f"W{i}"], named.get(f"b{i}")
        rows = input_names if i == 0 else unit_names(i, weights.shape[0], count)
        columns = unit_names(i + 1, weights.shape[1], count, classes)
        matrix = Matrix(
            f"{prefix}W{i}",
            weights,
            biases,
            rows,
            columns,
            masks.get(f"W{i}"),
            masks.get(f"b{i}"),
            gradients=None if gradients is None else partial(_of_layer, gradients, i),
        )
        result.append(_lying(matrix) if 0 < i == count - 1 and len(columns) == 1 else matrix)
    return result


def _of_layer(named: Callable[[], dict[str, Array]], i: int) -> tuple[Array, Array | None]:
    arrays = named()
    return arrays[f"W{i}"], arrays.get(f"b{i}")


def _lying(matrix: Matrix) -> Matrix:
    """Return the matrix of a single output as a row."""
    return replace(
        matrix,
        weights=matrix.weights.T,
        rows=matrix.columns,
        columns=matrix.rows,
        masks=None if matrix.masks is None else matrix.masks.T,
        lying=True,
    )


def activation_matrices(
    layers: Sequence[Array],
    input_names: Sequence[str],
    classes: Sequence[str],
    sample: int,
    picture: tuple[int, int] | None = None,
) -> list[Matrix]:
    """Return a ``Matrix`` for the units (units,) of each layer, the inputs first.

    Large layers are wrapped into several rows, each named by its first unit; inputs that
    are a ``picture`` (height, width) have its shape.
    """
    depth = len(layers) - 1
    result = []
    for i, values in enumerate(layers):
        count = len(values)
        names = list(input_names) if i == 0 else unit_names(i, count, depth, classes)
        if count <= _VECTOR:
            grid, rows, columns = values[None, :], [f"#{sample + 1}"], names
        else:
            across = _VECTOR if count <= _VECTOR**2 else 2 * _VECTOR
            across = picture[1] if picture is not None and i == 0 else across
            grid = np.full((-(-count // across), across), np.nan)
            grid.flat[:count] = values
            rows, columns = names[::across], [f"+{k}" for k in range(across)]
        result.append(Matrix(f"l{i}", grid, None, rows, columns, cells=names))
    return result


def unit_names(layer: int, count: int, depth: int, classes: Sequence[str] = ()) -> list[str]:
    """Return the names of the units of a layer: ``h1`` (``l2.1`` if deep) or ``ŷ``.

    Outputs of several classes have the names of the classes.
    """
    if layer == depth:
        if 1 < count == len(classes):
            return list(classes)
        return ["ŷ"] if count == 1 else [f"ŷ{k + 1}" for k in range(count)]
    return [f"h{k + 1}" if depth == 2 else f"l{layer}.{k + 1}" for k in range(count)]


def clamped_cursor(cursor: MatrixCursor, matrices: Sequence[Matrix]) -> MatrixCursor:
    """Return the nearest existing cell."""
    at = max(0, min(len(matrices) - 1, cursor.matrix))
    matrix = matrices[at]
    row = max(0, min(matrix.lines - 1, cursor.row))
    column = max(0, min(matrix.width - 1, cursor.column))
    while not matrix.exists(row, column):
        column -= 1
    return MatrixCursor(at, row, column)


def moved_cursor(
    cursor: MatrixCursor, matrices: Sequence[Matrix], down: int, right: int
) -> MatrixCursor:
    """Move the cursor by rows and columns, across an edge into the next matrix.

    Larger steps stop at the edge first.
    """
    matrix = matrices[cursor.matrix]
    row, column = cursor.row + down, cursor.column + right
    ahead = row >= matrix.lines or column >= matrix.width or not matrix.exists(row, column)
    behind = row < 0 or column < 0
    beyond = cursor.matrix + (-1 if behind else 1)
    if not (ahead or behind):
        return MatrixCursor(cursor.matrix, row, column)
    edge = clamped_cursor(MatrixCursor(cursor.matrix, row, column), matrices)
    far = abs(down) > 1 or abs(right) > 1
    if not 0 <= beyond < len(matrices) or (far and edge != cursor):
        return edge
    if down:
        place = MatrixCursor(beyond, 0 if down > 0 else matrices[beyond].lines - 1, cursor.column)
    else:
        place = MatrixCursor(beyond, cursor.row, 0 if right > 0 else matrices[beyond].width - 1)
    return clamped_cursor(place, matrices)


def parameter_at(matrix: Matrix, number: int, cursor: MatrixCursor) -> tuple[str, tuple[int, ...]]:
    """Return name (``W0`` or ``b0``) and index of the parameter under the cursor."""
    if cursor.row < len(matrix.weights):
        at = cursor.row, cursor.column
        return f"W{number}", at[::-1] if matrix.lying else at
    return f"b{number}", (cursor.column,)


def describe_parameter(snapshot: Snapshot, matrix: Matrix, cursor: MatrixCursor, room: int) -> str:
    """Describe value, gradient and change of the parameter, in ``room`` cells."""
    name, index = parameter_at(matrix, cursor.matrix, cursor)
    value = float(snapshot.weights[name][index])
    gradient = float(snapshot.gradients[name][index]) if snapshot.gradient_is_current else None
    moved = snapshot.changes and snapshot.change_is_current
    change = float(snapshot.changes[name][index]) if moved else None
    pruned = bool(snapshot.masks) and not snapshot.masks[name][index]
    path = f"{matrix.row_name(cursor.row)}→{matrix.columns[cursor.column]}"
    if matrix.lying:
        source = "b" if name.startswith("b") else matrix.columns[cursor.column]
        path = f"{source}→{matrix.rows[0]}"
    place = parameter_name(name, index)
    for decimals, digits, where in (
        (15, 5, f"{place} {path}"),
        (9, 4, f"{place} {path}"),
        (6, 2, f"{place} {path}"),
        (6, 1, f"{place} {path}"),
        (6, 2, place),
        (4, 1, place),
    ):
        shown = "pruned".rjust(decimals + 4) if pruned else _long(value, decimals)
        parts = [f"{where} {shown}", f"∇{_short(gradient, digits)}", f"Δ{_short(change, digits)}"]
        line = "  ".join(parts)
        if len(line) <= room:
            return line
    for line in ("  ".join(parts[:2]), parts[0], f"{place} {shown.strip()}"):
        if len(line) <= room:
            return line
    return place


def _long(value: float, decimals: int) -> str:
    """Format the value in ``decimals`` + 4 cells."""
    small = 0 < abs(value) < 1e-3
    text = f"{value:+.{decimals}f}"
    if small or len(text) > decimals + 4:
        text = f"{value:+.{max(0, decimals - 4)}e}"
    return text.rjust(decimals + 4)


def _short(value: float | None, digits: int) -> str:
    return ("-" if value is None else f"{value:+.{digits}e}").rjust(digits + 7)


def describe_activation(
    matrices: list[Matrix], cursor: MatrixCursor, sample: int, room: int
) -> str:
    """Describe the activation of the unit under the cursor."""
    matrix = matrices[cursor.matrix]
    value = float(matrix.weights[cursor.row, cursor.column])
    unit = matrix.cells[cursor.row * matrix.width + cursor.column]
    line = f"{matrix.name} {unit}  {_long(value, 9)}  sample {sample + 1:,}"
    return line if len(line) <= room else f"{matrix.name} {unit} {_long(value, 4)}"
