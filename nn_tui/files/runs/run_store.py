"""All runs that were saved: finding, making, renaming and deleting them."""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_folder import RunFolder, changes_in, folders_in
from nn_tui.files.runs.safe_open import is_folder

MOST_UNNAMED = 50
"""Runs without a name that are kept; older ones make room."""
_TRASH = ".deleted"


@dataclass(frozen=True, eq=False)
class SavedRun:
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


class RunStore:
    """The folder ``path`` of run folders; it need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[SavedRun]:
        """Every run that can be opened, the latest first."""
        found = [_entry(folder) for folder in folders_in(self.path)]
        known = [entry for entry in found if entry is not None]
        return sorted(known, key=lambda entry: entry.checkpoint.saved_at, reverse=True)

    def unfinished(self) -> SavedRun | None:
        """The latest run, if its program was killed or its terminal vanished."""
        latest = next((entry for folder in self._latest_first() if (entry := _entry(folder))), None)
        return latest if latest and latest.unfinished and not latest.open_elsewhere else None

    def _latest_first(self) -> Iterator[RunFolder]:
        """The runs as they were saved; few are looked into where few are asked for.

        A folder is changed whenever a run is saved in it, and by little else.
        """
        looked_into: list[tuple[float, str, RunFolder]] = []
        for at, path in sorted(changes_in(self.path), reverse=True):
            while looked_into and -looked_into[0][0] >= at:
                yield heappop(looked_into)[-1]
            folder = RunFolder(Path(path))
            heappush(looked_into, (-folder.saved_at, path, folder))
        while looked_into:
            yield heappop(looked_into)[-1]

    def find(self, text: str) -> RunFolder | None:
        """The run with that id or name; the latest of several."""
        if re.fullmatch(r"[\w-]+", text) and is_folder(self.path / text):
            return RunFolder(self.path / text)
        named = (folder for folder in folders_in(self.path) if folder.title == text != "")
        return max(named, key=lambda folder: folder.saved_at, default=None)

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
            if not is_folder(trash):
                trash.mkdir(mode=0o700)  # refused for a link: what it leads to is not ours
            for old in trash.iterdir():
                shutil.rmtree(old) if is_folder(old) else old.unlink()
            os.replace(folder.path, trash / folder.id)
        except OSError as error:
            raise InputError(f"cannot delete the run {folder.id}: {reason(error)}") from None

    def restore(self) -> RunFolder | None:
        """Bring back the run that was deleted last; None where there is none."""
        trash = self.path / _TRASH
        try:
            (last,) = filter(is_folder, trash.iterdir() if is_folder(trash) else ())
            os.replace(last, self.path / last.name)
        except (OSError, ValueError):
            return None
        return RunFolder(self.path / last.name)

    def create(self, folder: RunFolder) -> None:
        """Make the folder of a new run, the oldest unnamed ones making room; raises InputError."""
        others = [other for other in folders_in(self.path) if other.id != folder.id]
        folder.create(1 + max((other.number for other in others), default=0))
        self.make_room()
        for other in others:
            other.sweep()

    def make_room(self) -> None:
        """Delete the oldest runs without a name beyond ``MOST_UNNAMED``.

        The order in which they were made is in their numbers: the clock may have been set
        back. Those of earlier versions have none, but ids that begin with the date.
        """
        unnamed = [folder for folder in folders_in(self.path) if not folder.title]
        unnamed.sort(key=lambda folder: (folder.number, folder.id))
        for folder in unnamed[:-MOST_UNNAMED]:
            if not folder.held_elsewhere:
                shutil.rmtree(folder.path, ignore_errors=True)


class NoRunStore(RunStore):
    """Where no folder can be named: nothing was kept, and ``why`` says why nothing will be."""

    def __init__(self, why: str) -> None:
        super().__init__(Path(os.devnull) / "runs")
        self._why = why

    def new(self, name: str) -> RunFolder:
        raise InputError(self._why)


def _entry(folder: RunFolder) -> SavedRun | None:
    try:
        checkpoint = folder.newest()
    except InputError:
        return None
    elsewhere = folder.held_elsewhere
    return SavedRun(folder, folder.title, checkpoint, elsewhere, not (folder.was_left or elsewhere))
