"""Axes around curves: losses on the left, epochs below."""

from collections.abc import Mapping, Sequence

from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.chart_axes import Frame, Range, Ticks, linear_ticks
from nn_tui.tui.drawing.line_plot import DOTS_DOWN
from nn_tui.tui.drawing.strips import Row
from nn_tui.tui.theme import Palette

Marks = Mapping[int, tuple[str, Style]]
"""By column: what stands on the axis of epochs."""

_COLUMNS_PER_TICK = 12


def left_of(
    curves: Sequence[Strip], frame: Frame, y_range: Range, ticks: Ticks, palette: Palette
) -> list[Strip]:
    """The lines of curves with the axis of values."""
    labels = _labels_of_lines(frame, y_range, ticks)
    rows = []
    for line, strip in enumerate(curves):
        label = labels.get(line, "")
        row = Row(palette.muted).right(label, frame.left - 1).add("┤" if label else "│")
        rows.append(Strip.join([row.strip(frame.left), strip]))
    return rows


def below(frame: Frame, marks: Marks, crosshair: int | None, palette: Palette) -> list[Strip]:
    """The axis of epochs with what stands on it, and its labels, the crosshair's among them."""
    count = max(2, min(8, frame.columns // _COLUMNS_PER_TICK))
    ticks = linear_ticks(*frame.epochs, count, whole=True)
    return [_axis(frame, ticks, marks, palette), _epochs(frame, ticks, crosshair, palette)]


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


def _epochs(frame: Frame, ticks: Ticks, crosshair: int | None, palette: Palette) -> Strip:
    """Labels where they have room; that of the crosshair always has."""
    width = frame.left + frame.columns
    places = [(_start(frame, at, label), label, palette.muted) for at, label in ticks]
    if crosshair is not None and 0 <= frame.column(crosshair) < frame.columns:
        own = (_start(frame, crosshair, f"{crosshair:,}"), f"{crosshair:,}", palette.strong)
        places = [place for place in places if not _touch(place, own)]
        places = sorted([*places, own], key=lambda place: place[0])
    row = Row(palette.muted)
    if places[0][0] > len("epoch"):
        row.add("epoch", palette.faint)
    for start, label, style in places:
        if start >= row.width + (row.width > 0):
            row.to(start).add(label, style)
    return row.strip(width)


def _start(frame: Frame, at: float, label: str) -> int:
    """Where a label begins: its middle is below ``at``, but it is never cut off."""
    middle = frame.left + frame.column(at) - len(label) // 2
    return max(0, min(middle, frame.left + frame.columns - len(label)))


def _touch(one: tuple[int, str, Style], other: tuple[int, str, Style]) -> bool:
    return one[0] <= other[0] + len(other[1]) and other[0] <= one[0] + len(one[1])
