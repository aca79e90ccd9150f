"""Rows of styled cells: build, pad and compare them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.terminal.cell_widths import one_cell_each
from nn_tui.tui.theme import Palette

_SAME_SPAN_GAP = 6
"""Up to this many unchanged cells between two changes are cheaper to send than to skip."""


class DrawArea(NamedTuple):
    """Size of a picture in cells, and the colours to draw it in."""

    width: int
    height: int
    palette: Palette


class RowBuilder:
    """Builds one row from left to right."""

    def __init__(self, base: Style) -> None:
        self.base = base
        self.width = 0
        self._segments: list[Segment] = []

    def add(self, text: str, style: Style | None = None) -> "RowBuilder":
        """Append ``text``, in the row's base style by default."""
        if text:
            self.add_cells(text, len(text) if text.isascii() else cell_len(text), style)
        return self

    def add_cells(self, text: str, width: int, style: Style | None = None) -> "RowBuilder":
        """Append ``text`` that is known to be ``width`` cells wide, at least one."""
        style = self.base if style is None else style
        segments = self._segments
        last = segments[-1] if segments else None
        # Few segments are compared faster; equal styles are mostly one object.
        if last is not None and (last.style is style or last.style == style):
            segments[-1] = Segment(last.text + text, style)
        else:
            segments.append(Segment(text, style))
        self.width += width
        return self

    def extend(self, other: "RowBuilder") -> "RowBuilder":
        """Append the cells of another row."""
        self._segments += other._segments
        self.width += other.width
        return self

    def add_segments(self, segments: Sequence[Segment], width: int) -> "RowBuilder":
        """Append ``segments`` that are ``width`` cells wide, neighbours of different styles."""
        if segments:
            before = self.width
            self.add_cells(segments[0].text, 0, segments[0].style)
            self._segments += segments[1:]
            self.width = before + width
        return self

    def to(self, column: int) -> "RowBuilder":
        """Append blanks up to ``column``."""
        return self.add(" " * (column - self.width))

    def right(self, text: str, width: int, style: Style | None = None) -> "RowBuilder":
        """Append ``text`` right-aligned in ``width`` cells, truncated if necessary."""
        return self.add(fit_text(text, width, right=True), style)

    def left(self, text: str, width: int, style: Style | None = None) -> "RowBuilder":
        """Append ``text`` left-aligned in ``width`` cells, truncated if necessary."""
        return self.add(fit_text(text, width), style)

    def strip(self, width: int) -> Strip:
        """Return the row as a strip of exactly ``width`` cells."""
        if self.width > width:
            return Strip(self._segments, self.width).adjust_cell_length(width, self.base)
        blanks = width - self.width
        ends = [Segment(" " * blanks, self.base)] if blanks else []
        return Strip(self._segments + ends, width)


def dimmed(strips: Iterable[Strip], palette: Palette) -> list[Strip]:
    """Blend the strips half-way with the background, for outdated values."""
    return [
        Strip(
            [Segment(text, palette.dimmed(style or palette.text)) for text, style, _ in strip],
            strip.cell_length,
        )
        for strip in strips
    ]


def fit_text(text: str, width: int, right: bool = False) -> str:
    """Pad or truncate ``text`` to exactly ``width`` cells, with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return text.rjust(width - (cell_len(text) - len(text))) if right else set_cell_size(text, width)


def squeezed(text: str, width: int) -> str:
    """Shorten ``text`` to at most ``width`` cells in the middle: names often differ at the end."""
    if cell_len(text) <= width:
        return text
    if any(cell_len(character) != 1 for character in text):
        return fit_text(text, width)
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def blank(width: int, style: Style) -> Strip:
    """Return a strip of blanks."""
    return Strip([Segment(" " * width, style)], width)


def padded(strips: Iterable[Strip], width: int, height: int, style: Style) -> list[Strip]:
    """Crop or pad with blanks to exactly ``height`` strips."""
    rows = list(strips)[:height]
    return rows + [blank(width, style)] * (height - len(rows))


def paragraph(text: str, width: int, style: Style) -> list[Strip]:
    """Wrap ``text`` between words to strips of ``width`` cells."""
    rows: list[Strip] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}".strip()
        if line and cell_len(candidate) > width:
            rows.append(RowBuilder(style).add(line).strip(width))
            line = word
        else:
            line = candidate
    rows.append(RowBuilder(style).add(line).strip(width))
    return rows


def changed_spans(old: Strip, new: Strip) -> list[tuple[int, int]]:
    """Return the (start, stop) columns where two equally wide strips differ."""
    if old is new:
        return []
    before, after = list(old), list(new)
    if before == after:  # segments are mostly the same objects
        return []
    if _uneven(before) or _uneven(after):
        return [] if old == new else [(0, new.cell_length)]
    spans: list[tuple[int, int]] = []
    for start, stop in _differences(before, after):
        if spans and start - spans[-1][1] < _SAME_SPAN_GAP:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return spans


def _uneven(segments: Iterable[Segment]) -> bool:
    """Whether some characters are not one cell wide."""
    return not one_cell_each("".join([segment.text for segment in segments]))


def _differences(old: list[Segment], new: list[Segment]) -> Iterable[tuple[int, int]]:
    i = j = column = 0
    old_at = new_at = 0  # characters of the current segments already compared
    while i < len(old) and j < len(new):
        a, b = old[i], new[j]
        if a is b and old_at == new_at:
            column += len(a.text) - old_at
            i, j, old_at, new_at = i + 1, j + 1, 0, 0
            continue
        length = min(len(a.text) - old_at, len(b.text) - new_at)
        before, after = a.text[old_at : old_at + length], b.text[new_at : new_at + length]
        if a.style is not b.style and a.style != b.style:
            yield column, column + length
        elif before != after:
            yield from _text_differences(before, after, column)
        column += length
        old_at += length
        new_at += length
        if old_at == len(a.text):
            i, old_at = i + 1, 0
        if new_at == len(b.text):
            j, new_at = j + 1, 0


def _text_differences(before: str, after: str, column: int) -> Iterable[tuple[int, int]]:
    for offset, (a, b) in enumerate(zip(before, after, strict=True), column):
        if a != b:
            yield offset, offset + 1
