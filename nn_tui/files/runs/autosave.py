"""Autosave: a thread writes copies of the run's state to disk while training continues.

A failed write is retried with the next state.
"""

import threading
import time
from collections.abc import Callable

from nn_tui.errors import InputError
from nn_tui.files.runs.checkpoint import Checkpoint, checkpoint_of
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.runs.safe_open import is_folder
from nn_tui.files.runs.sample_keeper import SampleKeeper
from nn_tui.files.runs.save_messages import exit_message, unsaved_sentence
from nn_tui.files.runs.source_file import SourceFile
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline

MIN_INTERVAL = 0.5
MAX_INTERVAL = 0.85
"""Seconds from one save to the next if copying takes long, including the time of saving.

With a slice of training, at most 0.15 s, no more than a second is lost. If saving takes
longer, the next copy is made when it is done, so up to twice that time may be lost.
"""
_SHARE = 0.01
"""Largest fraction of the time spent on copying."""
_NEVER = (-1, 0)
_TIMEOUT = 0.4
"""Seconds to wait on exit for the disk, and for a slice of training."""
_DATA_TIMEOUT = 0.2
"""Seconds to wait on exit for the compression of the data."""


class Autosaver:
    """Saves runs in a store from a thread of its own.

    ``problem`` is the reason why the last save failed, or empty. ``changed`` is called in the
    writing thread when ``problem`` changes or a note is added. ``exit_message`` is set by
    ``leave``. For a run that is reopened, ``folder`` is its folder and ``file`` the source
    file of its data.
    """

    def __init__(
        self,
        store: RunStore,
        run: Run,
        folder: RunFolder | None = None,
        file: SourceFile | None = None,
    ) -> None:
        self.store = store
        self.problem = ""
        self.exit_message = ""
        self.changed: Callable[[], None] = lambda: None
        self._written: dict[str, int] = {}
        self._folders: list[tuple[Run, RunFolder]] = [(run, folder)] if folder else []
        self._kept: tuple[Run, tuple[object, ...]] | None = (run, _NEVER) if folder else None
        self._named: Run | None = None
        """A run named since it was last saved, which is then saved even at epoch 0."""
        self._saved_at = 0.0
        self._copying = self._writing = 0.0
        """Seconds that the last copy and the last write took."""
        self._waiting: list[tuple[Run, Checkpoint]] = []
        """The latest unwritten state of each run."""
        self._condition = threading.Condition()
        self._disk = threading.Lock()
        self._closed = False
        self._notes: list[str] = []
        self._noted: set[str] = set()
        self._samples = SampleKeeper(self._note)
        self._samples.register(run, file)
        self._thread = threading.Thread(target=self._write_loop, name="saver", daemon=True)
        self._thread.start()

    def continue_in_folder(self, run: Run, folder: RunFolder, file: SourceFile | None) -> None:
        """Save ``run``, which was reopened, in its own folder."""
        with self._disk:
            self._folders.append((run, folder))
            self._kept = run, _NEVER
        self._samples.register(run, file)

    def take_notes(self) -> list[str]:
        """New messages about limitations of saving; each is returned once."""
        notes, self._notes = self._notes, []
        return notes

    def _note(self, sentence: str) -> None:
        if sentence not in self._noted:
            self._noted.add(sentence)
            self._notes = [*self._notes, sentence]
            self.changed()

    # Between two slices of training

    def save_if_due(self, timeline: Timeline, at_once: bool = False) -> None:
        """Save the state if a save is due or ``at_once``, and the state is ``whole``."""
        self._samples.register(timeline.run)
        now = time.monotonic()
        due = at_once or (now - self._saved_at >= self._interval and not self._busy)
        if not due or not self.pending(timeline):
            return
        self._saved_at = now
        state = self._state_of(timeline)
        self._copying = time.monotonic() - now
        self._kept, self._named = (timeline.run, timeline.progress), None
        with self._condition:
            others = [other for other in self._waiting if not other[0].starts_like(timeline.run)]
            self._waiting = [*others, state]
            self._condition.notify()

    @property
    def _busy(self) -> bool:
        """Whether an earlier state is not written yet, so that a new copy would have to wait."""
        return bool(self._waiting) or self._disk.locked()

    def _state_of(self, timeline: Timeline) -> tuple[Run, Checkpoint]:
        return timeline.run, checkpoint_of(timeline, self._samples.file_of(timeline.run))

    @property
    def _interval(self) -> float:
        """Seconds from one save to the next."""
        longest = MAX_INTERVAL - self._copying - self._writing
        return max(MIN_INTERVAL, min(self._copying / _SHARE, longest))

    def pending(self, timeline: Timeline) -> bool:
        """Whether there is unsaved state.

        A run that was never saved can also be saved during an update: as it was at the start
        of the epoch.
        """
        first = not timeline.corrupted and self.folder_of(timeline.run) is None
        return (timeline.whole or first) and self._has_changed(timeline)

    def _has_changed(self, timeline: Timeline) -> bool:
        run, position = timeline.run, timeline.progress
        worth = timeline.trainer.position != (0, 0) or bool(run.edits) or self._named is run
        known = self._kept is not None and self._kept[0] is run and self._kept[1] == position
        folder = self.folder_of(run)
        lost = folder is not None and not folder.exists_on_disk
        return worth and (bool(self.problem) or lost or not known)

    # Folders of runs

    def rename(self, run: Run, title: str) -> None:
        """Name the run. Raises InputError."""
        with self._disk:
            self._folder_for(run).rename(title)
            self._named, self._kept = run, None

    def keep(self, timeline: Timeline, let_go: bool = False) -> RunFolder:
        """Save the run as it is now, even at epoch 0; returns its folder. Raises InputError.

        With ``let_go``, the folder stays as it is now: whatever follows is saved in another.
        """
        self._samples.register(timeline.run)
        with self._disk:
            with timeline.lock:
                run, checkpoint = self._state_of(timeline)
                due = timeline.whole or self.folder_of(run) is None
                if due:
                    self._kept = run, timeline.progress
            with self._condition:  # older states must not be written after this one
                waiting = [other for other in self._waiting if other[0].starts_like(run)]
                others = [other for other in self._waiting if not other[0].starts_like(run)]
                self._waiting = others
            for state in [(run, checkpoint)] if due else waiting:
                self._write(*state)
            if self.problem:
                raise InputError(self.problem)
            folder = self._folder_for(run)
            if let_go:
                self._folders = [entry for entry in self._folders if entry[1] is not folder]
                self._samples.finish(_DATA_TIMEOUT)
                folder.mark_closed(True)
                folder.release()
            return folder

    def title(self, run: Run) -> str:
        """The run's name, or empty."""
        folder = self.folder_of(run)
        return folder.title if folder else ""

    def folder_of(self, run: Run) -> RunFolder | None:
        """The folder of a run; None if it was never saved."""
        return next((folder for known, folder in self._folders if known.starts_like(run)), None)

    def open_folder_at(self, folder: RunFolder) -> RunFolder | None:
        """The object for that folder if this process has it open, else None."""
        return next((own for own in self.folders if own.path == folder.path), None)

    @property
    def folders(self) -> tuple[RunFolder, ...]:
        """The folders of all runs of this session."""
        return tuple(folder for _, folder in self._folders)

    # Exit

    def leave(self, timeline: Timeline, in_order: bool) -> str:
        """Save the last state and release all folders; returns ``exit_message``.

        ``in_order`` marks a clean exit, after which the next start does not offer to resume
        the run. Waits for the disk only briefly.
        """
        self._closed = True
        if not self._disk.acquire(timeout=_TIMEOUT):
            return self.exit_message
        try:
            waiting, self._waiting = self._waiting, []
            last = self._last_state(timeline)
            for state in [*waiting, *([last] if last else [])]:
                self._write(*state)
            self._samples.finish(_DATA_TIMEOUT)
            for _, used in self._folders:
                used.mark_closed(in_order)
                used.release()
        finally:
            self._disk.release()
        folder = self.folder_of(timeline.run)
        epoch = self._written.get(folder.id) if folder else None
        note = self._samples.condition(timeline.run, folder) if folder else ""
        self.exit_message = exit_message(timeline.run.name, folder, epoch, self.problem, note)
        return self.exit_message

    def _last_state(self, timeline: Timeline) -> tuple[Run, Checkpoint] | None:
        if not timeline.lock.acquire(timeout=_TIMEOUT):
            return None  # a slice takes too long: the last saved state must do
        try:
            return self._state_of(timeline) if self.pending(timeline) else None
        finally:
            timeline.lock.release()

    # The writing thread

    def _write_loop(self) -> None:
        while not self._closed:
            with self._condition:
                if not self._waiting:
                    self._condition.wait()
            with self._disk:
                if self._closed:
                    return  # ``leave`` writes the rest
                with self._condition:
                    waiting, self._waiting = self._waiting, []
                for state in waiting:
                    self._write(*state)

    def _write(self, run: Run, checkpoint: Checkpoint) -> None:
        began = time.monotonic()
        before, self.problem = self.problem, self._try_to_write(run, checkpoint)
        self._writing = time.monotonic() - began
        if self.problem != before:
            self.changed()

    def _try_to_write(self, run: Run, checkpoint: Checkpoint) -> str:
        try:
            folder = self._folder_for(run)
            folder.save(checkpoint)
            self._samples.keep(run, folder, self._folders)
        except Exception as error:  # training continues whatever happens
            return unsaved_sentence(error, self.store.path)
        self._written[folder.id] = checkpoint.epoch
        for sentence in folder.limitations:
            self._note(sentence)
        return ""

    def _folder_for(self, run: Run) -> RunFolder:
        """The folder of ``run``, created if it does not exist or was removed."""
        folder = self.folder_of(run)
        if folder is None:
            folder = self.store.new(run.name)
            self.store.create(folder)
            self._folders.append((run, folder))
        elif not is_folder(folder.path):
            self.store.create(folder)
        folder.mark_closed(False)
        return folder
