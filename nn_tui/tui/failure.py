"""How the program fails: quietly, for the command line to report.

Textual prints a traceback over the terminal it has just left. What keeps it from that
leans on its private names.
"""

from typing import Any

from textual.app import App


class QuietApp(App[int]):
    """An app whose ``run_quietly`` raises what went wrong inside instead of printing it."""

    def run_quietly(self) -> int:
        """Run to the end; returns the exit code.

        Raises the exception that ended the program, once the terminal is as before.
        """
        code = self.run()
        failure: Exception | None = getattr(self, "_exception", None)
        if failure is not None:
            raise failure
        return code or 0

    def fail(self, error: BaseException) -> None:
        """End the program because of ``error``."""
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _fatal_error(self) -> Any:
        self._close_messages_no_wait()
