"""A one-line editor for a value, drawn over the value it edits."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class ValueInput(Input):
    """A one-line editor; ``escape`` posts ``Left`` and leaves the value unchanged.

    Bindings of the app with ``priority``, such as Ctrl+C, go before those of the editor: see
    ``tui/bindings.py``.
    """

    DEFAULT_CSS = """
    ValueInput {
        display: none;
        position: absolute;
        width: 16;
        height: 1;
        border: none;
        padding: 0;
        background: $primary 30%;
    }
    ValueInput:focus { border: none; background-tint: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "set", tooltip="Set the value"),
        Binding("escape", "leave", "leave", tooltip="Leave the value unchanged"),
    ]

    def action_leave(self) -> None:
        """Report that editing was cancelled."""
        self.post_message(self.Left())

    class Left(Message):
        """Editing was cancelled."""
