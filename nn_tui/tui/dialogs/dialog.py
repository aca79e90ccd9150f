"""What modal screens have in common: an error in one of their workers is reported.

Textual tells only the screen that started a worker how it ended; nothing goes up to the app.
"""

from typing import TYPE_CHECKING, TypeVar, cast

from textual.screen import ModalScreen
from textual.worker import Worker, WorkerState

if TYPE_CHECKING:
    from nn_tui.tui.app import NnTui

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A modal screen with workers, which are to be started with ``exit_on_error=False``."""

    def say(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence; ``bad`` where something went wrong."""
        raise NotImplementedError

    def worker_failed(self) -> None:
        """Stop showing as under way what the worker was doing; the error is shown next."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Report an internal error, and say so here; the screen stays usable."""
        event.stop()
        error = event.worker.error
        app = cast("NnTui", self.app)
        if event.state is not WorkerState.ERROR or error is None or app.quitting:
            return
        sentence = app.reported(error)
        if self.is_attached:
            self.worker_failed()
            self.say(sentence, bad=True)
