"""Axes around curves: losses on the left, epochs below."""

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.pictures.axes import Frame, Range, Ticks, linear_ticks
from nn_tui.tui.plot import DOTS_DOWN
from nn_tui.tui.strips import Row
from nn_tui.tui.theme import Palette

Marks = Mapping[int, tuple[str, Style]]
"""By column: what stands on the axis of epochs."""

_COLUMNS_PER_TICK = 12


def framed(
    curves: Sequence[Strip],
    frame: Frame,
    y_range: Range,
    y_ticks: Ticks,
    marks: Marks,
    palette: Palette,
) -> list[Strip]:
    """The lines of curves with the axis of values, and two lines of epochs."""
    labels = _labels_of_lines(frame, y_range, y_ticks)
    room = frame.left - 1
    rows = []
    for line, strip in enumerate(curves):
        label = labels.get(line, "")
        row = Row(palette.muted).right(label, room).add("┤" if label else "│")
        rows.append(Strip.join([row.strip(frame.left), strip]))
    count = max(2, min(8, frame.columns // _COLUMNS_PER_TICK))
    ticks = linear_ticks(*frame.epochs, count, whole=True)
    return [*rows, _axis(frame, ticks, marks, palette), _epochs(frame, ticks, palette)]


def _labels_of_lines(frame: Frame, y_range: Range, ticks: Ticks) -> dict[int, str]:
    low, high = y_range
    dots = DOTS_DOWN * frame.lines - 1
    return {
        frame.lines - 1 - round((at / (high - low) - low / (high - low)) * dots) // DOTS_DOWN: label
        for at, label in ticks
    }


def _axis(frame: Frame, ticks: Ticks, marks: Marks, palette: Palette) -> Strip:
    ticked = {frame.column(at) for at, _ in ticks}
    row = Row(palette.muted).right("└", frame.left)
    for column in range(frame.columns):
        glyph, style = marks.get(column, ("┬" if column in ticked else "─", palette.muted))
        row.add(glyph, style)
    return row.strip(frame.left + frame.columns)


def _epochs(frame: Frame, ticks: Ticks, palette: Palette) -> Strip:
    width = frame.left + frame.columns
    row = Row(palette.muted).add("epoch", palette.faint)
    for at, label in ticks:
        start = frame.left + frame.column(at) - len(label) // 2
        start = max(0, min(start, width - len(label)))
        if start > row.width:
            row.to(start).add(label)
    return row.strip(width)
