"""How the program fails: quietly, for the command line to report.

Textual prints a traceback over the terminal it has just left.
"""

from typing import Any

from textual.app import App
from textual.events import Event
from textual.widgets import Input

from nn_tui.tui.recent import RecentEvents


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
