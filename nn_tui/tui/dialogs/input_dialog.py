"""A dialog with one line to type into."""

from typing import TypeVar

from textual.containers import Vertical
from textual.content import Content

from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.widgets.value_input import ValueInput

_Answer = TypeVar("_Answer")


class InputDialog(Dialog[_Answer | None]):
    """Return what is typed, or None after ``esc``; the lower border has a hint."""

    AUTO_FOCUS = "ValueInput"
    DEFAULT_CSS = """
    InputDialog > .dialog { height: 3; padding: 0 1; }
    InputDialog ValueInput { display: block; position: relative; width: 100%; }
    """

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Cancel."""
        event.stop()
        self.dismiss(None)

    def show_hint(self, hint: str) -> None:
        """Show a hint in the lower border."""
        self.query_one(Vertical).border_subtitle = Content(hint)
