"""``nn-tui train``: train without a screen."""

import argparse
from pathlib import Path

from nn_tui import experiment
from nn_tui.commands.console import print_message, print_stderr
from nn_tui.commands.initial_weights import (
    initial_parameters,
    model_in,
    named_weights,
    with_model_note,
)
from nn_tui.commands.options import add_epochs, add_experiment, add_force, add_weights, file_read
from nn_tui.commands.progress import ReadingProgress, TrainingProgress
from nn_tui.commands.stop_request import StopRequest
from nn_tui.commands.train_folds import check_folds, run_folds
from nn_tui.commands.train_report import report_json, report_text
from nn_tui.commands.train_seeds import run_seeds
from nn_tui.commands.training_run import train_and_save
from nn_tui.data.folds import MOST_FOLDS, Fold
from nn_tui.data.sources import SOURCES, Readings
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.fileio import check_writable
from nn_tui.files.loss_csv import is_loss_csv
from nn_tui.files.outputs import Output, check_apart, check_inputs_kept, check_replaceable
from nn_tui.files.weights import is_weights
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.model_builder import blank_lines
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_DONE, _USAGE, _BAD_INPUT, _DIVERGED = 0, 2, 3, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, ``--set``, ``--epochs``, ``--seeds``, and the files to read and write."""
    add_experiment(parser)
    add_epochs(parser, "number of epochs (overrides the recipe)")
    add_weights(parser)
    parser.add_argument(
        "--save",
        metavar="OUT.npz",
        help="write the trained model, for predict; - is standard output",
    )
    parser.add_argument(
        "--history",
        metavar="OUT.csv",
        help="write losses and scores of every epoch during training; - is standard output",
    )
    parser.add_argument(
        "--seeds",
        type=seeds_count,
        metavar="N",
        help="train N networks with consecutive weight seeds, from network.seed on (overrides "
        "training.replicas); --save and --history then write OUT-SEED",
    )
    parser.add_argument(
        "--folds",
        type=folds_count,
        metavar="K",
        help="K-fold cross-validation: train K networks, each tested on its share of the samples",
    )
    add_force(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")


def seeds_count(text: str) -> int:
    """Parse the number of weight seeds. Raises ArgumentTypeError."""
    from nn_tui.recipe.fields import FIELDS

    try:
        count: int = FIELDS["training.replicas"].kind.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seeds: {error}") from None
    return count


def folds_count(text: str) -> int:
    """Parse the number of folds. Raises ArgumentTypeError."""
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 2 <= count <= MOST_FOLDS:
        raise argparse.ArgumentTypeError(
            f"{text} is not a number of folds: it must be a whole number from 2 to {MOST_FOLDS:,}"
        )
    return count


def run(arguments: argparse.Namespace) -> int:
    """Train, write the requested files, print a report, and return the exit code.

    Raises InputError before training starts.
    """
    save, _ = outputs = _outputs(arguments)
    named = [output for output in outputs if output is not None]
    check_apart(named, printing="--json" if arguments.json else "")
    words = file_read(arguments.experiment, PRESETS) + file_read(arguments.weights)
    check_inputs_kept(named, words)
    if arguments.folds is not None:
        check_folds(arguments)
    if arguments.seeds is None:
        check_replaceable(named, arguments.force)
    readings: Readings = {}
    with ReadingProgress(wanted=not arguments.quiet) as reading:
        opened = _opened(arguments, reading, readings)
    if blank := blank_lines(opened.recipe, opened.dataset):
        raise InputError(f"{blank[0]} is blank; the step can be trained once it is written")
    check_inputs_kept(named, file_read(opened.recipe.data.source, SOURCES))
    last_epoch = _last_epoch(arguments, opened)
    if last_epoch is None:
        print_message(f"{opened.name} trains without end (training.epochs = 0); add --epochs N")
        return _USAGE
    if arguments.folds is not None:
        return run_folds(arguments, opened, readings, last_epoch)
    if arguments.seeds or opened.recipe.training.replicas > 1:
        return run_seeds(arguments, opened, outputs, last_epoch)
    timeline, trainer = _trainers(opened, arguments.weights)
    if save and not save.standard:
        check_writable(save.path)
    if not arguments.quiet:
        for note in opened.notes:
            print_message(note)

    with StopRequest() as interruption:
        progress = TrainingProgress(opened.name, last_epoch, wanted=not arguments.quiet)
        trained = train_and_save(timeline, trainer, last_epoch, outputs, interruption, progress)
    if trained.pipe_closed:
        raise BrokenPipeError
    snapshot, ending, problems = trained.snapshot, trained.ending, trained.problems

    if arguments.json:
        print(report_json(opened.name, snapshot, ending))
    elif not arguments.quiet:
        # Standard output may be the content of a file: the report then goes to stderr.
        report = print_stderr if any(output.standard for output in named) else print
        report(report_text(opened.name, snapshot, ending, trained.saved))
    if interruption.signal:
        problems.append(f"stopped by {interruption.signal.name} after epoch {ending.epoch:,}")
    for problem in (trainer.diverged, *problems):
        if problem:
            print_message(problem)
    if interruption.signal:
        return 128 + interruption.signal
    if problems:
        return _BAD_INPUT
    return _DIVERGED if trainer.diverged else _DONE


def _outputs(arguments: argparse.Namespace) -> tuple[Output | None, Output | None]:
    """The outputs of ``--save`` and ``--history``."""
    save, history = arguments.save, arguments.history
    weights = "a weights file (W0, b0 …)"
    losses = "a loss history written by nn-tui"
    return (
        None if save is None else Output("--save", save, weights, is_weights, binary=True),
        None if history is None else Output("--history", history, losses, is_loss_csv),
    )


def _last_epoch(arguments: argparse.Namespace, opened: Experiment) -> int | None:
    if arguments.epochs is not None:
        return int(arguments.epochs)
    return opened.recipe.training.epochs or None


def _opened(
    arguments: argparse.Namespace, reading: ReadingProgress, readings: Readings
) -> Experiment:
    """The experiment; with ``--weights MODEL``, a file has the columns and scaling of the model."""
    model = model_in(arguments.weights)
    fold = None if arguments.folds is None else Fold(1, arguments.folds)
    opened = experiment.load_experiment(
        arguments.experiment,
        arguments.set,
        progress=reading,
        model=model,
        fold=fold,
        readings=readings,
    )
    return with_model_note(opened, arguments.weights, model)


def _trainers(opened: Experiment, weights: Path | None) -> tuple[Timeline | None, Trainer]:
    """The trainer, and its timeline if the run is to return to its best epoch."""
    recipe, dataset = opened.recipe, opened.dataset
    named = named_weights(opened, weights)
    try:
        if not recipe.training.restore_best:
            return None, Trainer(recipe, dataset, named)
        start = initial_parameters(opened, weights)
        timeline = Timeline(Run(opened.name, recipe, dataset, start=start))
        return timeline, timeline.trainer
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{weights}: {error}") from None
