"""A dialog to name a run."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from nn_tui.tui.dialogs.input_dialog import InputDialog
from nn_tui.tui.widgets.value_input import ValueInput

_MAX_LENGTH = 60
_KEYS = "enter saves, esc cancels"


class TextPrompt(InputDialog[str]):
    """Return the name typed, or None after ``esc``."""

    DEFAULT_CSS = "TextPrompt > .dialog { width: 64; }"

    def __init__(self, run: str, title: str) -> None:
        """``run`` is the name shown for the run, ``title`` the one you gave it, if any."""
        super().__init__()
        self._run, self._title = run, title

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"A name for {self._run}")
            box.border_subtitle = _KEYS
            yield ValueInput(
                self._title,
                placeholder="for example: smaller learning rate",
                max_length=_MAX_LENGTH,
                compact=True,
                select_on_focus=False,
            )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the keys again."""
        event.stop()
        self.show_hint(_KEYS)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the name, unless it is empty."""
        event.stop()
        title = event.value.strip()
        if title:
            self.dismiss(title)
        else:
            self.show_hint("a name needs at least one character; esc cancels")
