"""What a person types is carried out one thing after the other.

Fingers, a paste or a slow line may be several keys ahead of the screen. Textual hands a
key to what has the focus when the key comes; but whether ``5`` is a pane or a digit, only
the ``enter`` before it decides. So a key waits until all that the one before has set off
is done.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from textual.dom import DOMNode
from textual.events import Event, Key, MouseDown, MouseUp, Paste
from textual.message_pump import MessagePump

from nn_tui.tui.failure import QuietApp

_TYPED = (Key, Paste, MouseDown, MouseUp)
_ROUNDS = 3
"""A key goes up to the app; what that does may put the focus elsewhere, or open a screen; and
that has something to do when it opens."""
_LONGEST = 1.0
"""Seconds after which the next key has its turn whatever became of the one before."""


class OrderlyApp(QuietApp):
    """An app that does one thing at a time of what is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._waiting: deque[Event] = deque()
        self._turn: asyncio.Task[None] | None = None

    async def on_event(self, event: Event) -> None:
        """Whatever comes; what was typed when it is its turn."""
        if event.is_forwarded or not isinstance(event, _TYPED):
            await super().on_event(event)
            return
        self._waiting.append(event)
        if self._turn is None:
            await self._take()

    @property
    def busy_with_what_was_typed(self) -> bool:
        """Whether something that was typed is not done yet."""
        return self._turn is not None

    def taken_up(self, event: Event) -> None:
        """What was typed has its turn now."""

    async def asked_is_done(self) -> None:
        """Wait, not for long, until what was typed has had its effect outside of the screen."""

    async def _take(self) -> None:
        event = self._waiting.popleft()
        await super().on_event(event)
        self.taken_up(event)
        self._turn = asyncio.create_task(self._see_through())

    async def _see_through(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_is_done(), _LONGEST)
        if not (self._waiting and self.call_later(self._take)):
            self._turn = None

    async def _all_is_done(self) -> None:
        for _ in range(_ROUNDS):
            for node in self._concerned():
                await _has_done(node)
        await self.asked_is_done()

    def _concerned(self) -> list[DOMNode]:
        """Who may have to do with a key, in the order in which it comes to them."""
        if not self.screen_stack:
            return []
        return (self.focused or self.screen).ancestors_with_self


async def _has_done(pump: MessagePump) -> None:
    """Wait until all is done that was in its queue."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        await done.wait()
