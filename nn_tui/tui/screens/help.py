"""``?``: every key there is, from the bindings, and the help of the pane one stands in."""

from collections.abc import Iterable
from inspect import cleandoc
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen
from textual.widgets import Markdown, Static

_KEY_NAMES = {
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "question_mark": "?",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_KEY_COLUMN = 14


class HelpScreen(ModalScreen[None]):
    """Text to scroll; ``esc``, ``?`` or ``q`` closes it."""

    AUTO_FOCUS = "*"
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 76;
        max-width: 100%;
        height: 94%;
        border: round $primary;
        border-title-color: $primary;
        background: $surface;
        padding: 0 1;
    }
    HelpScreen Markdown, HelpScreen Static { background: $surface; padding: 0; margin: 0; }
    HelpScreen Static { margin: 0 0 1 2; }
    HelpScreen MarkdownH1, HelpScreen MarkdownH2 {
        content-align: left middle;
        margin: 0 0 1 0;
        text-style: bold;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "close help", key_display="esc"),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(self, program: DOMNode, pane: DOMNode | None) -> None:
        super().__init__()
        self._helped = [node for node in (pane, program) if node is not None]

    def compose(self) -> ComposeResult:
        with VerticalScroll() as page:
            page.border_title = "Help"
            page.border_subtitle = "↑ ↓ scroll, esc closes"
            for node in self._helped:
                yield Markdown(cleandoc(node.HELP or ""))
                yield Static(Text("\n".join(key_lines(node))))

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def key_lines(node: DOMNode) -> Iterable[str]:
    """The bindings of one node, a line each."""
    for binding in node.__class__.BINDINGS:
        if isinstance(binding, Binding) and not binding.system:
            keys = " ".join(_KEY_NAMES.get(key, key) for key in binding.key.split(","))
            what = binding.tooltip or binding.description
            yield f"{keys:<{_KEY_COLUMN}}{what[:1].upper()}{what[1:]}"
