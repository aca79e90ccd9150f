"""Layout of weight matrices in a window: position, size and visible part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Region

from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor

WEIGHT_WIDTH = 6
MIN_LABEL_WIDTH = 5  # the name of a row and a blank
GAP = 3
_WIDEST_CELL = 12
_FULL_CELL = 8  # wider cells have no more digits
_WIDEST_NAME = 20
_MOST_LINES = 24  # of numbers; taller matrices are drawn as pixels


class MatrixSizes(NamedTuple):
    """Lines per number, largest width of a pixel, smallest width of a matrix."""

    tall: int
    zoom: int
    least: int


class CellWidths(NamedTuple):
    """Width of all numbers, and of the row names of each matrix, including a blank."""

    cell: int
    heads: dict[int, int]


def as_numbers(matrix: Matrix, width: int) -> bool:
    """Whether a matrix fits as numbers."""
    return MIN_LABEL_WIDTH + WEIGHT_WIDTH * matrix.width <= width and matrix.lines <= _MOST_LINES


def least_width(matrix: Matrix, width: int, sizes: MatrixSizes) -> int:
    """Return the width a matrix needs in a window of ``width``."""
    if as_numbers(matrix, width):
        return max(MIN_LABEL_WIDTH + WEIGHT_WIDTH * matrix.width, sizes.least)
    return min(width, max(sizes.least, zoom(matrix, sizes.zoom, width) * matrix.width))


def zoom(matrix: Matrix, most: int, width: int) -> int:
    """Return the width of a pixel in cells: small matrices are enlarged."""
    return max(1, min(most, width // matrix.width))


def cell_widths(
    shelves: Sequence[Sequence[int]], matrices: Sequence[Matrix], width: int, sizes: MatrixSizes
) -> CellWidths:
    """Make numbers as wide as the fullest row of matrices allows.

    Row names get the space that the digits do not need.
    """
    shared = [_Shelf({i: matrices[i] for i in shelf}, width, sizes) for shelf in shelves]
    fitting = (
        c for c in range(_WIDEST_CELL, WEIGHT_WIDTH, -1) if all(s.spare(c) >= 0 for s in shared)
    )
    widest = next(fitting, WEIGHT_WIDTH)
    for cell in range(widest, min(widest, _FULL_CELL) - 1, -1):
        heads = {i: head for shelf in shared for i, head in shelf.heads(cell).items()}
        if all(head == _wanted_head(matrices[i]) for i, head in heads.items()):
            break
    return CellWidths(cell, heads)


class _Shelf:
    """Matrices side by side in a window of ``width``, by index."""

    def __init__(self, matrices: Mapping[int, Matrix], width: int, sizes: MatrixSizes) -> None:
        self._numbers = {i: m for i, m in matrices.items() if as_numbers(m, width)}
        self._least = sizes.least
        self._room = width - (len(matrices) - 1) * GAP
        for i, matrix in matrices.items():
            if i not in self._numbers:
                self._room -= least_width(matrix, width, sizes)

    def spare(self, cell: int) -> int:
        """Return the space left with numbers ``cell`` wide and the shortest row names."""
        needed = (MIN_LABEL_WIDTH + cell * matrix.width for matrix in self._numbers.values())
        return self._room - sum(max(width, self._least) for width in needed)

    def heads(self, cell: int) -> dict[int, int]:
        """Distribute that space to the row names, the first matrix first."""
        spare, heads = max(0, self.spare(cell)), {}
        for i, matrix in self._numbers.items():
            own = max(0, self._least - MIN_LABEL_WIDTH - cell * matrix.width)
            more = min(_wanted_head(matrix) - MIN_LABEL_WIDTH, own + spare)
            spare -= max(0, more - own)
            heads[i] = MIN_LABEL_WIDTH + more
        return heads


def _wanted_head(matrix: Matrix) -> int:
    longest = max(cell_len(matrix.row_name(row)) for row in range(matrix.lines))
    return max(MIN_LABEL_WIDTH, min(_WIDEST_NAME, longest) + 1)


_MOST_ZOOM = 3
_LEAST_WIDTHS = (24, MIN_LABEL_WIDTH + WEIGHT_WIDTH)
"""Smallest width of a matrix, with and without figures in the title."""
_LEAST_HEIGHT = 5  # of a partly visible matrix


class MatrixPlace(NamedTuple):
    """Position of one matrix: its cells from ``left``, ``top`` on, below a title line.

    Numbers are ``cell`` wide and ``tall`` lines high, after row names of ``head`` cells;
    pixels are ``cell`` wide and as many half lines high.
    """

    matrix: int
    left: int
    top: int
    width: int
    head: int
    cell: int
    tall: int
    rows: range
    columns: range

    @property
    def numbers(self) -> bool:
        """Whether the matrix is drawn as numbers; only then it has row names."""
        return self.head > 0

    @property
    def height(self) -> int:
        """Height in lines, including the title."""
        return self._above + self._lines(len(self.rows))

    @property
    def _above(self) -> int:
        return 2 if self.numbers else 1

    def _lines(self, rows: int) -> int:
        return rows * self.tall if self.numbers else -(-rows * self.cell // 2)

    def region(self, row: int, column: int) -> Region:
        """Region of a visible number or pixel."""
        x = self.left + self.head + (column - self.columns.start) * self.cell
        down = row - self.rows.start
        if self.numbers:
            return Region(x, self.top + 2 + down * self.tall, self.cell, self.tall)
        return Region(x, self.top + 1 + down * self.cell // 2, self.cell, max(1, self.cell // 2))

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return row and column of the matrix at a cell, if any."""
        across = (x - self.left - self.head) // self.cell
        down = y - self.top - self._above
        down = down // self.tall if self.numbers else 2 * down // self.cell
        if not (0 <= across < len(self.columns) and 0 <= down < len(self.rows)):
            return None
        return self.rows[down], self.columns[across]


