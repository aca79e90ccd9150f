"""The lines above and below the panes."""

from typing import TYPE_CHECKING, cast

from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.canvas import Canvas
from nn_tui.tui.pictures.status import draw_status
from nn_tui.tui.strips import Row, fit

if TYPE_CHECKING:
    from nn_tui.tui.app import NnTui


class _Line(Canvas):
    DEFAULT_CSS = "_Line { height: 1; }"

    @property
    def lab(self) -> "NnTui":
        """The program this is a line of."""
        return cast("NnTui", self.app)

    @property
    def paper(self) -> Style:
        return self.lab.palette.text


class StatusLine(_Line):
    """State, experiment, epoch, loss, speed."""

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.lab.snapshot is None:
            return []
        return [draw_status(self.lab.snapshot, self.lab.status, width, self.lab.palette)]


class InfoLine(_Line):
    """One sentence: what just happened, or what one can do here."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._sentence = ""
        self._bad = False

    def show(self, sentence: str, bad: bool) -> None:
        """Replace the sentence."""
        self._sentence, self._bad = sentence, bad
        self.tooltip = sentence or None
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        palette = self.lab.palette
        style = palette.bad if self._bad else palette.muted
        row = Row(palette.text).add(" ").add(fit(self._sentence, width - 2), style)
        return [row.strip(width)]
