"""Drawing a page of the tour, and the place of its panel in a window."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from textual.geometry import Region, Size
from textual.strip import Strip

from nn_tui.tui.drawing.strips import RowBuilder, blank
from nn_tui.tui.pane_layout import column_for
from nn_tui.tui.theme import Palette

_GAP = 2


def draw_page(
    text: str, keys: Sequence[tuple[str, str]], width: int, palette: Palette, height: int = 0
) -> list[Strip]:
    """Draw a page: ``text``, with keys in backticks, and ``keys``, each with what it does.

    ``keys`` are in the last lines of ``height``; by default there are no blank lines.
    """
    texts = [row.strip(width) for row in _text_rows(text, width, palette)]
    foot = [row.strip(width) for row in _key_rows(keys, width, palette)]
    return [*texts, *[blank(width, palette.text)] * (height - len(texts) - len(foot)), *foot]


def _text_rows(text: str, width: int, palette: Palette) -> Iterator[RowBuilder]:
    row = RowBuilder(palette.text)
    is_key = False
    for word in text.split():
        if row.width and row.width + 1 + len(word.replace("`", "")) > width:
            yield row
            row = RowBuilder(palette.text)
        row.add(" " if row.width else "")
        for i, part in enumerate(word.split("`")):
            is_key = is_key ^ bool(i)
            row.add(part, palette.key if is_key else palette.text)
    yield row


def _key_rows(
    keys: Sequence[tuple[str, str]], width: int, palette: Palette
) -> Iterator[RowBuilder]:
    row = RowBuilder(palette.text)
    for key, what in keys:
        if row.width and row.width + _GAP + len(f"{key} {what}") > width:
            yield row
            row = RowBuilder(palette.text)
        row.add(" " * _GAP if row.width else "")
        row.add(key, palette.key).add(f" {what}", palette.muted)
    yield row


_COLUMN = Size(80, 24)
"""The smallest window with the panel in the left column."""
_LEAST_WIDTH = 28
_LEAST_PANE = 6
"""The least height of a pane beside the panel."""
_STATUS, _FOOT = 1, 2


class PanelPlace(NamedTuple):
    """The panel's region, and whether only the left column makes room for it."""

    region: Region
    in_column: bool


def place_for(window: Size, height_at: Callable[[int], int]) -> PanelPlace | None:
    """At the foot of the left column, else below all panes; None without room.

    ``height_at`` is the number of lines of the longest page at a width.
    """
    foot, body = window.height - _FOOT, window.height - _FOOT - _STATUS
    widths = [(column_for(window.width), True)] if _COLUMN.width <= window.width else []
    if window.height < _COLUMN.height:
        widths = []
    for width, in_column in (*widths, (window.width, False)):
        lines = height_at(width) if width >= _LEAST_WIDTH else body
        if body - lines >= _LEAST_PANE:
            return PanelPlace(Region(0, foot - lines, width, lines), in_column)
    return None
