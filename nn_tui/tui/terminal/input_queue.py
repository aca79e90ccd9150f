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

from textual.events import Event, Key, MouseDown, MouseUp, Paste
from textual.message import Message

from nn_tui.tui.terminal.error_log import ErrorLogApp

_TYPED = (Key, Paste, MouseDown, MouseUp)
_INTERRUPT = "ctrl+c"
"""A key that overtakes all others; what was typed before it counts no more."""
_ROUNDS = 3
"""A key goes up from what has the focus to the app; on its way something may be told, such as
that a line was entered; and who hears that may tell something else, or move the focus."""
_LONGEST = 1.0
"""Seconds after which the next key has its turn whatever became of the one before."""


class InputQueueApp(ErrorLogApp):
    """An app that does one thing at a time of what is typed."""

    class Passed(Message):
        """Goes the way of a key, behind it; where it comes to, all before it is done."""

        def __init__(self) -> None:
            super().__init__()
            self.arrived = asyncio.Event()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.quitting = False
        """Whether nothing counts any more that is typed."""
        self._waiting: deque[Event] = deque()
        self._turn: asyncio.Task[None] | None = None

    async def on_event(self, event: Event) -> None:
        """Whatever comes; what was typed when it is its turn."""
        if event.is_forwarded or not isinstance(event, _TYPED):
            await super().on_event(event)
            return
        if self.quitting:
            return
        if isinstance(event, Key) and event.key == _INTERRUPT:
            self._waiting.clear()
            await super().on_event(event)
            return
        self._waiting.append(event)
        if self._turn is None:
            await self._take()

    @property
    def events_waiting(self) -> int:
        """How many events have come and are not handled yet; for any thread."""
        return self.message_queue_size + len(self._waiting)

    @property
    def busy_with_what_was_typed(self) -> bool:
        """Whether something that was typed is not done yet."""
        return self._turn is not None

    def taken_up(self, event: Event) -> None:
        """What was typed has its turn now."""

    async def _take(self) -> None:
        event = self._waiting.popleft()
        await super().on_event(event)
        self.taken_up(event)
        self._turn = asyncio.create_task(self._see_through())

    async def _see_through(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._all_is_done(), _LONGEST)
        if self.quitting or not (self._waiting and self.call_later(self._take)):
            self._turn = None

    async def _all_is_done(self) -> None:
        for _ in range(_ROUNDS):
            passed = self.Passed()
            start = (self.focused or self.screen) if self.screen_stack else None
            if start is not None and start.post_message(passed):
                await passed.arrived.wait()

    def on_input_queue_app_passed(self, event: Passed) -> None:
        """All is done that was before it."""
        event.arrived.set()
