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

MOST_LINES = 3
"""What is wrong may have so many lines."""
NEWS_LINES = 2
"""What just happened may have so many."""
MARGINS = 2
"""A cell on either side of a sentence."""


class TextLine(Canvas):
    """One line across the window."""

    DEFAULT_CSS = "TextLine { height: 1; }"

    app = getters.app(BaseApp)

    @property
    def paper(self) -> Style:
        return self.app.palette.text


class StatusLine(TextLine):
    """State, experiment, epoch, loss, speed; alone in the window, what is most important."""

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.app.snapshot is None:
            return []
        if height > 1:
            return draw_compact_status(self.app.snapshot, DrawArea(width, height, self.app.palette))
        return [draw_status(self.app.snapshot, self.app.status, width, self.app.palette)]


class MessageLine(TextLine):
    """A sentence, on as many lines as it needs, so that it is read to its end, and as it may."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sentence = ""
        self._bad, self._most = False, 1

    def show(self, sentence: str, bad: bool, most: int = MOST_LINES) -> None:
        """Replace the sentence; ``most`` is how many lines it may have."""
        sentence = make_printable(sentence)
        self._sentence, self._bad, self._most = sentence, bad, most
        self.tooltip = Content(sentence) if sentence else None  # a text would be read as markup
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
        last = " ".join(lines[self._most - 1 :])
        return [*lines[: self._most - 1], *([last] if last else [])] or [""]


class InfoLine(MessageLine):
    """What just happened, or what one can do here.

    It has a line of its own; a longer sentence lies over the foot of the panes for a while,
    so that nothing moves.
    """


class Banner(MessageLine):
    """What is wrong and stays wrong until somebody does something; else not there at all."""

    DEFAULT_CSS = "Banner { display: none; }"

    def show_error(self, trouble: str) -> None:
        """Say what is wrong, or that nothing is by an empty ``trouble``."""
        if trouble != self._sentence:
            self.show(trouble, bad=True)
            self.display = bool(trouble)

    def fit_into(self, room: bool, width: int) -> None:
        """Take the place there is in a window of another size."""
        self.display = room and bool(self._sentence)
        self.styles.height = len(self._lines(width))
