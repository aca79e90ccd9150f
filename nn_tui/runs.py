"""Opening runs: a new experiment at epoch 0, or a saved run where it was left."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.readers.standard_input import STANDARD_INPUT
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.fileio import reason
from nn_tui.files.runs.array_archive import PARSE_ERRORS, CorruptArchive
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_folder import RunFolder, StoredRun
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.runs.source_file import SourceFile
from nn_tui.text import brief, make_printable
from nn_tui.training.branches import ReplicaOutcome
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edit_effects import check_edits, data_edits
from nn_tui.training.keyframes import is_prefix
from nn_tui.training.replica_group import replica_run
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import Snapshot, as_trained
from nn_tui.training.timeline import Timeline
from nn_tui.types import Array

RECOMPUTED = (
    "an earlier version of nn-tui trained this run; it continues exactly from where it was saved, "
    "but its past is recomputed as error * (derivative), so earlier epochs may differ in their "
    "last digits"
)


@dataclass(frozen=True, eq=False)
class ReopenedRun:
    """A reopened run, its folder, and notes on anything unexpected."""

    timeline: Timeline
    folder: RunFolder
    notes: tuple[str, ...]
    file: SourceFile | None = None
    """The file its samples were read from, if any."""

    @property
    def sentence(self) -> str:
        """Where the run continues, and the notes."""
        name = brief(self.folder.title or self.timeline.run.name)
        epoch = self.timeline.epoch
        return "; ".join([f"{name} continues at epoch {epoch:,}", *self.notes])


def new_timeline(opened: Experiment, start: Array | None = None) -> Timeline:
    """Return the timeline of a new run, with the initial parameters ``start`` if not None."""
    run = Run(opened.name, opened.recipe, opened.dataset, start, preset=opened.recipe)
    return Timeline(run)


def reopen_run(folder: RunFolder, store: RunStore) -> ReopenedRun:
    """Reopen a saved run and lock it against other programs.

    A run that is open elsewhere is copied; a read-only run is only read. Raises InputError
    if the run cannot be restored exactly.
    """
    notes: list[str] = []
    if not folder.hold() and folder.locked_elsewhere:
        original, folder = folder, store.new(folder.newest().name)
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


def saved_snapshot(folder: RunFolder) -> tuple[Snapshot, tuple[str, ...]]:
    """Return the snapshot of a saved run where it was left, read-only, and warnings.

    Raises InputError if the run cannot be restored exactly.
    """
    timeline, warnings = saved_timeline(folder)
    return timeline.snapshot(), warnings


def saved_timeline(folder: RunFolder) -> tuple[Timeline, tuple[str, ...]]:
    """Return the timeline of a saved run where it was left, read-only, and warnings.

    Raises InputError if the run cannot be restored exactly.
    """
    run, checkpoint, warnings = _run(folder)
    return _timeline(folder, run, checkpoint), tuple(warnings)


def saved_results(folder: RunFolder) -> list[ReplicaOutcome]:
    """Return the result of a saved run, one for each of its replicas, as it was trained.

    Raises InputError if the run cannot be restored exactly.
    """
    run, checkpoint, _ = _run(folder)
    results = _timeline(folder, run, checkpoint).results()
    return [
        found._replace(summary=as_trained(found.summary, found.position.run)) for found in results
    ]


def saved_position(folder: RunFolder) -> tuple[RunPosition, tuple[str, ...]]:
    """Return the position of a saved run, of the replica shown, read-only, and warnings.

    Raises InputError if the run cannot be restored exactly.
    """
    run, checkpoint, warnings = _run(folder)
    if checkpoint.replicas:
        state = checkpoint.replicas[checkpoint.shown]
        return RunPosition(replica_run(run, checkpoint.shown), state.keyframe.epoch), warnings
    return RunPosition(run, checkpoint.epoch), warnings


def describe_saved_edits(folder: RunFolder, stored: StoredRun) -> list[str]:
    """Describe the edits of a saved run.

    Data cells are named by column, or numbered if the samples cannot be read.
    """
    dataset = None
    if data_edits(stored.edits):
        with suppress(InputError):
            dataset, _ = _samples(folder, stored.checkpoint)
    return [describe_edit(edit, dataset) if dataset else str(edit) for edit in stored.edits]


def _timeline(folder: RunFolder, run: Run, checkpoint: Checkpoint) -> Timeline:
    try:
        return Timeline(
            run, checkpoint.keyframe, checkpoint.halfway, checkpoint.replicas, checkpoint.shown
        )
    except PARSE_ERRORS as error:
        raise folder.cannot_be_opened(error) from None


def _run(folder: RunFolder) -> tuple[Run, Checkpoint, tuple[str, ...]]:
    stored = folder.load()
    checkpoint, edits = stored.checkpoint, stored.edits
    if not is_prefix(checkpoint.epoch, checkpoint.keyframe.edits, edits):
        edits = checkpoint.edits  # later edits of the log were undone
    dataset, notes = _samples(folder, checkpoint)
    run = Run(
        checkpoint.name, checkpoint.recipe, dataset, checkpoint.start, edits, checkpoint.preset
    )
    try:
        check_edits(run.edits, run.recipe, dataset)
        return run, checkpoint, (*stored.warnings, *notes, *_recomputed(run, checkpoint))
    except PARSE_ERRORS as error:
        raise folder.cannot_be_opened(error) from None


def _recomputed(run: Run, checkpoint: Checkpoint) -> tuple[str, ...]:
    """Return a note if retraining the run would not reproduce the checkpoint bit for bit."""
    other = checkpoint.epoch > 0 and checkpoint.arithmetic < run.arithmetic_since
    return (RECOMPUTED,) if other else ()


def _samples(folder: RunFolder, checkpoint: Checkpoint) -> tuple[Dataset, tuple[str, ...]]:
    """Return the samples saved with the run, or else those of its source, and notes.

    Raises InputError if neither are the samples that the run was trained on.
    """
    damage = ""
    try:
        kept = folder.samples()
    except (OSError, CorruptArchive) as error:
        kept, damage = None, f"the samples kept with it are damaged ({reason(error)})"
    if kept is not None and kept.digest == checkpoint.samples:
        return kept, _source_file_notes(checkpoint.file)
    if kept is not None:
        damage = "the samples kept with it are not those that it was trained on"
    try:
        dataset = _load_source(folder, checkpoint)
    except (InputError, OSError) as error:
        raise folder.cannot_be_opened(damage or reason(error)) from None
    if dataset.digest != checkpoint.samples:
        source = checkpoint.recipe.data.source
        changed = f"the samples of {source} are not what they were when it was saved"
        raise folder.cannot_be_opened(damage or changed)
    return dataset, (f"{damage}; they were read again",) if damage else ()


def _source_file_notes(file: SourceFile | None) -> tuple[str, ...]:
    if file is None or not file.state:
        return ()
    return (f"{make_printable(file.path)} {file.state}; the samples kept with the run are used",)


def _load_source(folder: RunFolder, checkpoint: Checkpoint) -> Dataset:
    """Load the samples from the copy that earlier versions saved, or from the source."""
    recipe, file = checkpoint.recipe, checkpoint.file
    path = folder.data_file or (file and file.path)
    if path is None or recipe.data.source == STANDARD_INPUT:
        return experiment.dataset_of(recipe)
    dataset = experiment.dataset_of(recipe.with_value("data.source", str(path)))
    return replace(dataset, name=make_printable(os.path.basename(recipe.data.source)))
