"""Styled cells as text for a terminal, and little of it.

Textual sends every run of cells with all its colours and a reset. A pen remembers where
the terminal's cursor is and with which colours it writes, and sends only what is new.
"""

from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
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
