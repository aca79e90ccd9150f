"""The glossary: what the thing under the cursor is, and a search for any other word."""

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key, Resize
from textual.getters import query_one
from textual.strip import Strip
from textual.widgets import Input

from nn_tui.glossary.entry import Entry
from nn_tui.glossary.lookup import ENTRIES, find_entry, search_entries
from nn_tui.lessons.catalog import course_files
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.glossary_page import draw_entries, draw_entry, entry_links
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.panes.pane import GlossaryTopic
from nn_tui.tui.widgets.canvas import Canvas

_WIDTH, _HEIGHT = 84, 15
_FRAME = 4
_BELOW = 2
"""Lines of the window below the panel, which it leaves free."""


class GlossaryPage(Canvas, can_focus=True):
    """An entry with the chosen link, or the entries found with the chosen one."""

    DEFAULT_CSS = "GlossaryPage { height: 1fr; padding: 0 1; }"

    app = getters.app(BaseApp)

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry | None = None
        self.value = ""
        self.found: Sequence[Entry] = ()
        self.cursor = 0
        self.first = 0
        """The first line of the entry that is in sight."""

    @property
    def paper(self) -> Style:
        return self.app.palette.text

    def draw(self, width: int, height: int) -> list[Strip]:
        area = DrawArea(width, height, self.app.palette)
        if self.entry is None:
            return draw_entries(self.found, self.cursor, area)
        rows = draw_entry(self.entry, self.value, self.cursor, area)
        first = max(0, min(self.first, len(rows) - height))
        return rows[first:]


