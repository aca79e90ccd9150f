"""The base class of panes whose values can be edited in place."""

from collections.abc import Hashable, Sequence
from typing import Any

from textual.geometry import Region
from textual.suggester import SuggestFromList
from textual.widgets import Input

from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.value_input import ValueInput

_MIN_WIDTH, _USUAL_WIDTH = 8, 24
_MAX_CHARACTERS = 200


class EditablePane(Pane):
    """A pane whose values can be edited; subclasses handle the typed text in ``take``.

    A refused value stays in the editor to be corrected: the receiver closes the editor
    after accepting a value.
    """

    def __init__(self) -> None:
        super().__init__()
        self._editor = ValueInput(max_length=_MAX_CHARACTERS, compact=True, select_on_focus=False)
        self._edited: Any = None

    def on_mount(self) -> None:
        """Mount the editor after the first drawing."""
        self.call_after_refresh(self._mount_editor)

    def _mount_editor(self) -> None:
        if self.is_attached and not self._editor.is_attached:  # detached while quitting
            self.mount(self._editor)

    def take(self, key: Any, text: str) -> None:
        """Handle the ``text`` typed for the value with that ``key``."""
        raise NotImplementedError

    @property
    def editing(self) -> bool:
        """Whether the editor is open."""
        return self._editor.is_attached and self._editor.display

    def type_value(
        self,
        key: Hashable,
        text: str,
        place: Region | None,
        allowed: str,
        completions: Sequence[str] = (),
    ) -> None:
        """Open the editor over ``place``, a region of the content, with the current ``text``.

        Without a place, as before the first drawing, it opens in the last line.
        """
        self._mount_editor()
        place = place or Region(0, max(0, self.content_size.height - 1), _USUAL_WIDTH, 1)
        known = SuggestFromList(completions, case_sensitive=False) if completions else None
        self._editor.suggester = known
        self._edited = key
        editor = self._editor
        editor.value = text
        room = self.content_size.width or self.app.size.width
        width = min(room, max(_MIN_WIDTH, place.width, len(text) + 1))
        editor.styles.offset = (max(0, min(place.x, room - width)), place.y)
        editor.styles.width = width
        editor.display = True
        self.screen.set_focus(editor)
        editor.action_select_all()
        self.app.show_message(allowed)

    def close_editor(self) -> None:
        """Close the editor, if it is open, and focus the pane."""
        if not self.editing:
            return
        self._editor.display = False
        self.screen.set_focus(self)
        self.repaint()

    def submit(self) -> None:
        """Submit the typed value; the editor stays open until it is accepted."""
        self.take(self._edited, self._editor.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Submit by enter."""
        event.stop()
        self.submit()

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Close the editor and keep the value."""
        event.stop()
        self.close_editor()
        self.app.show_message()
