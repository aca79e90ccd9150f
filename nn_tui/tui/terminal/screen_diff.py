"""What the terminal shows, so that only cells that look different are sent again.

Textual sends each changed piece of a widget from the widget's left edge on, and whole
widgets when one of them is covered, uncovered or gets the focus. Here every cell about to
be sent is compared with what the terminal has in its place.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment

from nn_tui.tui.pen import PLAIN, AnsiWriter, CellStyle, cell_style

_JUMP = 5
"""Bytes that it takes to put the cursor somewhere else in its row."""


class ChangedCells(NamedTuple):
    """Segments for row ``y`` from column ``x`` on, of which only columns ``within`` count."""

    y: int
    x: int
    segments: Iterable[Segment]
    within: tuple[int, int]


class _Row:
    """The cells of a row; an unknown cell is None, the second half of a wide one empty."""

    def __init__(self) -> None:
        self.characters: list[str | None] = []
        self.looks: list[CellStyle] = []

    def reach(self, width: int) -> None:
        missing = width - len(self.characters)
        self.characters += [None] * missing
        self.looks += [PLAIN] * missing


class ScreenBuffer:
    """The cells of the terminal, as far as they are known."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}

    def forget(self) -> None:
        """Know nothing: all that is painted next is sent."""
        self._rows.clear()

    def update(self, pieces: Iterable[ChangedCells], colours: ColorSystem) -> str:
        """What to send so that these pieces show; from now on they do."""
        pen = AnsiWriter()
        for piece in pieces:
            y, row = piece.y, self._rows.setdefault(piece.y, _Row())
            changed = _replace(row, piece, colours)
            for at in _with_short_gaps(row, changed):
                character = row.characters[at]
                if character:
                    pen.put(y, at, character, row.looks[at])
        return pen.text()


def _replace(row: _Row, piece: ChangedCells, colours: ColorSystem) -> list[int]:
    """Put the piece into the row; the columns where it now looks different."""
    changed: list[int] = []
    wide = False
    start, stop = piece.within
    end = piece.x
    for text, style, _ in piece.segments:
        cells: list[str] = list(text) if _one_cell_each(text) else _cells(text)
        x, end = end, end + len(cells)
        if end <= start or x >= stop:
            continue
        if x < start or end > stop:
            cells = cells[max(0, start - x) : stop - x]
            x = max(x, start)
        look, to = cell_style(style, colours), x + len(cells)
        row.reach(to)
        before, looks = row.characters[x:to], row.looks[x:to]
        if before != cells or looks != [look] * len(cells):
            wide = wide or "" in cells or "" in before
            for at, old, old_look, new in zip(range(x, to), before, looks, cells, strict=True):
                if old != new or not (old_look is look or _alike(new, old_look, look)):
                    changed.append(at)
            row.characters[x:to] = cells
            row.looks[x:to] = [look] * len(cells)
    # Half of a wide character cannot be sent, and what was under one may have to be.
    return list(range(max(start, piece.x), min(stop, end))) if wide else changed


def _one_cell_each(text: str) -> bool:
    return text.isascii() or cell_len(text) == len(text)


def _alike(character: str, one: CellStyle, other: CellStyle) -> bool:
    if character == " " and one.shows_no_ink_on_blanks and other.shows_no_ink_on_blanks:
        return one.paper == other.paper
    return one == other


def _with_short_gaps(row: _Row, columns: list[int]) -> list[int]:
    """The columns, with those between that are cheaper to send than to jump over."""
    filled = columns[:1]
    for last, column in pairwise(columns):
        gap = range(last + 1, column)
        if len(gap) <= _JUMP:
            between = row.characters[last + 1 : column]
            same_look = all(row.looks[at] is row.looks[last] for at in gap)
            if same_look and sum(len((c or "").encode()) for c in between) <= _JUMP:
                filled += gap
        filled.append(column)
    return filled


def _cells(text: str) -> list[str]:
    """The text cell by cell; what takes no room of its own is part of the cell before."""
    cells: list[str] = []
    for character in text:
        width = cell_len(character)
        if width == 0 and cells:
            cells[-1] += character
        else:
            cells += [character, *[""] * (width - 1)]
    return cells
