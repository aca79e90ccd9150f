"""Layout of weight matrices in a window: form, position and visible part.

Every matrix has the widest form with which everything fits: numbers above their gradients,
numbers of fewer and fewer digits, half blocks. The form depends on the window and on the
shapes and names of the matrices, never on their values: nothing moves during training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len
from textual.geometry import Region

from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor
from nn_tui.tui.drawing.weight_numbers import FULL, MIDDLE, NINTHS, PAIR, SHORT, TENTHS, Units

GAP = 3
_WIDEST_PAIR, _WIDEST_FULL = 12, 8
_FORMS = (PAIR, FULL, MIDDLE, SHORT, TENTHS, NINTHS)
_LEAST_HEAD, _LEAST_OF_DIGITS = 5, 3  # the name of a row and a blank
_WIDEST_NAME = 20
_MOST_LINES = 24  # of numbers, unless more are visible; taller matrices are drawn as pixels
_LEAST_TITLE = 24
"""Width of a matrix of pixels, whose title has some figures."""
LABEL_LINES, _HIGHEST_BARS = 3, 4
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


class _Block(NamedTuple):
    """Matrices that share their columns: one, or two of which the second lies below the first.

    ``cell`` is the width of their numbers, 1 for pixels, and ``head`` that of their row names.
    """

    matrices: tuple[int, ...]
    columns: int
    lines: int
    cell: int
    head: int = 0

    @property
    def form(self) -> int:
        """The least width of a cell in its form."""
        return next((form for form in _FORMS if self.cell >= form), 1)

    @property
    def least_width(self) -> int:
        """The width it needs."""
        if self.form == 1:
            return max(_LEAST_TITLE, self.columns)
        return self.head + self.cell * self.columns

    def pitch(self, spaced: bool) -> int:
        """Lines from one row of numbers to the next; ``spaced`` is one more, for wide cells."""
        return 1 + (self.form == PAIR) + (spaced and self.form >= SHORT)

    def height(self, spaced: bool) -> int:
        """The lines it needs."""
        if self.form == 1:
            return 1 + (self.lines + 1) // 2
        pitch = self.pitch(spaced)
        return 1 + self.lines * pitch - (pitch > 2)


_Shelves = list[list[_Block]]
"""Blocks side by side, one such row below the other."""


def _heights(shelves: _Shelves, spaced: bool) -> list[int]:
    return [max(block.height(spaced) for block in shelf) for shelf in shelves]


def lay_out_weights(
    matrices: Sequence[Matrix], width: int, height: int, cursor: MatrixCursor, last: WeightLayout
) -> WeightLayout:
    """Place matrices side by side as far as they fit, the others below; show the cursor.

    What does not fit is scrolled as little as possible from its position in ``last``.
    """
    shelves, spaced, summarized = _arranged(matrices, width, height)
    needs = _heights(shelves, spaced)
    summary = _summary(len(matrices), height, sum(needs) + len(needs) - 1) if summarized else ()
    room = summary[0].start - 1 if summary else height
    first, stop = _in_sight(shelves, needs, room, cursor.matrix, last)
    room -= (first > 0 or stop < len(needs)) and room > _LEAST_HEIGHT
    gap = 1 if sum(needs[first:stop]) + stop - first - 1 <= room else 0
    shares = _shared(needs[first:stop], room - gap * (stop - first - 1))
    places: list[MatrixPlace] = []
    top = 0
    for shelf, share in zip(_widened(shelves, matrices, width)[first:stop], shares, strict=True):
        left = 0
        for block in shelf:
            area = Region(left, top, min(width - left, block.least_width), share)
            if block.form == 1:
                places.append(_pixel_place(matrices, block, area, cursor, last))
            else:
                places += _number_places(matrices, block, area, spaced, cursor, last)
            left = area.right + GAP
        top += share + gap
    return WeightLayout(
        tuple(place for place in places if place.rows or place.heading),
        above=range(shelves[first][0].matrices[0]),
        below=range(shelves[stop - 1][-1].matrices[-1] + 1, len(matrices)),
        pans={**last.pans, **{p.matrix: (p.rows.start, p.columns.start) for p in places}},
        summary=summary,
        units=last.units,
    )


# Forms


def _arranged(matrices: Sequence[Matrix], width: int, height: int) -> tuple[_Shelves, bool, bool]:
    """Return the widest forms that fit, and whether rows are spaced and a summary fits below.

    If none fits, these are the lowest ones as numbers, of which at least half is visible at a
    time; else half blocks if they fit.
    """
    lowest: _Shelves = []
    for form in _FORMS:
        shelves = _shelves(_blocks(matrices, form, width, height), width)
        for spaced in (True, False):
            if sum(_heights(shelves, spaced)) + len(matrices) + 1 <= height:
                return shelves, spaced, True
        lines = sum(_heights(shelves, False))
        if lines <= height:
            return shelves, False, False
        if not lowest or lines < sum(_heights(lowest, False)):
            lowest = shelves
    if sum(_heights(lowest, False)) > 2 * height:
        pixels = _shelves(_blocks(matrices, 1, width, height), width)
        if sum(_heights(pixels, False)) <= height:
            return pixels, False, False
    return lowest, False, False


def _blocks(matrices: Sequence[Matrix], widest: int, width: int, height: int) -> list[_Block]:
    """Return the matrices in forms up to ``widest``, the lying ones joined to those above."""
    most = max(_MOST_LINES, height - 1)
    wanted = _wanted_head(matrices)
    blocks: list[_Block] = []
    for i, matrix in enumerate(matrices):
        above = blocks[-1] if blocks else None
        joined = matrix.lying and above is not None and above.columns == matrix.width
        if above is not None and joined and above.form > 1:
            lines = above.lines + matrix.lines
            blocks[-1] = above._replace(matrices=(*above.matrices, i), lines=lines)
            continue
        cell, head = 1, 0
        if matrix.lines <= most:
            cell, head = _widest_form(matrix.width, widest, wanted, width)
        blocks.append(_Block((i,), matrix.width, matrix.lines, cell, head))
    if any(1 < block.form < PAIR for block in blocks):
        # Gradients stand below all numbers or below none.
        return [block._replace(cell=min(block.cell, FULL)) for block in blocks]
    return blocks


def _widest_form(columns: int, widest: int, wanted: int, width: int) -> tuple[int, int]:
    """Return the widest cell and the narrowest head with which ``columns`` fit."""
    for form in _FORMS:
        for least in (_LEAST_HEAD, _LEAST_OF_DIGITS) if form <= TENTHS else (_LEAST_HEAD,):
            head = min(least, wanted)
            if form <= widest and head + form * columns <= width:
                return form, head
    return 1, 0


def _shelves(blocks: Sequence[_Block], width: int) -> _Shelves:
    shelves: _Shelves = []
    used = width + 1
    for block in blocks:
        if used + GAP + block.least_width > width:
            shelves.append([])
            used = -GAP
        shelves[-1].append(block)
        used += GAP + block.least_width
    return shelves


def _wanted_head(matrices: Sequence[Matrix]) -> int:
    """Return the width of the longest name of a row, up to a limit, and of a blank."""
    names = (
        cell_len(matrix.row_name(row))
        for matrix in matrices
        for row in range(min(matrix.lines, 2 * _MOST_LINES))
    )
    lying = (cell_len(lying_name(matrix)) for matrix in matrices if matrix.lying)
    return min(_WIDEST_NAME, max(*names, *lying, 2)) + 1


def lying_name(matrix: Matrix) -> str:
    """Return the name of the row of a lying matrix, with that of the matrix."""
    return f"{matrix.name} {matrix.rows[0]}"


def _widened(shelves: _Shelves, matrices: Sequence[Matrix], width: int) -> _Shelves:
    """Distribute the width that is left: to the names of rows, then to the numbers.

    All blocks of a form stay equally wide, and the first of every shelf have equal heads.
    """
    for head in range(_wanted_head(matrices), 0, -1):
        named = [
            [_with_head(block, head, matrices, at == 0) for at, block in enumerate(shelf)]
            for shelf in shelves
        ]
        if _fit(named, width):
            shelves = named
            break
    for form, widest in ((PAIR, _WIDEST_PAIR), (FULL, _WIDEST_FULL)):
        for cell in range(form + 1, widest + 1):
            wider = [
                [block._replace(cell=cell) if block.form == form else block for block in shelf]
                for shelf in shelves
            ]
            if not _fit(wider, width):
                break
            shelves = wider
    return shelves


def _with_head(block: _Block, head: int, matrices: Sequence[Matrix], first: bool) -> _Block:
    if block.form == 1:
        return block
    own = _wanted_head([matrices[i] for i in block.matrices])
    return block._replace(head=max(block.head, head if first else min(own, head)))


def _fit(shelves: _Shelves, width: int) -> bool:
    return all(
        sum(block.least_width for block in shelf) + GAP * (len(shelf) - 1) <= width
        for shelf in shelves
        if len(shelf) > 1 or shelf[0].form > 1
    )


def _summary(count: int, height: int, used: int) -> tuple[range, ...]:
    """Return the lines of ``count`` histograms below ``used`` lines, as high as they fit."""
    lines = min(_HIGHEST_BARS, (height - used) // count - 1)
    lines = lines if lines >= LABEL_LINES else 1
    apart = lines > 1
    pitch = lines + apart
    first = height - count * pitch + apart
    return tuple(range(first + i * pitch, first + i * pitch + lines) for i in range(count))


# Places


def _number_places(
    matrices: Sequence[Matrix],
    block: _Block,
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
    block: _Block,
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
    shelves: _Shelves, needs: list[int], height: int, cursor_matrix: int, last: WeightLayout
) -> tuple[int, int]:
    """Return first and stop of the visible shelves."""
    least = [min(need, _LEAST_HEIGHT) for need in needs]
    if sum(least) <= height:
        return 0, len(shelves)
    shelf_of = {i: k for k, shelf in enumerate(shelves) for block in shelf for i in block.matrices}
    current = shelf_of[cursor_matrix]
    before = last.places[0].matrix if last.places else 0
    first = min(current, shelf_of.get(before, 0))
    while first < current and sum(least[first : current + 1]) > height - 1:
        first += 1
    stop = current + 1
    while stop < len(shelves) and sum(least[first : stop + 1]) <= height - 1:
        stop += 1
    while first > 0 and sum(least[first - 1 : stop]) <= height - 1:
        first -= 1
    return first, stop


def _shared(needs: list[int], room: int) -> list[int]:
    """Return the lines of each shelf: what it needs, or an equal share of the rest."""
    shares = [0] * len(needs)
    left = room
    order = sorted(range(len(needs)), key=lambda i: needs[i])
    for done, i in enumerate(order):
        shares[i] = min(needs[i], max(1, left // (len(order) - done)))
        left -= shares[i]
    return shares
