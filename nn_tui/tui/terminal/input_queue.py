"""Typed input is handled one event at a time.

Typing, a paste or a slow connection may be several keys ahead of the screen. Textual sends
a key to the widget that has the focus when the key arrives; but whether ``5`` selects a pane
or is a digit depends on the ``enter`` before it. So a key waits until everything that the key
before it has caused is done.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.events import Event, Key, MouseDown, MouseUp, Paste
from textual.message import Message
from textual.message_pump import MessagePump

_TYPED = (Key, Paste, MouseDown, MouseUp)
_INTERRUPT = "ctrl+c"
"""A key that overtakes all others and discards them."""
_ROUNDS = 3
"""A key bubbles from the focused widget to the app; on its way a message may be posted, such
as an accepted input; and its handler may post another one, or move the focus."""
_LONGEST = 10.0
"""Seconds after which the next event is handled, whatever became of the one before."""
_GLANCE = 0.05
"""Seconds between two looks whether the widget that has to pass a marker on still lives."""


class QueueMarker(Message):
    """Follows a key along its way; where it arrives, everything before it is done."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = asyncio.Event()


class InputQueue:
    """Passes events on to ``dispatch``, typed ones only when the last one is done.

    ``dispatched`` is called with each typed event as soon as it was dispatched.
    """

    def __init__(
        self,
        app: App[Any],
        dispatch: Callable[[Event], Awaitable[None]],
        dispatched: Callable[[Event], None],
    ) -> None:
        self._app = app
        self._dispatch = dispatch
        self._dispatched = dispatched
        self._waiting: deque[Event] = deque()
        self._current: asyncio.Task[None] | None = None
        self.closed = False
        """Whether typed events are discarded."""

    @property
    def waiting(self) -> int:
        """The number of events that wait; for any thread."""
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        """Whether a typed event is not done yet."""
        return self._current is not None

    async def put(self, event: Event) -> None:
        """Dispatch ``event`` now, or when its turn comes."""
        if event.is_forwarded or not isinstance(event, _TYPED):
            await self._dispatch(event)
        elif self.closed:
            return
        elif isinstance(event, Key) and event.key == _INTERRUPT:
            self._waiting.clear()
            await self._dispatch(event)
        else:
            self._waiting.append(event)
            if self._current is None:
                await self._next()

    async def _next(self) -> None:
        if not self._waiting:  # an interrupt discarded them since this was called later
            self._current = None
            return
        event = self._waiting.popleft()
        await self._dispatch(event)
        self._dispatched(event)
        self._current = asyncio.create_task(self._finish())

    async def _finish(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_done(), _LONGEST)
        if self.closed or not (self._waiting and self._app.call_later(self._next)):
            self._current = None

    async def _all_done(self) -> None:
        for _ in range(_ROUNDS):
            marker = QueueMarker()
            app = self._app
            start = (app.focused or app.screen) if app.screen_stack else None
            if start is not None and start.post_message(marker):
                await self._arrival(marker, start)

    async def _arrival(self, marker: QueueMarker, start: MessagePump) -> None:
        """Wait for the marker, which is lost if the widget it starts from is removed.

        A widget that was just mounted, such as an editor, takes messages before it runs.
        """
        while (start.is_running or start.is_attached) and not marker.arrived.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(marker.arrived.wait(), _GLANCE)
