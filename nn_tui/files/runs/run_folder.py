"""The folder of one run.

It contains the newest checkpoints (``checkpoint-N``), the edits (``journal``), the data
(``dataset``), the recipe for the user to read (``recipe.toml``), the run's name (``title``),
the number of runs created before it (``number``), a ``lock`` held by the process that has
the run open, ``left`` if it was closed cleanly, and the sweeps made with it (``sweeps``).
Earlier versions saved a copy of the data file, ``samples.*``.
"""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.fileio import TEMPORARY_NAME, reason, replace_file
from nn_tui.files.runs.array_archive import CorruptArchive
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.checkpoint_files import NAME, CheckpointFiles
from nn_tui.files.runs.dataset_file import Cancelled, read_dataset, write_dataset
from nn_tui.files.runs.edit_log import append_edits, changes_between, read_edits
from nn_tui.files.runs.run_lock import RunLock
from nn_tui.files.runs.safe_open import (
    NotAFile,
    is_folder,
    is_regular,
    open_descriptor,
    open_regular,
)
from nn_tui.recipe.parsing import to_toml
from nn_tui.text import make_printable
from nn_tui.training.edits import Edit

_COPIED = re.compile(rf"{NAME.pattern}|(journal|dataset|title|recipe\.toml|samples.*)\Z")
_STALE_SECONDS = 3600
_LONGEST_TITLE = 100
_UNLOCKED = "this file system has no locks: do not open this run in two windows at once"
_UNSYNCED = "this file system cannot sync files to the disk: a power failure may lose the last save"


@dataclass(frozen=True, eq=False)
class StoredRun:
    """The newest intact checkpoint of a run, its valid edits, and warnings about damage."""

    checkpoint: Checkpoint
    edits: tuple[Edit, ...]
    warnings: tuple[str, ...]


