"""Lays out the window with the tour's panel in it."""

from textual.geometry import Size

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.tour.panel import TourPanel
from nn_tui.tui.window_layout import WindowLayout


class TourController:
    """Makes room for the tour's panel before the panes get theirs."""

    def __init__(self, app: BaseApp, layout: WindowLayout) -> None:
        self._app = app
        self._layout = layout
        self.panel = TourPanel()

    def arrange(self, window: Size) -> None:
        """Lay out panel and panes in a window of that size."""
        place = self.panel.place(window)
        lines = place.region.height if place else 0
        beside = place is not None and place.in_column
        if beside:
            self._layout.apply(window, taken=lines)
        else:
            self._layout.apply(Size(window.width, window.height - lines))
        body = self._app.screen_stack[0].query_one("#body")
        body.styles.padding = (0, 0, 0 if beside else lines, 0)
        self.panel.show_at(place)
