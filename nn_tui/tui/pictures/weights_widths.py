"""How wide the parts of matrices are: numbers, the names of rows, pixels."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from nn_tui.tui.drawing.matrix import Matrix

CELL = 6
HEAD = 5  # of a row, at the least: its name and a blank
GAP = 3
_WIDEST_CELL = 12
_FULL_CELL = 8  # what is wider has no more digits
_WIDEST_NAME = 20
_MOST_LINES = 24  # of numbers; a taller matrix is easier to see as pixels


class MatrixSizes(NamedTuple):
    """Lines that a number is high, cells that a pixel and a matrix are wide at most and least."""

    tall: int
    zoom: int
    least: int


class CellWidths(NamedTuple):
    """Of every number, and by matrix of the names of its rows with a blank behind them."""

    cell: int
    heads: dict[int, int]


def as_numbers(matrix: Matrix, width: int) -> bool:
    """Whether the numbers of a matrix fit."""
    return HEAD + CELL * matrix.width <= width and matrix.lines <= _MOST_LINES


def least_width(matrix: Matrix, width: int, sizes: MatrixSizes) -> int:
    """What a matrix needs in a window of ``width``."""
    if as_numbers(matrix, width):
        return max(HEAD + CELL * matrix.width, sizes.least)
    return min(width, max(sizes.least, zoom(matrix, sizes.zoom, width) * matrix.width))


def zoom(matrix: Matrix, most: int, width: int) -> int:
    """How many cells wide a weight's pixel is: small matrices are enlarged."""
    return max(1, min(most, width // matrix.width))


def cell_widths(
    shelves: Sequence[Sequence[int]], matrices: Sequence[Matrix], width: int, sizes: MatrixSizes
) -> CellWidths:
    """Numbers as wide as the fullest shelf allows, so that small networks fill the pane.

    Names of rows get what numbers do not need for their digits.
    """
    shared = [_Shelf({i: matrices[i] for i in shelf}, width, sizes) for shelf in shelves]
    fitting = (c for c in range(_WIDEST_CELL, CELL, -1) if all(s.spare(c) >= 0 for s in shared))
    widest = next(fitting, CELL)
    for cell in range(widest, min(widest, _FULL_CELL) - 1, -1):
        heads = {i: head for shelf in shared for i, head in shelf.heads(cell).items()}
        if all(head == _wanted_head(matrices[i]) for i, head in heads.items()):
            break
    return CellWidths(cell, heads)


class _Shelf:
    """Matrices side by side, by number, in a window of ``width``."""

    def __init__(self, matrices: Mapping[int, Matrix], width: int, sizes: MatrixSizes) -> None:
        self._numbers = {i: m for i, m in matrices.items() if as_numbers(m, width)}
        self._least = sizes.least
        self._room = width - (len(matrices) - 1) * GAP
        for i, matrix in matrices.items():
            if i not in self._numbers:
                self._room -= least_width(matrix, width, sizes)

    def spare(self, cell: int) -> int:
        """What is left where numbers are ``cell`` wide and the names of rows as short as can be."""
        needed = (HEAD + cell * matrix.width for matrix in self._numbers.values())
        return self._room - sum(max(width, self._least) for width in needed)

    def heads(self, cell: int) -> dict[int, int]:
        """What the names of rows get then, the first matrix first."""
        spare, heads = max(0, self.spare(cell)), {}
        for i, matrix in self._numbers.items():
            own = max(0, self._least - HEAD - cell * matrix.width)
            more = min(_wanted_head(matrix) - HEAD, own + spare)
            spare -= max(0, more - own)
            heads[i] = HEAD + more
        return heads


def _wanted_head(matrix: Matrix) -> int:
    longest = max(cell_len(matrix.row_name(row)) for row in range(matrix.lines))
    return max(HEAD, min(_WIDEST_NAME, longest) + 1)
