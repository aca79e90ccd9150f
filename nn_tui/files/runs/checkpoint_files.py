"""The numbered checkpoints of a run folder: the newest and the two before it."""

import os
import re
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.runs.array_archive import CorruptArchive
from nn_tui.files.runs.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from nn_tui.files.runs.safe_open import is_regular

KEPT = 3
NAME = re.compile(r"checkpoint-([1-9]\d*)\Z")


class CheckpointFiles:
    """The files ``checkpoint-N`` in ``folder``; larger numbers are newer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last_written: Path | None = None

    def write(self, checkpoint: Checkpoint) -> bool:
        """Add a checkpoint and delete the oldest; returns and raises as ``write_checkpoint``."""
        numbers = self._numbers()
        path = self._path(max(numbers, default=0) + 1)
        synced = write_checkpoint(path, checkpoint)
        self._last_written = path
        for number in sorted(numbers)[: 1 - KEPT]:
            self._path(number).unlink(missing_ok=True)
        return synced

    def forget(self) -> None:
        """Start over in a new folder."""
        self._last_written = None

    @property
    def last_written_exists(self) -> bool:
        """Whether the checkpoint that this process wrote last, if any, still exists."""
        return self._last_written is None or is_regular(self._last_written)

    @property
    def saved_at(self) -> float:
        """When the newest was written, in seconds since 1970; 0 without any."""
        try:
            return os.lstat(self._path(max(self._numbers(), default=0))).st_mtime
        except OSError:
            return 0.0

    def newest_intact(self) -> tuple[Checkpoint, list[str]]:
        """The newest intact checkpoint, and warnings about damaged newer ones.

        Raises CorruptArchive if there is none.
        """
        damage: list[str] = []
        for number in sorted(self._numbers(), reverse=True):
            path = self._path(number)
            try:
                checkpoint = read_checkpoint(path)
            except (OSError, CorruptArchive, InputError) as error:
                damage.append(f"{path.name} is damaged ({reason(error)})")
            else:
                return checkpoint, [f"{problem}, so {path.name} was opened" for problem in damage]
        raise CorruptArchive("; ".join(damage) or "it contains no checkpoint")

    def _path(self, number: int) -> Path:
        return self._folder / f"checkpoint-{number}"

    def _numbers(self) -> list[int]:
        try:
            names = os.listdir(self._folder)
        except OSError:
            return []
        return [int(found[1]) for name in names if (found := NAME.match(name))]
