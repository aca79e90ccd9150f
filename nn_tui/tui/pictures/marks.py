"""What stands on the curves: a crosshair, edits, and where one has gone back to."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.training.snapshot import Snapshot
from nn_tui.training.told import described
from nn_tui.tui.drawing.chart_axes import Frame
from nn_tui.tui.drawing.strips import fit
from nn_tui.tui.pictures.axis_rows import Marks
from nn_tui.tui.theme import Palette


def mark_axis(frame: Frame, snapshot: Snapshot, crosshair: int | None, palette: Palette) -> Marks:
    """Edits, the epoch one stands at if others lie ahead, and the crosshair."""
    marks = {frame.column(edit.epoch): ("▲", palette.caution) for edit in snapshot.edits}
    if snapshot.ahead is not None:
        marks.setdefault(frame.column(snapshot.epoch), ("┴", palette.caution))
    if crosshair is not None:
        marks.setdefault(frame.column(crosshair), ("┴", palette.strong))
    return marks


def mark_curves(
    curves: Sequence[Strip],
    frame: Frame,
    snapshot: Snapshot,
    crosshair: int | None,
    palette: Palette,
) -> list[Strip]:
    """Upright lines where one stands and at the crosshair, with a few words beside them."""
    strips = list(curves)
    found = Style(reverse=True) if palette.ansi else Style(bgcolor=palette.cursor.bgcolor)
    if snapshot.ahead is not None:
        here = frame.column(snapshot.epoch)
        strips = _upright(strips, frame, here, palette.caution, found)
        words = f"here: epoch {snapshot.epoch:,}"
        strips[0] = _beside(strips[0], frame, here, words, palette.caution)
    if crosshair is not None:
        column = frame.column(crosshair)
        strips = _upright(strips, frame, column, palette.muted, found)
        edits = [edit for edit in snapshot.edits if frame.column(edit.epoch) == column]
        if edits:
            words = "; ".join(described(edit, snapshot.dataset) for edit in edits)
            strips[-1] = _beside(strips[-1], frame, column, words, palette.caution)
    return strips


def _upright(
    strips: Sequence[Strip], frame: Frame, column: int, ink: Style, found: Style
) -> list[Strip]:
    """A line through blank cells; ``found`` is added to the style of others."""
    if not 0 <= column < frame.columns:
        return list(strips)
    marked = []
    for strip in strips:
        (cell,) = strip.crop(column, column + 1)
        if cell.text == " ":
            cell = Segment("│", ink)
        else:
            cell = Segment(cell.text, (cell.style or ink) + found)
        marked.append(_replaced(strip, column, cell))
    return marked


def _beside(strip: Strip, frame: Frame, column: int, text: str, ink: Style) -> Strip:
    """``text`` to the right of a column, or to its left where there is more room."""
    right, left = frame.columns - column - 2, column - 1
    if len(text) <= right or right >= left:
        return _replaced(strip, column + 2, Segment(fit(text, min(len(text), right)), ink))
    shown = fit(text, min(len(text), left))
    return _replaced(strip, column - 1 - len(shown), Segment(shown, ink))


def _replaced(strip: Strip, column: int, segment: Segment) -> Strip:
    width = segment.cell_length
    if not width or column < 0 or column + width > strip.cell_length:
        return strip
    after = strip.crop(column + width, strip.cell_length)
    return Strip.join([strip.crop(0, column), Strip([segment], width), after])