@dataclass(frozen=True)
class WeightLayout:
    """The visible matrices, and those hidden ``above`` and ``below``."""

    places: tuple[MatrixPlace, ...] = ()
    above: range = range(0)
    below: range = range(0)
    pans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """First visible row and column of each matrix."""

    def place_of(self, matrix: int) -> MatrixPlace | None:
        """Return the place of a matrix, if it is visible."""
        return next((place for place in self.places if place.matrix == matrix), None)


def lay_out_weights(
    matrices: Sequence[Matrix], width: int, height: int, cursor: MatrixCursor, last: WeightLayout
) -> WeightLayout:
    """Place matrices side by side as far as they fit, the others below; show the cursor.

    What does not fit is scrolled as little as possible from its position in ``last``.
    """
    sizes = next(
        (
            sizes
            for sizes in _ALL_SIZES
            if _total(_shelves(matrices, width, sizes), matrices, width, sizes) <= height
        ),
        _ALL_SIZES[-1],
    )
    shelves = _shelves(matrices, width, sizes)
    needs = [max(_height(matrices[i], width, sizes) for i in shelf) for shelf in shelves]
    shared = cell_widths(shelves, matrices, width, sizes)
    first, stop = _in_sight(shelves, needs, height, cursor.matrix, last)
    hints = (first > 0 or stop < len(shelves)) and height > _LEAST_HEIGHT
    room = height - hints
    gap = 1 if sum(needs[first:stop]) + stop - first - 1 <= room else 0
    shares = _shared(needs[first:stop], room - gap * (stop - first - 1))
    places: list[MatrixPlace] = []
    top = 0
    for shelf, share in zip(shelves[first:stop], shares, strict=True):
        left = 0
        for i in shelf:
            free = (width - left, share)
            place = _place(matrices[i], i, (left, top), free, shared, sizes, cursor, last)
            places.append(place)
            left += place.width + GAP
        top += share + gap
    pans = {**last.pans, **{p.matrix: (p.rows.start, p.columns.start) for p in places}}
    above = range(shelves[first][0])
    below = range(shelves[stop - 1][-1] + 1, len(matrices))
    return WeightLayout(tuple(places), above, below, pans)


