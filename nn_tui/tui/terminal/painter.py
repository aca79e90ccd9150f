"""Painting: only the cells that changed, and only when the terminal has taken the last frame.

The painter comes between Textual's compositor and its driver. If a later Textual names things
differently, its own painting goes on unchanged.
"""

import gc
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual.app import App
from textual.geometry import Size

from nn_tui.tui.terminal.flow_control import FlowControl
from nn_tui.tui.terminal.screen_diff import ChangedCells, ScreenBuffer

_STATUS_REQUEST = "\x1b[5n"
"""Device status report, which every terminal since the VT100 answers in its turn."""
_COLLECTED = 20_000, 20, 20
"""Thresholds of garbage collection: a picture makes thousands of objects, none in cycles."""
_RETRY = 0.02  # seconds until a frame that had to wait is tried again


class Painter:
    """Sends few bytes, and none that would have to queue.

    ``ready`` tells whether a frame that is sent now is seen soon.
    """

    def __init__(self, app: App[Any], flow: FlowControl, ready: Callable[[], bool]) -> None:
        self._app = app
        self._flow = flow
        self._ready = ready
        self._buffer = ScreenBuffer()
        self._waits = False

    def prepare(self, update: Any) -> bool:
        """Reduce a compositor's update to changed cells; return whether to send it now.

        If not, the screen is painted again as soon as the terminal is ready.
        """
        if self._waits or not self._ready():
            self._wait()
            return False
        pieces = _pieces(update)
        if pieces and not _within(pieces, self._app.size):
            # Textual paints once more by the old layout; that would wrap and leave cells
            # of unknown content.
            self._wait()
            return False
        if pieces is None:
            self._buffer.forget()
        else:
            update.render_segments = partial(self._render, pieces)
        return True

    def sent(self) -> None:
        """The prepared update was sent."""
        if not gc.isenabled():
            # Disabled for a quick start; what exists by now need never be examined.
            gc.freeze()
            gc.set_threshold(*_COLLECTED)
            gc.enable()

    def repaint_all(self) -> None:
        """Send every cell, whatever the terminal seems to show."""
        self._buffer.forget()
        if self._app.screen_stack:
            self._app.screen.refresh()

    def _render(self, pieces: list[ChangedCells], console: Console) -> str:
        colours = console._color_system or ColorSystem.TRUECOLOR
        text = self._buffer.update(pieces, colours, self._app.size.width)
        if text and self._flow.asks:
            self._flow.asked()
            text += _STATUS_REQUEST
        return text

    def _wait(self) -> None:
        if not self._waits:
            self._waits = True
            self._app.set_timer(_RETRY, self._retry)

    def _retry(self) -> None:
        if not self._ready():
            self._app.set_timer(_RETRY, self._retry)
            return
        self._waits = False
        self._app.screen.refresh()


def _within(pieces: list[ChangedCells], window: Size) -> bool:
    """Whether all cells of the pieces are inside the window."""
    return all(p.y < window.height and p.within[1] <= window.width for p in pieces)


def _pieces(update: Any) -> list[ChangedCells] | None:
    """The cells of a compositor's update; None for an unknown kind of update."""
    if hasattr(update, "region") and hasattr(update, "strips"):
        return [
            ChangedCells(y, 0, chain.from_iterable(strips), (0, update.region.width))
            for y, strips in enumerate(update.strips)
        ]
    if not hasattr(update, "spans") or not hasattr(update, "chops"):
        return None
    # A chop outside of the spans may be missing, or be blank where there is a widget. Between
    # two spans it is whole, and to compare it once is quicker than for each of them.
    rows: dict[int, tuple[int, int]] = {}
    for y, start, stop in update.spans:
        first, last = rows.get(y, (start, stop))
        rows[y] = min(first, start), max(last, stop)
    return [
        ChangedCells(y, x, chop, within)
        for y, within in rows.items()
        for x, chop in update.chops[y].items()
        if chop is not None and x < within[1] and x + chop.cell_length > within[0]
    ]
