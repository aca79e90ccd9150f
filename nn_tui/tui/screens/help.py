"""``?``: every key there is, from the bindings, and what each pane shows."""

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
"""Cells that the first two columns have at least, so that most tables are alike."""
_GAP = 2


@dataclass(frozen=True)
class Chapter:
    """What help says of the program or of a pane."""

    title: str
    text: str
    lines: tuple[KeyLine, ...]


class HelpScreen(Dialog[None]):
    """Text to scroll; ``/`` finds lines in it; ``esc``, ``?`` or ``q`` closes it."""

    HELP_TITLE = "Help"
    HELP_TEXT = "This text."
    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > Vertical {
        width: 84;
        max-width: 100%;
        height: 94%;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
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
        with Vertical() as box:
            box.border_title = "Help"
            names = self.key_names
            box.border_subtitle = f"↑ ↓ scroll, {names['help.find']} finds, esc closes"
            yield Input(placeholder="type to find", max_length=60, select_on_focus=False)
            with VerticalScroll():
                yield Static("no matches", id="nothing")
                for chapter in self._chapters:
                    yield Markdown(chapter.text)
                    yield Static(key_table(chapter.lines), classes="keys")

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self._page.scroll_relative(y=lines, animate=False)

    def action_find(self) -> None:
        """Let a person type what to find."""
        self._finder.display = True
        self._finder.focus()

    def action_leave(self) -> None:
        """Out of finding, or out of help."""
        if not self._finder.display:
            self.dismiss()
            return
        self._finder.value = ""
        self._finder.display = False
        self._page.focus()

    def on_key(self, event: Key) -> None:
        """The arrows scroll while one types, too."""
        if self._finder.has_focus and event.key in ("up", "down"):
            self.action_scroll(1 if event.key == "down" else -1)
            event.stop()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep the lines in which every word is, and the texts of the chapters they are in."""
        words = event.value.lower().split()
        texts, tables = [*self.query(Markdown)], [*self.query(".keys").results(Static)]
        for chapter, text, keys in zip(self._chapters, texts, tables, strict=True):
            lines = [
                line
                for line in chapter.lines
                if matching_chapters(words, f"{chapter.title} {_said(line)}")
            ]
            text.display = not words or matching_chapters(words, chapter.text)
            keys.display = bool(lines)
            title = "" if text.display else chapter.title
            keys.update(key_table(lines, title))
        self._nothing.display = not any(part.display for part in (*texts, *tables))
        self._page.scroll_home(animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep what was found, and scroll it."""
        self._page.focus()


def chapters(
    program: DOMNode, here: Pane | None, panes: Iterable[Pane], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """The pane one is in, the program, then the other panes."""
    others = [pane for pane in panes if pane is not here]
    nodes = [node for node in (here, program, *others) if node is not None]
    return [
        chapter_of(node, node.TITLE if isinstance(node, Pane) else "nn-tui", keymap, names)
        for node in nodes
    ]


def chapter_of(node: DOMNode, title: str, keymap: Keymap, names: KeyNames) -> Chapter:
    """What a part of the screen says of itself, and its keys."""
    text = names.also(node.BINDINGS).with_key_names(cleandoc(node.HELP or ""), "`")
    return Chapter(title, text, tuple(key_lines(node.BINDINGS, keymap)))


def screen_chapters(
    screens: Iterable[type[Dialog[Any]]], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """A chapter for each screen: a sentence and its keys."""
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
    """Keys, what they do, and faint the name by which settings give them other keys.

    Columns are as wide as what is in them.
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


def matching_chapters(words: Iterable[str], text: str) -> bool:
    """Whether every word is in it."""
    return all(word in text.lower() for word in words)


def _said(line: KeyLine) -> str:
    return f"{line.keys} {line.what} {line.id}"
