"""Layout of weight matrices in a window: position and visible part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from textual.geometry import Region

from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor
from nn_tui.tui.drawing.weight_forms import GAP, Block, BlockRows, arranged, heights, widened
from nn_tui.tui.drawing.weight_numbers import PAIR, Units

_LABEL_LINES, _HIGHEST_BARS = 3, 4
"""Lines of a histogram with its labels one below the other; lines of the highest one."""
_LEAST_HEIGHT = 5  # of a partly visible block


class MatrixPlace(NamedTuple):
    """Position of one matrix: its cells from ``left``, ``top`` on.

    Numbers are ``cell`` wide and ``tile`` lines high, every ``pitch`` lines, after row names
    of ``head`` cells, below a line of column names if it has a ``heading``. Pixels are a cell
    wide and half a line high, below a title.
    """

    matrix: int
    left: int
    top: int
    width: int
    head: int
    cell: int
    pitch: int
    rows: range
    columns: range
    heading: bool = True

    @property
    def numbers(self) -> bool:
        """Whether the matrix is drawn as numbers; only then it has row names."""
        return self.cell > 1

    @property
    def paired(self) -> bool:
        """Whether there is room for a second number below each."""
        return self.cell >= PAIR and self.pitch > 1

    @property
    def tile(self) -> int:
        """Height of a number's coloured area."""
        return min(2, self.pitch)

    @property
    def height(self) -> int:
        """Height in lines, including the heading."""
        rows = len(self.rows)
        return self.heading + (rows * self.pitch if self.numbers else (rows + 1) // 2)

    def region(self, row: int, column: int) -> Region:
        """Region of a visible number or pixel."""
        x = self.left + self.head + (column - self.columns.start) * self.cell
        down, top = row - self.rows.start, self.top + self.heading
        if self.numbers:
            return Region(x, top + down * self.pitch, self.cell, self.tile)
        return Region(x, top + down // 2, 1, 1)

    def at(self, x: int, y: int) -> tuple[int, int] | None:
        """Return row and column of the matrix at a cell, if any."""
        across = (x - self.left - self.head) // self.cell
        down = y - self.top - self.heading
        down = down // self.pitch if self.numbers else 2 * down
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
    summary: tuple[range, ...] = ()
    """Lines for the norm and the histogram of each matrix, below all matrices."""
    units: Units = field(default_factory=dict)

    def place_of(self, matrix: int) -> MatrixPlace | None:
        """Return the place of a matrix, if it is visible."""
        return next((place for place in self.places if place.matrix == matrix), None)


def lay_out_weights(
    matrices: Sequence[Matrix], width: int, height: int, cursor: MatrixCursor, last: WeightLayout
) -> WeightLayout:
    """Place matrices side by side as far as they fit, the others below; show the cursor.

    What does not fit is scrolled as little as possible from its position in ``last``.
    """
    rows, spaced, summarized = arranged(matrices, width, height)
    needs = heights(rows, spaced)
    summary = _summary(len(matrices), height, sum(needs) + len(needs) - 1) if summarized else ()
    room = summary[0].start - 1 if summary else height
    first, stop = _in_sight(rows, needs, room, cursor.matrix, last)
    room -= (first > 0 or stop < len(needs)) and room > _LEAST_HEIGHT
    gap = 1 if sum(needs[first:stop]) + stop - first - 1 <= room else 0
    shares = _shared(needs[first:stop], room - gap * (stop - first - 1))
    places: list[MatrixPlace] = []
    top = 0
    for row, share in zip(widened(rows, matrices, width)[first:stop], shares, strict=True):
        left = 0
        for block in row:
            area = Region(left, top, min(width - left, block.least_width), share)
            if block.form == 1:
                places.append(_pixel_place(matrices, block, area, cursor, last))
            else:
                places += _number_places(matrices, block, area, spaced, cursor, last)
            left = area.right + GAP
        top += share + gap
    return WeightLayout(
        tuple(place for place in places if place.rows or place.heading),
        above=range(rows[first][0].matrices[0]),
        below=range(rows[stop - 1][-1].matrices[-1] + 1, len(matrices)),
        pans={**last.pans, **{p.matrix: (p.rows.start, p.columns.start) for p in places}},
        summary=summary,
        units=last.units,
    )


def _summary(count: int, height: int, used: int) -> tuple[range, ...]:
    """Return the lines of ``count`` histograms below ``used`` lines, as high as they fit."""
    lines = min(_HIGHEST_BARS, (height - used) // count - 1)
    lines = lines if lines >= _LABEL_LINES else 1
    apart = lines > 1
    pitch = lines + apart
    first = height - count * pitch + apart
    return tuple(range(first + i * pitch, first + i * pitch + lines) for i in range(count))


# Places


def _number_places(
    matrices: Sequence[Matrix],
    block: Block,
    area: Region,
    spaced: bool,
    cursor: MatrixCursor,
    last: WeightLayout,
) -> list[MatrixPlace]:
    """Return the places of the matrices of a block, whose rows are scrolled together."""
    pitch = block.pitch(spaced)
    starts = [
        sum(matrices[k].lines for k in block.matrices[:at]) for at in range(len(block.matrices))
    ]
    here = None
    if cursor.matrix in block.matrices:
        here = starts[block.matrices.index(cursor.matrix)] + cursor.row
    first = sum(last.pans.get(i, (0, 0))[0] for i in block.matrices)
    down = max(1, (area.height - 1 + (pitch > 2)) // pitch)
    visible = _span(block.lines, down, first, here)
    places: list[MatrixPlace] = []
    for i, start in zip(block.matrices, starts, strict=True):
        lines = matrices[i].lines
        rows = range(
            min(lines, max(0, visible.start - start)), min(lines, max(0, visible.stop - start))
        )
        top = places[0].top + places[0].height if places else area.y
        columns = range(matrices[i].width)
        size = area.width, block.head, block.cell, pitch
        places.append(MatrixPlace(i, area.x, top, *size, rows, columns, heading=not places))
    return places


def _pixel_place(
    matrices: Sequence[Matrix],
    block: Block,
    area: Region,
    cursor: MatrixCursor,
    last: WeightLayout,
) -> MatrixPlace:
    """Return the place of a matrix of pixels; a lying one is scrolled with that above it."""
    (number,) = block.matrices
    matrix = matrices[number]
    row, column = last.pans.get(number, (0, 0))
    here = cursor.row if cursor.matrix == number else None
    rows = _span(matrix.lines, max(1, 2 * (area.height - 1)), row, here)
    lies_below = {i: i - 1 for i, m in enumerate(matrices) if m.lying and i}
    shared = lies_below.get(number, number)
    if matrices[shared].width == matrix.width:
        column = last.pans.get(shared, (0, 0))[1]
        across = cursor.column if lies_below.get(cursor.matrix, cursor.matrix) == shared else None
    else:
        across = cursor.column if cursor.matrix == number else None
    columns = _span(matrix.width, area.width, column, across)
    return MatrixPlace(number, area.x, area.y, area.width, 0, 1, 1, rows, columns)


def _span(count: int, room: int, first: int, cursor: int | None) -> range:
    """Return the visible ``room`` of ``count``, from ``first`` if the cursor allows it."""
    if cursor is not None:
        first = min(max(first, cursor - room + 1), cursor)
    first = max(0, min(first, count - room))
    return range(first, min(count, first + room))


def _in_sight(
    rows: BlockRows, needs: list[int], height: int, cursor_matrix: int, last: WeightLayout
) -> tuple[int, int]:
    """Return first and stop of the visible rows."""
    least = [min(need, _LEAST_HEIGHT) for need in needs]
    if sum(least) <= height:
        return 0, len(rows)
    row_of = {i: k for k, row in enumerate(rows) for block in row for i in block.matrices}
    current = row_of[cursor_matrix]
    before = last.places[0].matrix if last.places else 0
    first = min(current, row_of.get(before, 0))
    while first < current and sum(least[first : current + 1]) > height - 1:
        first += 1
    stop = current + 1
    while stop < len(rows) and sum(least[first : stop + 1]) <= height - 1:
        stop += 1
    while first > 0 and sum(least[first - 1 : stop]) <= height - 1:
        first -= 1
    return first, stop


def _shared(needs: list[int], room: int) -> list[int]:
    """Return the lines of each row: what it needs, or an equal share of the rest."""
    shares = [0] * len(needs)
    left = room
    order = sorted(range(len(needs)), key=lambda i: needs[i])
    for done, i in enumerate(order):
        shares[i] = min(needs[i], max(1, left // (len(order) - done)))
        left -= shares[i]
    return shares
