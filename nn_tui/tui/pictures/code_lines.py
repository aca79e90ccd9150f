"""The lines of a step as code: done, current, to come."""

from collections.abc import Sequence

from textual.strip import Strip

from nn_tui.nn.step import StepLine
from nn_tui.tui.drawing.strips import RowBuilder, blank, fit_strip, paragraph
from nn_tui.tui.theme import Palette

MARGIN = 3
"""Cells before the code, for the mark."""
NAMES = (
    "The names are the blog's: layer l0 is the batch of inputs, and synapse 0, the weights "
    "from l0 to l1, is W0."
)


def draw_code(
    lines: Sequence[StepLine], position: int, width: int, height: int, palette: Palette
) -> list[Strip]:
    """The lines under a heading for each phase, the one done last marked.

    Where not all fit, those around the marked one; where there is room below, what the
    names are.
    """
    rows = rows_of(lines)
    first = first_row(lines, position, height)
    strips = [
        _row(lines, number, position, width, palette).strip(width)
        for number in rows[first : first + height]
    ]
    names = paragraph(NAMES, max(1, width - 2), palette.muted)
    if len(strips) + 1 + len(names) <= height:
        strips.append(blank(width, palette.text))
        strips += [RowBuilder(palette.muted).add(f" {n.text}").strip(width) for n in names]
    return strips


def rows_of(lines: Sequence[StepLine]) -> list[int]:
    """The number of the line in each row; for the heading of a phase, minus its first line's
    number, minus one."""
    rows: list[int] = []
    for i, line in enumerate(lines):
        if i == 0 or line.phase != lines[i - 1].phase:
            rows.append(-i - 1)
        rows.append(i)
    return rows


def first_row(lines: Sequence[StepLine], position: int, height: int) -> int:
    """The row at the top, so that the line done last is in sight with what comes next."""
    rows = rows_of(lines)
    at = rows.index(max(0, position - 1))
    return max(0, min(at - (height - 1) // 2, len(rows) - height))


def _row(
    lines: Sequence[StepLine], number: int, position: int, width: int, palette: Palette
) -> RowBuilder:
    if number < 0:
        return RowBuilder(palette.text).add(f" {lines[-number - 1].phase}", palette.heading)
    code = fit_strip(lines[number].code, max(0, width - MARGIN))
    if number == position - 1:
        return RowBuilder(palette.cursor).add(" ▸ ").add(code)
    if number < position:
        return RowBuilder(palette.text).add(" ✓ ", palette.good).add(code)
    return RowBuilder(palette.muted).add("   ").add(code)
