"""The forms of weight matrices: the widest with which everything fits.

Numbers above their gradients, numbers of fewer and fewer digits, half blocks. The form depends
on the window and on the shapes and names of the matrices, never on their values: nothing moves
during training.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len

from nn_tui.tui.drawing.matrix import Matrix
from nn_tui.tui.drawing.row_breaks import break_into_rows
from nn_tui.tui.drawing.weight_numbers import FULL, MIDDLE, NINTHS, PAIR, SHORT, TENTHS

GAP = 3
_WIDEST_PAIR, _WIDEST_FULL = 12, 8
_FORMS = (PAIR, FULL, MIDDLE, SHORT, TENTHS, NINTHS)
_LEAST_HEAD, _LEAST_OF_DIGITS = 5, 3  # the name of a row and a blank
_WIDEST_NAME = 20
_MOST_LINES = 24  # of numbers, unless more are visible; taller matrices are drawn as pixels
_HIGHER = 1.25  # times as high as the lowest forms, still preferred for its digits
_LEAST_TITLE = 24
"""Width of a matrix of pixels, whose title has some figures."""


class Block(NamedTuple):
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


BlockRows = list[list[Block]]
"""Blocks side by side, one such row below the other."""


def heights(rows: BlockRows, spaced: bool) -> list[int]:
    """Return the lines that each row of blocks needs."""
    return [max(block.height(spaced) for block in row) for row in rows]


def arranged(matrices: Sequence[Matrix], width: int, height: int) -> tuple[BlockRows, bool, bool]:
    """Return the widest forms that fit, and whether rows are spaced and a summary fits below.

    If none fits, these are the widest numbers that are not much higher than the lowest, of
    which at least half is visible at a time; else half blocks if they fit.
    """
    tried: list[BlockRows] = []
    for form in _FORMS:
        rows = _in_rows(_blocks(matrices, form, width, height), width)
        for spaced in (True, False):
            if sum(heights(rows, spaced)) + len(matrices) + 1 <= height:
                return rows, spaced, True
        if sum(heights(rows, False)) <= height:
            return rows, False, False
        tried.append(rows)
    lines = [sum(heights(rows, False)) for rows in tried]
    chosen = next(i for i, count in enumerate(lines) if count <= _HIGHER * min(lines))
    if lines[chosen] > 2 * height:
        pixels = _in_rows(_blocks(matrices, 1, width, height), width)
        if sum(heights(pixels, False)) <= height:
            return pixels, False, False
    return tried[chosen], False, False


def _blocks(matrices: Sequence[Matrix], widest: int, width: int, height: int) -> list[Block]:
    """Return the matrices in forms up to ``widest``, the lying ones joined to those above."""
    most = max(_MOST_LINES, height - 1)
    wanted = _wanted_head(matrices)
    blocks: list[Block] = []
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
        blocks.append(Block((i,), matrix.width, matrix.lines, cell, head))
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


def _in_rows(blocks: Sequence[Block], width: int) -> BlockRows:
    return break_into_rows(blocks, lambda block: block.least_width, width, GAP)


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


def widened(rows: BlockRows, matrices: Sequence[Matrix], width: int) -> BlockRows:
    """Distribute the width that is left: to the names of rows, then to the numbers.

    Narrow numbers first get more digits if that moves nothing. All blocks of a form stay
    equally wide, and the first of every row have equal heads.
    """
    rows = [_with_more_digits(row, width) for row in rows]
    for head in range(_wanted_head(matrices), 0, -1):
        named = [
            [_with_head(block, head, matrices, at == 0) for at, block in enumerate(row)]
            for row in rows
        ]
        if _fit(named, width):
            rows = named
            break
    for form, widest in ((PAIR, _WIDEST_PAIR), (FULL, _WIDEST_FULL)):
        for cell in range(form + 1, widest + 1):
            wider = [
                [block._replace(cell=cell) if block.form == form else block for block in row]
                for row in rows
            ]
            if not _fit(wider, width):
                break
            rows = wider
    return rows


def _with_more_digits(row: list[Block], width: int) -> list[Block]:
    """Return the blocks of a row with wider numbers, the last ones first."""
    for at in reversed(range(len(row))):
        for form in _FORMS[1:] if 1 < row[at].form < FULL else ():
            head = max(row[at].head, _LEAST_HEAD if form > TENTHS else 0)
            wider = [*row[:at], row[at]._replace(cell=form, head=head), *row[at + 1 :]]
            if form > row[at].form and _fit([wider], width):
                row = wider
                break
    return row


def _with_head(block: Block, head: int, matrices: Sequence[Matrix], first: bool) -> Block:
    if block.form == 1:
        return block
    own = _wanted_head([matrices[i] for i in block.matrices])
    return block._replace(head=max(block.head, head if first else min(own, head)))


def _fit(rows: BlockRows, width: int) -> bool:
    return all(
        sum(block.least_width for block in row) + GAP * (len(row) - 1) <= width
        for row in rows
        if len(row) > 1 or row[0].form > 1
    )
