"""A question at the start: resume a run after a crash or a dropped connection?"""

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
    """``enter`` resumes the run, ``esc`` starts fresh; either way the run stays saved."""

    HELP_TITLE = "An unfinished run"
    HELP_TEXT = "Offered at the start."
    DEFAULT_CSS = """
    ResumeScreen > .dialog { width: 64; height: auto; padding: 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y,space", "answer(True)", "resume it", id="resume.go-on"),
        Binding("escape,n,q", "answer(False)", "start fresh", id="resume.begin-anew"),
    ]

    def __init__(self, run: SavedRun) -> None:
        super().__init__()
        self._run = run

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = "An unfinished run"
            names = self.key_names
            resume, fresh = names["resume.go-on"], names["resume.begin-anew"]
            yield Static(unfinished_text(self._run, resume, fresh), markup=False)

    def action_answer(self, resume: bool) -> None:
        """Return the answer."""
        self.dismiss(resume)


def unfinished_text(run: SavedRun, resume: str, fresh: str) -> str:
    """Return the run's name, epoch, loss and age, and what the two keys do."""
    checkpoint = run.checkpoint
    seconds = time.time() - checkpoint.saved_at
    return (
        f"{run.name} did not exit cleanly.\n\n"
        f"  epoch  {checkpoint.epoch:,}\n"
        f"  loss   {format_loss(checkpoint.train_loss)}\n"
        f"  saved  {ago(seconds)}\n\n"
        f"{resume} resumes exactly there, {fresh} starts fresh\n"
        "(the run stays saved: nn-tui runs lists it)"
    )
