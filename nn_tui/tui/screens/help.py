"""``?``: the keys, from the bindings, and a text on each pane and screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.dom import DOMNode
from textual.events import Key
from textual.getters import query_one
from textual.widgets import Input, Markdown, Static

from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.keymap import KeyLine, Keymap, KeyNames, key_lines
from nn_tui.tui.panes.pane import Pane

_KEY_COLUMN = 12
_WHAT_COLUMN = 34
"""The least width of the first two columns, so that most tables align."""
_GAP = 2


@dataclass(frozen=True)
class Chapter:
    """The help of the program, a pane or a screen: a text and its keys."""

    title: str
    text: str
    lines: tuple[KeyLine, ...]


class HelpScreen(Dialog[None]):
    """Text that scrolls; ``/`` filters it, ``esc``, ``?`` or ``q`` closes it."""

    HELP_TITLE = "Help"
    HELP_TEXT = "This text."
    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    HelpScreen > .dialog { width: 84; height: 94%; }
    HelpScreen VerticalScroll { padding: 0 1; background: $surface; scrollbar-size-vertical: 1; }
    HelpScreen Markdown, HelpScreen Static { background: $surface; padding: 0; margin: 0; }
    HelpScreen #nothing { display: none; color: $text-muted; }
    HelpScreen .keys { margin: 0 0 1 2; }
    HelpScreen Input {
        display: none;
        height: 1;
        border: none;
        padding: 0 1;
        background: $surface;
    }
    HelpScreen Input:focus { border: none; background-tint: transparent; }
    HelpScreen MarkdownH1, HelpScreen MarkdownH2 {
        content-align: left middle;
        margin: 0 0 1 0;
        text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave"),
        Binding("question_mark,q", "dismiss", "close help", id="help.close", show=False),
        Binding("slash", "find", "find", id="help.find", show=False),
        Binding("down,j", "scroll(1)", "Down", id="help.down", show=False),
        Binding("up,k", "scroll(-1)", "Up", id="help.up", show=False),
    ]

    _page = query_one(VerticalScroll)
    _finder = query_one(Input)
    _nothing = query_one("#nothing", Static)

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        super().__init__()
        self._chapters = chapters

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "Help"
            names = self.key_names
            box.border_subtitle = f"↑ ↓ scroll, {names['help.find']} filters, esc closes"
            yield Input(placeholder="type to filter", max_length=60, select_on_focus=False)
            with VerticalScroll():
                yield Static("no matches", id="nothing")
                for chapter in self._chapters:
                    yield Markdown(chapter.text)
                    yield Static(key_table(chapter.lines), classes="keys")

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self._page.scroll_relative(y=lines, animate=False)

    def action_find(self) -> None:
        """Show the input that filters."""
        self._finder.display = True
        self._finder.focus()

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

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the key lines and the texts that contain every word."""
        words = event.value.lower().split()
        texts, tables = [*self.query(Markdown)], [*self.query(".keys").results(Static)]
        for chapter, text, keys in zip(self._chapters, texts, tables, strict=True):
            lines = [
                line
                for line in chapter.lines
                if contains_all(words, f"{chapter.title} {_searchable(line)}")
            ]
            text.display = not words or contains_all(words, chapter.text)
            keys.display = bool(lines)
            title = "" if text.display else chapter.title
            keys.update(key_table(lines, title))
        self._nothing.display = not any(part.display for part in (*texts, *tables))
        self._page.scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Scroll the matches."""
        self._page.focus()


def chapters(
    program: DOMNode, focused: Pane | None, panes: Iterable[Pane], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """Return the chapters: the focused pane, the program, then the other panes."""
    others = [pane for pane in panes if pane is not focused]
    nodes = [node for node in (focused, program, *others) if node is not None]
    return [
        chapter_of(node, node.TITLE if isinstance(node, Pane) else "nn-tui", keymap, names)
        for node in nodes
    ]


def chapter_of(node: DOMNode, title: str, keymap: Keymap, names: KeyNames) -> Chapter:
    """Return the chapter on a node: its ``HELP`` and its keys."""
    text = names.also(node.BINDINGS).with_key_names(cleandoc(node.HELP or ""), "`")
    return Chapter(title, text, tuple(key_lines(node.BINDINGS, keymap)))


def screen_chapters(
    screens: Iterable[type[Dialog[Any]]], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """Return a chapter for each screen: a sentence and its keys."""
    return [
        Chapter(
            screen.HELP_TITLE,
            f"## {screen.HELP_TITLE}\n\n{names.with_key_names(screen.HELP_TEXT, '`')}",
            tuple(
                line
                for node in (screen, *screen.HELP_PARTS)
                for line in key_lines(node.BINDINGS, keymap)
                if line.id
            ),
        )
        for screen in screens
    ]


def key_table(lines: Iterable[KeyLine], title: str = "") -> Text:
    """Return a table of keys, what they do, and the dimmed ids that settings use.

    Columns fit their contents.
    """
    lines = list(lines)
    keys = max((len(line.keys) for line in lines), default=0)
    what = max((len(line.what) for line in lines), default=0)
    text = Text().append(title, "underline")
    for line in lines:
        text.append("\n" if text else "")
        text.append(line.keys.ljust(max(keys, _KEY_COLUMN)) + " " * _GAP, "bold")
        text.append(line.what.ljust(max(what, _WHAT_COLUMN)) + " " * _GAP)
        text.append(line.id, "dim")
    return text


def contains_all(words: Iterable[str], text: str) -> bool:
    """Whether ``text`` contains every word."""
    return all(word in text.lower() for word in words)


def _searchable(line: KeyLine) -> str:
    return f"{line.keys} {line.what} {line.id}"
