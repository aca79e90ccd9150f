"""All runs that were saved: finding, making, renaming and deleting them."""

import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_folder import RunFolder, folders_in

MOST_UNNAMED = 50
"""Runs without a name that are kept; older ones make room."""
_TRASH = ".deleted"


@dataclass(frozen=True, eq=False)
class Entry:
    """A saved run as a list shows it."""

    folder: RunFolder
    title: str
    checkpoint: Checkpoint
    open_elsewhere: bool
    unfinished: bool
    """Whether the program that had it open did not end as a person wanted."""

    @property
    def name(self) -> str:
        """Its title, or the experiment's name."""
        return self.title or self.checkpoint.name


class Shelf:
    """The folder ``path`` of run folders; it need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[Entry]:
        """Every run that can be opened, the latest first."""
        found = [_entry(folder) for folder in folders_in(self.path)]
        known = [entry for entry in found if entry is not None]
        return sorted(known, key=lambda entry: entry.checkpoint.saved_at, reverse=True)

    def unfinished(self) -> Entry | None:
        """The latest run, if its program was killed or its terminal vanished."""
        folders = sorted(folders_in(self.path), key=lambda folder: folder.saved_at, reverse=True)
        latest = next((entry for folder in folders if (entry := _entry(folder))), None)
        return latest if latest and latest.unfinished and not latest.open_elsewhere else None

    def find(self, text: str) -> RunFolder | None:
        """The run with that id or name; the latest of several."""
        if re.fullmatch(r"[\w-]+", text) and (self.path / text).is_dir():
            return RunFolder(self.path / text)
        named = (entry for entry in self.entries() if entry.title == text)
        entry = next(named, None)
        return entry.folder if entry else None

    def new(self, name: str) -> RunFolder:
        """A folder for a run of the experiment ``name``, not made yet; raises InputError."""
        word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "run"
        when = time.strftime("%Y%m%d-%H%M%S")
        return RunFolder(self.path / f"{when}-{word}-{secrets.token_hex(2)}")

    def delete(self, folder: RunFolder) -> None:
        """Put a run aside, from where ``restore`` brings it back; raises InputError."""
        if folder.held_elsewhere:
            raise InputError(f"the run {folder.id} is open in another window; close it there first")
        trash = self.path / _TRASH
        try:
            trash.mkdir(mode=0o700, exist_ok=True)
            for old in trash.iterdir():
                shutil.rmtree(old)
            os.replace(folder.path, trash / folder.id)
        except OSError as error:
            raise InputError(f"cannot delete the run {folder.id}: {reason(error)}") from None

    def restore(self) -> RunFolder | None:
        """Bring back the run that was deleted last; None where there is none."""
        try:
            (last,) = (self.path / _TRASH).iterdir()
            os.replace(last, self.path / last.name)
        except (OSError, ValueError):
            return None
        return RunFolder(self.path / last.name)

    def make_room(self) -> None:
        """Delete the oldest runs without a name beyond ``MOST_UNNAMED``."""
        unnamed = [folder for folder in folders_in(self.path) if not folder.title]
        for folder in unnamed[:-MOST_UNNAMED]:  # the ids begin with the date
            if not folder.held_elsewhere:
                shutil.rmtree(folder.path, ignore_errors=True)


class NoShelf(Shelf):
    """Where no folder can be named: nothing was kept, and ``why`` says why nothing will be."""

    def __init__(self, why: str) -> None:
        super().__init__(Path(os.devnull) / "runs")
        self._why = why

    def new(self, name: str) -> RunFolder:
        raise InputError(self._why)


def _entry(folder: RunFolder) -> Entry | None:
    try:
        checkpoint = folder.newest()
    except InputError:
        return None
    elsewhere = folder.held_elsewhere
    return Entry(folder, folder.title, checkpoint, elsewhere, not (folder.was_left or elsewhere))
