"""Labels at the ends of curves, each on its own row."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from nn_tui.tui.drawing.cell_grid import CellGrid
from nn_tui.tui.drawing.epoch_axis import ChartFrame
from nn_tui.tui.drawing.strips import squeezed
from nn_tui.tui.theme import Palette

_LEAD = 1
"""Cells between the curves and a label, for a line in its colour."""
_LEAST = 24
_WIDTH_FOR_VALUES = 56
"""Least width with a value behind the name; in less it is on the row below."""
_SHARE = 3
"""Labels take at most a third of the width."""


@dataclass(frozen=True)
class CurveLabel:
    """The curve ends in ``column``, ``down`` rows from the top.

    A label that is not ``bound`` to the margin is beside the end of its curve, if that is free.
    That of a ``dashed`` curve has a dash before it.
    """

    name: str
    value: str
    ink: Style
    down: float
    column: int
    bound: bool = True
    dashed: bool = False


def label_columns(names: Sequence[str], value: int, width: int) -> int:
    """Return the width of the labels right of the curves; a value takes ``value`` cells."""
    if width < _LEAST or not names:
        return 0
    name = max(map(cell_len, names))
    wanted = name + 1 + value if width >= _WIDTH_FOR_VALUES else max(name, value - 1)
    return min(_LEAD + wanted, width // _SHARE)


def draw_labels(
    grid: CellGrid, frame: ChartFrame, labels: Sequence[CurveLabel], palette: Palette
) -> None:
    """Draw the labels; where not all fit, the first ones."""
    room = grid.width - frame.left - frame.columns - _LEAD
    if room <= 0:
        return
    with_values = grid.width >= _WIDTH_FOR_VALUES
    rest = [label for label in labels if label.bound or not _beside(grid, frame, label)]
    column, lines = frame.left + frame.columns, frame.lines
    if len(rest) > lines:
        lines -= 1
        ways = (f"+{len(rest) - lines} more", f"+{len(rest) - lines}")
        more = next((way for way in ways if len(way) <= room), "")
        grid.put(column + _LEAD, frame.top + lines, more, palette.muted)
        rest = rest[:lines]
    below = not with_values and 2 * len(rest) <= lines
    placed = place_labels([label.down for label in rest], lines, 1 + below)
    for label, row in zip(rest, placed, strict=True):
        if label.dashed or row == int(label.down):
            grid.put(column, frame.top + row, "╌" if label.dashed else "╴", label.ink)
        grid.put(column + _LEAD, frame.top + row, _text(label, room, with_values), label.ink)
        if below and len(label.value) <= room:
            grid.put(column + _LEAD, frame.top + row + 1, label.value, label.ink)


def place_labels(wanted: Sequence[float], rows: int, height: int = 1) -> list[int]:
    """Return the first row of each label, as near to ``wanted`` as possible, all different.

    Labels take ``height`` rows and have room in ``rows``; they keep the order of ``wanted``.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    groups: list[list[int]] = []
    starts: list[int] = []
    for i in order:
        groups.append([i])
        starts.append(_start([wanted[i]], rows, height))
        while len(groups) > 1 and starts[-2] + height * len(groups[-2]) > starts[-1]:
            last = groups.pop()
            starts.pop()
            groups[-1] += last
            starts[-1] = _start([wanted[k] for k in groups[-1]], rows, height)
    placed = [0] * len(wanted)
    for group, start in zip(groups, starts, strict=True):
        for k, i in enumerate(group):
            placed[i] = start + height * k
    return placed


def _start(wanted: Sequence[float], rows: int, height: int) -> int:
    """The first row of adjacent labels, as near to their wanted rows as possible."""
    middle = sum(int(row) - height * k for k, row in enumerate(wanted)) / len(wanted)
    return max(0, min(round(middle), rows - height * len(wanted)))


def _beside(grid: CellGrid, frame: ChartFrame, label: CurveLabel) -> bool:
    """Write a label right of the end of its curve; return whether there was room."""
    text = f"{'╌' * label.dashed}{label.name} {label.value}".strip()
    column = frame.left + label.column + 1
    if label.column + 2 + cell_len(text) > frame.columns:
        return False
    own = int(label.down)
    for row in (own, own - 1, own + 1):
        if 0 <= row < frame.lines and grid.is_free(column, frame.top + row, cell_len(text) + 2):
            grid.put(column + 1, frame.top + row, text, label.ink)
            return True
    return False


def _text(label: CurveLabel, room: int, with_value: bool) -> str:
    if not with_value or not label.value:
        return squeezed(label.name, room)
    name = squeezed(label.name, max(1, room - 1 - len(label.value)))
    return f"{name} {label.value}"[:room]
