"""The last events before an error, for the crash report."""

import time
from collections import deque
from collections.abc import Callable

from textual.events import Event, Key, MouseDown, Paste, Resize

_MOST = 40


class EventLog:
    """The last events in words, oldest first, with the seconds since each."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, str]] = deque(maxlen=_MOST)

    def note(self, words: str) -> None:
        """Add an event that happened just now."""
        self._events.append((time.monotonic(), words))

    def note_event(self, event: Event, typing: Callable[[], bool]) -> None:
        """Add an event from the terminal; keys are not named while ``typing`` a value."""
        if event.is_forwarded:
            return  # noted when it arrived
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
