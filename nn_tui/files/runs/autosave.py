"""Keeping the run that one works on, without anybody waiting for the disk.

A thread of its own writes; it gets copies. What could not be written is tried again with
the next moment, and training goes on meanwhile.
"""

import errno
import threading
import time
from collections.abc import Callable
from pathlib import Path

from nn_tui.errors import InputError
from nn_tui.fileio import reason
from nn_tui.files.runs.checkpoint import Checkpoint, checkpoint_of
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.runs.safe_open import is_folder
from nn_tui.files.runs.sample_keeper import SampleKeeper
from nn_tui.files.runs.source_file import SourceFile
from nn_tui.text import brief
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline

_ROOM = "make room"
_LEAVE = "let it be written to, or start with --state-dir FOLDER"
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EACCES: _LEAVE,
    errno.EPERM: _LEAVE,
    errno.EROFS: _LEAVE,
    errno.ENOTDIR: "move the file away that is in the place of a folder",
    errno.EEXIST: "move the file away that is in the place of a folder",
}


def unsaved_sentence(error: Exception, shelf: Path) -> str:
    """What hinders saving in the folder ``store``; training goes on, and so do the attempts."""
    cause = error.__cause__
    if isinstance(cause, OSError):
        advice = _ADVICE.get(cause.errno or 0, "see to it")
        return f"not saved: {reason(cause)} in {shelf}; {advice}, it is tried again all the time"
    if isinstance(error, InputError):
        return f"not saved: {error}"
    return f"not saved: {type(error).__name__}: {error}; it is tried again all the time"


EVERY_SECONDS = 0.5
LONGEST_SECONDS = 0.85
"""How far apart moments are kept where copying one takes long, less what it takes to keep one.

With a slice of training, 0.15 s at most, that is a second: no more is lost. Where keeping a
moment takes longer, the next is taken when it is done, so that twice as long may be lost.
"""
_SHARE = 0.01
"""How much of the time copying may take."""
_NEVER = (-1, 0)
_PATIENCE = 0.4
"""Seconds that leaving waits for the disk, and for a slice of training."""
_SAMPLES_PATIENCE = 0.2
"""Seconds that leaving waits for samples that are still being compressed."""


