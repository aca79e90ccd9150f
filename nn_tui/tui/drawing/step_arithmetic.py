"""What a line means: a cell's arithmetic in names and in numbers, or the formula behind it."""

from dataclasses import replace

from textual.strip import Strip

from nn_tui.nn.explain.arithmetic import CellArithmetic
from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.nn.syntax import functions_called
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.strips import RowBuilder, paragraph
from nn_tui.tui.pictures.pieces import wrapped, written
from nn_tui.tui.theme import Palette

_TERMS = (32, 16, 8, 6, 4, 3)
"""Terms of a sum to write, from many to few."""


def draw_arithmetic(guide: ExplainCursor, width: int, height: int, palette: Palette) -> list[Strip]:
    """The sentence, then ``target = names = numbers = worked = result``.

    Sums are folded until it fits. Where even that is too long, the names yield, then the
    operands worked out, then the sentence.
    """
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
            made = spelled[most] if worked else replace(spelled[most], worked=())
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
        for i, line in enumerate(wrapped(pieces, width - indent - 3)):
            row = RowBuilder(palette.text)
            row.left("" if rows else spelled.target, indent, palette.strong)
            row.add("   " if i else " = ", palette.muted)
            rows.append(written(line, row, style, palette))
    result = 3 + len(spelled.result)
    worked = sum(len(piece.text) for piece in spelled.worked)
    end = result + (3 + worked if worked else 0)
    if len(rows) < height or rows[-1].width + end > width:
        rows.append(RowBuilder(palette.text).to(indent))
    for i, line in enumerate(wrapped(spelled.worked, width - indent - 3) if worked else ()):
        if i:
            rows.append(RowBuilder(palette.text).to(indent))
        written(line, rows[-1].add("   " if i else " = ", palette.muted), palette.text, palette)
    if rows[-1].width + result > width:
        rows.append(RowBuilder(palette.text).to(indent))
    rows[-1].add(" = ", palette.muted)
    written([TextPiece(spelled.result, float(spelled.result))], rows[-1], palette.strong, palette)
    return rows


def draw_formula(guide: ExplainCursor, width: int, palette: Palette) -> list[Strip]:
    """The sentence, then each formula that the line is an instance of, with its source."""
    line = guide.walk.line
    strips = paragraph(line.explanation, width, palette.text)
    indent = max(len(entry.name) for entry in line.about) + 2
    for name in sorted(functions_called(line.code)):
        body = guide.walk.functions[name].body
        strips.append(RowBuilder(palette.text).to(indent).add(f"{name}(x) = {body}").strip(width))
    for entry in line.about:
        heading = RowBuilder(palette.text).left(entry.name, indent, palette.heading)
        for style, text in ((palette.text, entry.formula), (palette.muted, entry.source)):
            for part in paragraph(text, max(1, width - indent), style):
                strips.append(heading.to(indent).add(part.text, style).strip(width))
                heading = RowBuilder(palette.text)
    return strips
