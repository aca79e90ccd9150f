"""The folder of one run.

``checkpoint-N`` are the newest and the two before it, ``journal`` the edits, ``dataset`` the
samples, ``recipe.toml`` is for people to read, ``title`` the name that the run was given,
``number`` says how many runs were made before it, and ``lock`` is held by the program that
has the run open. Runs of earlier versions have a copy of the data file, ``samples.*``.
"""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.fileio import reason, replace_file
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.array_archive import CorruptArchive
from nn_tui.files.runs.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from nn_tui.files.runs.dataset_file import Stopped, read_dataset, write_dataset
from nn_tui.files.runs.run_lock import RunLock
from nn_tui.files.runs.safe_open import NotAFile, descriptor, is_folder, is_regular, open_regular
from nn_tui.recipe.parsing import to_toml
from nn_tui.text import make_printable
from nn_tui.training.edits import Edit

KEPT = 3
_NUMBERED = re.compile(r"checkpoint-([1-9]\d*)\Z")
_COPIED = re.compile(rf"{_NUMBERED.pattern}|(journal|dataset|title|recipe\.toml|samples.*)\Z")
_TEMPORARY = re.compile(r"\.nn-tui-\w+\.tmp\Z")
_STALE_SECONDS = 3600
_LONGEST_TITLE = 100
_UNLOCKED = "the file system has no locks here: do not open this run in two windows at once"
_UNSYNCED = "the file system does not write to the disk on demand: a power cut may lose a save"


@dataclass(frozen=True, eq=False)
class StoredRun:
    """What is left of a run: its newest sound checkpoint, the edits in force, and warnings."""

    checkpoint: Checkpoint
    edits: tuple[Edit, ...]
    warnings: tuple[str, ...]


