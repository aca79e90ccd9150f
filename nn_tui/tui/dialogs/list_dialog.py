"""What all lists that one chooses from have in common: typing filters, arrows move."""

from collections.abc import Iterable
from typing import ClassVar, Protocol, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static

from nn_tui.text import make_printable
from nn_tui.tui.dialogs.dialog import Dialog

_SHARE = 0.94
"""How much of the window's height a list may take."""
_AROUND = 5
"""The frame, what is typed, and two lines below the list."""


class ListDialog(Dialog[None]):
    """A line to type into, a list, two lines on the entry under the cursor.

    Subclasses fill the list, and take what is chosen.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    ListDialog { align: left middle; }
    ListDialog > Vertical {
        width: 80;
        max-width: 100%;
        height: auto;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    ListDialog Input {
        height: 1; border: none; padding: 0 1; background: $surface; background-tint: transparent;
    }
    ListDialog Input:focus { border: none; background-tint: transparent; }
    ListDialog OptionList {
        height: auto;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ListDialog OptionList:focus { border: none; background-tint: transparent; }
    ListDialog OptionList:ansi > .option-list--option-highlighted { text-style: reverse; }
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

    def __init__(self, title: str, keys: str, hint: str, longest: int = 200) -> None:
        """``keys`` stand in the lower border, ``hint`` where nothing is typed yet."""
        super().__init__()
        self._title, self._keys, self._hint, self._longest = title, keys, hint, longest

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = self._keys
            yield Input(placeholder=self._hint, max_length=self._longest, select_on_focus=False)
            yield OptionList(markup=False, compact=True)
            yield Static(markup=False)

    def fill(self) -> None:
        """Show what is meant by what was typed."""
        raise NotImplementedError

    def take(self, id: str) -> None:
        """The entry under the cursor was chosen."""
        raise NotImplementedError

    def say(self, sentence: str, bad: bool = False) -> None:
        """Put a sentence below the list."""
        below = self.query_one(Static)
        below.set_class(bad, "bad")
        below.update(make_printable(sentence))

    def on_resize(self, event: Resize) -> None:
        """Leave room for what stands above and below the list."""
        self._list.styles.max_height = max(1, int(event.size.height * _SHARE) - _AROUND)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is meant."""
        event.stop()
        self.fill()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses."""
        event.stop()
        self._choose()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter chooses."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        option = self._list.highlighted_option
        if option is not None and option.id is not None:
            self.take(option.id)

    def action_move(self, rows: int) -> None:
        """Move the cursor, over headings to the entry behind them."""
        options = self._list.options
        places = [place for place, option in enumerate(options) if not option.disabled]
        if places:
            here = self._list.highlighted
            at = places.index(here) if here in places else 0
            self._list.highlighted = places[max(0, min(len(places) - 1, at + rows))]


class NamedItem(Protocol):
    """What can be found by its name, and by what is said of it."""

    @property
    def name(self) -> str: ...

    @property
    def help(self) -> str: ...


N = TypeVar("N", bound=NamedItem)


def matching(entries: Iterable[N], text: str) -> list[N]:
    """Entries with every word of ``text`` in them; those first whose name begins with it."""
    words = text.lower().split()
    found = [e for e in entries if all(w in f"{e.name} {e.help}".lower() for w in words)]
    start = text.strip().lower()
    return sorted(found, key=lambda e: (not e.name.lower().startswith(start), not _named(e, words)))


def _named(entry: NamedItem, words: Iterable[str]) -> bool:
    return all(word in entry.name.lower() for word in words)
