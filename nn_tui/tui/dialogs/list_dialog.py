"""The base of dialogs with a list: typing filters it, the arrows move the cursor."""

from collections.abc import Iterable
from typing import ClassVar, Protocol, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static

from nn_tui.text import make_printable
from nn_tui.tui.dialogs.dialog import Dialog

_MAX_HEIGHT = 0.94
"""The largest part of the window's height for a list."""
_OTHER_LINES = 5
"""Lines of the frame, the input, and the message below the list."""


class ListDialog(Dialog[None]):
    """An input that filters, a list, and two lines on the entry under the cursor.

    Subclasses fill the list and handle the choice.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    ListDialog { align: left middle; }
    ListDialog > .dialog { width: 80; height: auto; }
    ListDialog Input {
        height: 1; border: none; padding: 0 1; background: $surface; background-tint: transparent;
    }
    ListDialog Input:focus { border: none; background-tint: transparent; }
    ListDialog OptionList { scrollbar-size-vertical: 1; }
    ListDialog Static { height: 2; padding: 0 1; color: $text-muted; }
    ListDialog Static.bad { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "leave", show=False),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("pageup", "move(-10)", "Page up", show=False, priority=True),
        Binding("pagedown", "move(10)", "Page down", show=False, priority=True),
    ]

    _filter = query_one(Input)
    _list = query_one(OptionList)

    def __init__(self, title: str, keys: str, hint: str, max_length: int = 200) -> None:
        """``keys`` go into the lower border, ``hint`` into the empty input."""
        super().__init__()
        self._title, self._keys, self._hint, self._max_length = title, keys, hint, max_length

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._title)  # no markup
            box.border_subtitle = self._keys
            yield Input(placeholder=self._hint, max_length=self._max_length, select_on_focus=False)
            yield OptionList(markup=False, compact=True)
            yield Static(markup=False)

    def fill(self) -> None:
        """List the entries that match the input."""
        raise NotImplementedError

    def take(self, id: str) -> None:
        """Handle the choice of the entry with that id."""
        raise NotImplementedError

    def show_message(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence below the list."""
        message = self.query_one(Static)
        message.set_class(bad, "bad")
        message.update(make_printable(sentence))

    def on_resize(self, event: Resize) -> None:
        """Leave room for the lines above and below the list."""
        self._list.styles.max_height = max(1, int(event.size.height * _MAX_HEIGHT) - _OTHER_LINES)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the list."""
        event.stop()
        self.fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose by a click."""
        event.stop()
        self._choose()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose by enter."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        option = self._list.highlighted_option
        if option is not None and option.id is not None:
            self.take(option.id)

    def action_move(self, rows: int) -> None:
        """Move the cursor by ``rows`` entries; headings do not count."""
        options = self._list.options
        entries = [index for index, option in enumerate(options) if not option.disabled]
        if entries:
            current = self._list.highlighted
            position = entries.index(current) if current in entries else 0
            self._list.highlighted = entries[max(0, min(len(entries) - 1, position + rows))]


class NamedItem(Protocol):
    """An entry that can be found by its name or its help."""

    @property
    def name(self) -> str: ...

    @property
    def help(self) -> str: ...


N = TypeVar("N", bound=NamedItem)


def matching(entries: Iterable[N], text: str) -> list[N]:
    """Return entries that contain every word of ``text``; names that start with it come first."""
    words = text.lower().split()
    found = [e for e in entries if all(w in f"{e.name} {e.help}".lower() for w in words)]
    start = text.strip().lower()
    return sorted(
        found, key=lambda e: (not e.name.lower().startswith(start), not _in_name(e, words))
    )


def _in_name(entry: NamedItem, words: Iterable[str]) -> bool:
    return all(word in entry.name.lower() for word in words)
