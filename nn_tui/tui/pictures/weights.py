"""Weight matrices with their numbers on the colour scale, or as pixels where they are large."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nn_tui.tui.pictures.numbers import fixed, signed
from nn_tui.tui.strips import Row, blank, fit
from nn_tui.tui.theme import Palette

Array = NDArray[Any]

CELL = 6
_WIDEST_CELL = 12
_LABEL = 5
_GAP = 3
_MOST_ZOOM = 3
_LEAST_WIDTH = 24  # of a matrix, for the figures behind its name


@dataclass(frozen=True, eq=False)
class Matrix:
    """A layer's weights (fan_in, fan_out), its biases (fan_out,) or None, and row names."""

    name: str
    weights: Array
    biases: Array | None
    rows: Sequence[str]
    columns: Sequence[str]

    @property
    def lines(self) -> int:
        return len(self.weights) + (self.biases is not None)

    def number_width(self, cell: int = CELL) -> int:
        return _LABEL + cell * len(self.columns)


def matrices_of(
    named: dict[str, Array], input_names: Sequence[str], classes: Sequence[str]
) -> list[Matrix]:
    """One ``Matrix`` a layer, from ``W0 b0 W1 …``; ``classes`` may name the outputs."""
    count = sum(1 for name in named if name.startswith("W"))
    result = []
    for i in range(count):
        weights = named[f"W{i}"]
        rows = input_names if i == 0 else unit_names(i, weights.shape[0], count)
        columns = unit_names(i + 1, weights.shape[1], count, classes)
        result.append(Matrix(f"W{i}", weights, named.get(f"b{i}"), rows, columns))
    return result


def unit_names(layer: int, count: int, depth: int, classes: Sequence[str] = ()) -> list[str]:
    """What the units of layer 1 … depth are called: ``h1`` (``l2.1`` if deep) or ``ŷ``.

    Outputs of several classes have the classes' names.
    """
    if layer == depth:
        if 1 < count == len(classes):
            return list(classes)
        return ["ŷ"] if count == 1 else [f"ŷ{k + 1}" for k in range(count)]
    return [f"h{k + 1}" if depth == 2 else f"l{layer}.{k + 1}" for k in range(count)]


