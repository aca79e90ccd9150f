"""Explain a line: a cell's arithmetic in names and numbers, or its formula; the code itself."""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.nn.explain.arithmetic import CellArithmetic
from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.nn.line_changes import is_blank_line
from nn_tui.nn.step import StepLine
from nn_tui.nn.syntax import functions_called
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank, fit_text, paragraph
from nn_tui.tui.theme import Palette

_INK = 0.8
"""Opacity of a number's colour."""


def wrap_pieces(pieces: Iterable[TextPiece], width: int) -> list[list[TextPiece]]:
    """Wrap pieces after spaces to lines of at most ``width`` cells."""
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
    """Split pieces after each space outside brackets."""
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
    """Append the pieces to the row, numbers in the colour of their sign."""
    for text, value in pieces:
        if not value or math.isnan(value):
            row.add(text, style)
        else:
            row.add(text, palette.inked(math.copysign(_INK, value)))
    return row


_TERMS = (32, 16, 8, 6, 4, 3)
"""Terms of a sum to show, from many to few."""


def draw_arithmetic(cursor: ExplainCursor, area: DrawArea) -> list[Strip]:
    """Draw the explanation, then ``target = names = numbers = evaluated = result``.

    Sums are shortened until it fits. If that does not suffice, names are left out, then the
    evaluated operands, then the explanation.
    """
    width, height, palette = area
    if cursor.walk.at_blank:
        return _blank(cursor, area)
    sentence = paragraph(cursor.walk.line.explanation, width, palette.text)
    arithmetic = {most: cursor.arithmetic(most) for most in _TERMS}
    for above, names, worked in (
        (sentence, True, True),
        (sentence, False, True),
        (sentence, False, False),
        ([], False, True),
        ([], False, False),
    ):
        room = height - len(above)
        for most in _TERMS:
            made = arithmetic[most] if worked else replace(arithmetic[most], evaluated=())
            rows = _equation(made, names, width, room, palette)
            if len(rows) <= room:
                spare = (
                    [RowBuilder(palette.text).strip(width)] if above and len(rows) < room else []
                )
                return [*above, *spare, *(row.strip(width) for row in rows)]
    return [row.strip(width) for row in rows][:height]


def _blank(cursor: ExplainCursor, area: DrawArea) -> list[Strip]:
    width, height, palette = area
    line = cursor.walk.line
    shape = " × ".join(map(str, np.shape(cursor.walk.result)))
    text = f"{line.writes} is blank, and the run waits for it. It must be {shape}."
    why = paragraph(line.explanation, width, palette.text)
    return [*paragraph(text, width, palette.strong), *why][:height]


def _equation(
    arithmetic: CellArithmetic, names: bool, width: int, height: int, palette: Palette
) -> list[RowBuilder]:
    """Return the equation, each side on its own line; the last ones joined where lines are few.

    The evaluated operands and the result share a line where they fit.
    """
    indent = len(arithmetic.target)
    parts = [(arithmetic.names, palette.muted)] if names else []
    parts.append((arithmetic.numbers, palette.text))
    rows: list[RowBuilder] = []
    for pieces, style in parts:
        for i, line in enumerate(wrap_pieces(pieces, width - indent - 3)):
            row = RowBuilder(palette.text)
            row.left("" if rows else arithmetic.target, indent, palette.strong)
            row.add("   " if i else " = ", palette.muted)
            rows.append(add_pieces(line, row, style, palette))
    result = 3 + len(arithmetic.result)
    worked = sum(len(piece.text) for piece in arithmetic.evaluated)
    end = result + (3 + worked if worked else 0)
    if len(rows) < height or rows[-1].width + end > width:
        rows.append(RowBuilder(palette.text).to(indent))
    for i, line in enumerate(
        wrap_pieces(arithmetic.evaluated, width - indent - 3) if worked else ()
    ):
        if i:
            rows.append(RowBuilder(palette.text).to(indent))
        add_pieces(line, rows[-1].add("   " if i else " = ", palette.muted), palette.text, palette)
    if rows[-1].width + result > width:
        rows.append(RowBuilder(palette.text).to(indent))
    rows[-1].add(" = ", palette.muted)
    add_pieces(
        [TextPiece(arithmetic.result, float(arithmetic.result))], rows[-1], palette.strong, palette
    )
    return rows


