"""What stands at an epoch of a chart: edits, the best test result, the crosshair.

Marks stand on the axis, and guides and words in cells that are free: no curve is ever
covered.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from rich.style import Style

from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import Edit
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.braille import BRAILLE
from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.chart_axes import AxisLabels, ChartFrame
from nn_tui.tui.drawing.curve_sampling import SampledCurve
from nn_tui.tui.drawing.strips import squeezed
from nn_tui.tui.theme import Palette

_GUIDE = 0.45
"""How strong the ink of a guide is."""
_MOST_GUIDES = 8
_LONGEST = 32
"""Characters of an edit beside its guide."""


class Mark(NamedTuple):
    """``glyph`` on the axis below ``epoch``; ``words`` are for the row of labels."""

    epoch: float
    glyph: str
    ink: Style
    words: str = ""
    guide: str = ""


def best_mark(points: SampledCurve, lowest: bool, frame: ChartFrame, ink: Style) -> Mark | None:
    """Where a test curve is best; None where that is where it ends, or one of few points.

    Where epochs share a point, the best is one of them.
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
    snapshot: Snapshot, crosshair: int | None, best: Mark | None, palette: Palette
) -> list[Mark]:
    """All marks; of two in one column the first one shows."""
    marks = []
    if crosshair is not None:
        marks.append(Mark(crosshair, "┴", palette.strong, f"{crosshair:,}"))
    edited = dict.fromkeys(edit.epoch for edit in snapshot.edits)
    guide = "┊" if len(edited) <= _MOST_GUIDES else ""
    marks += [Mark(epoch, "▲", palette.heading, guide=guide) for epoch in edited]
    if snapshot.ahead is not None:
        marks.append(Mark(snapshot.epoch, "┴", palette.caution, guide="│"))
    if best is not None:
        marks.append(best)
    return marks


def draw_guides(grid: CellGrid, frame: ChartFrame, marks: Sequence[Mark], palette: Palette) -> None:
    """Upright lines above the marks, where nothing else is."""
    for mark in marks:
        column = frame.column(mark.epoch)
        if mark.guide and 0 <= column < frame.columns:
            ink = palette.fainter(mark.ink, _GUIDE)
            grid.put_upright(frame.left + column, frame.top, mark.guide, frame.lines, ink)


def axis_marks(frame: ChartFrame, marks: Sequence[Mark]) -> dict[int, tuple[str, Style]]:
    """By column: what stands on the axis of epochs."""
    found: dict[int, tuple[str, Style]] = {}
    for mark in marks:
        found.setdefault(frame.column(mark.epoch), (mark.glyph, mark.ink))
    return found


def axis_labels(marks: Sequence[Mark]) -> AxisLabels:
    """What is written below the axis."""
    return [(mark.epoch, mark.words, mark.ink) for mark in marks if mark.words]


def draw_annotations(
    grid: CellGrid, frame: ChartFrame, snapshot: Snapshot, palette: Palette
) -> None:
    """What was changed, along the top, and which epoch it is if others lie ahead."""
    down = range(frame.lines)
    if snapshot.ahead is not None:
        words = f"here: epoch {snapshot.epoch:,}"
        write_beside(grid, frame, frame.column(snapshot.epoch), words, palette.caution, down)
    by_column: dict[int, list[Edit]] = {}
    for edit in snapshot.edits:
        by_column.setdefault(frame.column(edit.epoch), []).append(edit)
    if len(by_column) <= _MOST_GUIDES:
        for column, edits in by_column.items():
            words = squeezed(_told(edits, snapshot), _LONGEST)
            write_beside(grid, frame, column, words, palette.heading, down)


def draw_crosshair(
    grid: CellGrid, frame: ChartFrame, epoch: int, snapshot: Snapshot, palette: Palette
) -> None:
    """An upright line behind the curves, and in full what was changed there."""
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
        words, up = _told(edits, snapshot), range(frame.lines - 1, -1, -1)
        write_beside(grid, frame, column, words, palette.heading, up)


def write_beside(
    grid: CellGrid, frame: ChartFrame, column: int, text: str, ink: Style, rows: Sequence[int]
) -> bool:
    """``text`` right of a column, or left of it, in the first of ``rows`` that has room.

    It is cut in the middle where no row could ever have room for it.
    """
    if not 0 <= column < frame.columns:
        return False
    right, left = frame.columns - column - 2, column - 1
    text = squeezed(text, max(1, right, left))
    for row in rows:
        for room, start in ((right, column + 2), (left, column - 1 - len(text))):
            place = frame.left + start
            if len(text) <= room and grid.is_free(place - 1, frame.top + row, len(text) + 1):
                grid.put(place, frame.top + row, text, ink)
                return True
    return False


def _told(edits: Sequence[Edit], snapshot: Snapshot) -> str:
    return "; ".join(describe_edit(edit, snapshot.dataset) for edit in edits)
