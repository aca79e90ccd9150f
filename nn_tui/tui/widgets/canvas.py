"""Base class of all drawn widgets: it refreshes only the cells that changed.

Textual sends a changed widget as a whole. A canvas keeps the strips it showed last, compares
the new ones with them and refreshes only the spans that differ.
"""

from rich.style import Style
from textual.events import Resize, Show
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.drawing.strips import blank, changed_spans, padded


class Canvas(Widget, can_focus=False):
    """Subclasses override ``draw``; call ``repaint`` after changing what they draw."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._outdated = True
        """Whether a request to draw again came while the canvas was out of sight."""

    def lay_out(self, width: int, height: int) -> None:
        """Update scrolling, cursor and titles for ``width`` x ``height`` cells, before ``draw``."""

    def draw(self, width: int, height: int) -> list[Strip]:
        """Return the picture in ``width`` x ``height`` cells; it changes no state."""
        raise NotImplementedError

    @property
    def paper(self) -> Style:
        """Style of blank cells."""
        return self.rich_style

    def repaint(self) -> None:
        """Draw again and refresh the cells that changed; do nothing while out of sight."""
        width, height = self.content_size
        if not (width and height and self.is_attached and self.is_on_screen):
            self._outdated = True
            return
        old, fitted = self._strips, self._fits(width, height)
        strips = self._strips = self._draw_padded(width, height)
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
        if not width:  # no content, but Textual asks for a line
            return blank(width, self.paper)
        if not self._fits(width, height):
            # Textual renders a new layout before it sends the resize event.
            titles = self.border_title, self.border_subtitle
            self._strips = self._draw_padded(width, height)
            if titles != (self.border_title, self.border_subtitle):
                # The border was drawn before its new titles.
                rows = (Region(-1, y, width + 2, 1) for y in (-1, height))
                self.call_later(self.refresh, *rows)
        return self._strips[y] if y < height else blank(width, self.paper)

    def _draw_padded(self, width: int, height: int) -> list[Strip]:
        self._outdated = False
        self.lay_out(width, height)
        return padded(self.draw(width, height), width, height, self.paper)

    def _fits(self, width: int, height: int) -> bool:
        return len(self._strips) == height and all(
            strip.cell_length == width for strip in self._strips
        )

    def forget(self) -> None:
        """Draw every cell again, as after a change of theme."""
        self._strips = []
        self.repaint()

    def _catch_up(self) -> None:
        """Draw again, unless the picture is current and has the right size."""
        if self._outdated or not self._fits(*self.content_size):
            self.repaint()

    def on_resize(self, event: Resize) -> None:
        self._catch_up()

    def on_show(self, event: Show) -> None:
        self._catch_up()
