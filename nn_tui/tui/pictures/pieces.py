"""Written-out arithmetic in lines of a given width, numbers in the colour of their sign."""

import math
from collections.abc import Iterable

from rich.style import Style

from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.theme import Palette

_INK = 0.8
"""How strongly a number is coloured."""


def wrapped(pieces: Iterable[TextPiece], width: int) -> list[list[TextPiece]]:
    """The pieces in lines of at most ``width`` cells, broken after spaces only."""
    lines: list[list[TextPiece]] = [[]]
    used = 0
    for word in _words(pieces):
        text = "".join(piece.text for piece in word)
        if used and used + len(text.rstrip()) > width:
            lines.append([])
            used = 0
        lines[-1] += word
        used += len(text)
    return lines


def _words(pieces: Iterable[TextPiece]) -> Iterable[list[TextPiece]]:
    """Up to and with each space, but what is in brackets stays together."""
    word: list[TextPiece] = []
    open_brackets = 0
    for text, value in pieces:
        open_brackets += text.count("[") - text.count("]")
        parts = [text] if open_brackets else text.split(" ")
        for part in parts[:-1]:
            word.append(TextPiece(part + " ", value))
            yield word
            word = []
        word.append(TextPiece(parts[-1], value))
    yield word


def written(
    pieces: Iterable[TextPiece], row: RowBuilder, style: Style, palette: Palette
) -> RowBuilder:
    """The row with the pieces appended, numbers in the colour of their sign."""
    for text, value in pieces:
        if not value or math.isnan(value):
            row.add(text, style)
        else:
            row.add(text, palette.inked(math.copysign(_INK, value)))
    return row