class RunFolder:
    """``path`` is made by ``create``; its name is the run's id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RunLock(path / "lock")
        self._written: tuple[Edit, ...] | None = None
        self._newest: Path | None = None
        self._known_title = ""
        self._on_disk = True

    @property
    def id(self) -> str:
        return self.path.name

    # Writing

    def create(self, number: int = 0) -> None:
        """Make the folder and hold it; ``number`` is how many runs were made before.

        One that was there and was removed is made again under its title. Raises InputError,
        and leaves nothing behind.
        """
        self.release()
        self._written = self._newest = None
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
        """Keep this moment, and what was changed since the last; raises InputError."""
        try:
            if self._written is None:
                self._begin(checkpoint)
            assert self._written is not None
            changes = journal.changes_between(self._written, checkpoint.edits)
            if changes:
                self._on_disk &= journal.append_edits(self.path / "journal", changes)
                self._written = checkpoint.edits
            numbers = self._numbers()
            path = self.path / f"checkpoint-{max(numbers, default=0) + 1}"
            self._on_disk &= write_checkpoint(path, checkpoint)
            self._newest = path
            for number in sorted(numbers)[: 1 - KEPT]:
                (self.path / f"checkpoint-{number}").unlink(missing_ok=True)
        except OSError as error:
            self._written = None  # whatever got there is looked up next time
            raise _failed(self.path, error) from error

    def keep_samples(self, dataset: Dataset, stopped: Callable[[], bool]) -> bool:
        """Keep the samples, unless they are; false where ``stopped`` said so before.

        Raises InputError.
        """
        if not self.has_samples:
            try:
                write_dataset(self.path / "dataset", dataset, stopped)
            except Stopped:
                return False
        return True

    def link_samples(self, other: "RunFolder") -> bool:
        """Have the samples that ``other`` keeps, which are the same; says whether that worked."""
        try:
            os.link(other.path / "dataset", self.path / "dataset", follow_symlinks=False)
        except (OSError, NotImplementedError):
            return False
        return True

    def rename(self, title: str) -> None:
        """Give the run a name; raises InputError."""
        text = make_printable(" ".join(title.split()))[:_LONGEST_TITLE]
        if not text:
            raise InputError("a run's name must not be empty")
        self._put("title", text)
        self._known_title = text

    def _begin(self, checkpoint: Checkpoint) -> None:
        if not os.path.lexists(self.path / "recipe.toml"):
            self._put("recipe.toml", to_toml(checkpoint.recipe))
        self._written, _ = journal.read_edits(self.path / "journal")

    def _put(self, name: str, text: str) -> None:
        content = text.encode(errors="replace")
        self._on_disk &= replace_file(
            self.path / name, lambda file: file.write(content), follow_link=False
        )

    # Reading

    @property
    def title(self) -> str:
        """The name that the run was given, or empty; where the folder is gone, the last known."""
        if is_folder(self.path):
            text = self._text("title", 4 * _LONGEST_TITLE)
            self._known_title = make_printable(text[:_LONGEST_TITLE])
        return self._known_title

    @property
    def number(self) -> int:
        """How many runs were made before it; 0 where that is not known."""
        text = self._text("number", 16)
        return int(text) if text.isascii() and text.isdigit() else 0

    def _text(self, name: str, most: int) -> str:
        try:
            with open_regular(self.path / name) as file:
                return file.read(most).decode(errors="replace")
        except OSError:
            return ""

    @property
    def has_samples(self) -> bool:
        """Whether the samples are kept."""
        return is_regular(self.path / "dataset")

    def samples(self) -> Dataset | None:
        """The samples, None where they are not kept; raises OSError or Damaged."""
        try:
            return read_dataset(self.path / "dataset")
        except FileNotFoundError:
            return None

    @property
    def data_file(self) -> Path | None:
        """The copy of a data file that an earlier version made; raises OSError, NotAFile."""
        path = next(iter(sorted(self.path.glob("samples*"))), None)
        if path is not None:
            os.close(descriptor(path))
        return path

    @property
    def saved_at(self) -> float:
        """When its last checkpoint was written, in seconds since 1970; 0 where none was."""
        newest = max(self._numbers(), default=0)
        try:
            return os.lstat(self.path / f"checkpoint-{newest}").st_mtime
        except OSError:
            return 0.0

    @property
    def is_there(self) -> bool:
        """Whether the folder is, and the checkpoint that was written last."""
        return is_folder(self.path) and (self._newest is None or is_regular(self._newest))

    def newest(self) -> Checkpoint:
        """The newest sound checkpoint; raises InputError where there is none."""
        return self._soundest()[0]

    def load(self) -> StoredRun:
        """All that is left of the run; raises InputError where no checkpoint is sound."""
        checkpoint, warnings = self._soundest()
        try:
            edits, whole = journal.read_edits(self.path / "journal")
        except OSError as error:
            raise self.cannot_be_opened(f"journal: {reason(error)}") from None
        if not whole:
            warnings = [*warnings, "a damaged line of its journal was skipped"]
            edits = checkpoint.edits
        return StoredRun(checkpoint, edits, tuple(warnings))

    def cannot_be_opened(self, why: object) -> InputError:
        """The sentence for a run that is damaged."""
        return InputError(make_printable(f"the run {self.id} cannot be opened: {why}"))

    def _soundest(self) -> tuple[Checkpoint, list[str]]:
        damaged: list[str] = []
        for number in sorted(self._numbers(), reverse=True):
            path = self.path / f"checkpoint-{number}"
            try:
                checkpoint = read_checkpoint(path)
            except (OSError, CorruptArchive, InputError) as error:
                damaged.append(f"{path.name} is damaged ({reason(error)})")
            else:
                return checkpoint, [f"{why}, so {path.name} was opened" for why in damaged]
        raise self.cannot_be_opened("; ".join(damaged) or "there is no checkpoint in it")

    def _numbers(self) -> list[int]:
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        return [int(found[1]) for name in names if (found := _NUMBERED.match(name))]

    # Having it open

    def hold(self) -> bool:
        """Keep other programs from writing here; says whether that worked.

        Raises InputError where something else is in the place of the lock.
        """
        try:
            self._lock.take()
        except NotAFile as error:
            raise self.cannot_be_opened(f"lock: {reason(error)}") from None
        except OSError:
            return False
        if not self._lock.powerless:
            self.sweep(0)
        return True

    def release(self) -> None:
        """Let other programs have it."""
        self._lock.release()

    @property
    def held_elsewhere(self) -> bool:
        """Whether another program has it open."""
        return self._lock.held_elsewhere

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What its file system cannot do, as far as that has shown, in sentences."""
        return (*([_UNLOCKED] * self._lock.powerless), *([_UNSYNCED] * (not self._on_disk)))

    def sweep(self, older_than: float = _STALE_SECONDS) -> None:
        """Remove what killed programs were in the middle of writing, so many seconds ago."""
        with contextlib.suppress(OSError), os.scandir(self.path) as entries:
            for entry in entries:
                if _TEMPORARY.match(entry.name):
                    age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                    if age >= older_than or not older_than:
                        os.unlink(entry.path)

    def copy_to(self, other: "RunFolder") -> None:
        """Put what there is to open into a new folder, not held; raises InputError."""
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

    # Whether it was left in order

    def mark_left(self, left: bool) -> None:
        """Note that the run was left in order, or that it is being worked on."""
        mark = self.path / "left"
        with contextlib.suppress(OSError):
            if left:
                os.close(descriptor(mark, os.O_RDWR | os.O_CREAT))
            else:
                mark.unlink(missing_ok=True)

    @property
    def was_left(self) -> bool:
        """Whether somebody quit, so that nothing needs to be offered."""
        return is_regular(self.path / "left")


def _failed(path: Path, error: Any) -> InputError:
    return InputError(f"cannot save in {path}: {reason(error)}")


def folders_in(shelf: Path) -> Iterator[RunFolder]:
    """The run folders of a shelf by their names; none where there is no shelf."""
    for path in sorted(path for _, path in changes_in(shelf)):
        yield RunFolder(Path(path))


def changes_in(shelf: Path) -> list[tuple[float, str]]:
    """When something was last made, renamed or removed in each run folder, and its path."""
    with contextlib.suppress(OSError), os.scandir(shelf) as entries:
        return [
            (entry.stat(follow_symlinks=False).st_mtime, entry.path)
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        ]
    return []
