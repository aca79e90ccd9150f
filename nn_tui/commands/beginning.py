"""What the screen begins with, and where it is kept."""

import argparse
from dataclasses import dataclass

from nn_tui import experiment, paths
from nn_tui.commands import COMMANDS
from nn_tui.commands.progress_line import ReadingProgress
from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import NoRunStore, RunStore
from nn_tui.recipe.presets import PRESETS
from nn_tui.sitting import new_timeline, reopen_run
from nn_tui.training.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Beginning:
    """``notes`` are sentences on what is not as one might expect, to be shown on the screen.

    ``bad`` says that they are more than hints.
    """

    timeline: Timeline
    saver: Autosaver
    notes: tuple[str, ...] = ()
    bad: bool = False


def begin_session(arguments: argparse.Namespace) -> Beginning:
    """A saved run where it was left, or an experiment at epoch 0; raises InputError."""
    shelf, wanted = _shelf(arguments), arguments.experiment
    folder = shelf.find(wanted) if wanted and wanted not in PRESETS else None
    if folder is None:
        with ReadingProgress() as reading:
            opened = experiment.load_experiment(wanted, arguments.set, COMMANDS, reading)
        timeline = new_timeline(opened)
        return Beginning(timeline, Autosaver(shelf, timeline.run), opened.notes)
    if arguments.set:
        raise InputError("--set is for experiments; a saved run goes on as it is")
    reopened = reopen_run(folder, shelf)
    saver = Autosaver(shelf, reopened.timeline.run, reopened.folder, reopened.file)
    notes = (reopened.sentence,) if reopened.notes else ()
    return Beginning(reopened.timeline, saver, notes, bad=bool(notes))


def _shelf(arguments: argparse.Namespace) -> RunStore:
    try:
        return RunStore(paths.state_dir(arguments.state_dir) / "runs")
    except paths.NoHome as error:
        return NoRunStore(str(error))
