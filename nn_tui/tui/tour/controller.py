"""What a person is told: a sentence in the information line, in the banner what stays wrong."""

from typing import Any

from textual.geometry import Size

from nn_tui.tui.screen_opener import ScreenOpenerApp
from nn_tui.tui.tour.panel import TourPanel
from nn_tui.tui.widgets.message_lines import MAX_ERROR_LINES, MAX_MESSAGE_LINES, Banner, InfoLine


class TourApp(ScreenOpenerApp):
    """An app in which a person can be shown around."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._tour = TourPanel()

    def _arrange(self, size: Size | None = None, taken: int = 0) -> None:
        """Make room for the page of the first minute before the panes get theirs."""
        window = size or self.size
        place = self._tour.place(window)
        lines = place.region.height if place else 0
        beside = place is not None and place.in_column
        if beside:
            super()._arrange(window, taken + lines)
        else:
            super()._arrange(Size(window.width, window.height - lines), taken)
        body, left = (self.screen_stack[0].query_one(name) for name in ("#body", "#left"))
        body.styles.padding = (0, 0, 0 if beside else lines, 0)
        left.styles.padding = (0, 0, lines if beside else 0, 0)
        if place and beside and not left.display:  # another pane has all the room there is
            left.display, left.styles.width = True, place.region.width
        self._tour.stand(place)

    def update_layout(self) -> None:
        """Give page and panes their room anew."""
        self._arrange()

    def _explained(self, train: bool | None) -> None:
        super()._explained(train)
        self._tour.explained()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The first minute has keys only while it stands."""
        return self._tour.has_keys if action in ("tour", "end_tour") else True

    def action_first_minute(self) -> None:
        """Be walked through the blog's story."""
        self._tour.begin()

    def action_tour(self, pages: int) -> None:
        """A page on or back in the first minute."""
        self._tour.go(pages)

    def action_end_tour(self) -> None:
        """End the first minute."""
        self._tour.end()


class TourMessagesApp(TourApp):
    """An app that tells; a ``failure`` of training stays told until training goes on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.failure = ""
        self._hinted = ""
        """Id of the pane whose hint was shown last."""

    def show_message(self, sentence: str = "", bad: bool = False) -> None:
        """Put a sentence into the information line; without one, the focused pane's."""
        if sentence and self.failure:
            start = self.key_names["run"]
            sentence, bad = f"nothing can be done before {start} has started training again", True
        pane = self._focused_pane()
        told = sentence or self._tour.info() or (pane.info() if pane else "")
        most = MAX_ERROR_LINES if bad else MAX_MESSAGE_LINES if sentence else 1
        self.query_one(InfoLine).show(told, bad, most)

    def pane_focused(self, name: str) -> None:
        if name != self._hinted:
            self._hinted = name
            self.show_message()

    def update_banner(self) -> None:
        """Say what is wrong and stays so, if anything is."""
        saver = self.session.saver
        self.query_one(Banner).show_error(self.failure or (saver.problem if saver else ""))
