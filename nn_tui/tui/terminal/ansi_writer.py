"""Writes changed cells in few bytes: all of one style together, whatever rows they are in.

A change of both colours takes some 35 bytes, a movement of the cursor 3 to 9. So each style
is selected once in a frame, and the cursor moves to where it is used.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.terminal.colours_256 import with_256_colours

_OF_256 = "5"  # after 38 or 48: one of 256 colours; otherwise RGB follows
_SURELY_NARROW = "\u2600"
"""Terminals disagree on the widths of some characters from here on."""
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


class CellRun(NamedTuple):
    """``text`` in ``width`` neighbouring cells of a row; rows and columns are counted from 0."""

    row: int
    column: int
    text: str
    width: int


class AnsiWriter:
    """Writes one frame; the terminal has its default style before and after it."""

    def __init__(self, columns: int) -> None:
        """``columns`` is the width of the window."""
        self._columns = columns
        self._runs: dict[CellStyle, list[CellRun]] = {}
        self._blanks: dict[str, list[CellRun]] = {}
        self._style = PLAIN
        self._row = self._column = -1
        self._certain = False  # whether terminals agree on where the cursor is now
        self._written: list[str] = []

    def put(self, run: CellRun, style: CellStyle) -> None:
        """Add cells to the frame."""
        if style.ignores_foreground_on_blanks and not run.text.strip(" "):
            self._blanks.setdefault(style.background, []).append(run)
        else:
            self._runs.setdefault(style, []).append(run)

    def text(self) -> str:
        """The output that shows everything put, with a reset at the end."""
        for style in sorted(self._runs, key=_by_background):
            runs = self._runs[style]
            if style.ignores_foreground_on_blanks:
                runs += self._blanks.pop(style.background, [])
            self._write(runs, style)
        for background, runs in self._blanks.items():
            # The attributes and the foreground at hand will do.
            at_hand = self._style if self._style.ignores_foreground_on_blanks else PLAIN
            self._write(runs, at_hand._replace(background=background))
        end = "\x1b[m" if self._style != PLAIN else ""
        return "".join(self._written) + end

    def _write(self, runs: Iterable[CellRun], style: CellStyle) -> None:
        self._select(style)
        for run in _downwards(runs):
            self._written += (self._movement(run.row, run.column), run.text)
            self._row, self._column = run.row, run.column + run.width
            self._certain = len(run.text) == run.width and max(run.text) < _SURELY_NARROW

    def _movement(self, row: int, column: int) -> str:
        """The shortest sequence that moves the cursor to a cell."""
        down, right = row - self._row, column - self._column
        if not down and not right:
            return ""
        ways = [f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H"]
        if not down:
            ways.append(f"\x1b[{column + 1}G")
        # Behind the last column, terminals differ in where the cursor is.
        if self._certain and down >= 0 and self._column < self._columns:
            vertical = _by(down, "B")
            ways.append(vertical + _by(right, "C") if right >= 0 else vertical + _by(-right, "D"))
            ways.append(vertical + "\b" * -right if right < 0 else ways[-1])
        return min(ways, key=len)

    def _select(self, style: CellStyle) -> None:
        old = self._style
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


def _downwards(runs: Iterable[CellRun]) -> Iterator[CellRun]:
    """Order by rows, but follow single cells below one another, such as a border."""
    left = {(run.row, run.column): run for run in sorted(runs)}
    while left:
        place = next(iter(left))
        while run := left.pop(place, None):
            yield run
            if run.width > 1:
                break
            place = (run.row + 1, run.column)


def _by(cells: int, direction: str) -> str:
    """The sequence that moves the cursor by so many cells."""
    return "" if not cells else f"\x1b[{direction}" if cells == 1 else f"\x1b[{cells}{direction}"


def _by_background(style: CellStyle) -> tuple[str, str, str]:
    return style.attributes, style.background, style.foreground


@lru_cache(maxsize=8192)
def cell_style(style: Style | None, colours: ColorSystem) -> CellStyle:
    """The cell style of ``style``; the same object for styles that look alike."""
    if style is None:
        return PLAIN
    if colours is ColorSystem.EIGHT_BIT:
        style = with_256_colours(style)
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
