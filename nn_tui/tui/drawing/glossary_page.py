"""An entry of the glossary, and the entries that a search finds."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.glossary.entry import Entry
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, paragraph
from nn_tui.tui.theme import Palette

_LABEL = 10
_NAME = 26


def entry_links(entry: Entry) -> list[str]:
    """The names that an entry leads to: related entries, then the lesson about it."""
    lesson = f"lesson: {entry.lesson.replace('-', ' ')}"
    return [*entry.see, *([lesson] if entry.lesson else [])]


def draw_entry(entry: Entry, value: str, cursor: int, area: DrawArea) -> list[Strip]:
    """Draw an entry: the ``value`` it was asked about, definition, formula, source, links.

    ``cursor`` is the index of the link that is chosen. All lines are returned, however many.
    """
    width, _, palette = area
    rows: list[Strip] = []
    if value:
        rows.append(RowBuilder(palette.strong).add(fit_text(value, width)).strip(width))
    rows += paragraph(entry.definition, width, palette.text)
    rows.append(RowBuilder(palette.text).strip(width))
    for label, text in (
        ("formula", entry.formula),
        ("source", entry.source),
        ("also", ", ".join(word for word in entry.also if "." not in word)),
    ):
        if text:
            rows += _labelled(label, text, width, palette)
    if entry_links(entry):
        rows += _links(entry_links(entry), cursor, width, palette)
    return rows


def draw_entries(entries: Sequence[Entry], cursor: int, area: DrawArea) -> list[Strip]:
    """Draw found entries, a line each, around the one with index ``cursor``."""
    width, height, palette = area
    if not entries:
        return [RowBuilder(palette.muted).add("no matches").strip(width)]
    first = max(0, min(cursor - height // 2, len(entries) - height))
    strips = []
    for number, entry in enumerate(entries[first : first + height], first):
        name, text = (
            (palette.chosen, palette.chosen)
            if number == cursor
            else (palette.accented, palette.muted)
        )
        row = RowBuilder(palette.text).left(entry.name, min(_NAME, width), name)
        if width > _NAME:
            row.left(entry.definition, width - _NAME, text)
        strips.append(row.strip(width))
    return strips


def _labelled(label: str, text: str, width: int, palette: Palette) -> list[Strip]:
    lines = paragraph(text, max(1, width - _LABEL), palette.text)
    strips = []
    for number, line in enumerate(lines):
        row = RowBuilder(palette.text).add("" if number else label, palette.muted).to(_LABEL)
        strips.append(Strip.join([row.strip(min(_LABEL, width)), line]).crop(0, width))
    return strips


def _links(names: Sequence[str], cursor: int, width: int, palette: Palette) -> list[Strip]:
    """The names in as many rows as they need, the chosen one as the cursor."""
    rows = [RowBuilder(palette.text).add("see also", palette.muted).to(_LABEL)]
    for number, name in enumerate(names):
        if rows[-1].width > _LABEL and rows[-1].width + len(name) > width:
            rows.append(RowBuilder(palette.text).to(_LABEL))
        rows[-1].add(name, palette.chosen if number == cursor else palette.key)
        rows[-1].add("  ")
    return [row.strip(width) for row in rows]
