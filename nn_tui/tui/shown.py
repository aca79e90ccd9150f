"""What the terminal shows, so that only cells that look different are sent again.

Textual sends each changed piece of a widget from the widget's left edge on, and whole
widgets when one of them is covered, uncovered or gets the focus. Here every piece about
to be sent is compared with what the terminal has in its place.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rich.color import ColorSystem
from textual.strip import Strip

from nn_tui.tui.pen import Pen
from nn_tui.tui.strips import changed_spans


class Piece(NamedTuple):
    """Cells for row ``y`` from column ``x`` on."""

    y: int
    x: int
    strip: Strip


class Shown:
    """The rows of the terminal, as far as they are known."""

    def __init__(self) -> None:
        self._rows: dict[int, Strip] = {}

    def forget(self) -> None:
        """Know nothing: all that is painted next is sent."""
        self._rows.clear()

    def update(self, pieces: Iterable[Piece], colours: ColorSystem) -> str:
        """What to send so that these pieces show; from now on they do."""
        pen = Pen(colours)
        for y, x, new in pieces:
            row = self._rows.get(y)
            stop = x + new.cell_length
            if row is None or stop > row.cell_length:
                pen.write(y, x, list(new))
            else:
                old = row.crop(x, stop)
                for start, end in changed_spans(old, new):
                    pen.write(y, x + start, list(new.crop(start, end)))
            if row is not None:
                self._rows[y] = Strip.join([row.crop(0, x), new, row.crop(stop)])
            elif x == 0:
                self._rows[y] = new
        return pen.text()
