"""``nn-tui train``: train without a screen."""

import argparse
import signal
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from nn_tui import experiment
from nn_tui.commands.console import print_message, print_stderr
from nn_tui.commands.options import add_epochs, add_experiment, add_force, file_read
from nn_tui.commands.progress import ReadingProgress, TrainingProgress
from nn_tui.commands.train_report import Ending, report_json, report_text
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.fileio import check_writable
from nn_tui.files.loss_csv import LossCsvFile, is_loss_csv
from nn_tui.files.model import description, is_model, model_of, read_model
from nn_tui.files.outputs import Output, check_apart, check_inputs_kept, check_replaceable
from nn_tui.files.weights import is_weights, read_weights, write_weights
from nn_tui.nn.architecture import flatten
from nn_tui.recipe.presets import PRESETS
from nn_tui.text import make_printable
from nn_tui.training.model_builder import build_architecture
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_DONE, _USAGE, _BAD_INPUT, _DIVERGED = 0, 2, 3, 4
_SLICE_SECONDS = 0.1
_ALWAYS_READ = 1_000_000
"""A weights file of this size is read whatever the network, to report what does not fit."""
_HANDLED_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Context manager that records the first signal; a second one ends the process at once.

    ``signal`` is the recorded signal, or None. Signals that are already ignored, as under
    ``nohup``, stay ignored.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Interruption":
        for number in _HANDLED_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._record)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _record(self, number: int, frame: FrameType | None) -> None:
        self.signal = signal.Signals(number)
        for other in self._before:
            signal.signal(other, signal.SIG_DFL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, ``--set``, ``--epochs``, and the files to read and write."""
    add_experiment(parser)
    add_epochs(parser, "number of epochs (overrides the recipe)")
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="IN.npz",
        help="initial weights: arrays W0 b0 W1 …; those of --save bring columns and scaling along",
    )
    parser.add_argument(
        "--save",
        metavar="OUT.npz",
        help="write the trained model, for predict; - is standard output",
    )
    parser.add_argument(
        "--history",
        metavar="OUT.csv",
        help="write the losses of every epoch during training; - is standard output",
    )
    add_force(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")


def run(arguments: argparse.Namespace) -> int:
    """Train, write the requested files, print a report, and return the exit code.

    Raises InputError before training starts.
    """
    save, history_output = outputs = _outputs(arguments)
    named = [output for output in outputs if output is not None]
    check_apart(named, printing="--json" if arguments.json else "")
    words = file_read(arguments.experiment, PRESETS) + file_read(arguments.weights)
    check_inputs_kept(named, words)
    check_replaceable(named, arguments.force)
    with ReadingProgress(wanted=not arguments.quiet) as reading:
        opened = _opened(arguments, reading)
    check_inputs_kept(named, file_read(opened.recipe.data.source, SOURCES))
    last_epoch = _last_epoch(arguments, opened)
    if last_epoch is None:
        print_message(f"{opened.name} trains without end (training.epochs = 0); add --epochs N")
        return _USAGE
    timeline, trainer = _trainers(opened, arguments.weights)
    if save and not save.standard:
        check_writable(save.path)
    if not arguments.quiet:
        for note in opened.notes:
            print_message(note)

    problems: list[str] = []
    saved: list[str] = []
    with ExitStack() as stack:
        history = None
        if history_output:
            history = stack.enter_context(LossCsvFile(history_output, trainer.history.names))
        interruption = stack.enter_context(Interruption())
        progress = TrainingProgress(opened.name, last_epoch, wanted=not arguments.quiet)
        _train(timeline or trainer, trainer, last_epoch, history, interruption, progress)
        ending = Ending(trainer.epoch, trainer.seconds, trainer.stopped)
        if timeline is not None and timeline.restore_best():
            ending = ending.restored(trainer.snapshot())
        snapshot = trainer.snapshot()
        if save:
            try:
                path = None if save.standard else save.path
                write_weights(path, snapshot.weights, description(model_of(snapshot)))
                saved.append(f"weights saved to {make_printable(save.shown)}")
            except InputError as error:
                problems.append(str(error))
    if history and history.pipe_closed:
        raise BrokenPipeError
    if history and history.error:
        problems.append(history.error)
    elif history:
        saved.append(f"losses saved to {make_printable(history.name)}, {history.rows:,} rows")

    if arguments.json:
        print(report_json(opened.name, snapshot, ending))
    elif not arguments.quiet:
        # Standard output may be the content of a file: the report then goes to stderr.
        report = print_stderr if any(output.standard for output in named) else print
        report(report_text(opened.name, snapshot, ending, saved))
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


def _opened(arguments: argparse.Namespace, reading: ReadingProgress) -> Experiment:
    """The experiment; with ``--weights MODEL``, a file has the columns and scaling of the model."""
    weights = arguments.weights
    model = read_model(weights) if weights is not None and is_model(weights) else None
    opened = experiment.load_experiment(
        arguments.experiment, arguments.set, progress=reading, model=model
    )
    if model is None or opened.recipe.data.source in SOURCES:
        return opened
    note = (
        f"columns, classes and scaling are those of {make_printable(weights.name)}, not fitted anew"
    )
    return replace(opened, notes=(note, *opened.notes))


def _trainers(opened: Experiment, weights: Path | None) -> tuple[Timeline | None, Trainer]:
    """The trainer, and its timeline if the run is to return to its best epoch."""
    recipe, dataset = opened.recipe, opened.dataset
    network = build_architecture(recipe, dataset)
    named = None
    if weights is not None:
        named = read_weights(weights, most=max(_ALWAYS_READ, 2 * network.parameter_count))
    try:
        if not recipe.training.restore_best:
            return None, Trainer(recipe, dataset, named)
        start = None if named is None else flatten(named, network)
        timeline = Timeline(Run(opened.name, recipe, dataset, start=start))
        return timeline, timeline.trainer
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{weights}: {error}") from None


def _train(
    runner: Timeline | Trainer,
    trainer: Trainer,
    last_epoch: int,
    history: LossCsvFile | None,
    interruption: Interruption,
    progress: TrainingProgress,
) -> None:
    if history:
        first = trainer.history.curve()
        losses = {part: first.band(f"{part}_loss").low for part in trainer.dataset.parts}
        history.append(first.first, losses)
        trainer.listeners.append(history.append)
    while trainer.epoch < last_epoch and not _should_stop(trainer, history, interruption):
        runner.run_for(_SLICE_SECONDS, last_epoch)
        if progress.shown and trainer.epoch < last_epoch:
            progress.draw(trainer.snapshot())
    if trainer.snapshot().progress:
        trainer.run_epochs(1)  # finish the epoch, so that saved weights are those of a whole one
    trainer.listeners.clear()
    progress.clear()


def _should_stop(trainer: Trainer, history: LossCsvFile | None, interruption: Interruption) -> bool:
    failed = history is not None and bool(history.error)
    return failed or bool(trainer.diverged or trainer.stopped or interruption.signal)
