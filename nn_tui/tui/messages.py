"""The message line below the panes, and the banner for errors that persist."""

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.widgets.message_lines import (
    MAX_ERROR_LINES,
    MAX_MESSAGE_LINES,
    Banner,
    InfoLine,
    StatusLine,
)
from nn_tui.tui.window_layout import WindowLayout


class Messages:
    """Shows messages of the app; without one, the focused pane's hint.

    While ``failure``, an internal error of training, is not empty, every message says how to
    restart training.
    """

    def __init__(self, app: BaseApp, layout: WindowLayout) -> None:
        self._app = app
        self._layout = layout
        self.failure = ""
        self.hinted = ""
        """Id of the pane whose hint was shown last."""

    def greet(self, pane: str, note: str, bad: bool) -> None:
        """Show ``note`` and the first keys, in place of the hint of the pane with id ``pane``."""
        self.hinted = pane
        words = "`run` trains, `epoch` one epoch, `help` helps"
        words += "" if note else ", `quit` saves and quits"
        keys = self._app.key_names.with_key_names(words)
        self.show(f"{note}; {keys}" if note else keys, bad)

    def show(self, text: str = "", bad: bool = False) -> None:
        """Show ``text`` in the message line, as an error if ``bad``."""
        if text and self.failure:
            start = self._app.key_names["run"]
            text, bad = f"training has stopped after an error; first restart it with {start}", True
        pane = self._layout.focused_pane
        shown = text or (pane.info() if pane else "")
        most = MAX_ERROR_LINES if bad else MAX_MESSAGE_LINES if text else 1
        self._app.query_one(InfoLine).show(shown, bad, most)

    def pane_focused(self, name: str) -> None:
        """Show the hint of the pane with id ``name``, unless it is shown already."""
        if name != self.hinted:
            self.hinted = name
            self.show()

    def set_failure(self, failure: str) -> None:
        """Set ``failure`` and show it in the banner."""
        self.failure = failure
        self.update_banner()

    def report_failure(self, error: BaseException) -> None:
        """Report an error that ended training, and say what continues it."""
        run = self._app.key_names["run"]
        advice = f"training stopped; {run} continues from the last complete epoch"
        self.set_failure(self._app.report_error(error, advice))
        self._app.query_one(StatusLine).repaint()

    def update_banner(self) -> None:
        """Show in the banner what is wrong and stays so, if anything is."""
        saver = self._app.session.saver
        self._app.query_one(Banner).show_error(self.failure or (saver.problem if saver else ""))
