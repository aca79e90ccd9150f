"""A buffer of what the terminal shows, so that only cells that look different are sent.

Textual sends each changed line of a widget from the widget's left edge, and whole widgets
when they are covered, uncovered or focused. Here every cell is compared with the one the
terminal shows in its place.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from nn_tui.tui.terminal.ansi_writer import PLAIN, AnsiWriter, CellRun, CellStyle, cell_style
from nn_tui.tui.terminal.cell_widths import one_cell_each

_MOST_STYLES = 8192
_JUMP = 4
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
        self._cell_styles: dict[int, tuple[Style, CellStyle]] = {}
        """By the identity of a style, which takes less time than its hash."""
        self._colours: ColorSystem | None = None

    def forget(self) -> None:
        """Forget all cells: everything is sent next."""
        self._rows.clear()

    def update(self, pieces: Iterable[ChangedCells], colours: ColorSystem, columns: int) -> str:
        """Store the pieces; return the output that makes the terminal show them.

        ``columns`` is the width of the window.
        """
        changed: dict[int, set[int]] = {}
        if colours is not self._colours or len(self._cell_styles) > _MOST_STYLES:
            self._cell_styles.clear()
            self._colours = colours
        for piece in pieces:
            row = self._rows.setdefault(piece.y, _Row())
            changed.setdefault(piece.y, set()).update(_replace(row, piece, self._cell_style))
        # Pieces may overlap, and the writer has an order of its own: only what is last is written.
        writer = AnsiWriter(columns)
        for y, places in changed.items():
            row = self._rows[y]
            for start, stop, style in _runs(row, sorted(places)):
                text = "".join(character or "" for character in row.characters[start:stop])
                if text:
                    writer.put(CellRun(y, start, text, stop - start), style)
        return writer.text()

    def _cell_style(self, style: Style | None) -> CellStyle:
        known = self._cell_styles.get(id(style))
        if known is not None:
            return known[1]
        assert self._colours is not None
        made = cell_style(style, self._colours)
        if style is not None:  # kept here, so that no other style gets its identity
            self._cell_styles[id(style)] = style, made
        return made


def _replace(
    row: _Row, piece: ChangedCells, style_of: Callable[[Style | None], CellStyle]
) -> list[int]:
    """Store the piece in the row; return the columns that now look different."""
    changed: list[int] = []
    wide = False
    start, stop = piece.within
    end = piece.x
    for text, style, _ in piece.segments:
        cells: list[str] = list(text) if one_cell_each(text) else _cells(text)
        x, end = end, end + len(cells)
        if end <= start or x >= stop:
            continue
        if x < start or end > stop:
            cells = cells[max(0, start - x) : stop - x]
            x = max(x, start)
        new_style, to = style_of(style), x + len(cells)
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


def _alike(character: str, one: CellStyle, other: CellStyle) -> bool:
    if character == " " and one.ignores_foreground_on_blanks and other.ignores_foreground_on_blanks:
        return one.background == other.background
    return one == other


def _runs(row: _Row, columns: list[int]) -> Iterator[tuple[int, int, CellStyle]]:
    """Join the columns to runs of one style: (start, stop, style).

    Columns between two that are cheaper to send than to skip are included.
    """
    characters, styles = row.characters, row.styles
    start = stop = -1
    style, blank = PLAIN, False
    for column in columns:
        character, own = characters[column], styles[column]
        if column != stop and not _cheap(row, stop, column, style):
            fits = False
        elif own is style or _alike(character or "", own, style):
            fits = True
        else:
            # Blanks at the beginning take the style of what follows.
            blank = blank and all(known == " " for known in characters[stop:column])
            fits = blank and _alike(" ", own, style)
            style = own if fits else style
        if not fits:
            if stop > start:
                yield start, stop, style
            start, style, blank = column, own, True
            if not character:  # the second half of a wide character
                start, stop = -1, -1
                continue
        blank = blank and character == " "
        stop = column + 1
    if stop > start:
        yield start, stop, style


def _cheap(row: _Row, start: int, stop: int, style: CellStyle) -> bool:
    """Whether to send the cells between two columns, rather than to move the cursor."""
    if start < 0 or stop - start > _JUMP:
        return False
    between = row.characters[start:stop]
    return sum(len((c or "").encode()) for c in between) <= _JUMP and all(
        known is not None and (own is style or _alike(known, own, style))
        for known, own in zip(between, row.styles[start:stop], strict=True)
    )


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
