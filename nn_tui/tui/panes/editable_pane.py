"""The one way to type a value: a line that opens in the place of the value."""

from collections.abc import Hashable
from typing import Any

from textual.geometry import Region
from textual.widgets import Input

from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.value_input import ValueInput

_LEAST_WIDTH = 8
_MOST_CHARACTERS = 200


class EditablePane(Pane):
    """A pane with values to be typed; subclasses say in ``take`` what becomes of them.

    A value that is refused stays in the editor to be mended: whoever takes it closes the
    editor where it is accepted.
    """

    def __init__(self) -> None:
        super().__init__()
        self._editor = ValueInput(max_length=_MOST_CHARACTERS, compact=True, select_on_focus=False)
        self._edited: Any = None

    def on_mount(self) -> None:
        """Get the editor ready, once there is a picture."""
        self.call_after_refresh(self._have_editor)

    def _have_editor(self) -> None:
        if self.is_attached and not self._editor.is_attached:  # else the program is being quit
            self.mount(self._editor)

    def take(self, key: Any, text: str) -> None:
        """``text`` was typed for the value that ``key`` stands for."""
        raise NotImplementedError

    @property
    def editing(self) -> bool:
        """Whether a value is being typed."""
        return self._editor.is_attached and self._editor.display

    def type_value(self, key: Hashable, text: str, place: Region, allowed: str) -> None:
        """Let a person type a value that is ``text`` now; ``place`` is in the content."""
        self._have_editor()
        self._edited = key
        editor = self._editor
        editor.value = text
        room = self.content_size.width
        width = min(room, max(_LEAST_WIDTH, place.width, len(text) + 1))
        editor.styles.offset = (max(0, min(place.x, room - width)), place.y)
        editor.styles.width = width
        editor.display = True
        self.screen.set_focus(editor)
        editor.action_select_all()
        self.app.show_message(allowed)

    def close_editor(self) -> None:
        """Take the editor away, if it is there; the keys are the pane's again."""
        if not self.editing:
            return
        self._editor.display = False
        self.screen.set_focus(self)
        self.repaint()

    def submit(self) -> None:
        """Ask for the value that was typed; the editor stays until it is accepted."""
        self.take(self._edited, self._editor.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the editor."""
        event.stop()
        self.submit()

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Keep the value."""
        event.stop()
        self.close_editor()
        self.app.show_message()
