"""At the start: go on with a run whose program was killed or whose link was lost?"""

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from nn_tui.files.runs.run_store import SavedRun
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.screens.open_items import ago


class ResumeScreen(Dialog[bool]):
    """``enter`` goes on with it, ``esc`` begins anew; the run stays where it is kept."""

    HELP_TITLE = "An unfinished run"
    HELP_TEXT = "Offered at the start."
    DEFAULT_CSS = """
    ResumeScreen { align: center middle; }
    ResumeScreen > Vertical {
        width: 64;
        max-width: 100%;
        height: auto;
        border: round $primary;
        border-title-color: $primary;
        background: $surface;
        padding: 1 2;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y,space", "answer(True)", "go on with it", id="resume.go-on"),
        Binding("escape,n,q", "answer(False)", "begin anew", id="resume.begin-anew"),
    ]

    def __init__(self, entry: SavedRun) -> None:
        super().__init__()
        self._entry = entry

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = "An unfinished run"
            names = self.key_names
            go_on, anew = names["resume.go-on"], names["resume.begin-anew"]
            yield Static(unfinished_text(self._entry, go_on, anew), markup=False)

    def action_answer(self, wanted: bool) -> None:
        """Close with the answer."""
        self.dismiss(wanted)


def unfinished_text(entry: SavedRun, go_on: str, anew: str) -> str:
    """What it is, how far it had come, when, and what the two keys do."""
    checkpoint = entry.checkpoint
    seconds = time.time() - checkpoint.saved_at
    return (
        f"{entry.name} was still open when its program ended.\n\n"
        f"  epoch  {checkpoint.epoch:,}\n"
        f"  loss   {format_loss(checkpoint.train_loss)}\n"
        f"  saved  {ago(seconds)}\n\n"
        f"{go_on} goes on exactly there, {anew} begins anew\n"
        "(it stays saved: nn-tui runs lists it)"
    )
