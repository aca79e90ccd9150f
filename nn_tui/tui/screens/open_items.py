"""What can be opened: saved runs, presets, recipes and data of the folder, typed text."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nn_tui.data.readers.detect import LISTED_SUFFIXES
from nn_tui.experiment import is_recipe_file
from nn_tui.fileio import ListedFile, folder_of, list_files, pasted_path
from nn_tui.files.playground_url import is_link
from nn_tui.files.runs.run_store import SavedRun
from nn_tui.lessons.catalog import course_files
from nn_tui.memory import format_bytes
from nn_tui.recipe.presets import PRESETS
from nn_tui.text import format_time, make_printable

RUNS, NAMED, LESSONS, RECIPES, DATA, TYPED = GROUPS = (
    "Saved runs",
    "Presets",
    "Lessons",
    "Recipes in this folder",
    "Data files in this folder",
    "Typed",
)
_OPEN_NOW, _THIS_SESSION = "open now", "this session"


@dataclass(frozen=True, eq=False)
class OpenItem:
    """An entry: a saved ``run``, or the ``text`` that opens it from the command line.

    ``status`` tells where a run is open, or that it is unfinished; ``details`` describe a
    file.
    """

    group: str
    name: str
    help: str
    text: str = ""
    run: SavedRun | None = None
    status: str = ""
    details: str = ""
    lesson: Path | None = None
    """The file of a lesson."""

    @property
    def key(self) -> str:
        """A key unique among all items."""
        return str(self.run.folder.path) if self.run else f"{self.group}: {self.text}"

    @property
    def open_here(self) -> bool:
        """Whether the run was opened in this session, so that undo can return to it."""
        return self.status in (_OPEN_NOW, _THIS_SESSION)

    @property
    def open_now(self) -> bool:
        """Whether the run is on the screen."""
        return self.status == _OPEN_NOW

    @property
    def description(self) -> str:
        """A sentence on the item."""
        if self.run is None:
            named = f"{self.text}: {self.help}" if self.group == NAMED else self.help
            return self.details or named
        saved = format_time(self.run.checkpoint.saved_at)
        return f"{self.name}: {self.help}, saved {saved}{_STATUS_HELP.get(self.status, '')}"


_STATUS_HELP = {
    _OPEN_NOW: "; this is the current run",
    _THIS_SESSION: "; it was open in this session",
    "open elsewhere": "; it is open in another window, so enter opens a copy",
    "unfinished": "; it did not exit cleanly, and enter resumes it",
}


def runs(saved: Iterable[SavedRun], now: Path | None, opened: Iterable[Path]) -> list[OpenItem]:
    """Return saved runs.

    ``now`` is the folder of the run on the screen, ``opened`` are those of this session.
    """
    opened = {*opened}
    items = []
    for run in saved:
        status = "open elsewhere" if run.open_elsewhere else "unfinished"
        status = status if run.open_elsewhere or run.unfinished else ""
        if run.folder.path in opened:
            status = _OPEN_NOW if run.folder.path == now else _THIS_SESSION
        experiment = make_printable(run.checkpoint.name)
        name = make_printable(run.name)
        items.append(OpenItem(RUNS, name, experiment, run=run, status=status))
    return items


def presets() -> list[OpenItem]:
    """Return the built-in experiments."""
    return [OpenItem(NAMED, name, preset.help, name) for name, preset in PRESETS.items()]


def lessons() -> list[OpenItem]:
    """Return the lessons of the course; their files are not read."""
    items = []
    for path in course_files():
        number, _, name = path.stem.partition("-")
        help = name.replace("-", " ")
        items.append(OpenItem(LESSONS, f"lesson {int(number)}", help, path.stem, lesson=path))
    return items


def files(folder: Path) -> list[OpenItem]:
    """Return the recipes and data files of a folder by name; none if it cannot be read.

    Files that end in .toml are inspected: most belong to other programs.
    """
    found = [_file(file) for file in list_files(folder, (".toml", *LISTED_SUFFIXES))]
    return [f for f in found if f.group != RECIPES or is_recipe_file(folder / f.text)]


def typed_items(text: str, others: Sequence[OpenItem]) -> list[OpenItem]:
    """Return the typed path or link, if ``text`` looks like one or matches none of ``others``."""
    text = pasted_path(text.strip())
    is_path = any(character in text for character in "/\\.~#")
    if not text or (others and not is_path) or any(other.text == text for other in others):
        return []
    help = "a link to TensorFlow Playground" if is_link(text) else "a file path"
    return [OpenItem(TYPED, make_printable(text), help, os.path.expanduser(text))]


def best_match(items: Sequence[OpenItem], text: str) -> int:
    """Return the index of the item with that name, else of the first.

    For an empty text, it is that of the first preset.
    """
    wanted = text.strip().lower()
    for index, item in enumerate(items):
        if item.run is None and (not wanted or item.name.lower() == wanted):
            return index
    return 0


def ago(seconds: float) -> str:
    """Format an age in the largest unit of which it has more than one."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now" if seconds < 2 else f"{int(seconds)} seconds ago"


def _file(file: ListedFile) -> OpenItem:
    group = RECIPES if file.path.suffix.lower() == ".toml" else DATA
    text = f"./{file.name}" if is_link(file.name) else file.name
    name = make_printable(file.name)
    details = f"{name}: modified {format_time(file.modified)}, in {folder_of(file.path)}"
    return OpenItem(group, name, format_bytes(file.size), text, details=details)
