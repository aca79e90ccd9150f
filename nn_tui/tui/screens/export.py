"""``w``: what to write of the run, and into which file."""

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
from nn_tui.fileio import AlreadyThere
from nn_tui.files.exports import EXPORTS, Export, ExportContext, MidEpoch, free_name, write_export
from nn_tui.text import make_printable
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.keymap import KeyNames

_NAME_WIDTH = 9


class ExportScreen(Dialog[None]):
    """A list of what can be written, and below it the file's name.

    What is written is the run at the moment the screen was opened. A file that is there
    is replaced only after asking.
    """

    HELP_TITLE = "Write"
    HELP_TEXT = "What can be written; letters count in the list."
    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    ExportScreen { align: center middle; }
    ExportScreen > Vertical {
        width: 98;
        max-width: 100%;
        height: auto;
        max-height: 94%;
        border: round $primary;
        border-title-color: $primary;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    ExportScreen OptionList {
        height: auto;
        border: none;
        padding: 0;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ExportScreen OptionList:focus { border: none; background-tint: transparent; }
    ExportScreen OptionList:ansi > .option-list--option-highlighted { text-style: reverse; }
    ExportScreen Horizontal { height: 1; margin: 1 0 0 0; }
    ExportScreen #into { width: 10; padding: 0 1; }
    ExportScreen Input {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
        background-tint: transparent; margin: 0 1 0 0;
    }
    ExportScreen Input:focus { border: none; background: $primary 30%; }
    ExportScreen #said {
        height: auto; min-height: 2; max-height: 11;
        padding: 0 1; margin: 1 0 0 0; color: $text-muted;
    }
    ExportScreen #said.bad { color: $text-error; }
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

    def __init__(self, moment: ExportContext, keys: KeyNames) -> None:
        super().__init__()
        self._moment = moment
        self._hindrances = {
            name: _hindrance(entry, moment, keys) for name, entry in EXPORTS.items()
        }
        self._confirmed = ""
        """The name of a file that is there and may be replaced."""

    @property
    def _export(self) -> Export:
        """What the cursor is on."""
        return [*EXPORTS.values()][self._list.highlighted or 0]

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            run, epoch = self._moment.run, self._moment.snapshot.epoch
            box.border_title = Text(f"Write {make_printable(run.name)}, epoch {epoch:,}")
            box.border_subtitle = "enter chooses and writes, esc leaves"
            yield OptionList(*map(self._line, EXPORTS.values()), markup=False, compact=True)
            with Horizontal():
                yield Static("into", id="into", markup=False)
                yield Input(max_length=1000, compact=True, select_on_focus=False)
            yield Static(id="said", markup=False)

    def _line(self, entry: Export) -> Option:
        line = Text(f" {entry.name:<{_NAME_WIDTH}}", no_wrap=True, overflow="ellipsis")
        return Option(line.append(entry.help, "dim"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Offer a name for what the cursor is on, or say why it cannot be had."""
        event.stop()
        self._path.value = free_name(self._export, self._moment.run, Path())
        self._show_message()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go on to the name."""
        event.stop()
        if not self._hindrances[self._export.name]:
            self._path.focus()
            self._path.cursor_position = len(self._path.value)
            self.say("type another name or folder if you like; enter writes it")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another name has to be asked about anew."""
        event.stop()
        self._confirmed = ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write it."""
        event.stop()
        text = event.value.strip()
        if not text:
            self.say("a file needs a name", bad=True)
            return
        self._write(self._export, text, replace=self._confirmed == text)

    @work(exit_on_error=False, exclusive=True)
    async def _write(self, export: Export, text: str, replace: bool) -> None:
        path = Path(text).expanduser()
        try:
            await asyncio.to_thread(write_export, export, path, self._moment, replace)
        except AlreadyThere as error:
            self._confirmed = text
            self.say(f"{error}: enter replaces it, esc keeps it", bad=True)
        except InputError as error:
            self.say(str(error), bad=True)
        else:
            self.dismiss()
            self.app.show_message(make_printable(f"wrote {path}; {_then(export, str(path))}"))

    def action_move(self, lines: int) -> None:
        """Move in the list, also from the name."""
        self._list.focus()
        count = len(EXPORTS)
        self._list.highlighted = ((self._list.highlighted or 0) + lines) % count

    def action_leave(self) -> None:
        """From the name back to the list, from there out."""
        if self._path.has_focus:
            self._list.focus()
            self._show_message()
        else:
            self.dismiss()

    def _show_message(self) -> None:
        """What one can do with it, or why it cannot be had."""
        hindrance = self._hindrances[self._export.name]
        self.say(hindrance or _then(self._export, self._path.value), bad=bool(hindrance))

    def say(self, sentence: str, bad: bool = False) -> None:
        """Put a sentence below the file's name."""
        said = self.query_one("#said", Static)
        said.set_class(bad, "bad")
        said.update(make_printable(sentence))


def _then(entry: Export, path: str) -> str:
    return entry.then.format(path=shlex.quote(path))


def _hindrance(entry: Export, moment: ExportContext, keys: KeyNames) -> str:
    """Why it cannot be written, or nothing."""
    try:
        entry.check(moment)
    except MidEpoch as error:
        return f"{error}; {keys['epoch']} ends it"
    except InputError as error:
        return str(error)
    return ""
