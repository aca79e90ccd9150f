"""Marks at single epochs of a chart: edits, the best test result, the crosshair.

Marks are on the axis; guide lines and texts use free cells, so no curve is covered.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.style import Style

from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.braille import BRAILLE
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.drawing.epoch_axis import AxisLabels, ChartFrame
from nn_tui.tui.drawing.strips import squeezed
from nn_tui.tui.theme import Palette

_GUIDE = 0.45
"""Opacity of a guide line."""
_MOST_GUIDES = 8
_LONGEST = 32
"""Characters of an edit's text beside its guide line."""


class Mark(NamedTuple):
    """``glyph`` on the axis at ``epoch``, with an optional ``label`` below and ``guide`` above."""

    epoch: float
    glyph: str
    ink: Style
    label: str = ""
    guide: str = ""


def mark_of_best(epoch: int, end: float, frame: ChartFrame, ink: Style) -> Mark | None:
    """Return the mark of the best epoch; None if it is the last one, ``end``, or next to it."""
    if epoch >= end or frame.column(epoch) >= frame.column(end) - 1:
        return None
    return Mark(epoch, "◆", ink, f"best {epoch:,}", "┊")


def best_mark(points: SampledCurve, lowest: bool, frame: ChartFrame, ink: Style) -> Mark | None:
    """Return the mark of the best test value; None for short curves or if it is the last value.

    Where a point covers several epochs, the best is one of them.
    """
    if len(points) < 3 or points.end is None:
        return None
    values = points.low if lowest else -points.high
    best = int(np.where(np.isfinite(values), values, np.inf).argmin())
    first, last = points.first[best], points.last[best]
    if frame.column(first) >= frame.column(points.last[points.end]) - 1:
        return None
    text = f"best {first:,.0f}" if first == last else f"best ≈{(first + last) / 2:,.0f}"
    return Mark(float((first + last) / 2), "◆", ink, text, "┊")


def epoch_marks(
    snapshot: Snapshot,
    crosshair: int | None,
    diverged: float | None,
    best: Mark | None,
    palette: Palette,
) -> list[Mark]:
    """Return all marks; of several in one column the first is drawn.

    ``diverged`` is the epoch at which the run did.
    """
    marks = []
    if crosshair is not None:
        marks.append(Mark(crosshair, "┴", palette.strong, f"{crosshair:,}"))
    if diverged is not None:
        marks.append(Mark(diverged, "✗", palette.bad + Style(bold=True), guide="┊"))
    edited = dict.fromkeys(edit.epoch for edit in snapshot.edits)
    guide = "┊" if len(edited) <= _MOST_GUIDES else ""
    marks += [Mark(epoch, "▲", palette.accented, guide=guide) for epoch in edited]
    if snapshot.ahead is not None:
        marks.append(Mark(snapshot.epoch, "┴", palette.accented, guide="│"))
    if best is not None:
        marks.append(best)
    return marks


def draw_guides(grid: CellGrid, frame: ChartFrame, marks: Sequence[Mark], palette: Palette) -> None:
    """Draw vertical guide lines above the marks, in free cells."""
    for mark in marks:
        column = frame.column(mark.epoch)
        if mark.guide and 0 <= column < frame.columns:
            ink = palette.fainter(mark.ink, _GUIDE)
            grid.put_upright(frame.left + column, frame.top, mark.guide, frame.lines, ink)


def axis_marks(frame: ChartFrame, marks: Sequence[Mark]) -> dict[int, tuple[str, Style]]:
    """Return the marks on the epoch axis, by column."""
    found: dict[int, tuple[str, Style]] = {}
    for mark in marks:
        found.setdefault(frame.column(mark.epoch), (mark.glyph, mark.ink))
    return found


def axis_labels(marks: Sequence[Mark]) -> AxisLabels:
    """Return the labels of the marks."""
    return [(mark.epoch, mark.label, mark.ink) for mark in marks if mark.label]


def draw_annotations(
    grid: CellGrid, frame: ChartFrame, snapshot: Snapshot, palette: Palette
) -> None:
    """Write the edits along the top, and the current epoch if the run continues after it."""
    down = range(frame.lines)
    if snapshot.ahead is not None:
        text = f"at epoch {snapshot.epoch:,}"
        write_beside(grid, frame, frame.column(snapshot.epoch), text, palette.accented, down)
    by_column: dict[int, list[Edit]] = {}
    for edit in snapshot.edits:
        by_column.setdefault(frame.column(edit.epoch), []).append(edit)
    if len(by_column) <= _MOST_GUIDES:
        for column, edits in by_column.items():
            text = squeezed(_edit_text(edits, snapshot), _LONGEST)
            write_beside(grid, frame, column, text, palette.accented, down)


def draw_crosshair(
    grid: CellGrid, frame: ChartFrame, epoch: int, snapshot: Snapshot, palette: Palette
) -> None:
    """Draw a vertical line behind the curves, and the edits at that epoch in full."""
    column = frame.column(epoch)
    if not 0 <= column < frame.columns:
        return
    found = Style(reverse=True) if palette.ansi else Style(bgcolor=palette.cursor.bgcolor)
    for line in range(frame.top, frame.top + frame.lines):
        if grid.is_free(frame.left + column, line):
            grid.put(frame.left + column, line, "│", palette.muted)
        elif ord(grid.letter(frame.left + column, line)) > BRAILLE:
            grid.restyle(frame.left + column, line, found)
    edits = [edit for edit in snapshot.edits if frame.column(edit.epoch) == column]
    if edits:
        text, up = _edit_text(edits, snapshot), range(frame.lines - 1, -1, -1)
        write_beside(grid, frame, column, text, palette.accented, up)


def write_divergence(
    grid: CellGrid, frame: ChartFrame, epoch: float, row: int, palette: Palette
) -> None:
    """Write the epoch at which the run diverged, as near to ``row`` as there is room.

    The text may use the free cells beside the labels of the curves.
    """
    rows = sorted(range(frame.lines), key=lambda other: abs(other - row))
    text, ink = f"✗ diverged at {epoch:,.0f}", palette.bad + Style(bold=True)
    write_beside(grid, frame, frame.column(epoch), text, ink, rows, grid.width - frame.left)


def write_beside(
    grid: CellGrid,
    frame: ChartFrame,
    column: int,
    text: str,
    ink: Style,
    rows: Sequence[int],
    end: int | None = None,
) -> bool:
    """Write ``text`` right or left of a column, in the first of ``rows`` with free cells.

    It ends before column ``end``, by default that after the curves. Return whether there was
    room. Text longer than any row is shortened in the middle.
    """
    if not 0 <= column < frame.columns:
        return False
    right, left = (frame.columns if end is None else end) - column - 2, column - 1
    text = squeezed(text, max(1, right, left))
    for row in rows:
        for room, start in ((right, column + 2), (left, column - 1 - len(text))):
            place = frame.left + start
            if len(text) <= room and grid.is_free(place - 1, frame.top + row, len(text) + 1):
                grid.put(place, frame.top + row, text, ink)
                return True
    return False


def _edit_text(edits: Sequence[Edit], snapshot: Snapshot) -> str:
    """The edits in words; of several to a field in one epoch, the last has an effect."""
    last = {
        (edit.epoch, *dict(edit.changes)) if isinstance(edit, RecipeEdit) else index: edit
        for index, edit in enumerate(edits)
    }
    return "; ".join(describe_edit(edit, snapshot.dataset) for edit in last.values())
