"""A list to choose from: typing filters it, each entry says what it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.getters import query_one
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

_NAME_WIDTHS = (9, 30)


@dataclass(frozen=True)
class Entry:
    """A name to choose, and a line on what it is."""

    name: str
    help: str = ""


class ChooseScreen(ModalScreen[None]):
    """``take`` gets the name one chooses, or with ``other`` the text one typed instead.

    With ``ticked`` names, enter switches entries on and off and the list stays; ``take``
    gets all names that are on, each time. The last one cannot be switched off.
    """

    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    ChooseScreen { align: left middle; }
    ChooseScreen > Vertical {
        width: 80;
        max-width: 100%;
        height: auto;
        max-height: 94%;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    ChooseScreen Input {
        height: 1; border: none; padding: 0 1; background: $surface; background-tint: transparent;
    }
    ChooseScreen Input:focus { border: none; background-tint: transparent; }
    ChooseScreen OptionList {
        height: auto;
        max-height: 100%;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ChooseScreen OptionList:focus { border: none; background-tint: transparent; }
    ChooseScreen OptionList:ansi > .option-list--option-highlighted { text-style: reverse; }
    ChooseScreen Static { height: 2; padding: 0 1; color: $text-muted; }
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

    def __init__(
        self,
        title: str,
        about: str,
        entries: Sequence[Entry],
        take: Callable[[tuple[str, ...]], None],
        at: str = "",
        other: str = "",
        ticked: Iterable[str] | None = None,
    ) -> None:
        """``about`` says what the choice is for.

        ``at`` is the name to begin at, ``other`` what typed text is that is no entry.
        """
        super().__init__()
        self._title, self._about, self._entries, self._take = title, about, entries, take
        self._at, self._other = at, other
        self._ticked = None if ticked is None else set(ticked)

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = self._title
            verb = "chooses" if self._ticked is None else "switches"
            box.border_subtitle = f"enter {verb}, esc leaves"
            hint = f"type to find, or {self._other}" if self._other else "type to find"
            yield Input(placeholder=hint, max_length=200, select_on_focus=False)
            yield OptionList(markup=False, compact=True)
            yield Static(markup=False)

    def on_mount(self) -> None:
        """Begin with everything in sight."""
        self._list.can_focus = False  # what is typed goes to the filter
        self._show(self._at)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is meant."""
        event.stop()
        self._show()

    def _show(self, at: str = "") -> None:
        shown = matching(self._entries, self._filter.value)
        typed = self._filter.value.strip()
        if self._other and typed and typed not in (entry.name for entry in self._entries):
            shown.append(Entry(typed, self._other))
        self._list.clear_options()
        self._list.add_options([Option(self._line(entry), id=entry.name) for entry in shown])
        names = [entry.name for entry in shown]
        self._list.highlighted = names.index(at) if at in names else 0 if names else None
        if not names:
            self._say("nothing here is called that")

    @property
    def _width(self) -> int:
        """The columns that names have."""
        least, most = _NAME_WIDTHS
        return max(least, min(most, 2 + max(len(entry.name) for entry in self._entries)))

    def _line(self, entry: Entry) -> Text:
        mark = "" if self._ticked is None else "[x] " if entry.name in self._ticked else "[ ] "
        line = Text(f" {mark}{entry.name:<{self._width}}", no_wrap=True, overflow="ellipsis")
        return line.append(entry.help, "dim")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say in full what the entry under the cursor is, if its line has no room for that."""
        event.stop()
        help = next((e.help for e in self._entries if e.name == event.option.id), "")
        room = self._list.size.width - self._width - (1 if self._ticked is None else 5)
        self._say(help if len(help) > room else self._about)

    def _say(self, text: str) -> None:
        self.query_one(Static).update(text)

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
        if option is None or option.id is None:
            return
        if self._ticked is None:
            self.dismiss()
            self._take((option.id,))
            return
        on = self._ticked ^ {option.id}
        if not on:
            self._say("the last one stays")
            return
        self._ticked = on
        self._show(option.id)
        self._take(tuple(entry.name for entry in self._entries if entry.name in on))

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        count = self._list.option_count
        if count:
            self._list.highlighted = max(0, min(count - 1, (self._list.highlighted or 0) + rows))


def matching(entries: Iterable[Entry], text: str) -> list[Entry]:
    """Entries with every word of ``text`` in them; those first whose name begins with it."""
    words = text.lower().split()
    found = [e for e in entries if all(w in f"{e.name} {e.help}".lower() for w in words)]
    start = text.strip().lower()
    return sorted(found, key=lambda e: (not e.name.lower().startswith(start), not _named(e, words)))


def _named(entry: Entry, words: Iterable[str]) -> bool:
    return all(word in entry.name.lower() for word in words)
