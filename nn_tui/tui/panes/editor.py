"""The line in which a value is typed."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class Editor(Input):
    """The line in which a value is typed, in the place of the value."""

    DEFAULT_CSS = """
    Editor {
        display: none;
        position: absolute;
        width: 16;
        height: 1;
        border: none;
        padding: 0;
        background: $primary 30%;
    }
    Editor:focus { border: none; background-tint: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave it as it was"),
    ]

    def action_leave(self) -> None:
        """Give the keys back to the pane; the value stays."""
        self.post_message(self.Left())

    class Left(Message):
        """The person changed their mind."""
