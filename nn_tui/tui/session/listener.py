"""What a session reports to the outside: snapshots, messages, questions."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.session.questions import Question

if TYPE_CHECKING:
    from nn_tui.nn.explain.stepper import StepDebugger


class SessionMessage(NamedTuple):
    """What happened, and in ``advice`` what to do, with keys by their names in backticks.

    ``text`` may contain names of files and runs; backticks in it mean nothing.
    """

    text: str
    advice: str = ""
    bad: bool = False

    def sentence(self, with_key_names: Callable[[str], str]) -> str:
        """Text and advice in one line; ``with_key_names`` puts keys into the advice."""
        return "; ".join(part for part in (self.text, with_key_names(self.advice)) if part)


class SessionListener(Protocol):
    """The other side of a session. All methods are called in the event loop."""

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """Show the state of the run."""

    def on_message(self, message: SessionMessage) -> None:
        """Show a message."""

    def on_question(self, question: Question) -> None:
        """Ask the user; nothing waits for the answer."""

    def on_columns(self, snapshot: Snapshot) -> None:
        """Show the columns of a data file just opened, which raise a question."""

    def on_explanation(self, debugger: "StepDebugger", snapshot: Snapshot) -> None:
        """Show the next update, which was requested by ``Session.explain``."""

    def on_running_changed(self) -> None:
        """Show that training runs or is paused; ``Session.running`` has changed."""

    def on_sweep(self) -> None:
        """Show the sweep: it has other results, or runs or is paused."""

    def on_error(self, error: Exception) -> None:
        """Report an unexpected error of a thread beside training."""

    def is_ready(self) -> bool:
        """Whether the last frame has been drawn, so that the next can follow."""
