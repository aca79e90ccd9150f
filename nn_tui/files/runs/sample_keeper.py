"""Saving of the data of runs, beside their checkpoints.

A data file may change or disappear, so the data is saved as it was loaded. Compression takes
too long for the thread that writes checkpoints, so it has its own.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.files.runs.dataset_file import MOST_BYTES, size_of
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.source_file import SourceFile, source_file
from nn_tui.memory import format_bytes
from nn_tui.training.run import Run

_TIDYING = 0.05
"""Seconds for a cancelled thread to remove its unfinished file."""


class SampleKeeper:
    """Saves data in run folders; calls ``note`` with a message if the data is too large."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._files: WeakKeyDictionary[Dataset, SourceFile | None] = WeakKeyDictionary()
        self._thread: threading.Thread | None = None
        self._cancelled = threading.Event()
        """Set to end the writing of the last thread."""

    def register(self, run: Run, file: SourceFile | None = None) -> None:
        """Record the source file of the data of ``run``: ``file``, or the recipe's current one.

        Call it soon after the data was read; later calls have no effect.
        """
        if run.dataset not in self._files:
            self._files[run.dataset] = file or source_file(run.recipe)

    def file_of(self, run: Run) -> SourceFile | None:
        """The file that the data was read from; None for built-in data."""
        return self._files.get(run.dataset)

    def keep(self, run: Run, folder: RunFolder, others: Iterable[tuple[Run, RunFolder]]) -> None:
        """Save the data in ``folder``, as a hard link if one of ``others`` has the same data."""
        if folder.has_dataset:
            return
        if size_of(run.dataset) > MOST_BYTES:
            self._report_too_large(run)
            return
        same = (other for known, other in others if known.dataset.digest == run.dataset.digest)
        if any(folder.link_dataset(other) for other in same if other.path != folder.path):
            return
        if self._thread is None or not self._thread.is_alive():
            self._cancelled = threading.Event()
            self._thread = threading.Thread(
                target=_write,
                args=(run.dataset, folder, self._cancelled.is_set),
                name="samples",
                daemon=True,
            )
            self._thread.start()

    def finish(self, seconds: float) -> None:
        """Wait for the thread, at most ``seconds``; then cancel it. ``keep`` can begin another."""
        if self._thread is not None:
            self._thread.join(seconds)
            self._cancelled.set()
            self._thread.join(_TIDYING)

    def condition(self, run: Run, folder: RunFolder) -> str:
        """The condition for reopening a saved run, as the end of a sentence; usually empty."""
        file = self.file_of(run)
        if file is None or folder.has_dataset:
            return ""
        if file.state:
            return f" only if its data is restored: it is not saved, and {file.path} {file.state}"
        return f" while {file.path} is unchanged"

    def _report_too_large(self, run: Run) -> None:
        file = self.file_of(run)
        if file is None:
            return
        size, most = format_bytes(size_of(run.dataset)), format_bytes(MOST_BYTES)
        need = f"so it can only be reopened while {file.path} is unchanged"
        if file.state:
            need = f"and {file.path} {file.state}, so it cannot be reopened"
        self._note(
            f"this data ({size}) is too large to be saved with the run (at most {most}), {need}"
        )


def _write(dataset: Dataset, folder: RunFolder, cancelled: Callable[[], bool]) -> None:
    with suppress(InputError, MemoryError):  # retried after the next save
        folder.save_dataset(dataset, cancelled)
