"""``o``: open a saved run, a preset, a file of this folder, or a typed path or link."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import DescendantFocus, Resize
from textual.widgets import OptionList

from nn_tui.errors import InputError
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.list_dialog import ListDialog, matching
from nn_tui.tui.dialogs.text_prompt import TextPrompt
from nn_tui.tui.screens import open_items
from nn_tui.tui.screens.open_items import OpenItem
from nn_tui.tui.screens.open_listing import empty_runs, list_items
from nn_tui.tui.screens.run_details import RunDetailsScreen, run_details

READING = "loading …"
NONE_YET = "none yet: every run you train is saved automatically"
UNREADABLE = "could not be read"

_MAX_LENGTH = 4000
"""Characters of the longest link, and some more."""
_WIDTH = 100
_FRAME_WIDTH = 3
"""Cells of the frame and the scrollbar."""
_FILTER_KEYS = "enter opens, tab to rename or delete runs, esc leaves"
_LIST_KEYS = (
    "`open.rename` renames, `open.delete` deletes, `open.restore` restores, "
    "`open.about` shows details, tab filters"
)


class OpenScreen(ListDialog):
    """Items in groups; in the list, keys rename, delete and describe saved runs."""

    HELP_TITLE = "Open"
    HELP_TEXT = (
        "Runs, presets, lessons and files to open; letter keys act while the list has the focus."
    )
    DEFAULT_CSS = """
    OpenScreen { align: center middle; }
    OpenScreen > .dialog { width: 100; }
    OpenScreen OptionList > .option-list--option-disabled { color: $accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab", "turn", "To the list or the filter", priority=True),
        Binding("slash", "find", "Filter", id="open.find", show=False),
        Binding("j", "move(1)", "Down", id="open.down", show=False),
        Binding("k", "move(-1)", "Up", id="open.up", show=False),
        Binding("r", "rename", "rename", id="open.rename"),
        Binding("d", "delete", "delete", id="open.delete"),
        Binding("u", "restore", "restore", id="open.restore"),
        Binding("i", "about", "details", id="open.about"),
    ]

    def __init__(self) -> None:
        super().__init__("Open", _FILTER_KEYS, "type to filter, or a path or link", _MAX_LENGTH)
        self._runs: list[OpenItem] = []
        self._files: list[OpenItem] = []
        self._shown: dict[str, OpenItem] = {}
        self._no_runs = READING
        """Shown in place of saved runs when none are listed."""

    @property
    def _store(self) -> RunStore | None:
        saver = self.app.session.saver
        return saver.store if saver else None

    @property
    def _in_list(self) -> bool:
        """Whether the list has the focus, not the filter."""
        return isinstance(self.focused, OptionList)

    def on_mount(self) -> None:
        """List presets at once, then what is on disk."""
        self.fill()
        self._reload()

    @work(exit_on_error=False, exclusive=True)
    async def _reload(self, at: RunFolder | None = None, message: str = "") -> None:
        """List runs and files from disk, highlight the run ``at``, and show a message."""
        session = self.app.session
        self._files = await asyncio.to_thread(open_items.files, Path())
        if session.saver is not None:
            entries = await asyncio.to_thread(session.saver.store.entries)
            now = session.saver.folder_of(session.timeline.run)
            opened = [folder.path for folder in session.saver.folders]
            self._runs = open_items.runs(entries, now.path if now else None, opened)
        self._no_runs = NONE_YET
        self._show(str(at.path) if at else self._key)
        if message:
            self.show_message(message)

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
        """List the items that match the filter, and highlight the one with the key ``at``."""
        text, width = self._filter.value, self._line_width
        everything = [*self._runs, *open_items.presets(), *open_items.lessons(), *self._files]
        found = matching(everything, text)
        found += open_items.typed_items(text, found)
        brief = not text.strip() and not self._in_list
        listing = list_items(found, brief, width, time.time())
        items, options = listing.items, listing.options
        if not (text.strip() or self._runs) and self._store:
            options = [*empty_runs(width, self._no_runs), *options]
        self._shown = {str(number): item for number, item in enumerate(items)}
        keys = [item.key for item in items]
        index = keys.index(at) if at in keys else open_items.best_match(items, text)
        with self.prevent(OptionList.OptionHighlighted):
            self._list.clear_options()
            self._list.add_options(options)
            if items:
                self._list.highlighted = self._list.get_option_index(str(index))
                self._list.scroll_to_highlight()
        self._describe_item()

    def _describe_item(self) -> None:
        item = self._item
        self.show_message(item.description if item else "no matches")

    @property
    def _line_width(self) -> int:
        return min(_WIDTH, self.app.size.width) - _FRAME_WIDTH

    @property
    def _item(self) -> OpenItem | None:
        """The item under the cursor."""
        option = self._list.highlighted_option
        return self._shown.get(option.id) if option is not None and option.id else None

    @property
    def _key(self) -> str:
        """The key of the item under the cursor."""
        return self._item.key if self._item else ""

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Describe the item under the cursor."""
        event.stop()
        self._describe_item()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the keys of the list or of the filter."""
        self.query_one(Vertical).border_subtitle = (
            self.key_names.with_key_names(_LIST_KEYS) if self._in_list else _FILTER_KEYS
        )

    # Actions

    def take(self, id: str) -> None:
        item = self._shown[id]
        self.dismiss()
        if item.run is not None:
            self.app.session.reopen(item.run.folder)
        elif item.lesson is not None:
            self.app.open_lesson(item.lesson)
        else:
            self.app.session.open(item.text)

    def action_turn(self) -> None:
        """Switch between the filter and the list, there to the first run unless one is chosen."""
        key = self._key
        if self._in_list:
            self.set_focus(self._filter)
        else:
            self.set_focus(self._list)
            if self._runs and not (self._item and self._item.run):
                key = self._runs[0].key
        self._show(key)

    def action_find(self) -> None:
        """Focus the filter."""
        self.set_focus(self._filter)

    def action_rename(self) -> None:
        """Rename the run under the cursor."""
        item = self._item
        if item is None or item.run is None:
            self.show_message("only saved runs can be renamed")
            return
        prompt = TextPrompt(item.name, item.run.title)
        self.app.push_screen(prompt, partial(self._rename, item))

    def _rename(self, item: OpenItem, title: str | None) -> None:
        if title is None or item.run is None:
            return
        if item.open_now:
            self.app.session.rename(title)
        folder = item.run.folder
        self._change_files(partial(folder.rename, title), folder, "run renamed")

    def action_delete(self) -> None:
        """Delete the run under the cursor; it can be restored."""
        item, store = self._item, self._store
        if item is None or item.run is None or store is None:
            self.show_message("only saved runs can be deleted here")
        elif item.open_now:
            self.show_message(f"{item.name} is open; open something else before you delete it")
        elif item.open_here:
            undo = self.app.key_names["undo"]
            self.show_message(
                f"{item.name} was opened in this session, and {undo} can return to it; "
                "delete it later"
            )
        else:
            runs = [other for other in self._shown.values() if other.run]
            others = runs[runs.index(item) + 1 :] + runs[: runs.index(item)][::-1]
            next_run = others[0].run if others else None
            message = f"{item.name} deleted; {self.key_names['open.restore']} restores it"
            delete = partial(store.delete, item.run.folder)
            self._change_files(delete, next_run.folder if next_run else None, message)

    def action_restore(self) -> None:
        """Restore the run deleted last."""
        store = self._store
        if store is not None:
            self._restore(store)

    @work(exit_on_error=False, exclusive=True)
    async def _restore(self, store: RunStore) -> None:
        folder = await asyncio.to_thread(store.restore)
        if folder is None:
            self.show_message("no deleted run to restore")
        else:
            self._reload(folder, "run restored")

    def action_about(self) -> None:
        """Describe the run under the cursor."""
        item = self._item
        if item is None or item.run is None:
            self.show_message(item.description if item else "")
        else:
            self._describe(item.name, item.run.folder)

    @work(exit_on_error=False, exclusive=True)
    async def _describe(self, name: str, folder: RunFolder) -> None:
        try:
            text = await asyncio.to_thread(run_details, folder)
        except InputError as error:
            self.show_message(make_printable(str(error)))
        else:
            self.app.push_screen(RunDetailsScreen(name, text))

    @work(exit_on_error=False, exclusive=True)
    async def _change_files(
        self, change: Callable[[], None], at: RunFolder | None, message: str
    ) -> None:
        """Change something on disk, then list the runs again with a message or the error."""
        try:
            await asyncio.to_thread(change)
        except InputError as error:
            message = make_printable(str(error))
        self._reload(at, message)
