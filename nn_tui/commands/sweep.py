"""``nn-tui sweep``: train one experiment with many combinations of values, seeds and folds."""

import argparse
from pathlib import Path

from nn_tui import experiment
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_epochs, add_experiment
from nn_tui.commands.progress import ProgressLine, ReadingProgress
from nn_tui.commands.stop_request import StopRequest
from nn_tui.commands.sweep_report import SweepReport
from nn_tui.commands.train import folds_count, seeds_count
from nn_tui.data.folds import Fold
from nn_tui.data.sources import Readings
from nn_tui.errors import InputError, UsageError
from nn_tui.experiment import Experiment
from nn_tui.recipe.line_fields import field_of
from nn_tui.text import duration, make_printable
from nn_tui.training.model_builder import blank_lines
from nn_tui.trials.axes import parse_axis
from nn_tui.trials.executor import Executor
from nn_tui.trials.outcome import DONE, STOPPED
from nn_tui.trials.plan import MOST_TRIALS, SweepPlan
from nn_tui.trials.process_executor import ProcessExecutor, default_jobs
from nn_tui.trials.ranking import MEASURES
from nn_tui.trials.sweep import Sweep, folder_name
from nn_tui.trials.sweep_folder import SweepFolder

_DONE, _USAGE, _NONE_TRAINED = 0, 2, 4
_MOST_JOBS = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, what is varied, where it runs, and where the results go."""
    add_experiment(parser)
    parser.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="KEY=VALUES",
        help="values separated by commas (or by |), or LOW..HIGH:N, or LOW..HIGH:N:log; may be "
        "repeated",
    )
    parser.add_argument(
        "--random",
        type=_random,
        metavar="N",
        help="N random combinations instead of all; a range then needs no number of values",
    )
    parser.add_argument(
        "--seeds",
        type=seeds_count,
        metavar="K",
        help="K weight seeds of each combination",
    )
    parser.add_argument(
        "--folds", type=folds_count, metavar="K", help="K-fold cross-validation of each"
    )
    add_epochs(parser, "number of epochs (overrides the recipe)")
    parser.add_argument(
        "--jobs", type=_jobs, metavar="J", help="processes; default: one for each processor"
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="train on the Dask cluster whose scheduler is at ADDRESS, such as tcp://host:8786",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FOLDER",
        help="folder of the results; an earlier one is continued; default: sweep-EXPERIMENT-…",
    )
    parser.add_argument(
        "--show", type=Path, metavar="FOLDER", help="print the results in FOLDER, and train nothing"
    )
    parser.add_argument(
        "--measure",
        type=_measure,
        metavar="NAME",
        help="what decides the best; default: the loss",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print neither progress nor a summary")


def _measure(text: str) -> str:
    if text not in MEASURES:
        raise argparse.ArgumentTypeError(f"{text} is not one of {', '.join(MEASURES)}")
    return text


def _random(text: str) -> int:
    return _count(text, MOST_TRIALS, "a number of combinations")


def _jobs(text: str) -> int:
    return _count(text, _MOST_JOBS, "a number of processes")


def _count(text: str, most: int, what: str) -> int:
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    if not 1 <= count <= most:
        raise argparse.ArgumentTypeError(
            f"{text} is not {what}: it must be a whole number from 1 to {most:,}"
        )
    return count


def run(arguments: argparse.Namespace) -> int:
    """Train the trials that the folder does not have, print a report, return the exit code.

    Raises InputError.
    """
    if arguments.show is not None:
        return _show(arguments)
    if arguments.epochs == 0:
        arguments.epochs = None
    readings: Readings = {}
    with ReadingProgress(wanted=not arguments.quiet) as reading:
        fold = None if arguments.folds is None else Fold(1, arguments.folds)
        opened = experiment.load_experiment(
            arguments.experiment, arguments.set, progress=reading, fold=fold, readings=readings
        )
    plan = _plan(arguments, opened)
    if not plan.base.training.epochs and "training.epochs" not in plan.keys:
        print_message(f"{opened.name} trains without end (training.epochs = 0); add --epochs N")
        return _USAGE
    _check_blanks(plan, opened)
    executor = _executor(arguments)
    digest = opened.dataset.digest
    folder = SweepFolder(arguments.output or Path(folder_name(plan, digest)))
    sweep = Sweep(plan, opened.dataset, folder, readings)
    if not arguments.quiet:
        for note in (*opened.notes, *_notes(plan), *folder.notes, *executor.notes):
            print_message(note)
    try:
        stopped = _train(sweep, executor, arguments.quiet)
    finally:
        folder.close()
    report = SweepReport(
        plan.name,
        folder.path,
        plan.keys,
        [*sweep.outcomes.values()],
        plan.count,
        arguments.measure,
    )
    if arguments.json or not arguments.quiet:
        print(report.json() if arguments.json else report.text())
    if stopped:
        kept = f"{len(sweep.outcomes):,} of {plan.count:,} kept in {folder.path}"
        print_message(f"{kept}; the same command continues")
        return 128 + stopped
    return _code(sweep)


def _executor(arguments: argparse.Namespace) -> Executor:
    if arguments.dask is None:
        return ProcessExecutor(arguments.jobs or default_jobs())
    if arguments.jobs is not None:
        raise UsageError("--jobs is for this machine; the workers of --dask are started with Dask")
    from nn_tui.trials.dask_executor import DaskExecutor  # an extra

    return DaskExecutor(arguments.dask)


def _plan(arguments: argparse.Namespace, opened: Experiment) -> SweepPlan:
    recipe = opened.recipe
    axes = tuple(parse_axis(text) for text in arguments.vary)
    seeds = arguments.seeds or recipe.training.replicas
    if not axes and seeds == 1 and not arguments.folds:
        raise UsageError(
            "a sweep varies something: --vary KEY=V1,V2,…, --seeds K or --folds K; for example "
            "--vary training.learning_rate=0.01..10:7:log"
        )
    if arguments.epochs is not None:
        if any(axis.key == "training.epochs" for axis in axes):
            raise UsageError("--epochs and --vary training.epochs are the same; use one of them")
        recipe = recipe.with_value("training.epochs", arguments.epochs)
    return SweepPlan(opened.name, recipe, axes, seeds, arguments.folds or 0, arguments.random or 0)


def _check_blanks(plan: SweepPlan, opened: Experiment) -> None:
    """Raise InputError if a line is blank in every trial."""
    for name in blank_lines(plan.base, opened.dataset) if plan.base.lines else ():
        if f"lines.{name}" not in plan.keys:
            raise InputError(
                f"{name} is blank; a sweep needs it written, or varied: --vary 'lines.{name}=…'"
            )


def _notes(plan: SweepPlan) -> list[str]:
    """Notes on fewer combinations than were wanted, and on varied keys that have no effect."""
    notes = []
    if len(plan.settings) < plan.random:
        notes.append(f"--random {plan.random:,}: only {len(plan.settings):,} combinations exist")
    settings = plan.settings[:1000]
    for key in plan.keys:
        reasons = [field_of(key).inactive_reason(plan.recipe_of(setting)) for setting in settings]
        if all(reasons):
            notes.append(f"{key} has no effect: {reasons[0]}")
    return notes


def _train(sweep: Sweep, executor: Executor, quiet: bool) -> int:
    """Train the waiting trials; return the signal that stopped it, or 0."""
    progress = ProgressLine(wanted=not quiet)
    with StopRequest() as interruption:
        try:
            if sweep.waiting:
                progress.write(_progress(sweep, executor))
                for _ in sweep.run(executor, lambda: interruption.signal is not None):
                    progress.write(_progress(sweep, executor))
        finally:
            progress.clear()
            executor.close()
    left = len(sweep.outcomes) < sweep.plan.count
    return interruption.signal or 0 if left else 0


def _progress(sweep: Sweep, executor: Executor) -> str:
    done, count = len(sweep.outcomes), sweep.plan.count
    text = f"{make_printable(sweep.plan.name)}: {done:,} of {count:,} trials"
    seconds = sweep.seconds_left
    if seconds is None:
        return f"{text} on {executor.description}"
    return f"{text}, about {duration(seconds)} left (ctrl+c keeps them)"


def _code(sweep: Sweep) -> int:
    trained = any(o.status in (DONE, STOPPED) for o in sweep.outcomes.values())
    return _DONE if trained else _NONE_TRAINED


def _show(arguments: argparse.Namespace) -> int:
    if arguments.experiment is not None or arguments.vary or arguments.output is not None:
        raise UsageError("--show FOLDER prints a sweep; it takes no experiment and varies nothing")
    folder = SweepFolder(arguments.show)
    record, _, outcomes = folder.read()
    for note in folder.notes:
        print_message(note)
    total = max(record.trials, len(outcomes))
    report = SweepReport(
        record.experiment, folder.path, record.keys, outcomes, total, arguments.measure
    )
    print(report.json() if arguments.json else report.text())
    return _DONE
