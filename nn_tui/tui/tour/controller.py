"""What a person is told: a sentence in the information line, in the banner what stays wrong."""

from typing import Any

from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.toured import TourApp
from nn_tui.tui.widgets.message_lines import MOST_LINES, NEWS_LINES, Banner, InfoLine


class TourMessagesApp(TourApp):
    """An app that tells; a ``failure`` of training stays told until training goes on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.failure = ""
        self._hinted: Pane | None = None
        """The pane that the information line spoke of last."""

    def tell(self, sentence: str = "", bad: bool = False) -> None:
        """Put a sentence into the information line; without one, the focused pane's."""
        if sentence and self.failure:
            start = self.key_names["run"]
            sentence, bad = f"nothing can be done before {start} has started training again", True
        pane = self._focused_pane()
        told = sentence or self._tour.info() or (pane.info() if pane else "")
        most = MOST_LINES if bad else NEWS_LINES if sentence else 1
        self.query_one(InfoLine).show(told, bad, most)

    def arrived(self, pane: Pane) -> None:
        if pane is not self._hinted:
            self._hinted = pane
            self.tell()

    def warn(self) -> None:
        """Say what is wrong and stays so, if anything is."""
        saver = self.session.saver
        self.query_one(Banner).warn(self.failure or (saver.problem if saver else ""))
