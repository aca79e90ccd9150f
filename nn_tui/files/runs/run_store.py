"""The store of saved runs: finding, creating, deleting and restoring them."""

import contextlib
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
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.safe_open import is_folder

MOST_UNNAMED = 50
"""Unnamed runs that are kept; the oldest are deleted."""
_TRASH = ".deleted"


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A saved run, as lists show it."""

    folder: RunFolder
    title: str
    checkpoint: Checkpoint
    open_elsewhere: bool
    unfinished: bool
    """Whether the program that had it open did not exit cleanly."""

    @property
    def name(self) -> str:
        """Its title, or the experiment's name."""
        return self.title or self.checkpoint.name


class RunStore:
    """The folder ``path`` of run folders, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[SavedRun]:
        """Every run that can be opened, newest first."""
        found = [_entry(folder) for folder in _folders_in(self.path)]
        known = [entry for entry in found if entry is not None]
        return sorted(known, key=lambda entry: entry.checkpoint.saved_at, reverse=True)

    def unfinished(self) -> SavedRun | None:
        """The newest run, if it was not closed cleanly."""
        latest = next((entry for folder in self._newest_first() if (entry := _entry(folder))), None)
        return latest if latest and latest.unfinished and not latest.open_elsewhere else None

    def _newest_first(self) -> Iterator[RunFolder]:
        """The runs, newest first, reading as few folders as possible.

        A folder's modification time is not earlier than its last checkpoint.
        """
        read: list[tuple[float, str, RunFolder]] = []
        for at, path in sorted(_modification_times(self.path), reverse=True):
            while read and -read[0][0] >= at:
                yield heappop(read)[-1]
            folder = RunFolder(Path(path))
            heappush(read, (-folder.saved_at, path, folder))
        while read:
            yield heappop(read)[-1]

    def find(self, text: str) -> RunFolder | None:
        """The run with that id or name, the newest of several."""
        if re.fullmatch(r"[\w-]+", text) and is_folder(self.path / text):
            return RunFolder(self.path / text)
        named = (folder for folder in _folders_in(self.path) if folder.title == text != "")
        return max(named, key=lambda folder: folder.saved_at, default=None)

    def new(self, name: str) -> RunFolder:
        """A folder, not yet created, for a run of the experiment ``name``. Raises InputError."""
        word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "run"
        when = time.strftime("%Y%m%d-%H%M%S")
        return RunFolder(self.path / f"{when}-{word}-{secrets.token_hex(2)}")

    def delete(self, folder: RunFolder) -> None:
        """Move a run to the trash, for ``restore``. Raises InputError."""
        if folder.locked_elsewhere:
            raise InputError(f"the run {folder.id} is open in another window; close it there first")
        trash = self.path / _TRASH
        if os.path.lexists(trash) and not is_folder(trash):  # the target of a link is not ours
            raise InputError(
                f"cannot delete the run {folder.id}: {trash} is not a folder; remove it first"
            )
        try:
            trash.mkdir(mode=0o700, exist_ok=True)
            for old in trash.iterdir():
                shutil.rmtree(old) if is_folder(old) else old.unlink()
            os.replace(folder.path, trash / folder.id)
        except OSError as error:
            raise InputError(f"cannot delete the run {folder.id}: {reason(error)}") from None

    def restore(self) -> RunFolder | None:
        """Restore the last deleted run; None without one."""
        trash = self.path / _TRASH
        try:
            (last,) = filter(is_folder, trash.iterdir() if is_folder(trash) else ())
            os.replace(last, self.path / last.name)
        except (OSError, ValueError):
            return None
        return RunFolder(self.path / last.name)

    def create(self, folder: RunFolder) -> None:
        """Create the folder of a new run and delete the oldest unnamed runs. Raises InputError."""
        others = [other for other in _folders_in(self.path) if other.id != folder.id]
        folder.create(1 + max((other.number for other in others), default=0))
        self.delete_oldest()
        for other in others:
            other.remove_temporary_files()

    def delete_oldest(self) -> None:
        """Delete the oldest unnamed runs beyond ``MOST_UNNAMED``.

        Their order is that of their numbers, as the clock may have been set back; runs of
        earlier versions have no number, but an id that starts with the date.
        """
        unnamed = [folder for folder in _folders_in(self.path) if not folder.title]
        unnamed.sort(key=lambda folder: (folder.number, folder.id))
        for folder in unnamed[:-MOST_UNNAMED]:
            if not folder.locked_elsewhere:
                shutil.rmtree(folder.path, ignore_errors=True)


class NoRunStore(RunStore):
    """An empty store that cannot save runs, for the reason ``cause``."""

    def __init__(self, cause: str) -> None:
        super().__init__(Path(os.devnull) / "runs")
        self._cause = cause

    def new(self, name: str) -> RunFolder:
        raise InputError(self._cause)


def _entry(folder: RunFolder) -> SavedRun | None:
    try:
        checkpoint = folder.newest()
    except InputError:
        return None
    elsewhere = folder.locked_elsewhere
    return SavedRun(
        folder, folder.title, checkpoint, elsewhere, not (folder.closed_cleanly or elsewhere)
    )


def _folders_in(store: Path) -> Iterator[RunFolder]:
    """The run folders in ``store`` in order of their names."""
    for path in sorted(path for _, path in _modification_times(store)):
        yield RunFolder(Path(path))


def _modification_times(store: Path) -> list[tuple[float, str]]:
    """Modification time and path of each run folder in ``store``."""
    with contextlib.suppress(OSError), os.scandir(store) as entries:
        return [
            (entry.stat(follow_symlinks=False).st_mtime, entry.path)
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]
    return []
