"""Painting: only what changed, and only when the terminal has taken the last picture.

It comes between Textual's compositor and its driver. Where a later Textual names things
otherwise, its own painting goes on unchanged.
"""

import asyncio
import gc
from functools import partial
from itertools import chain
from typing import Any

from rich.color import ColorSystem
from rich.console import Console
from textual.app import App
from textual.driver import Driver
from textual.events import Resize
from textual.geometry import Size

from nn_tui.tui.terminal.flow_control import FlowControl, idle, metered
from nn_tui.tui.terminal.screen_diff import ChangedCells, ScreenBuffer

_QUESTION = "\x1b[5n"
"""Whether the terminal is well, which every one since the VT100 answers in its turn."""
_AGAIN = 0.02  # seconds until a picture that had to wait is tried again
_PATIENCE = 0.3  # seconds to wait for the last answer


class PainterApp(App[int]):
    """An app that sends few bytes, and none that would have to queue."""

    def __init__(self, **options: Any) -> None:
        self.link = FlowControl()
        super().__init__(**options)
        self._shown = ScreenBuffer()
        self._waits = False

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, watched."""
        return metered(super().get_driver_class(), self.link)

    @property
    def terminal_ready(self) -> bool:
        """Whether a picture that is sent now would be seen soon."""
        return idle(self._driver) and self.link.ready

    @property
    def terminal_spare(self) -> bool:
        """Whether there is room for a picture that nobody waits for."""
        return idle(self._driver) and self.link.spare

    def answered(self) -> None:
        """The terminal has come to a question."""
        self.link.answered()

    def on_resize(self, event: Resize) -> None:
        """A terminal of another size shows who knows what: all is sent again."""
        self.paint_anew()

    async def action_put_aside(self) -> None:
        """Back to the shell, which should not get what the terminal answers."""
        self.link.hush()
        await self._last_answer()
        self.action_suspend_process()

    def taken_again(self) -> None:
        """The terminal was put aside: it may be asked again, and is sent all."""
        self.link.listen()
        self.paint_anew()

    async def _last_answer(self) -> None:
        """Wait a moment for what the terminal may still answer."""
        for _ in range(round(_PATIENCE / _AGAIN)):
            if not self.link.awaits_answer:
                return
            await asyncio.sleep(_AGAIN)

    def painted(self) -> None:
        """A picture was just sent."""

    def paint_anew(self) -> None:
        """Send everything, whatever the terminal seems to show."""
        self._shown.forget()
        if self.screen_stack:
            self.screen.refresh()

    def _display(self, screen: Any, renderable: Any) -> None:
        if self._waits or not self.terminal_ready:
            self._wait()
            return
        pieces = _pieces(renderable)
        if pieces and not _within(pieces, self.size):
            # Textual paints once more by the old layout; that would wrap and leave cells
            # of which nobody knows.
            self._wait()
            return
        if pieces is None:
            self._shown.forget()
        else:
            renderable.render_segments = partial(self._render, pieces)
        super()._display(screen, renderable)
        self.painted()
        if not gc.isenabled():
            # It was switched off for a quick start, and need not look at that ever again.
            gc.freeze()
            gc.enable()

    def _render(self, pieces: list[ChangedCells], console: Console) -> str:
        colours = console._color_system or ColorSystem.TRUECOLOR
        text = self._shown.update(pieces, colours)
        if text and self.link.asks:
            self.link.asked()
            text += _QUESTION
        return text

    def _wait(self) -> None:
        """Paint what is there by then, when the terminal is ready."""
        if not self._waits:
            self._waits = True
            self.set_timer(_AGAIN, self._try_again)

    def _try_again(self) -> None:
        if not self.terminal_ready:
            self.set_timer(_AGAIN, self._try_again)
            return
        self._waits = False
        self.screen.refresh()


def _within(pieces: list[ChangedCells], window: Size) -> bool:
    """Whether the window has all the cells that the pieces want to fill."""
    return all(p.y < window.height and p.within[1] <= window.width for p in pieces)


def _pieces(update: Any) -> list[ChangedCells] | None:
    """What a compositor's update wants to show; None where it is of a kind not known."""
    if hasattr(update, "region") and hasattr(update, "strips"):
        return [
            ChangedCells(y, 0, chain.from_iterable(strips), (0, update.region.width))
            for y, strips in enumerate(update.strips)
        ]
    if not hasattr(update, "spans") or not hasattr(update, "chops"):
        return None
    # A chop outside of the spans may be missing, or be blank where there is a widget.
    return [
        ChangedCells(y, x, chop, (start, stop))
        for y, start, stop in update.spans
        for x, chop in update.chops[y].items()
        if chop is not None and x < stop and x + chop.cell_length > start
    ]