class GlossaryScreen(Dialog[None]):
    """An entry, from which others can be reached; without a ``topic``, all entries to choose from.

    ``at_top`` places it at the upper edge of the window, so that the lower half stays in sight.
    ``first`` are entries to list before the others.
    """

    HELP_TITLE = "Glossary"
    HELP_TEXT = "What a word on the screen means, with formula and source."
    AUTO_FOCUS = "GlossaryPage"
    DEFAULT_CSS = f"""
    GlossaryScreen {{ align: center bottom; }}
    GlossaryScreen.-top {{ align: center top; }}
    GlossaryScreen > .dialog {{ width: {_WIDTH}; height: {_HEIGHT}; margin-bottom: {_BELOW}; }}
    GlossaryScreen.-top > .dialog {{ margin: 1 0 0 0; }}
    GlossaryScreen Input {{
        display: none; height: 1; border: none; padding: 0 1; background: $surface;
    }}
    GlossaryScreen Input:focus {{ border: none; background-tint: transparent; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "close", show=False),
        Binding("enter", "follow", "follow", id="glossary.follow", tooltip="Show the chosen entry"),
        Binding("backspace", "back", "back", id="glossary.back", tooltip="Back to the last entry"),
        Binding("slash", "find", "find", id="glossary.find", tooltip="Search all entries"),
        Binding("right,down,tab,l,j", "move(1)", "Next", id="glossary.next", show=False),
        Binding(
            "left,up,shift+tab,h,k", "move(-1)", "Previous", id="glossary.previous", show=False
        ),
        Binding("pagedown", "scroll(5)", "Down", id="glossary.down", show=False),
        Binding("pageup", "scroll(-5)", "Up", id="glossary.up", show=False),
        Binding("a,q", "dismiss", "close", id="glossary.close", show=False, tooltip="Close"),
    ]

    _page = query_one(GlossaryPage)
    _finder = query_one(Input)

    def __init__(
        self,
        topic: GlossaryTopic | None = None,
        at_top: bool = False,
        first: Sequence[Entry] = (),
    ) -> None:
        super().__init__()
        self._topic, self._first = topic, tuple(first)
        self._trail: list[Entry] = []
        self.set_class(at_top, "-top")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Input(placeholder="type to filter", max_length=60, select_on_focus=False)
            yield GlossaryPage()

    def on_mount(self) -> None:
        """Show the entry of the topic, or the search."""
        entry = find_entry(self._topic.word) if self._topic is not None else None
        if entry is None:
            self.action_find()
        else:
            self._page.value = self._topic.value if self._topic is not None else ""
            self._show(entry)

    def on_resize(self, event: Resize) -> None:
        """Draw it in the new width."""
        self._page.repaint()

    def _show(self, entry: Entry) -> None:
        self._finder.display = False
        page = self._page
        page.entry, page.cursor, page.first = entry, 0, 0
        self._fit()
        self.set_focus(page)
        self._entitle(entry.name)

    def _fit(self) -> None:
        """Make the panel as high as the entry; a list of entries has all its lines."""
        page, lines = self._page, _HEIGHT
        if page.entry is not None:
            width = min(_WIDTH, self.app.size.width) - _FRAME
            area = DrawArea(width, 0, self.app.palette)
            lines = len(draw_entry(page.entry, page.value, 0, area)) + 2
        self.query_one(Vertical).styles.height = min(_HEIGHT, lines)

    def _entitle(self, name: str) -> None:
        names = self.key_names
        box = self.query_one(Vertical)
        box.border_title = f"About · {name}" if name else "Glossary"
        follow, find = names["glossary.follow"], names["glossary.find"]
        keys = f"{follow} follows a word  {find} finds" if name else f"{follow} shows it"
        box.border_subtitle = f"{keys}  esc closes"
        self._page.repaint()

    # Actions

    def action_find(self) -> None:
        """Search all entries."""
        page = self._page
        if page.entry is not None:
            self._trail.append(page.entry)
        page.entry, page.value = None, ""
        self._finder.value = ""
        self._finder.display = True
        self._fit()
        self._list("")
        self.set_focus(self._finder)
        self._entitle("")

    def _list(self, text: str) -> None:
        page, cursor = self._page, 0
        if text.strip():
            page.found = search_entries(text)
        else:
            others = sorted(ENTRIES.values(), key=lambda entry: entry.name.casefold())
            page.found = [*self._first, *(e for e in others if e not in self._first)]
        page.cursor = cursor
        page.repaint()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the entries."""
        event.stop()
        if self._page.entry is None:
            self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show the entry under the cursor."""
        event.stop()
        self.action_follow()

    def on_key(self, event: Key) -> None:
        """Move among the found entries while the input has the focus."""
        if self._finder.has_focus and event.key in ("up", "down"):
            self.action_move(1 if event.key == "down" else -1)
            event.stop()

    def action_move(self, links: int) -> None:
        """Choose another link or entry."""
        page = self._page
        choices = len(page.found) if page.entry is None else len(entry_links(page.entry))
        if choices:
            page.cursor = max(0, min(choices - 1, page.cursor + links))
            page.repaint()

    def action_scroll(self, lines: int) -> None:
        """Scroll a long entry."""
        self._page.first = max(0, self._page.first + lines)
        self._page.repaint()

    def action_follow(self) -> None:
        """Show the chosen entry, or open the lesson."""
        page = self._page
        if page.entry is None:
            if page.found:
                self._show(page.found[page.cursor])
            return
        links = entry_links(page.entry)
        if not links:
            return
        chosen = links[page.cursor]
        if page.entry.lesson and page.cursor == len(links) - 1:
            self._open_lesson(page.entry.lesson)
            return
        self._trail.append(page.entry)
        page.value = ""
        self._show(ENTRIES[chosen])

    def _open_lesson(self, name: str) -> None:
        """Close everything above the panes, and open the lesson."""
        path = next(path for path in course_files() if path.stem.partition("-")[2] == name)
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        self.app.open_lesson(path)

    def action_back(self) -> None:
        """Show the entry before."""
        if self._trail:
            self._page.value = ""
            self._show(self._trail.pop())

    def action_leave(self) -> None:
        """Leave the search, or close the glossary."""
        if self._page.entry is None and self._trail:
            self.action_back()
        else:
            self.dismiss()
