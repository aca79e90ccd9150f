"""``o``: saved runs, presets, the folder's files, or a path or link that one types."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import DescendantFocus, Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nn_tui.errors import InputError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.list_dialog import ListDialog, matching
from nn_tui.tui.dialogs.text_prompt import TextPrompt
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.strips import fit_strip, squeezed
from nn_tui.tui.screens import open_items as openings
from nn_tui.tui.screens.open_items import DATA, GROUPS, RECIPES, RUNS, OpenItem, ago
from nn_tui.tui.screens.run_details import RunDetailsScreen, run_details

READING = "being read"
NONE_YET = "none yet: every run that you train is kept by itself"
UNREADABLE = "could not be read"
_FIRST_ONES = {RUNS: 6, RECIPES: 4, DATA: 6}
"""So many of a group show in brief, so that all groups are in sight."""

_EXPERIMENT, _EPOCH, _LOSS, _WHEN = 12, 13, 10, 14
_AFTER_NAME = _EXPERIMENT + _EPOCH + _LOSS + _WHEN + 5


@dataclass(frozen=True)
class OpenListing:
    """``options`` of a list; the id of each entry is its place in ``openings``."""

    options: list[Option]
    openings: list[OpenItem]


def open_listing(found: Sequence[OpenItem], brief: bool, width: int, now: float) -> OpenListing:
    """What was found, by groups; in ``brief`` only the first ones of each.

    Lines have ``width`` cells; ``now`` is in seconds since 1970.
    """
    options: list[Option] = []
    order: list[OpenItem] = []
    for group in GROUPS:
        here = [opening for opening in found if opening.group == group]
        shown = here[: _FIRST_ONES.get(group, len(here))] if brief else here
        if shown:
            options.append(Option(heading(group, width), disabled=True))
        for opening in shown:
            options.append(Option(row(opening, width, now), id=str(len(order))))
            order.append(opening)
        more = len(here) - len(shown)
        if more:
            options.append(_aside(f"{more:,} more: type to find them, tab shows all"))
    return OpenListing(options, order)


def no_runs(width: int, words: str) -> list[Option]:
    """The group of saved runs without any; ``words`` say why."""
    return [Option(heading(RUNS, width), disabled=True), _aside(words)]


def heading(group: str, width: int) -> Text:
    """The line above a group; above runs it names the columns."""
    line = Text(f" {group}", "bold", no_wrap=True)
    if group == RUNS:
        line.pad_right(max(0, _name_width(width) + 1 - len(line)))
        line.append(f" {'experiment':<{_EXPERIMENT}}{'epoch':>{_EPOCH}}", "not bold dim")
        line.append(f"  {'loss':<{_LOSS}}  saved", "not bold dim")
    return line


def row(opening: OpenItem, width: int, now: float) -> Text:
    """An entry in ``width`` cells; ``now`` in seconds since 1970."""
    if opening.run is None:
        name = squeezed(opening.name, width - 2)
        line = Text(f" {name:<14}", no_wrap=True, overflow="ellipsis")
        return line.append(f"  {opening.help}", "dim")
    checkpoint = opening.run.checkpoint
    line = Text(
        f" {fit_strip(opening.name, _name_width(width))}", no_wrap=True, overflow="ellipsis"
    )
    experiment = opening.help if opening.help != opening.name else ""
    line.append(f" {fit_strip(experiment, _EXPERIMENT)}", "dim")
    line.append(f"{checkpoint.epoch:>{_EPOCH},}  {format_loss(checkpoint.train_loss):<{_LOSS}}  ")
    return line.append(opening.mark or ago(now - checkpoint.saved_at), "dim")


def _name_width(width: int) -> int:
    return max(8, width - 1 - _AFTER_NAME)


def _aside(words: str) -> Option:
    return Option(Text(f" {words}", "dim"), disabled=True)


_LONGEST = 4000
"""Characters of a link with everything in it, and some more."""
_WIDTH = 100
_BESIDE = 3
"""The frame and the scrollbar."""
_FINDING = "enter opens, tab to rename or delete runs, esc leaves"
_TENDING = (
    "`open.rename` renames, `open.delete` deletes, `open.restore` brings back, "
    "`open.about` tells more, tab finds"
)


class OpenScreen(ListDialog):
    """Groups under headings; in the list, keys rename, delete and describe saved runs."""

    HELP_TITLE = "Open"
    HELP_TEXT = "What can be opened; letters count in the list."
    DEFAULT_CSS = """
    OpenScreen { align: center middle; }
    OpenScreen > Vertical { width: 100; }
    OpenScreen OptionList > .option-list--option-disabled { color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab", "turn", "To the list, or to find", priority=True),
        Binding("slash", "find", "Find", id="open.find", show=False),
        Binding("j", "move(1)", "Down", id="open.down", show=False),
        Binding("k", "move(-1)", "Up", id="open.up", show=False),
        Binding("r", "rename", "rename", id="open.rename"),
        Binding("d", "delete", "delete", id="open.delete"),
        Binding("u", "restore", "bring back", id="open.restore"),
        Binding("i", "about", "tell more", id="open.about"),
    ]

    def __init__(self) -> None:
        super().__init__("Open", _FINDING, "type to find, or a path or a link", _LONGEST)
        self._runs: list[OpenItem] = []
        self._files: list[OpenItem] = []
        self._shown: dict[str, OpenItem] = {}
        self._no_runs = READING
        """Why no saved runs are listed, where there are none to list."""

    @property
    def _shelf(self) -> RunStore | None:
        saver = self.app.session.saver
        return saver.shelf if saver else None

    @property
    def _tending(self) -> bool:
        """Whether one stands in the list."""
        return isinstance(self.focused, OptionList)

    def on_mount(self) -> None:
        """Show what is known at once, then what is on the disk."""
        self.fill()
        self._look()

    @work(exit_on_error=False, exclusive=True)
    async def _look(self, at: RunFolder | None = None, said: str = "") -> None:
        """Read what there is; then be at the run ``at``, or stay, and say something."""
        session = self.app.session
        self._files = await asyncio.to_thread(openings.files, Path())
        if session.saver is not None:
            entries = await asyncio.to_thread(session.saver.shelf.entries)
            now = session.saver.folder_of(session.timeline.run)
            sitting = [folder.path for folder in session.saver.folders]
            self._runs = openings.runs(entries, now.path if now else None, sitting)
        self._no_runs = NONE_YET
        self._show(str(at.path) if at else self._key)
        if said:
            self.say(said)

    def worker_failed(self) -> None:
        if self._no_runs == READING:
            self._no_runs = UNREADABLE
        self._show(self._key)

    # The list

    def fill(self) -> None:
        self._show("")

    def on_resize(self, event: Resize) -> None:
        """Fit the lines to the window."""
        self._show(self._key)

    def _show(self, at: str) -> None:
        """List what is meant by what was typed; the cursor at the entry with the key ``at``."""
        text, width = self._filter.value, self._line_width
        everything = [*self._runs, *openings.presets(), *self._files]
        found = matching(everything, text)
        found += openings.typed_items(text, found)
        brief = not text.strip() and not self._tending
        listed = open_listing(found, brief, width, time.time())
        order, options = listed.openings, listed.options
        if not (text.strip() or self._runs) and self._shelf:
            options = [*no_runs(width, self._no_runs), *options]
        self._shown = {str(number): opening for number, opening in enumerate(order)}
        keys = [opening.key for opening in order]
        begin = keys.index(at) if at in keys else openings.best(order, text)
        with self.prevent(OptionList.OptionHighlighted):
            self._list.clear_options()
            self._list.add_options(options)
            if order:
                self._list.highlighted = self._list.get_option_index(str(begin))
                self._list.scroll_to_highlight()
        self._show_message()

    def _show_message(self) -> None:
        """Say what the entry under the cursor is."""
        self.say(self._here.about if self._here else "nothing here is called that")

    @property
    def _line_width(self) -> int:
        return min(_WIDTH, self.app.size.width) - _BESIDE

    @property
    def _here(self) -> OpenItem | None:
        """What the cursor is on."""
        option = self._list.highlighted_option
        return self._shown.get(option.id) if option is not None and option.id else None

    @property
    def _key(self) -> str:
        """That entry's key."""
        return self._here.key if self._here else ""

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the entry under the cursor is."""
        event.stop()
        self._show_message()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say which keys count where one stands."""
        self.query_one(Vertical).border_subtitle = (
            self.key_names.with_key_names(_TENDING) if self._tending else _FINDING
        )

    # Actions

    def take(self, id: str) -> None:
        opening = self._shown[id]
        self.dismiss()
        if opening.run is not None:
            self.app.session.reopen(opening.run.folder)
        else:
            self.app.session.open(opening.text)

    def action_turn(self) -> None:
        """From finding to the list, at the first run unless one has chosen, and back."""
        key = self._key
        if self._tending:
            self.set_focus(self._filter)
        else:
            self.set_focus(self._list)
            if self._runs and not (self._here and self._here.run):
                key = self._runs[0].key
        self._show(key)

    def action_find(self) -> None:
        """Back to what was typed."""
        self.set_focus(self._filter)

    def action_rename(self) -> None:
        """Give the run under the cursor another name."""
        here = self._here
        if here is None or here.run is None:
            self.say("only saved runs have names of their own")
            return
        screen = TextPrompt(here.name, here.run.title)
        self.app.push_screen(screen, partial(self._rename, here))

    def _rename(self, opening: OpenItem, title: str | None) -> None:
        if title is None or opening.run is None:
            return
        if opening.open_now:
            self.app.session.rename(title)
        self._do(
            partial(opening.run.folder.rename, title), opening.run.folder, "it has its new name"
        )

    def action_delete(self) -> None:
        """Put the run under the cursor aside."""
        here, shelf = self._here, self._shelf
        if here is None or here.run is None or shelf is None:
            self.say("only saved runs can be deleted here")
        elif here.open_now:
            self.say(f"{here.name} is open now; open something else before you delete it")
        elif here.open_here:
            undo = self.app.key_names["undo"]
            self.say(
                f"{here.name} was open in this sitting, and {undo} may lead back to it; "
                "delete it later"
            )
        else:
            order = [opening for opening in self._shown.values() if opening.run]
            after = order[order.index(here) + 1 :] + order[: order.index(here)][::-1]
            next_one = after[0].run if after else None
            said = f"{here.name} is deleted; {self.key_names['open.restore']} brings it back"
            folder = here.run.folder
            self._do(partial(shelf.delete, folder), next_one.folder if next_one else None, said)

    def action_restore(self) -> None:
        """Bring back the run that was deleted last."""
        shelf = self._shelf
        if shelf is not None:
            self._restore(shelf)

    @work(exit_on_error=False, exclusive=True)
    async def _restore(self, shelf: RunStore) -> None:
        folder = await asyncio.to_thread(shelf.restore)
        if folder is None:
            self.say("there is no deleted run to bring back")
        else:
            self._look(folder, "it is back")

    def action_about(self) -> None:
        """Describe the run under the cursor."""
        here = self._here
        if here is None or here.run is None:
            self.say(here.about if here else "")
        else:
            self._describe(here.name, here.run.folder)

    @work(exit_on_error=False, exclusive=True)
    async def _describe(self, name: str, folder: RunFolder) -> None:
        try:
            text = await asyncio.to_thread(run_details, folder)
        except InputError as error:
            self.say(make_printable(str(error)))
        else:
            self.app.push_screen(RunDetailsScreen(name, text))

    @work(exit_on_error=False, exclusive=True)
    async def _do(self, change: Callable[[], None], at: RunFolder | None, said: str) -> None:
        """Change something on the disk, then show what there is, or say why it cannot be."""
        try:
            await asyncio.to_thread(change)
        except InputError as error:
            said = make_printable(str(error))
        self._look(at, said)
