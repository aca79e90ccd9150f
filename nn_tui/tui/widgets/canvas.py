"""The base of every picture: a widget that redraws only the cells that changed.

Textual sends a changed widget whole. A canvas keeps the strips it showed last, compares
new ones with them and asks for just the spans that differ.
"""

from rich.style import Style
from textual.events import Resize, Show
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.drawing.strips import blank, changed_spans, padded


class Canvas(Widget, can_focus=False):
    """Subclasses draw; whoever changes what they draw calls ``repaint``."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []

    def draw(self, width: int, height: int) -> list[Strip]:
        """The picture in ``width`` x ``height`` cells."""
        raise NotImplementedError

    @property
    def paper(self) -> Style:
        """What blank cells look like."""
        return self.rich_style

    def repaint(self) -> None:
        """Draw again and show what is different; nothing if nobody can see it."""
        width, height = self.content_size
        if not (width and height and self.is_attached and self.is_on_screen):
            return
        old, fitted = self._strips, self._fits(width, height)
        strips = self._strips = padded(self.draw(width, height), width, height, self.paper)
        if not fitted:
            self.refresh()
            return
        regions = [
            Region(start, y, stop - start, 1)
            for y, (before, after) in enumerate(zip(old, strips, strict=True))
            for start, stop in changed_spans(before, after)
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        if not width:  # a border fills it, and Textual asks all the same
            return blank(width, self.paper)
        if not self._fits(width, height):
            # Textual shows a new layout before it tells of the new size.
            self._strips = padded(self.draw(width, height), width, height, self.paper)
            self.call_later(self.refresh)  # the border was drawn before what it now says
        return self._strips[y] if y < height else blank(width, self.paper)

    def _fits(self, width: int, height: int) -> bool:
        return len(self._strips) == height and all(
            strip.cell_length == width for strip in self._strips
        )

    def forget(self) -> None:
        """Draw everything anew at the next chance, as after a change of colours."""
        self._strips = []
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        self.repaint()

    def on_show(self, event: Show) -> None:
        self.repaint()
