"""A buffer of what the terminal shows, so that only cells that look different are sent.

Textual sends each changed line of a widget from the widget's left edge, and whole widgets
when they are covered, uncovered or focused. Here every cell is compared with the one the
terminal shows in its place.
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

_OF_256 = "5"  # after 38 or 48: one of 256 colours; otherwise RGB follows
_INVISIBLE_ON_BLANKS = ("", "1", "2", "3", "1;3")  # bold, dim, italic


class CellStyle(NamedTuple):
    """Style of a cell, as parameters of its SGR escape sequence."""

    attributes: str
    foreground: str
    background: str

    @property
    def ignores_foreground_on_blanks(self) -> bool:
        """Whether a blank looks the same in every foreground."""
        return self.attributes in _INVISIBLE_ON_BLANKS


PLAIN = CellStyle("", "", "")


class AnsiWriter:
    """Writes one frame; the terminal has its default style before and after it."""

    def __init__(self) -> None:
        self._style = PLAIN
        self._row = self._column = -1
        self._written: list[str] = []

    def text(self) -> str:
        """Everything written, with a reset at the end."""
        end = "\x1b[m" if self._style != PLAIN else ""
        return "".join(self._written) + end

    def put(self, row: int, column: int, character: str, style: CellStyle) -> None:
        """Write a character into a cell; rows and columns are counted from 0."""
        if row != self._row:
            self._written.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        elif column != self._column:
            self._written.append(f"\x1b[{column + 1}G")
        if style is not self._style and style != self._style:
            self._select(style, character == " ")
        self._written.append(character)
        self._row = row
        self._column = column + (1 if character.isascii() else cell_len(character))

    def _select(self, style: CellStyle, for_blank: bool) -> None:
        old = self._style
        if for_blank and style.ignores_foreground_on_blanks and old.ignores_foreground_on_blanks:
            style = CellStyle(old.attributes, old.foreground, style.background)
        parts = []
        if style.attributes != old.attributes:
            if old.attributes:  # the only reset that all terminals support
                old = PLAIN
                parts.append("0")
            parts.append(style.attributes)
        if style.foreground != old.foreground:
            parts.append(style.foreground or "39")
        if style.background != old.background:
            parts.append(style.background or "49")
        if parts:
            self._written.append(f"\x1b[{';'.join(part for part in parts if part)}m")
        self._style = style


@lru_cache(maxsize=8192)
def cell_style(style: Style | None, colours: ColorSystem) -> CellStyle:
    """The cell style of ``style``; the same object for styles that look alike."""
    if style is None:
        return PLAIN
    codes, styled, _ = Strip.render_style(style, "x", colours).partition("x")[0].partition("m")
    return _parse_codes(codes.removeprefix("\x1b[")) if styled else PLAIN


@lru_cache(maxsize=8192)
def _parse_codes(codes: str) -> CellStyle:
    attributes: list[str] = []
    foreground = background = ""
    numbers = codes.split(";")
    while numbers:
        number = int(numbers[0])
        length = 1
        if number in (38, 48):
            length = 3 if numbers[1] == _OF_256 else 5
        code = ";".join(numbers[:length])
        if 30 <= number <= 39 or 90 <= number <= 97:
            foreground = code
        elif 40 <= number <= 49 or 100 <= number <= 107:
            background = code
        else:
            attributes.append(code)
        del numbers[:length]
    return CellStyle(";".join(attributes), foreground, background)


_JUMP = 5
"""Bytes of a cursor movement within the row."""


class ChangedCells(NamedTuple):
    """Segments of row ``y`` from column ``x``, of which only the columns ``within`` are sent."""

    y: int
    x: int
    segments: Iterable[Segment]
    within: tuple[int, int]


class _Row:
    """The cells of a row; None if unknown, empty for the second half of a wide character."""

    def __init__(self) -> None:
        self.characters: list[str | None] = []
        self.styles: list[CellStyle] = []

    def reach(self, width: int) -> None:
        missing = width - len(self.characters)
        self.characters += [None] * missing
        self.styles += [PLAIN] * missing


class ScreenBuffer:
    """The known cells of the terminal."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}

    def forget(self) -> None:
        """Forget all cells: everything is sent next."""
        self._rows.clear()

    def update(self, pieces: Iterable[ChangedCells], colours: ColorSystem) -> str:
        """Store the pieces; return the output that makes the terminal show them."""
        writer = AnsiWriter()
        for piece in pieces:
            y, row = piece.y, self._rows.setdefault(piece.y, _Row())
            changed = _replace(row, piece, colours)
            for at in _with_short_gaps(row, changed):
                character = row.characters[at]
                if character:
                    writer.put(y, at, character, row.styles[at])
        return writer.text()


def _replace(row: _Row, piece: ChangedCells, colours: ColorSystem) -> list[int]:
    """Store the piece in the row; return the columns that now look different."""
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
        new_style, to = cell_style(style, colours), x + len(cells)
        row.reach(to)
        before, styles = row.characters[x:to], row.styles[x:to]
        if before != cells or styles != [new_style] * len(cells):
            wide = wide or "" in cells or "" in before
            for at, old, old_style, new in zip(range(x, to), before, styles, cells, strict=True):
                if old != new or not (old_style is new_style or _alike(new, old_style, new_style)):
                    changed.append(at)
            row.characters[x:to] = cells
            row.styles[x:to] = [new_style] * len(cells)
    # Half of a wide character cannot be sent, and cells under one may have to be.
    return list(range(max(start, piece.x), min(stop, end))) if wide else changed


def _one_cell_each(text: str) -> bool:
    return text.isascii() or cell_len(text) == len(text)


def _alike(character: str, one: CellStyle, other: CellStyle) -> bool:
    if character == " " and one.ignores_foreground_on_blanks and other.ignores_foreground_on_blanks:
        return one.background == other.background
    return one == other


def _with_short_gaps(row: _Row, columns: list[int]) -> list[int]:
    """The columns, and those between that are cheaper to send than to skip."""
    filled = columns[:1]
    for last, column in pairwise(columns):
        gap = range(last + 1, column)
        if len(gap) <= _JUMP:
            between = row.characters[last + 1 : column]
            same_style = all(row.styles[at] is row.styles[last] for at in gap)
            if same_style and sum(len((c or "").encode()) for c in between) <= _JUMP:
                filled += gap
        filled.append(column)
    return filled


def _cells(text: str) -> list[str]:
    """The text by cells; zero-width characters belong to the cell before."""
    cells: list[str] = []
    for character in text:
        width = cell_len(character)
        if width == 0 and cells:
            cells[-1] += character
        else:
            cells += [character, *[""] * (width - 1)]
    return cells