def draw_weights(matrices: list[Matrix], width: int, height: int, palette: Palette) -> list[Strip]:
    """All matrices, side by side as far as they fit, the rest below.

    A matrix whose numbers do not fit is drawn as pixels, two rows to a line.
    """
    tall, zoom = next(
        (
            (tall, zoom)
            for tall in (4, 3, 2, 1)
            for zoom in (_MOST_ZOOM, 2, 1)
            if _total(_shelves(matrices, width, zoom), tall, zoom, width) <= height
        ),
        (1, 1),
    )
    shelves = _shelves(matrices, width, zoom)
    cell = _cell_width(shelves, width)
    share = max(4, height // max(1, len(shelves)) - 1)
    if _total(shelves, tall, zoom, width) <= height:
        share = height
    strips: list[Strip] = []
    for shelf in shelves:
        pictures = []
        used = 0
        for matrix in shelf:
            pictures.append(_draw_one(matrix, tall, zoom, cell, width - used, share, palette))
            used += max(line.width for line in pictures[-1]) + _GAP
        for y in range(max(len(picture) for picture in pictures)):
            row = Row(palette.text)
            for picture in pictures:
                start = row.width
                if y < len(picture):
                    row.extend(picture[y])
                row.to(start + max(line.width for line in picture) + _GAP)
            strips.append(row.strip(width))
        strips.append(blank(width, palette.text))
    strips.pop()
    if len(strips) > height:
        return [strip for strip in strips if strip.text.strip()]
    return strips


def _cell_width(shelves: list[list[Matrix]], width: int) -> int:
    """As wide as the fullest shelf allows, so that small networks fill the pane."""
    cell = _WIDEST_CELL
    for shelf in shelves:
        numbers = [m for m in shelf if _as_numbers(m, width)]
        columns = sum(m.weights.shape[1] for m in numbers)
        room = width - len(numbers) * _LABEL - (len(shelf) - 1) * _GAP
        if columns:
            cell = min(cell, room // columns)
    return max(CELL, cell)


def _total(shelves: list[list[Matrix]], tall: int, zoom: int, width: int) -> int:
    return sum(max(_height(m, tall, zoom, width) for m in shelf) + 1 for shelf in shelves) - 1


def _shelves(matrices: list[Matrix], width: int, zoom: int) -> list[list[Matrix]]:
    shelves: list[list[Matrix]] = []
    used = width + 1
    for matrix in matrices:
        needs = _width(matrix, zoom, width)
        if used + _GAP + needs > width:
            shelves.append([])
            used = -_GAP
        shelves[-1].append(matrix)
        used += _GAP + needs
    return shelves


def _as_numbers(matrix: Matrix, width: int) -> bool:
    return matrix.number_width() <= width and matrix.lines <= 24


def _width(matrix: Matrix, zoom: int, width: int) -> int:
    if _as_numbers(matrix, width):
        return max(matrix.number_width(), _LEAST_WIDTH)
    return min(width, max(_LEAST_WIDTH, _zoom(matrix, zoom, width) * len(matrix.columns)))


def _height(matrix: Matrix, tall: int, zoom: int, width: int) -> int:
    if _as_numbers(matrix, width):
        return 2 + matrix.lines * tall
    return 1 + (matrix.lines * _zoom(matrix, zoom, width) + 1) // 2


def _zoom(matrix: Matrix, most: int, width: int) -> int:
    """How many cells wide a weight's pixel is: small matrices are enlarged."""
    return max(1, min(most, width // len(matrix.columns)))


def _scale(matrix: Matrix) -> float:
    finite = matrix.weights[np.isfinite(matrix.weights)]
    largest = float(np.abs(finite).max()) if finite.size else 0.0
    return max(largest, 1e-12)


def _title(matrix: Matrix, room: int, palette: Palette) -> Row:
    fan_in, fan_out = matrix.weights.shape
    row = Row(palette.text).add(f"{matrix.name} {fan_in}×{fan_out}", palette.heading)
    low, high = float(matrix.weights.min()), float(matrix.weights.max())
    with np.errstate(all="ignore"):
        norm = float(np.linalg.norm(matrix.weights))
    for figure in (f"{signed(low).strip()}…{signed(high).strip()}", f"‖·‖{fixed(norm, 6).strip()}"):
        if row.width + 2 + len(figure) <= room:
            row.add(f"  {figure}", palette.muted)
    return row


def _draw_one(
    matrix: Matrix, tall: int, zoom: int, cell: int, width: int, height: int, palette: Palette
) -> list[Row]:
    if not _as_numbers(matrix, width):
        pixels = _pixel_rows(matrix, _zoom(matrix, zoom, width), width, height, palette)
        return [_title(matrix, width, palette), *pixels]
    scale = _scale(matrix)
    heading = Row(palette.muted).to(_LABEL)
    for name in matrix.columns:
        heading.add(_centred(name, cell))
    room = min(width, max(matrix.number_width(cell), _LEAST_WIDTH))
    rows = [_title(matrix, room, palette), heading]
    for name, values in zip(matrix.rows, matrix.weights, strict=False):
        rows += _number_rows(name, values, scale, tall, cell, palette)
    if matrix.biases is not None:
        rows += _number_rows("b", matrix.biases, scale, tall, cell, palette)
    return rows


def _number_rows(
    name: str, values: Array, scale: float, tall: int, cell: int, palette: Palette
) -> list[Row]:
    rows = []
    for line in range(tall):
        middle = line == (tall - 1) // 2
        row = Row(palette.text).left(name if middle else "", _LABEL, palette.muted)
        for value in values:
            text = _centred(signed(float(value), min(7, cell - 1)), cell) if middle else " " * cell
            row.add(text, palette.filled(float(value) / scale))
        rows.append(row)
    return rows


def _centred(text: str, cell: int) -> str:
    return fit(text.strip(), min(cell - 1, max(1, len(text.strip())))).center(cell)


def _pixel_rows(matrix: Matrix, zoom: int, width: int, height: int, palette: Palette) -> list[Row]:
    values = matrix.weights[: 2 * height, :width]
    if matrix.biases is not None and len(values) < 2 * height:
        values = np.vstack([values, matrix.biases[None, :width]])
    values = (values / _scale(matrix)).repeat(zoom, axis=0).repeat(zoom, axis=1)
    values = values[: 2 * height, :width]
    rows = []
    for top in range(0, len(values), 2):
        row = Row(palette.text)
        for x in range(values.shape[1]):
            bottom = float(values[top + 1, x]) if top + 1 < len(values) else 0.0
            row.add(*palette.pixels(float(values[top, x]), bottom))
        rows.append(row)
    return rows
