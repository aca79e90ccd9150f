"""A long text that scrolls; only the lines in sight are drawn."""

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class ScrolledText(ScrollView, can_focus=True):
    """Shows ``content``, wrapped to lines of ``columns`` cells."""

    DEFAULT_CSS = """
    ScrolledText { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.content = Content()
        self._columns = 1
        self._lines: list[Content] = []

    def show_text(self, content: Content, columns: int) -> None:
        """Show another text."""
        self.content, self._columns = content, max(1, columns)
        self._lines = content.wrap(self._columns)
        self.virtual_size = Size(self._columns, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, at = self.size.width, self.scroll_offset.y + y
        line = self._lines[at] if at < len(self._lines) else Content()
        style = self.visual_style
        (strip,) = Visual.to_strips(self, line, width, 1, style, pad=True) or [Strip([])]
        return strip.extend_cell_length(width, style.rich_style).crop(0, width)
