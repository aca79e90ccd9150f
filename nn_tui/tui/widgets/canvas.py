"""Base class of all drawn widgets: it refreshes only the cells that changed.

Textual sends a changed widget as a whole. A canvas keeps the strips it showed last, compares
the new ones with them and refreshes only the spans that differ.
"""

from rich.style import Style
from textual.events import Resize, Show
from textual.filter import ANSIToTruecolor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.tui.drawing.strips import blank, changed_spans, padded

_FEW_ROWS = 4
"""Below so many drawn rows Textual's own way is as quick."""


class Canvas(Widget, can_focus=False):
    """Subclasses override ``draw``; call ``repaint`` after changing what they draw."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._drawn_size: tuple[int, int] | None = None
        """Columns and rows that the strips fill, unless they have other sizes."""
        self.changed = True
        """Whether the last picture differed from the one before it."""
        self._framed_rows: dict[int, tuple[Strip, tuple[Strip, Strip], Strip]] = {}
        """By number: a row, the edges beside it, and these together."""
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
            self.changed = True
            self.refresh()
            return
        regions = []
        for y, (before, after) in enumerate(zip(old, strips, strict=True)):
            spans = changed_spans(before, after)
            regions += [Region(start, y, stop - start, 1) for start, stop in spans]
            if not spans:
                strips[y] = before  # with what Textual has worked out for it
        self.changed = bool(regions)
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

    def render_lines(self, crop: Region) -> list[Strip]:
        """Put the drawn rows between the borders.

        Textual's own way gives the same rows, but works out the borders of each of them.
        """
        width, height = self.content_size
        gutter = self.styles.gutter
        rows = range(max(crop.y, gutter.top), min(crop.bottom, gutter.top + height))
        if len(rows) < _FEW_ROWS or not (self._fits(width, height) and self._drawn_as_sent):
            return super().render_lines(crop)
        above = super().render_lines(Region(crop.x, crop.y, crop.width, rows.start - crop.y + 1))
        whole = super().render_lines(Region(0, rows.start, self.outer_size.width, 1))[0]
        edges = whole.crop(0, gutter.left), whole.crop(gutter.left + width)
        inside = [self._framed(y - gutter.top, edges).crop(*crop.column_span) for y in rows[1:]]
        below = super().render_lines(Region(crop.x, rows.stop, crop.width, crop.bottom - rows.stop))
        return [*above, *inside, *below]

    def _framed(self, y: int, edges: tuple[Strip, Strip]) -> Strip:
        """Return a drawn row between the ``edges`` of the widget."""
        strip = self._strips[y]
        known = self._framed_rows.get(y)
        if known is None or known[0] is not strip or known[1] != edges:
            left, right = edges
            known = self._framed_rows[y] = strip, edges, Strip.join([left, strip, right])
        return known[2]

    @property
    def _drawn_as_sent(self) -> bool:
        """Whether the colours of drawn cells are those of the terminal, with no filter between."""
        filters = self.app.get_line_filters()
        return all(isinstance(known, ANSIToTruecolor) for known in filters)

    def _draw_padded(self, width: int, height: int) -> list[Strip]:
        self._outdated = False
        self.lay_out(width, height)
        strips = padded(self.draw(width, height), width, height, self.paper)
        fitting = all(strip.cell_length == width for strip in strips)
        self._drawn_size = (width, height) if fitting else None
        return strips

    def _fits(self, width: int, height: int) -> bool:
        return self._drawn_size == (width, height)

    def forget(self) -> None:
        """Draw every cell again, as after a change of theme."""
        self._drawn_size = None
        self.repaint()

    def _catch_up(self) -> None:
        """Draw again, unless the picture is current and has the right size."""
        if self._outdated or not self._fits(*self.content_size):
            self.repaint()

    def on_resize(self, event: Resize) -> None:
        self._catch_up()

    def on_show(self, event: Show) -> None:
        self._catch_up()
