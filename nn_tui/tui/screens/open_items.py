"""What can be opened: saved runs, presets, the folder's recipes and data, what one types."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nn_tui.data.readers.detect import DATA_SUFFIXES
from nn_tui.experiment import is_recipe_file
from nn_tui.fileio import ListedFile, folder_of, list_files
from nn_tui.files.playground_url import is_link
from nn_tui.files.runs.run_store import SavedRun
from nn_tui.memory import format_bytes
from nn_tui.recipe.presets import PRESETS
from nn_tui.text import make_printable

RUNS, NAMED, RECIPES, DATA, TYPED = GROUPS = (
    "Saved runs",
    "Presets",
    "Recipes in this folder",
    "Data files in this folder",
    "What you typed",
)
_OPEN_NOW, _THIS_SITTING = "open now", "this sitting"


@dataclass(frozen=True, eq=False)
class OpenItem:
    """One entry; ``text`` is what one would type for it, ``run`` a saved run instead.

    ``mark`` says of a run where it is open, or that it is unfinished; ``more`` of a file
    what its line does not.
    """

    group: str
    name: str
    help: str
    text: str = ""
    run: SavedRun | None = None
    mark: str = ""
    more: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return str(self.run.folder.path) if self.run else f"{self.group}: {self.text}"

    @property
    def open_here(self) -> bool:
        """Whether the program itself has this run open, now or to go back to."""
        return self.mark in (_OPEN_NOW, _THIS_SITTING)

    @property
    def open_now(self) -> bool:
        """Whether it is the run on the screen."""
        return self.mark == _OPEN_NOW

    @property
    def about(self) -> str:
        """What it is, in a sentence."""
        if self.run is None:
            return self.more or (f"{self.text}: {self.help}" if self.group == NAMED else self.help)
        when = _when(self.run.checkpoint.saved_at)
        return f"{self.name}: {self.help}, saved {when}{_MEANING.get(self.mark, '')}"


_MEANING = {
    _OPEN_NOW: "; this is the run that is open now",
    _THIS_SITTING: "; it was open in this sitting",
    "open elsewhere": "; it is open in another window, so enter opens a copy",
    "unfinished": "; its program ended before anybody quit, and enter goes on there",
}


def runs(entries: Iterable[SavedRun], now: Path | None, sitting: Iterable[Path]) -> list[OpenItem]:
    """Saved runs; ``now`` is the folder of the one on the screen, ``sitting`` all of this one."""
    known = {*sitting}
    openings = []
    for entry in entries:
        mark = "open elsewhere" if entry.open_elsewhere else "unfinished"
        mark = mark if entry.open_elsewhere or entry.unfinished else ""
        if entry.folder.path in known:
            mark = _OPEN_NOW if entry.folder.path == now else _THIS_SITTING
        experiment = make_printable(entry.checkpoint.name)
        name = make_printable(entry.name)
        openings.append(OpenItem(RUNS, name, experiment, run=entry, mark=mark))
    return openings


def presets() -> list[OpenItem]:
    """The experiments that come with the program."""
    return [OpenItem(NAMED, name, preset.help, name) for name, preset in PRESETS.items()]


def files(folder: Path) -> list[OpenItem]:
    """The recipes and data files in a folder, by their names; none if it cannot be read.

    Files that end in .toml are looked into: most are another program's.
    """
    found = [_file(file) for file in list_files(folder, (".toml", *DATA_SUFFIXES))]
    return [f for f in found if f.group != RECIPES or is_recipe_file(folder / f.text)]


def typed_items(text: str, others: Sequence[OpenItem]) -> list[OpenItem]:
    """A path or a link, if ``text`` is one or nothing among ``others`` is called so."""
    text = text.strip()
    place = any(character in text for character in "/\\.~#")
    if not text or (others and not place) or any(other.text == text for other in others):
        return []
    help = "a link to TensorFlow Playground" if is_link(text) else "the path of a file"
    return [OpenItem(TYPED, make_printable(text), help, os.path.expanduser(text))]


def best(openings: Sequence[OpenItem], text: str) -> int:
    """Where the cursor begins: at what is called just so, else at the first.

    While nothing is typed, at the first preset.
    """
    wanted = text.strip().lower()
    for place, opening in enumerate(openings):
        if opening.run is None and (not wanted or opening.name.lower() == wanted):
            return place
    return 0


def ago(seconds: float) -> str:
    """How long ago, in the largest unit of which there is more than one."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now" if seconds < 2 else f"{int(seconds)} seconds ago"


def _file(file: ListedFile) -> OpenItem:
    group = RECIPES if file.path.suffix.lower() == ".toml" else DATA
    text = f"./{file.name}" if is_link(file.name) else file.name
    name = make_printable(file.name)
    more = f"{name}: changed {_when(file.modified)}, in {folder_of(file.path)}"
    return OpenItem(group, name, format_bytes(file.size), text, more=more)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
