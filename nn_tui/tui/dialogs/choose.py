"""A list to choose from: typing filters it, each entry says what it is."""

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
    """A name to choose, and a line on what it is."""

    name: str
    help: str = ""


class ChoiceDialog(ListDialog):
    """``take`` gets the name one chooses, or with ``other`` the text one typed instead.

    With ``ticked`` names, enter switches entries on and off and the list stays; ``take``
    gets all names that are on, each time. The last one cannot be switched off.
    """

    def __init__(
        self,
        title: str,
        about: str,
        entries: Sequence[Choice],
        take: Callable[[tuple[str, ...]], None],
        at: str = "",
        other: str = "",
        ticked: Iterable[str] | None = None,
        later: Callable[[], Sequence[Choice]] | None = None,
    ) -> None:
        """``about`` says what the choice is for.

        ``at`` is the name to begin at, ``other`` what typed text is that is no entry.
        ``later`` finds more entries, to stand before the others, off the event loop.
        """
        verb = "chooses" if ticked is None else "switches"
        hint = f"type to find, or {other}" if other else "type to find"
        super().__init__(title, f"enter {verb}, esc leaves", hint)
        self._about, self._entries, self._take = about, entries, take
        self._at, self._other = at, other
        self._ticked = None if ticked is None else set(ticked)
        self._later = later

    def on_mount(self) -> None:
        """Begin with everything in sight."""
        self._list.can_focus = False  # what is typed goes to the filter
        self._show(self._at)
        if self._later is not None:
            self._look(self._later)

    @work(exit_on_error=False, exclusive=True)
    async def _look(self, later: Callable[[], Sequence[Choice]]) -> None:
        self._entries = (*await asyncio.to_thread(later), *self._entries)
        here = self._list.highlighted_option
        self._show(here.id or "" if here is not None else "")

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
            self.say("nothing here is called that")

    @property
    def _width(self) -> int:
        """The columns that names have."""
        least, most = _NAME_WIDTHS
        return max(least, min(most, 2 + max(len(entry.name) for entry in self._entries)))

    def _line(self, entry: Choice) -> Text:
        mark = "" if self._ticked is None else "[x] " if entry.name in self._ticked else "[ ] "
        name = f"{entry.name:<{self._width - 2}}  "
        line = Text(f" {mark}{name}", no_wrap=True, overflow="ellipsis")
        return line.append(entry.help, "dim")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say in full what the entry under the cursor is, if its line has no room for that."""
        event.stop()
        help = next((e.help for e in self._entries if e.name == event.option.id), "")
        room = self._list.size.width - self._width - (1 if self._ticked is None else 5)
        self.say(help if len(help) > room else self._about)

    def take(self, id: str) -> None:
        if self._ticked is None:
            self.dismiss()
            self._take((id,))
            return
        on = self._ticked ^ {id}
        if not on:
            self.say("the last one stays")
            return
        self._ticked = on
        self._show(id)
        self._take(tuple(entry.name for entry in self._entries if entry.name in on))
