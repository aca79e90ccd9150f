"""What the terminal shows, so that only cells that look different are sent again.

Textual sends each changed piece of a widget from the widget's left edge on, and whole
widgets when one of them is covered, uncovered or gets the focus. Here every cell about to
be sent is compared with what the terminal has in its place.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_OF_256 = "5"  # after 38 or 48: one of 256 colours; else red, green and blue follow
_INVISIBLE_ON_BLANKS = ("", "1", "2", "3", "1;3")  # bold, dim, italic


class CellStyle(NamedTuple):
    """How a cell looks, as parameters of the escape sequence that selects it."""

    traits: str
    ink: str
    paper: str

    @property
    def shows_no_ink_on_blanks(self) -> bool:
        """Whether a blank looks the same in every ink."""
        return self.traits in _INVISIBLE_ON_BLANKS


PLAIN = CellStyle("", "", "")


class AnsiWriter:
    """Writes one picture; the terminal's colours are plain before and after it."""

    def __init__(self) -> None:
        self._look = PLAIN
        self._row = self._column = -1
        self._written: list[str] = []

    def text(self) -> str:
        """All that was written."""
        end = "\x1b[m" if self._look != PLAIN else ""
        return "".join(self._written) + end

    def put(self, row: int, column: int, character: str, look: CellStyle) -> None:
        """Put a character into a cell; rows and columns count from 0."""
        if row != self._row:
            self._written.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        elif column != self._column:
            self._written.append(f"\x1b[{column + 1}G")
        if look is not self._look and look != self._look:
            self._take(look, character == " ")
        self._written.append(character)
        self._row = row
        self._column = column + (1 if character.isascii() else cell_len(character))

    def _take(self, look: CellStyle, for_blank: bool) -> None:
        old = self._look
        if for_blank and look.shows_no_ink_on_blanks and old.shows_no_ink_on_blanks:
            look = CellStyle(old.traits, old.ink, look.paper)
        parts = []
        if look.traits != old.traits:
            if old.traits:  # there is no other way to be rid of them that all terminals know
                old = PLAIN
                parts.append("0")
            parts.append(look.traits)
        if look.ink != old.ink:
            parts.append(look.ink or "39")
        if look.paper != old.paper:
            parts.append(look.paper or "49")
        if parts:
            self._written.append(f"\x1b[{';'.join(part for part in parts if part)}m")
        self._look = look


@lru_cache(maxsize=8192)
def cell_style(style: Style | None, colours: ColorSystem) -> CellStyle:
    """How cells of ``style`` look; one object for all styles that look alike."""
    if style is None:
        return PLAIN
    codes, styled, _ = Strip.render_style(style, "x", colours).partition("x")[0].partition("m")
    return _look(codes.removeprefix("\x1b[")) if styled else PLAIN


@lru_cache(maxsize=8192)
def _look(codes: str) -> CellStyle:
    traits: list[str] = []
    ink = paper = ""
    numbers = codes.split(";")
    while numbers:
        number = int(numbers[0])
        length = 1
        if number in (38, 48):
            length = 3 if numbers[1] == _OF_256 else 5
        code = ";".join(numbers[:length])
        if 30 <= number <= 39 or 90 <= number <= 97:
            ink = code
        elif 40 <= number <= 49 or 100 <= number <= 107:
            paper = code
        else:
            traits.append(code)
        del numbers[:length]
    return CellStyle(";".join(traits), ink, paper)


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
