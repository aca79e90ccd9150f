"""The help screen: panes and screens with their keys, as text that scrolls and is filtered."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.getters import query_one
from textual.widgets import Input

from nn_tui.glossary.lookup import entries_in
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.screens.help_text import Chapter, chapter_content
from nn_tui.tui.widgets.scrolled_text import ScrolledText

_WIDTH = 84
_FRAME = 7
"""Columns of border, padding and scroll bar."""
_SPARE = 2
"""Columns at the right that tables of keys leave free."""
_NOTHING = Content.styled("no matches", "dim")


class HelpScreen(Dialog[None]):
    """Text that scrolls; ``/`` filters it, ``esc``, ``?`` or ``q`` closes it."""

    HELP_TITLE = "Help"
    HELP_TEXT = "This text."
    AUTO_FOCUS = "ScrolledText"
    DEFAULT_CSS = f"""
    HelpScreen > .dialog {{ width: {_WIDTH}; height: 94%; }}
    HelpScreen ScrolledText {{ padding: 0 1; background: $surface; }}
    HelpScreen Input {{
        display: none;
        height: 1;
        border: none;
        padding: 0 1;
        background: $surface;
    }}
    HelpScreen Input:focus {{ border: none; background-tint: transparent; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave"),
        Binding("question_mark,q", "dismiss", "close help", id="help.close", show=False),
        Binding("slash", "find", "find", id="help.find", show=False),
        Binding("A", "glossary", "glossary", id="help.glossary", show=False, tooltip="Glossary"),
        Binding("down,j", "scroll(1)", "Down", id="help.down", show=False),
        Binding("up,k", "scroll(-1)", "Up", id="help.up", show=False),
    ]

    _page = query_one(ScrolledText)
    _finder = query_one(Input)

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        super().__init__()
        self._chapters = chapters
        self._laid_out = self._width()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Help"
            names = self.key_names
            box.border_subtitle = (
                f"↑ ↓ scroll, {names['help.find']} filters, {names['help.glossary']} glossary, "
                "esc closes"
            )
            yield Input(placeholder="type to filter", max_length=60, select_on_focus=False)
            page = ScrolledText()
            page.show_text(self._content(()), self._width() + _SPARE)
            yield page

    def _width(self) -> int:
        """The width of the text."""
        return min(_WIDTH, self.app.size.width) - _FRAME

    def _show(self, wanted: str) -> None:
        """Show the texts and the lines of keys that contain every word of ``wanted``."""
        self._page.show_text(self._content(wanted.lower().split()), self._width() + _SPARE)

    def _content(self, words: Sequence[str]) -> Content:
        found = [chapter_content(chapter, words, self._width()) for chapter in self._chapters]
        return Content("\n").join([part for part in found if part]) or _NOTHING

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self._page.scroll_relative(y=lines, animate=False)

    def action_find(self) -> None:
        """Show the input that filters."""
        self._finder.display = True
        self._finder.focus()

    def action_glossary(self) -> None:
        """List the glossary, the words of the first chapter before the others."""
        from nn_tui.tui.screens.glossary import GlossaryScreen

        text = self._chapters[0].text if self._chapters else ""
        self.app.push_screen(GlossaryScreen(first=entries_in(text)))

    def action_leave(self) -> None:
        """Leave the input, or close help."""
        if not self._finder.display:
            self.dismiss()
            return
        self._finder.value = ""
        self._finder.display = False
        self._page.focus()

    def on_key(self, event: Key) -> None:
        """Scroll by the arrows while the input has the focus, too."""
        if self._finder.has_focus and event.key in ("up", "down"):
            self.action_scroll(1 if event.key == "down" else -1)
            event.stop()

    def on_resize(self) -> None:
        """Lay out the text where the width has changed."""
        if self._laid_out != self._width():
            self._laid_out = self._width()
            self._show(self._finder.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter the text."""
        self._show(event.value)
        self._page.scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Scroll the matches."""
        self._page.focus()
