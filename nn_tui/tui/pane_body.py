"""The widget that contains the panes, at the places that ``pane_layout`` gives them."""

from textual.geometry import NULL_SPACING, Offset, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from nn_tui.tui.pane_layout import pane_regions
from nn_tui.tui.panes.pane import Pane


class _Places(Layout):
    """Textual's view of ``pane_regions``: it places the panes that are displayed."""

    name = "panes"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        panes = {str(child.id): child for child in children}
        regions = pane_regions(panes, size)
        return [
            WidgetPlacement(region, Offset(), NULL_SPACING, panes[name])
            for name, region in regions.items()
        ]


class PaneBody(Widget):
    """The room of all panes, between the status line and the sentence below the panes."""

    DEFAULT_CSS = "PaneBody { height: 1fr; }"

    def __init__(self, *panes: Pane, id: str) -> None:
        super().__init__(*panes, id=id)
        self._places = _Places()

    @property
    def layout(self) -> Layout:
        return self._places
