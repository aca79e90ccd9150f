"""What the screen begins with, and where it is kept."""

import argparse

from nn_tui import experiment, paths
from nn_tui.commands import COMMANDS
from nn_tui.commands.console import say
from nn_tui.commands.progress_line import Reading
from nn_tui.errors import InputError
from nn_tui.files.runs.autosave import Saver
from nn_tui.files.runs.run_store import NoShelf, Shelf
from nn_tui.recipe.presets import PRESETS
from nn_tui.sitting import begin, reopen
from nn_tui.training.timeline import Timeline


def begun(arguments: argparse.Namespace) -> tuple[Timeline, Saver]:
    """A saved run where it was left, or an experiment at epoch 0; raises InputError."""
    shelf = _shelf(arguments)
    folder = shelf.find(arguments.experiment) if arguments.experiment else None
    if folder is None or arguments.experiment in PRESETS:
        with Reading() as reading:
            opened = experiment.load(arguments.experiment, arguments.set, COMMANDS, reading)
        timeline = begin(opened)
        return timeline, Saver(shelf, timeline.run)
    if arguments.set:
        raise InputError("--set is for experiments; a saved run goes on as it is")
    reopened = reopen(folder, shelf)
    for note in reopened.notes:
        say(note)
    return reopened.timeline, Saver(shelf, reopened.timeline.run, reopened.folder)


def _shelf(arguments: argparse.Namespace) -> Shelf:
    try:
        return Shelf(paths.state_dir(arguments.state_dir) / "runs")
    except paths.NoHome as error:
        return NoShelf(str(error))
