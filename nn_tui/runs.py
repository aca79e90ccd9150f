"""What a sitting begins with: an experiment at epoch 0, or a saved run where it was left."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.fileio import reason
from nn_tui.files.runs.array_archive import PARSE_ERRORS, CorruptArchive
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_folder import RunFolder, StoredRun
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.runs.source_file import SourceFile
from nn_tui.text import brief, make_printable
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edit_effects import check_edits, data_edits
from nn_tui.training.keyframes import is_prefix
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.timeline import Timeline

RECOMPUTED = (
    "an earlier version of nn-tui trained this run; it continues exactly from where it was saved, "
    "but its past is recomputed as error * (derivative), so earlier epochs may differ in their "
    "last digits"
)


@dataclass(frozen=True, eq=False)
class ReopenedRun:
    """A saved run, where it is kept from now on, and sentences on what was not as expected."""

    timeline: Timeline
    folder: RunFolder
    notes: tuple[str, ...]
    file: SourceFile | None = None
    """What its samples were read from, where that was a file."""

    @property
    def sentence(self) -> str:
        """Where the run goes on, and the notes."""
        name = brief(self.folder.title or self.timeline.run.name)
        epoch = self.timeline.trainer.epoch
        return "; ".join([f"{name} goes on at epoch {epoch:,}", *self.notes])


def new_timeline(opened: Experiment) -> Timeline:
    """The start of an experiment."""
    run = Run(opened.name, opened.recipe, opened.dataset, preset=opened.recipe)
    return Timeline(run)


def reopen_run(folder: RunFolder, shelf: RunStore) -> ReopenedRun:
    """A saved run, held so that no other program writes to it.

    One that is open elsewhere is copied; one that cannot be written to is only read. Raises
    InputError where it cannot be had to the last bit.
    """
    notes: list[str] = []
    if not folder.hold() and folder.locked_elsewhere:
        original, folder = folder, shelf.new(folder.newest().name)
        original.copy_to(folder)
        folder.hold()
        notes.append("this run is open in another window, so you work on a copy of it")
    try:
        run, checkpoint, warnings = _run(folder)
        timeline = _timeline(folder, run, checkpoint)
    except BaseException:
        folder.release()
        raise
    return ReopenedRun(timeline, folder, (*notes, *warnings), checkpoint.file)


def saved(folder: RunFolder) -> tuple[RunPosition, tuple[str, ...]]:
    """Where a saved run was left, only to be looked at, and warnings.

    Raises InputError where it cannot be had to the last bit.
    """
    run, checkpoint, warnings = _run(folder)
    return RunPosition(run, checkpoint.epoch), warnings


def describe_saved_edits(folder: RunFolder, stored: StoredRun) -> list[str]:
    """The edits of a saved run, each in a few words.

    Cells of its data have the names of their columns, or numbers where its samples cannot be
    read.
    """
    dataset = None
    if data_edits(stored.edits):
        with suppress(InputError):
            dataset, _ = _samples(folder, stored.checkpoint)
    return [describe_edit(edit, dataset) if dataset else str(edit) for edit in stored.edits]


def _timeline(folder: RunFolder, run: Run, checkpoint: Checkpoint) -> Timeline:
    try:
        return Timeline(run, checkpoint.keyframe, checkpoint.halfway)
    except PARSE_ERRORS as error:
        raise folder.cannot_be_opened(error) from None


def _run(folder: RunFolder) -> tuple[Run, Checkpoint, tuple[str, ...]]:
    stored = folder.load()
    checkpoint, edits = stored.checkpoint, stored.edits
    if not is_prefix(checkpoint.epoch, checkpoint.keyframe.edits, edits):
        edits = checkpoint.edits  # what the journal has beyond it was undone again
    dataset, notes = _samples(folder, checkpoint)
    run = Run(checkpoint.name, checkpoint.recipe, dataset, edits=edits, preset=checkpoint.preset)
    try:
        check_edits(run.edits, run.recipe, dataset)
        return run, checkpoint, (*stored.warnings, *notes, *_recomputed(run, checkpoint))
    except PARSE_ERRORS as error:
        raise folder.cannot_be_opened(error) from None


def _recomputed(run: Run, checkpoint: Checkpoint) -> tuple[str, ...]:
    """A sentence where training the run again does not lead to the checkpoint's last bits."""
    other = checkpoint.epoch > 0 and checkpoint.arithmetic < run.arithmetic_since
    return (RECOMPUTED,) if other else ()


def _samples(folder: RunFolder, checkpoint: Checkpoint) -> tuple[Dataset, tuple[str, ...]]:
    """The samples that are kept with the run, else those of its source, and notes.

    Raises InputError where neither are those that it was trained on.
    """
    damage = ""
    try:
        kept = folder.samples()
    except (OSError, CorruptArchive) as error:
        kept, damage = None, f"the samples kept with it are damaged ({reason(error)})"
    if kept is not None and kept.digest == checkpoint.samples:
        return kept, _notes_on(checkpoint.file)
    if kept is not None:
        damage = "the samples kept with it are not those that it was trained on"
    try:
        dataset = _loaded(folder, checkpoint)
    except (InputError, OSError) as error:
        raise folder.cannot_be_opened(damage or reason(error)) from None
    if dataset.digest != checkpoint.samples:
        source = checkpoint.recipe.data.source
        changed = f"the samples of {source} are not what they were when it was saved"
        raise folder.cannot_be_opened(damage or changed)
    return dataset, (f"{damage}; they were read again",) if damage else ()


def _notes_on(file: SourceFile | None) -> tuple[str, ...]:
    if file is None or not file.state:
        return ()
    return (f"{make_printable(file.path)} {file.state}; the samples kept with the run are used",)


def _loaded(folder: RunFolder, checkpoint: Checkpoint) -> Dataset:
    """The samples of the copy that an earlier version made, or of the source."""
    recipe, file = checkpoint.recipe, checkpoint.file
    path = folder.data_file or (file and file.path)
    if path is None:
        return experiment.dataset_of(recipe)
    dataset = experiment.dataset_of(recipe.with_value("data.source", str(path)))
    return replace(dataset, name=make_printable(os.path.basename(recipe.data.source)))
