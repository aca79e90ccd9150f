"""The program under a pilot, with what it sends to the terminal seen by pyte."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pyte
from rich.color import ColorSystem
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from nn_tui import experiment
from nn_tui.tui.app import NnTui
from nn_tui.tui.panes.pane import Pane

PATIENCE = 60.0


class Recorder(HeadlessDriver):
    """A terminal that nobody sees; what is sent to it is kept."""

    written: list[str]

    @property
    def is_headless(self) -> bool:
        return False  # else nothing is sent

    def write(self, data: str) -> None:
        self.__dict__.setdefault("written", []).append(data)


@dataclass(frozen=True)
class Cell:
    """What a person sees in a cell."""

    text: str
    ink: str
    paper: str
    bold: bool
    reverse: bool


class Seen:
    """One running program: its app, its pilot, its terminal."""

    def __init__(self, app: NnTui, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot
        self._screen = pyte.Screen(*app.size)
        self._stream = pyte.Stream(self._screen)
        self._fed = 0

    async def press(self, *keys: str) -> None:
        """Press keys and wait until all that follows from them is done and painted."""
        for key in keys:
            await self.pilot.press(key)
        await self.settled()

    async def typed(self, text: str) -> None:
        """Press the key of every character."""
        await self.pilot.press(*text)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the session has nothing to do and the screen shows it."""
        await asyncio.wait_for(self.app.session.settled(), PATIENCE)
        await self.pilot.pause()

    async def train(self, epochs: int) -> None:
        """Train so many epochs."""
        self.app.session.train(epochs)
        await self.settled()

    async def resize(self, width: int, height: int) -> None:
        """Change the window's size."""
        self.feed()
        self._screen.resize(height, width)
        await self.pilot.resize_terminal(width, height)
        await self.settled()

    # What the terminal shows

    def feed(self) -> int:
        """Let the terminal read what was sent since; the number of characters."""
        sent = "".join(self.app._driver.written[self._fed :])  # type: ignore[union-attr]
        self._fed = len(self.app._driver.written)  # type: ignore[union-attr]
        self._stream.feed(sent)
        return len(sent)

    @property
    def lines(self) -> list[str]:
        """The terminal's lines as text."""
        self.feed()
        return list(self._screen.display)

    @property
    def text(self) -> str:
        """The terminal's lines as one text."""
        return "\n".join(self.lines)

    def cells(self) -> list[list[Cell]]:
        """Everything the terminal shows."""
        self.feed()
        return _cells(self._screen)

    def painted_anew(self) -> list[list[Cell]]:
        """What it would show if every widget were drawn and sent from nothing."""
        width, height = self.app.size
        screen = pyte.Screen(width, height)
        stream = pyte.Stream(screen)
        for widget in self.app.screen.walk_children(with_self=True):
            if isinstance(widget, Pane):
                widget.forget()
            widget._styles_cache.clear()
        strips = self.app.screen._compositor.render_strips(self.app.size)
        for y, strip in enumerate(strips):
            stream.feed(f"\x1b[{y + 1};1H" + strip.render(self.app.console))
        return _cells(screen)

    @property
    def info(self) -> str:
        """The sentence of the information line."""
        return self.app.query_one("#info").draw(400, 1)[0].text.strip()  # type: ignore[attr-defined]

    def pane(self, name: str) -> Any:
        """A pane by its id."""
        return self.app.query_one(f"#{name}")


def _cells(screen: pyte.Screen) -> list[list[Cell]]:
    return [
        [
            Cell(c.data, c.fg, c.bg, c.bold, c.reverse)
            for c in (screen.buffer[y][x] for x in range(screen.columns))
        ]
        for y in range(screen.lines)
    ]


@asynccontextmanager
async def opened(
    text: str = "blog", size: tuple[int, int] = (160, 45), *assignments: str
) -> AsyncIterator[Seen]:
    """The program with an experiment open, paused at epoch 0."""
    found = experiment.load(text, assignments)
    app = NnTui(found.name, found.recipe, found.dataset)
    app.driver_class = Recorder
    app.console._color_system = ColorSystem.TRUECOLOR  # whatever TERM the tests run under
    async with app.run_test(headless=False, size=size, notifications=True) as pilot:
        seen = Seen(app, pilot)
        await seen.settled()
        yield seen
