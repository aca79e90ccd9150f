"""How the program fails: quietly, for the command line to report.

Textual prints a traceback over the terminal it has just left.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.events import Event, Key, MouseDown, Paste, Resize
from textual.widgets import Input

_MOST = 40


class RecentEvents:
    """The last events as words, oldest first, each with the seconds since."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, str]] = deque(maxlen=_MOST)

    def note(self, words: str) -> None:
        """Add what happened just now."""
        self._events.append((time.monotonic(), words))

    def note_event(self, event: Event, typing: Callable[[], bool]) -> None:
        """Add an event of the terminal; while ``typing``, a key's name would be content."""
        if event.is_forwarded:
            return  # noted when it came
        if isinstance(event, Key):
            self.note("typing" if event.is_printable and typing() else f"key {event.key}")
        elif isinstance(event, Paste):
            self.note(f"paste of {len(event.text):,} characters")
        elif isinstance(event, MouseDown):
            self.note(f"mouse button {event.button} at {event.x}, {event.y}")
        elif isinstance(event, Resize):
            self.note(f"window of {event.size.width} x {event.size.height}")

    def __str__(self) -> str:
        now = time.monotonic()
        lines = (f"{now - when:9.3f} s ago  {words}" for when, words in self._events)
        return "\n".join(["Last events:", *lines])


class ErrorLogApp(App[int]):
    """An app whose ``run_quietly`` raises what went wrong inside instead of printing it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._recent = RecentEvents()

    def run_quietly(self, mouse: bool = True) -> int:
        """Run to the end; returns the exit code.

        Raises the exception that ended the program, once the terminal is as before, with
        the last events as a note.
        """
        code = self.run(mouse=mouse)
        failure: Exception | None = getattr(self, "_exception", None)
        if failure is not None:
            failure.add_note(str(self._recent))
            raise failure
        return code or 0

    async def on_event(self, event: Event) -> None:
        """Note what came from the terminal, then do as always."""
        self._recent.note_event(event, lambda: isinstance(self.focused, Input))
        await super().on_event(event)

    async def run_action(self, action: Any, *place: Any, **places: Any) -> bool:
        """Note the action's name, then do as always."""
        name = action.partition("(")[0] if isinstance(action, str) else action[1]
        self._recent.note(f"action {name}")
        return await super().run_action(action, *place, **places)

    def fail(self, error: BaseException) -> None:
        """End the program because of ``error``."""
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _fatal_error(self) -> Any:
        self._close_messages_no_wait()
