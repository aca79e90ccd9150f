"""A program under a pilot, with what it sends to the terminal seen by pyte."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pyte
from rich.color import ColorSystem
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from nn_tui import experiment
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui
from nn_tui.tui.widgets.canvas import Canvas

PATIENCE = 60.0


class Recorder(HeadlessDriver):
    """A terminal that nobody sees; what is sent to it is kept."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False  # else nothing is sent

    def write(self, data: str) -> None:
        self.written.append(data)


class Cell(NamedTuple):
    """What a person sees in a cell."""

    text: str
    ink: str
    paper: str
    bold: bool
    reverse: bool


class Watched:
    """A running app and its terminal."""

    def __init__(self, app: App[Any], pilot: Pilot[Any]) -> None:
        self.app: Any = app
        self.pilot = pilot
        self._screen = pyte.Screen(*app.size)
        self._stream = pyte.Stream(self._screen)
        self._fed = 0

    def feed(self) -> str:
        """Let the terminal read what was sent since the last time; returns that."""
        written = self.app._driver.written
        sent = "".join(written[self._fed :])
        self._fed = len(written)
        self._stream.feed(sent)
        return sent

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
        for widget in self.app.screen.walk_children(with_self=True):
            if isinstance(widget, Canvas):
                widget.forget()
            widget._styles_cache.clear()
        screen = pyte.Screen(*self.app.size)
        stream = pyte.Stream(screen)
        for y, strip in enumerate(self.app.screen._compositor.render_strips(self.app.size)):
            stream.feed(f"\x1b[{y + 1};1H" + strip.render(self.app.console))
        return _cells(screen)

    async def resize(self, width: int, height: int) -> None:
        """Change the window's size."""
        self.feed()
        self._screen.resize(height, width)
        await self.pilot.resize_terminal(width, height)


class Seen(Watched):
    """The program itself."""

    async def press(self, *keys: str) -> None:
        """Press keys, each when all that follows from the last is done and painted."""
        for key in keys:
            character = key if len(key) == 1 else None
            name = _character_to_key(key) if character else key
            self.app.post_message(Key(name, character))
            await self.pilot.pause()
            while self.app.input_busy:
                await asyncio.sleep(0.001)
            await asyncio.wait_for(self.app.session.settled(), PATIENCE)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Press the key of every character, then enter."""
        await self.press(*text, "enter")

    async def settled(self) -> None:
        """Wait until the session has nothing to do and the screen shows it."""
        await asyncio.wait_for(self.app.session.settled(), PATIENCE)
        await self.pilot.pause()

    async def train(self, epochs: int) -> None:
        """Train so many epochs."""
        self.app.session.train(epochs)
        await self.settled()

    @property
    def info(self) -> str:
        """The sentence of the information line, whole."""
        return str(self.app.query_one("#info").draw(1000, 1)[0].text).strip()

    @property
    def panes(self) -> set[str]:
        """The panes that show."""
        return {
            pane.id
            for pane in self.app.screen_stack[0].query("Pane")
            if all(node.display for node in (pane, *pane.ancestors) if hasattr(node, "display"))
        }


async def until(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def _cells(screen: pyte.Screen) -> list[list[Cell]]:
    rows = []
    for y in range(screen.lines):
        row = (screen.buffer[y][x] for x in range(screen.columns))
        rows.append([_cell(c) for c in row])
    return rows


def _cell(c: Any) -> Cell:
    if c.data == " " and not (c.reverse or c.underscore or c.strikethrough):
        return Cell(" ", "", c.bg, False, False)  # nobody sees the ink of a blank
    return Cell(c.data, c.fg, c.bg, c.bold, c.reverse)


@asynccontextmanager
async def watched(app: App[Any], size: tuple[int, int]) -> AsyncIterator[Watched]:
    """Any app with its terminal."""
    _record(app)
    async with app.run_test(headless=False, size=size) as pilot:
        yield Watched(app, pilot)


@asynccontextmanager
async def opened(
    text: str = "blog",
    size: tuple[int, int] = (160, 45),
    *assignments: str,
    store: RunStore | None = None,
    made: Callable[..., NnTui] = NnTui,
    **options: Any,
) -> AsyncIterator[Seen]:
    """The program with an experiment open, paused at epoch 0; ``options`` are its own.

    Runs are kept on a ``store``; without one, ``made`` makes the app.
    """
    found = experiment.load_experiment(text, assignments)
    timeline = new_timeline(found)
    saver = Autosaver(store, timeline.run) if store else None
    app = NnTui(timeline, saver, **options) if saver else made(timeline, **options)
    _record(app)
    async with app.run_test(headless=False, size=size, notifications=True) as pilot:
        seen = Seen(app, pilot)
        await seen.settled()
        yield seen
    if saver:
        saver.leave(app.session.timeline, in_order=True)


def _record(app: App[Any]) -> None:
    app.driver_class = Recorder
    app.console._color_system = ColorSystem.TRUECOLOR  # whatever TERM the tests run under
