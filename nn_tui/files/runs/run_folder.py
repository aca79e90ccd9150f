"""The folder of one run.

``checkpoint-N`` are the newest and the two before it, ``journal`` the edits, ``recipe.toml``
is for people to read, ``title`` the name that a person gave it, ``samples.*`` a copy of
their data file, and ``lock`` is held by the program that has the run open.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nn_tui.errors import InputError
from nn_tui.fileio import reason, regular_file, replace_file
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.array_archive import Damaged
from nn_tui.files.runs.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from nn_tui.files.runs.lock import Lock
from nn_tui.recipe.parsing import to_toml
from nn_tui.text import printable
from nn_tui.training.edits import Edit

KEPT = 3
MOST_COPIED_BYTES = 64 * 2**20
_NUMBERED = re.compile(r"checkpoint-(\d{1,9})\Z")
_LONGEST_TITLE = 100


@dataclass(frozen=True, eq=False)
class Stored:
    """What is left of a run: its newest sound checkpoint, the edits in force, and warnings."""

    checkpoint: Checkpoint
    edits: tuple[Edit, ...]
    warnings: tuple[str, ...]


class RunFolder:
    """``path`` is made by ``create``; its name is the run's id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock(path / "lock")
        self._written: tuple[Edit, ...] | None = None

    @property
    def id(self) -> str:
        return self.path.name

    # Writing

    def create(self, data_file: Path | None) -> None:
        """Make the folder and hold it; ``data_file`` is copied if it is not too large.

        Raises InputError, and leaves nothing behind.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True)
        except OSError as error:
            raise _failed(self.path, error) from error
        try:
            self._fill(data_file)
        except BaseException:
            self.release()
            shutil.rmtree(self.path, ignore_errors=True)
            raise

    def _fill(self, data_file: Path | None) -> None:
        try:
            self._lock.take()
            if data_file is not None and data_file.stat().st_size <= MOST_COPIED_BYTES:
                content = data_file.read_bytes()
                copy = self.path / f"samples{data_file.suffix.lower()}"
                replace_file(copy, lambda file: file.write(content))
        except OSError as error:
            raise _failed(self.path, error) from error

    def save(self, checkpoint: Checkpoint) -> None:
        """Keep this moment, and what was changed since the last; raises InputError."""
        try:
            if self._written is None:
                self._begin(checkpoint)
            assert self._written is not None
            changes = journal.changes_between(self._written, checkpoint.edits)
            if changes:
                journal.append(self.path / "journal", changes)
                self._written = checkpoint.edits
            numbers = self._numbers()
            newest = max(numbers, default=0) + 1
            write_checkpoint(self.path / f"checkpoint-{newest}", checkpoint)
            for number in sorted(numbers)[: 1 - KEPT]:
                (self.path / f"checkpoint-{number}").unlink(missing_ok=True)
        except OSError as error:
            self._written = None  # whatever got there is looked up next time
            raise _failed(self.path, error) from error

    def _begin(self, checkpoint: Checkpoint) -> None:
        text = to_toml(checkpoint.recipe)
        if not (self.path / "recipe.toml").exists():
            replace_file(self.path / "recipe.toml", lambda file: file.write(text.encode()))
        self._written, _ = journal.read(self.path / "journal")

    def rename(self, title: str) -> None:
        """Give the run a name; raises InputError."""
        text = printable(" ".join(title.split()))[:_LONGEST_TITLE]
        if not text:
            raise InputError("a run's name must not be empty")
        replace_file(self.path / "title", lambda file: file.write(text.encode()))

    # Reading

    @property
    def title(self) -> str:
        """The name that a person gave it, or empty."""
        try:
            with open(self.path / "title", "rb") as file:
                return printable(file.read(4 * _LONGEST_TITLE).decode(errors="replace"))
        except OSError:
            return ""

    @property
    def data_file(self) -> Path | None:
        """The copy of a person's data file."""
        return next(iter(sorted(self.path.glob("samples*"))), None)

    @property
    def saved_at(self) -> float:
        """When its last checkpoint was written, in seconds since 1970; 0 where none was."""
        newest = max(self._numbers(), default=0)
        try:
            return os.stat(self.path / f"checkpoint-{newest}").st_mtime
        except OSError:
            return 0.0

    def newest(self) -> Checkpoint:
        """The newest sound checkpoint; raises InputError where there is none."""
        return self._soundest()[0]

    def load(self) -> Stored:
        """All that is left of the run; raises InputError where no checkpoint is sound."""
        checkpoint, warnings = self._soundest()
        try:
            edits, whole = journal.read(self.path / "journal")
        except OSError as error:
            raise _failed(self.path, error) from None
        if not whole:
            warnings = [*warnings, "a line of its journal is damaged and was passed over"]
            edits = checkpoint.edits
        return Stored(checkpoint, edits, tuple(warnings))

    def _soundest(self) -> tuple[Checkpoint, list[str]]:
        warnings: list[str] = []
        for number in sorted(self._numbers(), reverse=True):
            path = self.path / f"checkpoint-{number}"
            try:
                return read_checkpoint(regular_file(path)), warnings
            except (OSError, Damaged, InputError) as error:
                why = reason(error) if isinstance(error, OSError) else str(error)
                warnings.append(f"{path.name} is damaged ({why}), so the one before it was taken")
        whole = "; ".join(warnings) or "there is no checkpoint in it"
        raise InputError(f"the run {self.id} cannot be opened: {whole}")

    def _numbers(self) -> list[int]:
        try:
            names = os.listdir(self.path)
        except OSError:
            return []
        return [int(found[1]) for name in names if (found := _NUMBERED.match(name))]

    # Having it open

    def hold(self) -> bool:
        """Keep other programs from writing here; says whether that worked."""
        try:
            self._lock.take()
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Let other programs have it."""
        self._lock.release()

    @property
    def held_elsewhere(self) -> bool:
        """Whether another program has it open."""
        return self._lock.held_elsewhere

    def copy_to(self, other: "RunFolder") -> None:
        """Put everything but the lock into a new folder; raises InputError."""
        try:
            shutil.copytree(
                self.path, other.path, ignore=shutil.ignore_patterns("lock", ".nn-tui*")
            )
        except (OSError, shutil.Error) as error:
            raise _failed(other.path, error) from None

    # Whether it was left in order

    def mark_left(self, left: bool) -> None:
        """Note that the run was left in order, or that it is being worked on."""
        mark = self.path / "left"
        with contextlib.suppress(OSError):
            if left:
                mark.touch(mode=0o600)
            else:
                mark.unlink(missing_ok=True)

    @property
    def was_left(self) -> bool:
        """Whether a person quit, so that nothing needs to be offered."""
        return (self.path / "left").exists()


def _failed(path: Path, error: Any) -> InputError:
    return InputError(f"cannot save in {path}: {reason(error)}")


def folders_in(shelf: Path) -> Iterator[RunFolder]:
    """The run folders of a shelf, no order; none where there is no shelf."""
    try:
        entries = sorted(os.scandir(shelf), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield RunFolder(Path(entry.path))
