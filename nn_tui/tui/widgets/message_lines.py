"""The lines above and below the panes."""

from textwrap import wrap

from rich.style import Style
from textual import getters
from textual.content import Content
from textual.strip import Strip

from nn_tui.text import make_printable
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.drawing.status_bar import draw_compact_status, draw_status
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.widgets.canvas import Canvas

MAX_ERROR_LINES = 3
"""Lines of an error at most."""
MAX_MESSAGE_LINES = 2
"""Lines of a message at most."""
MARGINS = 2
"""Cells beside a sentence, one on either side."""


class TextLine(Canvas):
    """One line across the window."""

    DEFAULT_CSS = "TextLine { height: 1; }"

    app = getters.app(BaseApp)

    @property
    def paper(self) -> Style:
        return self.app.palette.text


class StatusLine(TextLine):
    """State, experiment, epoch, loss, speed; in a tiny window only the most important."""

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.app.snapshot is None:
            return []
        if height > 1:
            return draw_compact_status(self.app.snapshot, DrawArea(width, height, self.app.palette))
        return [draw_status(self.app.snapshot, self.app.status, width, self.app.palette)]


class MessageLine(TextLine):
    """A sentence, wrapped onto as many lines as it needs and is allowed."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sentence = ""
        self._bad, self._max_lines = False, 1

    def show(self, sentence: str, bad: bool, max_lines: int = MAX_ERROR_LINES) -> None:
        """Replace the sentence; it is cut off after ``max_lines`` lines."""
        sentence = make_printable(sentence)
        self._sentence, self._bad, self._max_lines = sentence, bad, max_lines
        self.tooltip = Content(sentence) if sentence else None  # a str would be parsed as markup
        self.styles.height = len(self._lines(self.app.size.width))
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        palette = self.app.palette
        style = palette.bad if self._bad else palette.muted
        return [
            RowBuilder(palette.text)
            .add(" ")
            .add(fit_text(line, width - MARGINS), style)
            .strip(width)
            for line in self._lines(width)
        ]

    def _lines(self, width: int) -> list[str]:
        lines = wrap(self._sentence, max(10, width - MARGINS))
        last = " ".join(lines[self._max_lines - 1 :])
        return [*lines[: self._max_lines - 1], *([last] if last else [])] or [""]


class InfoLine(MessageLine):
    """The last message, or the hint of the focused pane.

    It has one line; a longer sentence temporarily covers the bottom of the panes, so that
    nothing moves.
    """


class Banner(MessageLine):
    """A persistent error that needs an action; hidden if there is none."""

    DEFAULT_CSS = "Banner { display: none; }"

    def show_error(self, error: str) -> None:
        """Show an error; an empty one hides the banner."""
        if error != self._sentence:
            self.show(error, bad=True)
            self.display = bool(error)

    def fit_into(self, room: bool, width: int) -> None:
        """Fit into a window of another size; without room, hide."""
        self.display = room and bool(self._sentence)
        self.styles.height = len(self._lines(width))