class Autosaver:
    """``problem`` says why the last moment could not be kept, or is empty.

    ``changed`` is called in the writing thread when ``problem`` is another one, or there is a
    note to take. ``exit_message`` is a sentence once ``leave`` has saved something. ``folder`` is
    that of a run that was saved before and is gone on with, ``file`` what its samples were
    read from.
    """

    def __init__(
        self,
        shelf: RunStore,
        run: Run,
        folder: RunFolder | None = None,
        file: SourceFile | None = None,
    ) -> None:
        self.store = shelf
        self.problem = ""
        self.exit_message = ""
        self.changed: Callable[[], None] = lambda: None
        self._written: dict[str, int] = {}
        self._folders: list[tuple[Run, RunFolder]] = [(run, folder)] if folder else []
        self._kept: tuple[Run, tuple[int, int | None]] | None = (run, _NEVER) if folder else None
        self._named: Run | None = None
        """A run that was named since a moment of it was taken: worth keeping at epoch 0."""
        self._asked = 0.0
        self._copying = self._writing = 0.0
        """Seconds that the last moment took, the second to get to the disk."""
        self._waiting: list[tuple[Run, Checkpoint]] = []
        """The latest moment of each run of which one is not written yet."""
        self._news = threading.Condition()
        self._disk = threading.Lock()
        self._closed = False
        self._notes: list[str] = []
        self._noted: set[str] = set()
        self._samples = SampleKeeper(self._note)
        self._samples.meet(run, file)
        self._thread = threading.Thread(target=self._write_on, name="saver", daemon=True)
        self._thread.start()

    def adopt(self, run: Run, folder: RunFolder, file: SourceFile | None) -> None:
        """Keep ``run``, which was reopened, where it was kept before."""
        with self._disk:
            self._folders.append((run, folder))
            self._kept = run, _NEVER
        self._samples.meet(run, file)

    def take_notes(self) -> list[str]:
        """Sentences on what is kept otherwise than one might expect, each told once."""
        notes, self._notes = self._notes, []
        return notes

    def _note(self, sentence: str) -> None:
        if sentence not in self._noted:
            self._noted.add(sentence)
            self._notes = [*self._notes, sentence]
            self.changed()

    # Asked between two slices of training

    def offer(self, timeline: Timeline, at_once: bool = False) -> None:
        """Keep this moment, if it is time for it or ``at_once``, and it is whole."""
        self._samples.meet(timeline.run)
        now = time.monotonic()
        due = at_once or (now - self._asked >= self._apart and not self._busy)
        if not due or not self.pending(timeline):
            return
        self._asked = now
        moment = self._moment(timeline)
        self._copying = time.monotonic() - now
        self._kept, self._named = (timeline.run, timeline.trainer.position), None
        with self._news:
            others = [other for other in self._waiting if not other[0].starts_like(timeline.run)]
            self._waiting = [*others, moment]
            self._news.notify()

    @property
    def _busy(self) -> bool:
        """Whether an earlier moment is not on the disk yet: a copy would wait, and grow old."""
        return bool(self._waiting) or self._disk.locked()

    def _moment(self, timeline: Timeline) -> tuple[Run, Checkpoint]:
        return timeline.run, checkpoint_of(timeline, self._samples.file_of(timeline.run))

    @property
    def _apart(self) -> float:
        """Seconds from one moment that is kept to the next."""
        longest = LONGEST_SECONDS - self._copying - self._writing
        return max(EVERY_SECONDS, min(self._copying / _SHARE, longest))

    def pending(self, timeline: Timeline) -> bool:
        """Whether there is something that no offer has taken yet.

        Of a run that is not kept at all, also in the middle of an update: the start of the
        epoch is what can be kept then.
        """
        first = not timeline.corrupted and self.folder_of(timeline.run) is None
        return (timeline.whole or first) and self._is_news(timeline)

    def _is_news(self, timeline: Timeline) -> bool:
        run, stands = timeline.run, timeline.trainer.position
        worth = stands != (0, 0) or bool(run.edits) or self._named is run
        known = self._kept is not None and self._kept[0] is run and self._kept[1] == stands
        folder = self.folder_of(run)
        lost = folder is not None and not folder.is_there
        return worth and (bool(self.problem) or lost or not known)

    # The run in the person's words

    def rename(self, run: Run, title: str) -> None:
        """Give the run a name of its own; raises InputError."""
        with self._disk:
            self._held(run).rename(title)
            self._named, self._kept = run, None

    def title(self, run: Run) -> str:
        """The name that it was given, or empty."""
        folder = self.folder_of(run)
        return folder.title if folder else ""

    def folder_of(self, run: Run) -> RunFolder | None:
        """Where a run is kept, if anything of it was saved."""
        return next((folder for known, folder in self._folders if known.starts_like(run)), None)

    def held(self, folder: RunFolder) -> RunFolder | None:
        """That folder as this program has it open, if it does."""
        return next((own for own in self.folders if own.path == folder.path), None)

    @property
    def folders(self) -> tuple[RunFolder, ...]:
        """Those of this sitting."""
        return tuple(folder for _, folder in self._folders)

    # Leaving

    def leave(self, timeline: Timeline, in_order: bool) -> str:
        """Keep the last moment and let go of everything; returns ``exit_message``.

        ``in_order`` says that a person wanted to leave, so that nothing is to be offered
        when the program starts again. Waits for the disk for a moment, not for ever.
        """
        self._closed = True
        if not self._disk.acquire(timeout=_PATIENCE):
            return self.exit_message
        try:
            waiting, self._waiting = self._waiting, []
            last = self._last_moment(timeline)
            for moment in [*waiting, *([last] if last else [])]:
                self._write(*moment)
            self._samples.finish(_SAMPLES_PATIENCE)
            for _, used in self._folders:
                used.mark_left(in_order)
                used.release()
        finally:
            self._disk.release()
        self.exit_message = self._farewell(timeline)
        return self.exit_message

    def _farewell(self, timeline: Timeline) -> str:
        run = timeline.run
        folder = self.folder_of(run)
        epoch = self._written.get(folder.id) if folder else None
        if folder is None or epoch is None:
            return self.problem
        name = brief(folder.title or run.name)
        if not folder.is_there:
            lost = f"{name} is not saved: {folder.path} was removed"
            return f"{self.problem}; {lost}" if self.problem else lost
        saved = f"{name} is saved at epoch {epoch:,}; nn-tui {folder.id} goes on"
        saved += self._samples.condition(run, folder)
        return f"{self.problem}; {saved}" if self.problem else saved

    def _last_moment(self, timeline: Timeline) -> tuple[Run, Checkpoint] | None:
        if not timeline.lock.acquire(timeout=_PATIENCE):
            return None  # a slice that will not end: what was offered last must do
        try:
            return self._moment(timeline) if self.pending(timeline) else None
        finally:
            timeline.lock.release()

    # The writing thread

    def _write_on(self) -> None:
        while not self._closed:
            with self._news:
                if not self._waiting:
                    self._news.wait()
            with self._disk:
                if self._closed:
                    return  # what waits is for ``leave`` to write
                with self._news:
                    waiting, self._waiting = self._waiting, []
                for moment in waiting:
                    self._write(*moment)

    def _write(self, run: Run, checkpoint: Checkpoint) -> None:
        began = time.monotonic()
        before, self.problem = self.problem, self._problem_in_writing(run, checkpoint)
        self._writing = time.monotonic() - began
        if self.problem != before:
            self.changed()

    def _problem_in_writing(self, run: Run, checkpoint: Checkpoint) -> str:
        try:
            folder = self._held(run)
            folder.save(checkpoint)
            self._samples.keep(run, folder, self._folders)
        except Exception as error:  # whatever it is, training goes on
            return unsaved_sentence(error, self.store.path)
        self._written[folder.id] = checkpoint.epoch
        for sentence in folder.shortcomings:
            self._note(sentence)
        return ""

    def _held(self, run: Run) -> RunFolder:
        """The folder of ``run``, made if there is none, or none any more."""
        folder = self.folder_of(run)
        if folder is None:
            folder = self.store.new(run.name)
            self.store.create(folder)
            self._folders.append((run, folder))
        elif not is_folder(folder.path):
            self.store.create(folder)
        folder.mark_left(False)
        return folder
