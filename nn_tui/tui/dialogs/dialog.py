"""The base of all modal screens: its help topic, its key names, and errors of its workers.

Textual tells only the screen that started a worker how it ended, not the app.
"""

from functools import lru_cache
from typing import ClassVar, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import getters
from textual.dom import DOMNode
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.worker import Worker, WorkerState

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.keymap import KeyNames

Answer = TypeVar("Answer")


def _without_meta(strip: Strip) -> Strip:
    """The strip without what a click on it does."""
    parts = [Segment(text, style and _style_without_meta(style)) for text, style, _ in strip]
    return Strip(parts, strip.cell_length)


@lru_cache(maxsize=4096)
def _style_without_meta(style: Style) -> Style:
    return style.clear_meta_and_links()


class Dialog(ModalScreen[Answer]):
    """A modal screen; its workers are started with ``exit_on_error=False``.

    Keys that also work while text is typed, such as ``escape``, have no id and are fixed.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .dialog {
        max-width: 100%;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    Dialog OptionList {
        height: auto;
        border: none;
        padding: 0;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    Dialog OptionList:focus { border: none; background-tint: transparent; }
    Dialog OptionList:ansi > .option-list--option-highlighted { text-style: reverse; }
    """

    HELP_TITLE: ClassVar[str] = ""
    """Heading of this screen in the help; empty if it has no keys to rename."""
    HELP_TEXT: ClassVar[str] = ""
    """What the screen is for, in one line; keys by name between backticks."""
    HELP_PARTS: ClassVar[tuple[type[DOMNode], ...]] = ()
    """Widgets on it with bindings of their own."""

    app = getters.app(BaseApp)

    @property
    def key_names(self) -> KeyNames:
        """The keys as sentences on this screen write them."""
        return self.app.key_names.also(self.BINDINGS)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render what is not covered as the screen below has it, so that no cell changes.

        Textual's own way gives the same lines, styled anew at several times the cost.
        """
        stack = self.app.screen_stack
        at = stack.index(self) if self in stack else 0
        if not at or self.styles.background.a:
            return super().render_lines(crop)
        below = stack[at - 1]._compositor.render_strips(self.size)
        lines = [
            strip.crop_extend(*crop.column_span, None) for strip in below[crop.y : crop.bottom]
        ]
        missing = crop.height - len(lines)
        return [_without_meta(line) for line in lines] + [Strip.blank(crop.width)] * missing

    def show_message(self, sentence: str, bad: bool = False) -> None:
        """Show a message; ``bad`` if something went wrong."""
        self.app.show_message(sentence, bad)

    def worker_failed(self) -> None:
        """Stop showing the worker's task as in progress; the error is shown next."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Log an internal error and show it here; the screen stays usable."""
        event.stop()
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None or self.app.quitting:
            return
        sentence = self.app.report_error(error)
        if self.is_attached:
            self.worker_failed()
            self.show_message(sentence, bad=True)
