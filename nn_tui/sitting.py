"""What a sitting begins with: an experiment at epoch 0, or a saved run where it was left."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace

from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.runs.checkpoint import Checkpoint
from nn_tui.files.runs.run_folder import RunFolder, Stored
from nn_tui.files.runs.run_store import Shelf
from nn_tui.text import printable
from nn_tui.training.changes import data_edits
from nn_tui.training.keyframes import leads_to
from nn_tui.training.metrics import Looks
from nn_tui.training.run import Place, Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.told import described

RECOMPUTED = (
    "an earlier version of nn-tui trained this run; it continues exactly from where it was saved, "
    "but its past is recomputed as error * (derivative), so earlier epochs may differ in their "
    "last digits"
)


@dataclass(frozen=True, eq=False)
class Reopened:
    """A saved run, where it is kept from now on, and sentences on what was not as expected."""

    timeline: Timeline
    folder: RunFolder
    notes: tuple[str, ...]


def begin(opened: Experiment) -> Timeline:
    """The start of an experiment."""
    run = Run(opened.name, opened.recipe, opened.dataset, preset=opened.recipe)
    return Timeline(run)


def reopen(folder: RunFolder, shelf: Shelf) -> Reopened:
    """A saved run, held so that no other program writes to it.

    One that is open elsewhere is copied; one that cannot be written to is only read. Raises
    InputError where it cannot be had to the last bit.
    """
    notes: list[str] = []
    if not folder.hold() and folder.held_elsewhere:
        original, folder = folder, shelf.new(folder.newest().name)
        original.copy_to(folder)
        folder.hold()
        notes.append("this run is open in another window, so you work on a copy of it")
    try:
        timeline, warnings = _timeline(folder)
    except InputError:
        folder.release()
        raise
    return Reopened(timeline, folder, (*notes, *warnings))


def saved(folder: RunFolder) -> tuple[Place, tuple[str, ...]]:
    """Where a saved run was left, only to be looked at, and warnings.

    Raises InputError where it cannot be had to the last bit.
    """
    run, checkpoint, warnings = _run(folder)
    return Place(run, checkpoint.epoch), warnings


def edits_told(folder: RunFolder, stored: Stored) -> list[str]:
    """The edits of a saved run, each in a few words.

    Cells of its data have the names of their columns, or numbers where its samples cannot be
    read.
    """
    dataset = None
    if data_edits(stored.edits):
        with suppress(InputError):
            dataset = _samples(folder, stored.checkpoint)
    return [described(edit, dataset) if dataset else str(edit) for edit in stored.edits]


def _timeline(folder: RunFolder) -> tuple[Timeline, tuple[str, ...]]:
    run, checkpoint, warnings = _run(folder)
    try:
        looks = Looks.of_rows(checkpoint.looks)
        timeline = Timeline(run, checkpoint.keyframe, looks, checkpoint.halfway)
    except (ValueError, IndexError) as error:
        raise InputError(f"the run {folder.id} cannot be opened: {error}") from None
    return timeline, warnings


def _run(folder: RunFolder) -> tuple[Run, Checkpoint, tuple[str, ...]]:
    stored = folder.load()
    checkpoint, edits = stored.checkpoint, stored.edits
    if not leads_to(checkpoint.epoch, checkpoint.keyframe.edits, edits):
        edits = checkpoint.edits  # what the journal has beyond it was undone again
    run = Run(
        checkpoint.name,
        checkpoint.recipe,
        _samples(folder, checkpoint),
        edits=edits,
        preset=checkpoint.preset,
    )
    return run, checkpoint, (*stored.warnings, *_recomputed(run, checkpoint))


def _recomputed(run: Run, checkpoint: Checkpoint) -> tuple[str, ...]:
    """A sentence where training the run again does not lead to the checkpoint's last bits."""
    other = checkpoint.epoch > 0 and checkpoint.arithmetic < run.arithmetic_since
    return (RECOMPUTED,) if other else ()


def _samples(folder: RunFolder, checkpoint: Checkpoint) -> Dataset:
    recipe, copy = checkpoint.recipe, folder.data_file
    if copy is not None:
        recipe = recipe.with_value("data.source", str(copy))
    dataset = experiment.dataset(recipe)
    if copy is not None:
        dataset = replace(dataset, name=printable(os.path.basename(checkpoint.recipe.data.source)))
    if dataset.digest != checkpoint.samples:
        raise InputError(
            f"the run {folder.id} cannot be opened: the samples of {checkpoint.recipe.data.source} "
            "are not what they were when it was saved"
        )
    return dataset
