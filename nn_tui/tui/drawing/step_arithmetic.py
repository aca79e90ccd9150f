"""What a line means: a cell's arithmetic in names and in numbers, or the formula behind it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich.style import Style
from textual.strip import Strip

from nn_tui.nn.explain.arithmetic import CellArithmetic
from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.nn.step import StepLine
from nn_tui.nn.syntax import functions_called
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, fit_text, paragraph
from nn_tui.tui.theme import Palette

_INK = 0.8
"""How strongly a number is coloured."""


def wrap_pieces(pieces: Iterable[TextPiece], width: int) -> list[list[TextPiece]]:
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


def add_pieces(
    pieces: Iterable[TextPiece], row: RowBuilder, style: Style, palette: Palette
) -> RowBuilder:
    """The row with the pieces appended, numbers in the colour of their sign."""
    for text, value in pieces:
        if not value or math.isnan(value):
            row.add(text, style)
        else:
            row.add(text, palette.inked(math.copysign(_INK, value)))
    return row


_TERMS = (32, 16, 8, 6, 4, 3)
"""Terms of a sum to write, from many to few."""


def draw_arithmetic(guide: ExplainCursor, area: DrawArea) -> list[Strip]:
    """The sentence, then ``target = names = numbers = worked = result``.

    Sums are folded until it fits. Where even that is too long, the names yield, then the
    operands worked out, then the sentence.
    """
    width, height, palette = area
    sentence = paragraph(guide.walk.line.explanation, width, palette.text)
    spelled = {most: guide.spelled(most) for most in _TERMS}
    for above, names, worked in (
        (sentence, True, True),
        (sentence, False, True),
        (sentence, False, False),
        ([], False, True),
        ([], False, False),
    ):
        room = height - len(above)
        for most in _TERMS:
            made = spelled[most] if worked else replace(spelled[most], evaluated=())
            rows = _equation(made, names, width, room, palette)
            if len(rows) <= room:
                spare = (
                    [RowBuilder(palette.text).strip(width)] if above and len(rows) < room else []
                )
                return [*above, *spare, *(row.strip(width) for row in rows)]
    return [row.strip(width) for row in rows][:height]


def _equation(
    spelled: CellArithmetic, names: bool, width: int, height: int, palette: Palette
) -> list[RowBuilder]:
    """What is equal begins on a line of its own, but for the end where lines are few.

    That is the operands worked out and the result, which stand together where they fit.
    """
    indent = len(spelled.target)
    parts = [(spelled.names, palette.muted)] if names else []
    parts.append((spelled.numbers, palette.text))
    rows: list[RowBuilder] = []
    for pieces, style in parts:
        for i, line in enumerate(wrap_pieces(pieces, width - indent - 3)):
            row = RowBuilder(palette.text)
            row.left("" if rows else spelled.target, indent, palette.strong)
            row.add("   " if i else " = ", palette.muted)
            rows.append(add_pieces(line, row, style, palette))
    result = 3 + len(spelled.result)
    worked = sum(len(piece.text) for piece in spelled.evaluated)
    end = result + (3 + worked if worked else 0)
    if len(rows) < height or rows[-1].width + end > width:
        rows.append(RowBuilder(palette.text).to(indent))
    for i, line in enumerate(wrap_pieces(spelled.evaluated, width - indent - 3) if worked else ()):
        if i:
            rows.append(RowBuilder(palette.text).to(indent))
        add_pieces(line, rows[-1].add("   " if i else " = ", palette.muted), palette.text, palette)
    if rows[-1].width + result > width:
        rows.append(RowBuilder(palette.text).to(indent))
    rows[-1].add(" = ", palette.muted)
    add_pieces(
        [TextPiece(spelled.result, float(spelled.result))], rows[-1], palette.strong, palette
    )
    return rows


def draw_formula(guide: ExplainCursor, width: int, palette: Palette) -> list[Strip]:
    """The sentence, then each formula that the line is an instance of, with its source."""
    line = guide.walk.line
    strips = paragraph(line.explanation, width, palette.text)
    indent = max(len(entry.name) for entry in line.references) + 2
    for name in sorted(functions_called(line.code)):
        body = guide.walk.functions[name].body
        strips.append(RowBuilder(palette.text).to(indent).add(f"{name}(x) = {body}").strip(width))
    for entry in line.references:
        heading = RowBuilder(palette.text).left(entry.name, indent, palette.heading)
        for style, text in ((palette.text, entry.formula), (palette.muted, entry.source)):
            for part in paragraph(text, max(1, width - indent), style):
                strips.append(heading.to(indent).add(part.text, style).strip(width))
                heading = RowBuilder(palette.text)
    return strips


CODE_MARGIN = 3
"""Cells before the code, for the mark."""
NAMING_NOTE = (
    "The names are the blog's: layer l0 is the batch of inputs, and synapse 0, the weights "
    "from l0 to l1, is W0."
)


def draw_code(lines: Sequence[StepLine], position: int, area: DrawArea) -> list[Strip]:
    """The lines under a heading for each phase, the one done last marked.

    Where not all fit, those around the marked one; where there is room below, what the
    names are.
    """
    width, height, palette = area
    rows = code_rows(lines)
    first = first_code_row(lines, position, height)
    strips = [
        _row(lines, number, position, width, palette).strip(width)
        for number in rows[first : first + height]
    ]
    names = paragraph(NAMING_NOTE, max(1, width - 2), palette.muted)
    if len(strips) + 1 + len(names) <= height:
        strips.append(blank(width, palette.text))
        strips += [RowBuilder(palette.muted).add(f" {n.text}").strip(width) for n in names]
    return strips


def code_rows(lines: Sequence[StepLine]) -> list[int]:
    """The number of the line in each row; for the heading of a phase, minus its first line's
    number, minus one."""
    rows: list[int] = []
    for i, line in enumerate(lines):
        if i == 0 or line.phase != lines[i - 1].phase:
            rows.append(-i - 1)
        rows.append(i)
    return rows


def first_code_row(lines: Sequence[StepLine], position: int, height: int) -> int:
    """The row at the top, so that the line done last is in sight with what comes next."""
    rows = code_rows(lines)
    at = rows.index(max(0, position - 1))
    return max(0, min(at - (height - 1) // 2, len(rows) - height))


def _row(
    lines: Sequence[StepLine], number: int, position: int, width: int, palette: Palette
) -> RowBuilder:
    if number < 0:
        return RowBuilder(palette.text).add(f" {lines[-number - 1].phase}", palette.heading)
    code = fit_text(lines[number].code, max(0, width - CODE_MARGIN))
    if number == position - 1:
        return RowBuilder(palette.cursor).add(" ▸ ").add(code)
    if number < position:
        return RowBuilder(palette.text).add(" ✓ ", palette.good).add(code)
    return RowBuilder(palette.muted).add("   ").add(code)
