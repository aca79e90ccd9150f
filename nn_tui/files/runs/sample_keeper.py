"""Keeping the samples that runs were trained on, beside their checkpoints.

A data file may change or go, so its numbers are kept as they were loaded. Compressing many
takes longer than a checkpoint may be late, so a thread of its own does it.
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
"""Seconds that a thread which is to stop has to remove what it has begun."""


class SampleKeeper:
    """``note`` is told what a run will need to be opened again, where its samples are too many."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._files: WeakKeyDictionary[Dataset, SourceFile | None] = WeakKeyDictionary()
        self._thread: threading.Thread | None = None
        self._closed = False

    def meet(self, run: Run, file: SourceFile | None = None) -> None:
        """Remember what the samples of ``run`` come from: ``file``, or the recipe's as it is now.

        To be called soon after they were read; what is known already stays so.
        """
        if run.dataset not in self._files:
            self._files[run.dataset] = file or source_file(run.recipe)

    def file_of(self, run: Run) -> SourceFile | None:
        """The file that its samples were read from; None for samples that are built in."""
        return self._files.get(run.dataset)

    def keep(self, run: Run, folder: RunFolder, others: Iterable[tuple[Run, RunFolder]]) -> None:
        """See to it that the samples are or will be in the folder; ``others`` may have them."""
        if folder.has_samples:
            return
        if size_of(run.dataset) > MOST_BYTES:
            self._tell_too_large(run)
            return
        same = (other for known, other in others if known.dataset.digest == run.dataset.digest)
        if any(folder.link_samples(other) for other in same if other.path != folder.path):
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._write, args=(run.dataset, folder), name="samples", daemon=True
            )
            self._thread.start()

    def finish(self, seconds: float) -> None:
        """Let what is under way come to its end, for so long at most."""
        if self._thread is not None:
            self._thread.join(seconds)
            self._closed = True
            self._thread.join(_TIDYING)

    def condition(self, run: Run, folder: RunFolder) -> str:
        """What a saved run needs to be opened again, to end a sentence; mostly empty."""
        file = self.file_of(run)
        if file is None or folder.has_samples:
            return ""
        if file.state:
            return f" only where its samples are: {file.path} {file.state}, and they are not kept"
        return f" as long as {file.path} stays as it is"

    def _tell_too_large(self, run: Run) -> None:
        file = self.file_of(run)
        if file is None:
            return
        size, most = format_bytes(size_of(run.dataset)), format_bytes(MOST_BYTES)
        need = f"so it opens again only while {file.path} stays as it is"
        if file.state:
            need = f"and {file.path} {file.state}, so it cannot be opened again"
        self._note(
            f"these samples ({size}) are too large to be kept with the run (at most {most}), {need}"
        )

    def _write(self, dataset: Dataset, folder: RunFolder) -> None:
        with suppress(InputError, MemoryError):  # it is tried again after the next save
            folder.keep_samples(dataset, lambda: self._closed)
