"""A dialog to choose from a list that typing filters, with a line of help on each entry."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rich.text import Text
from textual import work
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nn_tui.tui.dialogs.list_dialog import ListDialog, matching

_NAME_WIDTHS = (9, 30)


class Choice(NamedTuple):
    """A name to choose and its line of help."""

    name: str
    help: str = ""


class ChoiceDialog(ListDialog):
    """Pass the name chosen to ``take``, or with ``other`` the text typed instead.

    With ``checked`` names, enter checks and unchecks entries and the list stays open;
    ``take`` gets all checked names each time. At least one stays checked.
    """

    def __init__(
        self,
        title: str,
        about: str,
        entries: Sequence[Choice],
        take: Callable[[tuple[str, ...]], None],
        at: str = "",
        other: str = "",
        checked: Iterable[str] | None = None,
        later: Callable[[], Sequence[Choice]] | None = None,
    ) -> None:
        """``about`` describes what is chosen, ``at`` is the entry to highlight first.

        ``other`` describes free text, where it is accepted. ``later`` returns more
        entries, listed before the others; it runs off the event loop.
        """
        verb = "chooses" if checked is None else "toggles"
        hint = f"type to filter, or {other}" if other else "type to filter"
        super().__init__(title, f"enter {verb}, esc leaves", hint)
        self._about, self._entries, self._take = about, entries, take
        self._at, self._other = at, other
        self._checked = None if checked is None else set(checked)
        self._later = later

    def on_mount(self) -> None:
        """List all entries."""
        self._list.can_focus = False  # typed text goes to the filter
        self._show(self._at)
        if self._later is not None:
            self._load_more(self._later)

    @work(exit_on_error=False, exclusive=True)
    async def _load_more(self, later: Callable[[], Sequence[Choice]]) -> None:
        self._entries = (*await asyncio.to_thread(later), *self._entries)
        option = self._list.highlighted_option
        self._show(option.id or "" if option is not None else "")

    def fill(self) -> None:
        self._show()

    def _show(self, at: str = "") -> None:
        shown = matching(self._entries, self._filter.value)
        typed = self._filter.value.strip()
        if self._other and typed and typed not in (entry.name for entry in self._entries):
            shown.append(Choice(typed, self._other))
        self._list.clear_options()
        self._list.add_options([Option(self._line(entry), id=entry.name) for entry in shown])
        names = [entry.name for entry in shown]
        self._list.highlighted = names.index(at) if at in names else 0 if names else None
        if not names:
            self.show_message("no matches")

    @property
    def _width(self) -> int:
        """The width of the column of names, in cells."""
        narrowest, widest = _NAME_WIDTHS
        return max(narrowest, min(widest, 2 + max(len(entry.name) for entry in self._entries)))

    def _line(self, entry: Choice) -> Text:
        mark = "" if self._checked is None else "[x] " if entry.name in self._checked else "[ ] "
        name = f"{entry.name:<{self._width - 2}}  "
        line = Text(f" {mark}{name}", no_wrap=True, overflow="ellipsis")
        return line.append(entry.help, "dim")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the whole help of the highlighted entry where its line cuts it off."""
        event.stop()
        help = next((e.help for e in self._entries if e.name == event.option.id), "")
        room = self._list.size.width - self._width - (1 if self._checked is None else 5)
        self.show_message(help if len(help) > room else self._about)

    def take(self, id: str) -> None:
        if self._checked is None:
            self.dismiss()
            self._take((id,))
            return
        checked = self._checked ^ {id}
        if not checked:
            self.show_message("at least one must stay checked")
            return
        self._checked = checked
        self._show(id)
        self._take(tuple(entry.name for entry in self._entries if entry.name in checked))