def _place(
    matrix: Matrix,
    number: int,
    corner: tuple[int, int],
    room: tuple[int, int],
    shared: CellWidths,
    sizes: MatrixSizes,
    cursor: MatrixCursor,
    last: WeightLayout,
) -> MatrixPlace:
    head = shared.heads.get(number, 0)
    if head:
        cell = shared.cell
        across, down = matrix.width, max(1, (room[1] - 2) // sizes.tall)
        width = head + cell * matrix.width
    else:
        cell = zoom(matrix, sizes.zoom, room[0])
        across, down = max(1, room[0] // cell), max(1, 2 * (room[1] - 1) // cell)
        width = cell * min(across, matrix.width)
    width = min(room[0], max(width, sizes.least))
    pan = last.pans.get(number, (0, 0))
    here = (cursor.row, cursor.column) if cursor.matrix == number else None
    rows = _span(matrix.lines, down, pan[0], here and here[0])
    columns = _span(matrix.width, across, pan[1], here and here[1])
    return MatrixPlace(number, *corner, width, head, cell, sizes.tall, rows, columns)


def _span(count: int, room: int, first: int, cursor: int | None) -> range:
    """Return the visible ``room`` of ``count``, from ``first`` if the cursor allows it."""
    if cursor is not None:
        first = min(max(first, cursor - room + 1), cursor)
    first = max(0, min(first, count - room))
    return range(first, min(count, first + room))


def _in_sight(
    shelves: list[list[int]], needs: list[int], height: int, cursor_matrix: int, last: WeightLayout
) -> tuple[int, int]:
    """Return first and stop of the visible rows of matrices."""
    least = [min(need, _LEAST_HEIGHT) for need in needs]
    if sum(least) <= height:
        return 0, len(shelves)
    current = next(i for i, shelf in enumerate(shelves) if cursor_matrix in shelf)
    before = last.places[0].matrix if last.places else 0
    first = min(current, next((i for i, shelf in enumerate(shelves) if before in shelf), 0))
    while first < current and sum(least[first : current + 1]) > height - 1:
        first += 1
    stop = current + 1
    while stop < len(shelves) and sum(least[first : stop + 1]) <= height - 1:
        stop += 1
    while first > 0 and sum(least[first - 1 : stop]) <= height - 1:
        first -= 1
    return first, stop


def _shared(needs: list[int], room: int) -> list[int]:
    """Return the lines of each row of matrices: what it needs, or an equal share of the rest."""
    shares = [0] * len(needs)
    left = room
    order = sorted(range(len(needs)), key=lambda i: needs[i])
    for done, i in enumerate(order):
        shares[i] = min(needs[i], max(1, left // (len(order) - done)))
        left -= shares[i]
    return shares


def _total(
    shelves: list[list[int]], matrices: Sequence[Matrix], width: int, sizes: MatrixSizes
) -> int:
    heights = (max(_height(matrices[i], width, sizes) for i in shelf) for shelf in shelves)
    return sum(height + 1 for height in heights) - 1


def _shelves(matrices: Sequence[Matrix], width: int, sizes: MatrixSizes) -> list[list[int]]:
    shelves: list[list[int]] = []
    used = width + 1
    for i, matrix in enumerate(matrices):
        needs = least_width(matrix, width, sizes)
        if used + GAP + needs > width:
            shelves.append([])
            used = -GAP
        shelves[-1].append(i)
        used += GAP + needs
    return shelves


def _height(matrix: Matrix, width: int, sizes: MatrixSizes) -> int:
    if as_numbers(matrix, width):
        return 2 + matrix.lines * sizes.tall
    return 1 + (matrix.lines * zoom(matrix, sizes.zoom, width) + 1) // 2


_ALL_SIZES = [
    MatrixSizes(tall, zoom, least)
    for least in _LEAST_WIDTHS
    for tall in (4, 3, 2, 1)
    for zoom in (_MOST_ZOOM, 2, 1)
]
"""From large to small; the first with which everything fits is used."""
