"""The details of a saved run: its recipe against the experiment's, and its edits."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.recipe.line_fields import field_of
from nn_tui.runs import describe_saved_edits
from nn_tui.text import format_time, make_printable
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.drawing.numbers import format_loss

_LABEL = 18


class RunDetailsScreen(Dialog[None]):
    """The details as text that scrolls."""

    HELP_TITLE = "A saved run"
    HELP_TEXT = "Details of the run chosen in the list that `open` shows."
    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    RunDetailsScreen > .dialog { width: 72; height: auto; max-height: 94%; padding: 1 2; }
    RunDetailsScreen VerticalScroll {
        height: auto; max-height: 100%; background: $surface; scrollbar-size-vertical: 1;
    }
    RunDetailsScreen Static { background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,i,enter", "dismiss", "back", id="about-run.back"),
        Binding("down,j", "scroll(1)", "Down", id="about-run.down", show=False),
        Binding("up,k", "scroll(-1)", "Up", id="about-run.up", show=False),
    ]

    def __init__(self, name: str, details: Text) -> None:
        super().__init__()
        self._run, self._details = name, details

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(self._run)
            names = self.key_names
            box.border_subtitle = f"↑ ↓ scroll, {names['about-run.back']} closes"
            with VerticalScroll():
                yield Static(self._details)

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def run_details(folder: RunFolder) -> Text:
    """Return the details of a run without opening it; raises InputError if it is damaged."""
    stored = folder.load()
    checkpoint = stored.checkpoint
    text = Text()
    for label, value in (
        ("experiment", make_printable(checkpoint.name)),
        ("saved", format_time(checkpoint.saved_at)),
        ("epoch", f"{checkpoint.epoch:,}"),
        ("train loss", format_loss(checkpoint.train_loss)),
        ("time trained", f"{checkpoint.keyframe.seconds:,.3g} s"),
    ):
        _line(text, label, value)
    text.append(f"\nDifferences from {make_printable(checkpoint.name)}\n", "bold")
    preset = checkpoint.preset
    changes = [c for c in preset.differences(checkpoint.recipe) if not c[0].startswith("view.")]
    for key, value in changes:
        field = field_of(key)
        _line(text, field.label, f"{field.kind.show(value)}  (was {field.kind.show(preset[key])})")
    text.append("" if changes else "  none\n", "dim")
    text.append("\nChanges during training\n", "bold")
    for edit, what in zip(stored.edits, describe_saved_edits(folder, stored), strict=True):
        _line(text, f"epoch {edit.epoch:,}", what)
    text.append("" if stored.edits else "  none\n", "dim")
    for warning in stored.warnings:
        text.append(f"\n{make_printable(warning)}\n", "bold")
    return text


def _line(text: Text, label: str, value: str) -> None:
    text.append(f"  {label:<{_LABEL}}", "dim").append(f"{make_printable(value)}\n")
