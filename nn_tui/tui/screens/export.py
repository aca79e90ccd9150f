"""``w``: export the run to a file."""

import asyncio
import shlex
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.getters import query_one
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.errors import InputError
from nn_tui.fileio import FileAlreadyExists
from nn_tui.files.export_formats import (
    EXPORTS,
    Export,
    ExportContext,
    MidEpoch,
    free_name,
    write_export,
)
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.keymap import KeyNames

_NAME_WIDTH = 9


class ExportScreen(Dialog[None]):
    """A list of export formats, and below it the file name.

    The run is exported as it was when the screen opened. An existing file is replaced
    only after a question.
    """

    HELP_TITLE = "Write"
    HELP_TEXT = "Files to export; letter keys act while the list has the focus."
    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    ExportScreen > .dialog { width: 98; height: auto; max-height: 94%; }
    ExportScreen Horizontal { height: 1; margin: 1 0 0 0; }
    ExportScreen #label { width: 10; padding: 0 1; }
    ExportScreen Input {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
        background-tint: transparent; margin: 0 1 0 0;
    }
    ExportScreen Input:focus { border: none; background: $primary 30%; }
    ExportScreen #message {
        height: auto; min-height: 2; max-height: 11;
        padding: 0 1; margin: 1 0 0 0; color: $text-muted;
    }
    ExportScreen #message.bad { color: $text-error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back", show=False),
        Binding("j", "move(1)", "Down", id="write.down", show=False),
        Binding("k", "move(-1)", "Up", id="write.up", show=False),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
    ]

    _list = query_one(OptionList)
    _path = query_one(Input)

    def __init__(self, context: ExportContext, keys: KeyNames) -> None:
        super().__init__()
        self._export_context = context
        self._obstacles = {name: _obstacle(entry, context, keys) for name, entry in EXPORTS.items()}
        self._confirmed = ""
        """An existing file whose replacement you have confirmed."""

    @property
    def _export(self) -> Export:
        """The format under the cursor."""
        return [*EXPORTS.values()][self._list.highlighted or 0]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            run, epoch = self._export_context.run, self._export_context.snapshot.epoch
            box.border_title = Text(f"Write {make_printable(run.name)}, epoch {epoch:,}")
            box.border_subtitle = "enter chooses, enter again writes, esc leaves"
            yield OptionList(*map(self._line, EXPORTS.values()), markup=False, compact=True)
            with Horizontal():
                yield Static("into", id="label", markup=False)
                yield Input(max_length=1000, compact=True, select_on_focus=False)
            yield Static(id="message", markup=False)

    def _line(self, entry: Export) -> Option:
        line = Text(f" {entry.name:<{_NAME_WIDTH}}", no_wrap=True, overflow="ellipsis")
        return Option(line.append(entry.help, "dim"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Propose a file name, or show why this format is not possible."""
        event.stop()
        self._path.value = free_name(self._export, self._export_context.run, Path())
        self._describe_export()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Move to the file name."""
        event.stop()
        if not self._obstacles[self._export.name]:
            self._path.focus()
            self._path.cursor_position = len(self._path.value)
            self.show_message("type another name or folder, or press enter to write the file")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask again before another file is replaced."""
        event.stop()
        self._confirmed = ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write the file."""
        event.stop()
        text = event.value.strip()
        if not text:
            self.show_message("type a file name", bad=True)
            return
        self._write(self._export, text, replace=self._confirmed == text)

    @work(exit_on_error=False, exclusive=True)
    async def _write(self, export: Export, text: str, replace: bool) -> None:
        path = Path(text).expanduser()
        try:
            await asyncio.to_thread(write_export, export, path, self._export_context, replace)
        except FileAlreadyExists as error:
            self._confirmed = text
            self.show_message(f"{error}: enter replaces it, esc keeps it", bad=True)
        except InputError as error:
            self.show_message(str(error), bad=True)
        else:
            self.dismiss()
            self.app.show_message(make_printable(f"wrote {path}; {_next_step(export, str(path))}"))

    def action_move(self, lines: int) -> None:
        """Move in the list, also from the file name."""
        self._list.focus()
        count = len(EXPORTS)
        self._list.highlighted = ((self._list.highlighted or 0) + lines) % count

    def action_leave(self) -> None:
        """Leave the file name for the list, and the list for the panes."""
        if self._path.has_focus:
            self._list.focus()
            self._describe_export()
        else:
            self.dismiss()

    def _describe_export(self) -> None:
        """Show how to use the file, or why this format is not possible."""
        obstacle = self._obstacles[self._export.name]
        self.show_message(
            obstacle or _next_step(self._export, self._path.value), bad=bool(obstacle)
        )

    def show_message(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence below the file name."""
        message = self.query_one("#message", Static)
        message.set_class(bad, "bad")
        message.update(make_printable(sentence))


def _next_step(entry: Export, path: str) -> str:
    return entry.then.format(path=shlex.quote(path))


def _obstacle(entry: Export, context: ExportContext, keys: KeyNames) -> str:
    """Return why the format is not possible, or an empty string."""
    try:
        entry.check(context)
    except MidEpoch as error:
        return f"{error}; {keys['epoch']} completes it"
    except InputError as error:
        return str(error)
    return ""
