"""A text with keys in it, wrapped between words, and below it what the keys do."""

from collections.abc import Iterator, Sequence

from textual.strip import Strip

from nn_tui.tui.drawing.strips import RowBuilder, blank
from nn_tui.tui.theme import Palette

_GAP = 2


def draw_page(
    text: str, keys: Sequence[tuple[str, str]], width: int, palette: Palette, height: int = 0
) -> list[Strip]:
    """``text`` has keys between backticks; ``keys`` are keys and what each does.

    The keys are the last lines of ``height``, which is as much as there has to be by default.
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
