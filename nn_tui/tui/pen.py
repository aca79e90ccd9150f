"""Styled text as bytes for a terminal, few of them.

Textual sends every run of cells with all its colours and a reset. A pen remembers where
the terminal's cursor is and with which colours it writes, and sends only what is new.
"""

from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_TWO_NUMBERS = "5"  # after 38 or 48: a colour of 256; else red, green and blue follow


class Look(NamedTuple):
    """How cells look, as parameters of the escape sequence that selects it."""

    traits: str
    ink: str
    paper: str


_PLAIN = Look("", "", "")


class Pen:
    """Writes a frame; every frame begins and ends with plain colours."""

    def __init__(self, colours: ColorSystem) -> None:
        self._colours = colours
        self._look = _PLAIN
        self._row = self._column = -1
        self._written: list[str] = []

    def text(self) -> str:
        """All that was written."""
        end = "\x1b[m" if self._look != _PLAIN else ""
        return "".join(self._written) + end

    def write(self, row: int, column: int, segments: list[Segment]) -> None:
        """Put segments into a row from a column on, both counted from 0."""
        self._go_to(row, column)
        for text, style, _ in segments:
            if style is not None and style.link:
                # Rare enough to be sent as Textual does, which ends with plain colours.
                self._change_to(_PLAIN)
                self._written.append(Strip.render_style(style, text, self._colours))
            else:
                self._change_to(_look(style, self._colours))
                self._written.append(text)
            self._column += cell_len(text)

    def _go_to(self, row: int, column: int) -> None:
        if row != self._row:
            self._written.append(f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H")
        elif column != self._column:
            self._written.append(f"\x1b[{column + 1}G")
        self._row, self._column = row, column

    def _change_to(self, look: Look) -> None:
        if look != self._look:
            self._written.append(f"\x1b[{_change(self._look, look)}m")
            self._look = look


def _change(old: Look, new: Look) -> str:
    parts = []
    if new.traits != old.traits:
        if old.traits:  # there is no other way to be rid of them that all terminals know
            old = _PLAIN
            parts.append("0")
        parts.append(new.traits)
    if new.ink != old.ink:
        parts.append(new.ink or "39")
    if new.paper != old.paper:
        parts.append(new.paper or "49")
    return ";".join(part for part in parts if part)


@lru_cache(maxsize=4096)
def _look(style: Style | None, colours: ColorSystem) -> Look:
    if style is None:
        return _PLAIN
    codes = Strip.render_style(style, "x", colours).removeprefix("\x1b[").partition("m")
    if not codes[1]:
        return _PLAIN
    traits: list[str] = []
    ink = paper = ""
    numbers = codes[0].split(";")
    while numbers:
        number = int(numbers[0])
        if number in (38, 48):
            length = 3 if numbers[1] == _TWO_NUMBERS else 5
            colour = ";".join(numbers[:length])
            ink, paper = (colour, paper) if number == 38 else (ink, colour)
            del numbers[:length]
            continue
        if 30 <= number <= 39 or 90 <= number <= 97:
            ink = str(number)
        elif 40 <= number <= 49 or 100 <= number <= 107:
            paper = str(number)
        else:
            traits.append(str(number))
        del numbers[0]
    return Look(";".join(traits), ink, paper)
