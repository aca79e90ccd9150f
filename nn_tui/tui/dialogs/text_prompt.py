"""A line in which a run gets a name of its own."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.widgets.value_input import ValueInput

_LONGEST = 60


class TextPrompt(Dialog[str | None]):
    """Its answer is the name, or None where a person left it as it was."""

    AUTO_FOCUS = "ValueInput"
    DEFAULT_CSS = """
    TextPrompt { align: center middle; }
    TextPrompt > Vertical {
        width: 64;
        max-width: 100%;
        height: 3;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
        padding: 0 1;
    }
    TextPrompt ValueInput { display: block; position: relative; width: 100%; }
    """

    def __init__(self, run: str, title: str) -> None:
        """``run`` is what it is called now, ``title`` the name of its own, if it has one."""
        super().__init__()
        self._run, self._title = run, title

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = Content(f"A name for {self._run}")
            box.border_subtitle = "enter takes it, esc leaves it as it was"
            yield ValueInput(
                self._title,
                placeholder="such as: with a smaller rate",
                max_length=_LONGEST,
                compact=True,
                select_on_focus=False,
            )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say again what the keys do."""
        event.stop()
        self._ask("enter takes it, esc leaves it as it was")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the name."""
        event.stop()
        title = event.value.strip()
        if title:
            self.dismiss(title)
        else:
            self._ask("a name has at least one character; esc leaves it as it was")

    def on_value_input_left(self, event: ValueInput.Left) -> None:
        """Leave it as it was."""
        event.stop()
        self.dismiss(None)

    def _ask(self, keys: str) -> None:
        self.query_one(Vertical).border_subtitle = keys
