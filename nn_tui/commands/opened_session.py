"""What the screen opens with: a saved run or an experiment at epoch 0, and its autosaver."""

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nn_tui import experiment, paths
from nn_tui.commands import COMMANDS
from nn_tui.commands.initial_weights import initial_parameters, model_in, with_model_note
from nn_tui.commands.progress import ReadingProgress
from nn_tui.data.errors import ColumnError
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import NoRunStore, RunStore
from nn_tui.recipe.presets import PRESETS
from nn_tui.runs import new_timeline, reopen_run
from nn_tui.training.timeline import Timeline

if TYPE_CHECKING:  # most starts open no lesson: start-up time
    from nn_tui.lessons.lesson import Lesson
    from nn_tui.lessons.progress import LessonProgress


@dataclass(frozen=True, eq=False)
class OpenedSession:
    """A timeline and its autosaver.

    ``notes`` are messages to show on the screen; ``bad`` marks them as warnings.
    ``asks_columns`` is as in ``Experiment``. ``refused`` is why a data file that was named is not
    the experiment: a column of it, about which the screen asks.
    """

    timeline: Timeline
    saver: Autosaver
    notes: tuple[str, ...] = ()
    bad: bool = False
    asks_columns: bool = False
    refused: ColumnError | None = None


def open_session(arguments: argparse.Namespace) -> OpenedSession:
    """Reopen a saved run, or load an experiment at epoch 0. Raises InputError.

    A file with a column that cannot be used gives the default experiment and ``refused``.
    """
    store, wanted = _run_store(arguments), arguments.experiment
    folder = store.find(wanted) if wanted and wanted not in PRESETS else None
    if folder is None:
        weights = arguments.weights
        model = model_in(weights)
        try:
            with ReadingProgress() as reading:
                opened = experiment.load_experiment(
                    wanted, arguments.set, COMMANDS, reading, model=model
                )
        except ColumnError as refused:
            if weights is not None or wanted == "-":  # what was read from a pipe is gone
                raise
            timeline = new_timeline(experiment.load_experiment(None))
            return OpenedSession(timeline, Autosaver(store, timeline.run), refused=refused)
        opened = with_model_note(opened, weights, model)
        if weights is not None and opened.recipe.training.replicas > 1:
            raise InputError("--weights starts a single network; set training.replicas = 1")
        timeline = new_timeline(opened, initial_parameters(opened, weights))
        saver = Autosaver(store, timeline.run)
        return OpenedSession(timeline, saver, opened.notes, asks_columns=opened.asks_columns)
    if arguments.set:
        raise InputError("--set applies to experiments only; a saved run continues unchanged")
    if arguments.weights is not None:
        raise InputError("--weights applies to experiments only; a saved run has its own")
    return _reopened(folder, store)


def open_lesson(
    arguments: argparse.Namespace, lesson: "Lesson", progress: "LessonProgress"
) -> OpenedSession:
    """Open the saved run of a lesson, or its recipe at epoch 0. Raises InputError."""
    store = _run_store(arguments)
    folder = store.find(progress.run) if progress.run else None
    if folder is not None:
        return _reopened(folder, store)
    dataset = experiment.dataset_of(lesson.recipe)
    timeline = new_timeline(Experiment(lesson.name, lesson.recipe, dataset))
    return OpenedSession(timeline, Autosaver(store, timeline.run))


def _reopened(folder: RunFolder, store: RunStore) -> OpenedSession:
    reopened = reopen_run(folder, store)
    saver = Autosaver(store, reopened.timeline.run, reopened.folder, reopened.file)
    notes = (reopened.sentence,) if reopened.notes else ()
    return OpenedSession(reopened.timeline, saver, notes, bad=bool(notes))


def _run_store(arguments: argparse.Namespace) -> RunStore:
    try:
        return RunStore(paths.state_dir(arguments.state_dir) / "runs")
    except paths.NoHome as error:
        return NoRunStore(str(error))