def draw_formula(cursor: ExplainCursor, width: int, palette: Palette) -> list[Strip]:
    """Draw the explanation, then the formulas behind the line, with their sources."""
    line = cursor.walk.line
    strips = paragraph(line.explanation, width, palette.text)
    indent = max((len(entry.name) for entry in line.references), default=0) + 2
    called = () if cursor.walk.at_blank else sorted(functions_called(line.code))
    for name in called:
        body = cursor.walk.functions[name].body
        strips.append(RowBuilder(palette.text).to(indent).add(f"{name}(x) = {body}").strip(width))
    for entry in line.references:
        heading = RowBuilder(palette.text).left(entry.name, indent, palette.accented)
        for style, text in ((palette.text, entry.formula), (palette.muted, entry.source)):
            for part in paragraph(text, max(1, width - indent), style):
                strips.append(heading.to(indent).add(part.text, style).strip(width))
                heading = RowBuilder(palette.text)
    return strips


CODE_MARGIN = 3
"""Cells before the code, for a mark."""
NAMING_NOTE = (
    "Names as in the blog: l0 is the batch of inputs, and W0 holds the weights from l0 to "
    "l1 (the blog's synapse 0)."
)


def draw_code(
    lines: Sequence[StepLine], position: int, area: DrawArea, faults: Collection[int] = ()
) -> list[Strip]:
    """Draw the lines under a heading for each phase; mark the one executed last.

    Where not all fit, draw those around it; where there is room, add a note on the names.
    ``faults`` are the lines that a gradient check found to be wrong.
    """
    width, height, palette = area
    rows = code_rows(lines)
    first = first_code_row(lines, position, height)
    strips = [
        _row(lines, number, position, width, palette, number in faults).strip(width)
        for number in rows[first : first + height]
    ]
    names = paragraph(NAMING_NOTE, max(1, width - 2), palette.muted)
    if len(strips) + 1 + len(names) <= height:
        strips.append(blank(width, palette.text))
        strips += [RowBuilder(palette.muted).add(f" {n.text}").strip(width) for n in names]
    return strips


def code_rows(lines: Sequence[StepLine]) -> list[int]:
    """Return the index of the line in each row; ``-i - 1`` for the heading before line ``i``."""
    rows: list[int] = []
    for i, line in enumerate(lines):
        if i == 0 or line.phase != lines[i - 1].phase:
            rows.append(-i - 1)
        rows.append(i)
    return rows


def first_code_row(lines: Sequence[StepLine], position: int, height: int) -> int:
    """Return the first visible row, so that the line executed last is in the middle."""
    rows = code_rows(lines)
    at = rows.index(max(0, position - 1))
    return max(0, min(at - (height - 1) // 2, len(rows) - height))


def _row(
    lines: Sequence[StepLine],
    number: int,
    position: int,
    width: int,
    palette: Palette,
    fault: bool,
) -> RowBuilder:
    if number < 0:
        return RowBuilder(palette.text).add(f" {lines[-number - 1].phase}", palette.accented)
    line = lines[number]
    code = fit_text(line.code, max(0, width - CODE_MARGIN))
    mark = "?" if is_blank_line(line.code) else "~" if line.original is not None else ""
    mark = "✗" if fault else mark
    if number == position - 1:
        return RowBuilder(palette.cursor).add(f"{mark or ' '}▸ ").add(code)
    if mark:
        ink = palette.text if number < position else palette.muted
        return RowBuilder(ink).add(f" {mark} ", palette.bad if fault else palette.strong).add(code)
    if number < position:
        return RowBuilder(palette.text).add(" ✓ ", palette.accented).add(code)
    return RowBuilder(palette.muted).add("   ").add(code)