class RunFolder:
    """The folder ``path``, which ``create`` makes; its name is the run's id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RunLock(path / "lock")
        self._logged: tuple[Edit, ...] | None = None
        self._checkpoints = CheckpointFiles(path)
        self._known_title = ""
        self._syncs = True

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def sweeps(self) -> Path:
        """The folder of the sweeps made with the run, each a folder of ``trials``."""
        return self.path / "sweeps"

    # Writing

    def create(self, number: int = 0) -> None:
        """Create and lock the folder; ``number`` is the number of runs created before.

        A folder that was removed is created again with its title. Raises InputError, and
        removes an incomplete folder.
        """
        self.release()
        self._logged = None
        self._checkpoints.forget()
        try:
            self.path.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise _failed(self.path, error) from error
        try:
            self._lock.take()
            self._put("number", str(number))
            if self._known_title:
                self._put("title", self._known_title)
        except BaseException as error:
            self.release()
            shutil.rmtree(self.path, ignore_errors=True)
            if isinstance(error, OSError):
                raise _failed(self.path, error) from error
            raise

    def save(self, checkpoint: Checkpoint) -> None:
        """Save a checkpoint and the edits since the last one. Raises InputError."""
        try:
            if self._logged is None:
                self._begin(checkpoint)
            assert self._logged is not None
            changes = changes_between(self._logged, checkpoint.edits)
            if changes:
                self._syncs &= append_edits(self.path / "journal", changes)
                self._logged = checkpoint.edits
            self._syncs &= self._checkpoints.write(checkpoint)
        except OSError as error:
            self._logged = None  # read the log again next time
            raise _failed(self.path, error) from error

    def save_dataset(self, dataset: Dataset, cancelled: Callable[[], bool]) -> bool:
        """Save the data, unless it is saved; false if ``cancelled``. Raises InputError."""
        if not self.has_dataset:
            try:
                write_dataset(self.path / "dataset", dataset, cancelled)
            except Cancelled:
                return False
        return True

    def link_dataset(self, other: "RunFolder") -> bool:
        """Link to the identical data of ``other``; false if the file system cannot."""
        try:
            os.link(other.path / "dataset", self.path / "dataset", follow_symlinks=False)
        except (OSError, NotImplementedError):
            return False
        return True

    def rename(self, title: str) -> None:
        """Name the run. Raises InputError."""
        text = make_printable(" ".join(title.split()))[:_LONGEST_TITLE]
        if not text:
            raise InputError("a run's name must not be empty")
        self._put("title", text)
        self._known_title = text

    def _begin(self, checkpoint: Checkpoint) -> None:
        if not os.path.lexists(self.path / "recipe.toml"):
            self._put("recipe.toml", to_toml(checkpoint.recipe))
        self._logged, _ = read_edits(self.path / "journal")

    def _put(self, name: str, text: str) -> None:
        content = text.encode(errors="replace")
        self._syncs &= replace_file(
            self.path / name, lambda file: file.write(content), follow_link=False
        )

    # Reading

    @property
    def title(self) -> str:
        """The run's name, or empty; the last known one if the folder was removed."""
        if is_folder(self.path):
            text = self._text("title", 4 * _LONGEST_TITLE)
            self._known_title = make_printable(text[:_LONGEST_TITLE])
        return self._known_title

    @property
    def number(self) -> int:
        """The number of runs created before this one; 0 if unknown."""
        text = self._text("number", 16)
        return int(text) if text.isascii() and text.isdigit() else 0

    def _text(self, name: str, most: int) -> str:
        try:
            with open_regular(self.path / name) as file:
                return file.read(most).decode(errors="replace")
        except OSError:
            return ""

    @property
    def has_dataset(self) -> bool:
        """Whether the data is saved."""
        return is_regular(self.path / "dataset")

    def samples(self) -> Dataset | None:
        """The saved data, or None. Raises OSError or CorruptArchive."""
        try:
            return read_dataset(self.path / "dataset")
        except FileNotFoundError:
            return None

    @property
    def data_file(self) -> Path | None:
        """The copy of the data file saved by an earlier version, or None. Raises OSError."""
        path = next(iter(sorted(self.path.glob("samples*"))), None)
        if path is not None:
            os.close(open_descriptor(path))
        return path

    @property
    def saved_at(self) -> float:
        """When its last checkpoint was written, in seconds since 1970; 0 without one."""
        return self._checkpoints.saved_at

    @property
    def exists_on_disk(self) -> bool:
        """Whether the folder and the last checkpoint written to it still exist."""
        return is_folder(self.path) and self._checkpoints.last_written_exists

    def newest(self) -> Checkpoint:
        """The newest intact checkpoint. Raises InputError if there is none."""
        return self._newest_intact()[0]

    def load(self) -> StoredRun:
        """Load the run. Raises InputError if no checkpoint is intact."""
        checkpoint, warnings = self._newest_intact()
        try:
            edits, intact = read_edits(self.path / "journal")
        except OSError as error:
            raise self.cannot_be_opened(f"journal: {reason(error)}") from None
        if not intact:
            warnings = [*warnings, "a damaged line of its edit log was skipped"]
            edits = checkpoint.edits
        return StoredRun(checkpoint, edits, tuple(warnings))

    def cannot_be_opened(self, cause: object) -> InputError:
        """The error for a damaged run."""
        return InputError(make_printable(f"the run {self.id} cannot be opened: {cause}"))

    def _newest_intact(self) -> tuple[Checkpoint, list[str]]:
        try:
            return self._checkpoints.newest_intact()
        except CorruptArchive as error:
            raise self.cannot_be_opened(error) from None

    # Locking

    def hold(self) -> bool:
        """Lock the folder; false if another process has it locked.

        Raises InputError if the lock is not a regular file.
        """
        try:
            self._lock.take()
        except NotAFile as error:
            raise self.cannot_be_opened(f"lock: {reason(error)}") from None
        except OSError:
            return False
        if not self._lock.unsupported:
            self.remove_temporary_files(0)
        return True

    def release(self) -> None:
        """Unlock the folder."""
        self._lock.release()

    @property
    def locked_elsewhere(self) -> bool:
        """Whether another process has it open."""
        return self._lock.locked_elsewhere

    @property
    def limitations(self) -> tuple[str, ...]:
        """Messages about missing features of the file system, as far as detected."""
        return (*([_UNLOCKED] * self._lock.unsupported), *([_UNSYNCED] * (not self._syncs)))

    def remove_temporary_files(self, older_than: float = _STALE_SECONDS) -> None:
        """Remove temporary files of killed processes that are at least that many seconds old."""
        with contextlib.suppress(OSError), os.scandir(self.path) as entries:
            for entry in entries:
                if TEMPORARY_NAME.fullmatch(entry.name):
                    age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                    if age >= older_than or not older_than:
                        os.unlink(entry.path)

    def copy_to(self, other: "RunFolder") -> None:
        """Copy the run into a new folder, without locking it. Raises InputError."""
        try:
            other.path.mkdir(mode=0o700, parents=True)
            for name in filter(_COPIED.match, sorted(os.listdir(self.path))):
                self._copy(name, other.path / name)
        except (OSError, InputError) as error:
            shutil.rmtree(other.path, ignore_errors=True)
            if isinstance(error, OSError):
                raise _failed(other.path, error) from error
            raise

    def _copy(self, name: str, to: Path) -> None:
        try:
            with open_regular(self.path / name) as file, open(to, "xb") as copy:
                shutil.copyfileobj(file, copy)
        except NotAFile as error:
            raise self.cannot_be_opened(f"{name}: {reason(error)}") from None

    # Clean exit

    def mark_closed(self, cleanly: bool) -> None:
        """Record whether the run was closed cleanly, or is in use."""
        mark = self.path / "left"
        with contextlib.suppress(OSError):
            if cleanly:
                os.close(open_descriptor(mark, os.O_RDWR | os.O_CREAT))
            else:
                mark.unlink(missing_ok=True)

    @property
    def closed_cleanly(self) -> bool:
        """Whether the run was closed cleanly."""
        return is_regular(self.path / "left")


def _failed(path: Path, error: Any) -> InputError:
    return InputError(f"cannot save in {path}: {reason(error)}")
