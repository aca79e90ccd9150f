"""``nn-tui train --folds``: K-fold cross-validation of one experiment."""

import argparse
import json
import math
from collections.abc import Sequence
from typing import NamedTuple

from nn_tui import experiment
from nn_tui.commands.console import print_message
from nn_tui.commands.json_values import finite
from nn_tui.commands.progress import TrainingProgress
from nn_tui.commands.stop_request import StopRequest
from nn_tui.commands.training_run import train_and_save
from nn_tui.data.folds import Fold, all_folds
from nn_tui.data.sources import Readings
from nn_tui.errors import UsageError
from nn_tui.experiment import Experiment
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.run import Run
from nn_tui.training.score_statistics import (
    MeanAndDeviation,
    format_statistics,
    score_statistics,
)
from nn_tui.training.scores import SCORES, Scores, format_score, score_table
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_DONE, _DIVERGED = 0, 4
_LABEL, _COLUMN = 10, 14
"""Widths of the table's columns."""


def check_folds(arguments: argparse.Namespace) -> None:
    """Raise UsageError for options that need a single network."""
    for option in ("weights", "save", "history", "seeds"):
        if getattr(arguments, option) is not None:
            raise UsageError(
                f"--folds trains {arguments.folds} networks to estimate a score, and --{option} "
                "is of one training set; use one of them"
            )


class FoldResult(NamedTuple):
    """The end of the run of one fold; ``metrics`` are scores by part, and the baseline's."""

    fold: Fold
    epoch: int
    train_loss: float
    test_loss: float | None
    metrics: dict[str, Scores]
    classifies: bool
    diverged: str

    @property
    def test(self) -> Scores:
        """The scores of the samples of the fold, which are those it is not trained with."""
        return self.metrics["test"]


def run_folds(
    arguments: argparse.Namespace, opened: Experiment, readings: Readings, last_epoch: int
) -> int:
    """Train every fold up to ``last_epoch``, print a table or JSON, and return the exit code.

    ``opened`` has the dataset of the first fold. Raises InputError before training starts.
    """
    if not arguments.quiet:
        for note in opened.notes:
            print_message(note)
    recipe = opened.recipe.with_value("training.replicas", 1)
    shown = not (arguments.quiet or arguments.json)
    results: list[FoldResult] = []
    with StopRequest() as interruption:
        for fold in all_folds(arguments.folds):
            dataset = opened.dataset
            if fold.number > 1:
                dataset = experiment.dataset_of(recipe, fold=fold, readings=readings)
            fold_opened = Experiment(opened.name, recipe, dataset)
            progress = TrainingProgress(
                f"{opened.name}, fold {fold}", last_epoch, wanted=not arguments.quiet
            )
            results.append(_train(fold_opened, fold, last_epoch, interruption, progress))
            if shown:
                print("\n".join(_lines_of(results)), flush=True)
            if interruption.signal:
                break
    if arguments.json:
        print(_json(opened.name, recipe, results))
    elif shown:
        print("\n".join(_statistics_lines(results)))
    for result in results:
        if result.diverged:
            print_message(f"fold {result.fold}: {result.diverged}")
    if interruption.signal:
        print_message(f"stopped by {interruption.signal.name} in fold {results[-1].fold}")
        return 128 + interruption.signal
    return _DIVERGED if any(result.diverged for result in results) else _DONE


def _train(
    opened: Experiment,
    fold: Fold,
    last_epoch: int,
    interruption: StopRequest,
    progress: TrainingProgress,
) -> FoldResult:
    recipe, dataset = opened.recipe, opened.dataset
    timeline = None
    if recipe.training.restore_best:
        timeline = Timeline(Run(opened.name, recipe, dataset))
    trainer = Trainer(recipe, dataset) if timeline is None else timeline.trainer
    trained = train_and_save(timeline, trainer, last_epoch, (None, None), interruption, progress)
    snapshot = trained.snapshot
    table = score_table(snapshot)
    return FoldResult(
        fold,
        snapshot.epoch,
        math.nan if snapshot.diverged else snapshot.train_loss,
        snapshot.test_loss,
        {**{part: table.of(part) for part in dataset.parts}, "baseline": table.baseline},
        snapshot.classifies,
        snapshot.diverged,
    )


def _lines_of(results: Sequence[FoldResult]) -> list[str]:
    """The table's line of the last result, after the head if it is the first."""
    result = results[-1]
    name, label = ("accuracy", "accuracy") if result.classifies else ("r2", "R²")
    cells = ["fold", "train loss", "test loss", label, "baseline"]
    head = cells[0].rjust(_LABEL) + "".join(cell.rjust(_COLUMN) for cell in cells[1:])
    if result.diverged:
        cells = ["✗ diverged"]
    else:
        losses = (f"{v:.6g}" for v in (result.train_loss, result.test_loss) if v is not None)
        scores = (result.test[name], result.metrics["baseline"][name])
        cells = [*losses, *(format_score(name, score) for score in scores)]
    line = f"{result.fold}".rjust(_LABEL) + "".join(cell.rjust(_COLUMN) for cell in cells)
    return [head, line] if len(results) == 1 else [line]


def _statistics(
    results: Sequence[FoldResult],
) -> tuple[dict[str, MeanAndDeviation | None], dict[str, MeanAndDeviation | None]]:
    """Those of the test sets and of their baselines, over the folds that did not diverge."""
    known = [result for result in results if not result.diverged]
    return (
        score_statistics([result.test for result in known]),
        score_statistics([result.metrics["baseline"] for result in known]),
    )


def _statistics_lines(results: Sequence[FoldResult]) -> list[str]:
    """A table of the scores that apply: mean and deviation, beside those of the baseline."""
    test, baseline = _statistics(results)
    rows: list[tuple[str, ...]] = [("test, mean ± sd", "", "baseline")]
    for name, score in SCORES.items():
        if test[name] is not None:
            values = (format_statistics(name, value[name]) for value in (test, baseline))
            rows.append((score.label, *values))
    if len(rows) == 1:
        return []
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"  {label.ljust(widths[0])}  {mean.rjust(widths[1])}  {base.rjust(widths[2])}"
        for label, mean, base in rows
    ]


def _json(name: str, recipe: Recipe, results: Sequence[FoldResult]) -> str:
    """One JSON object; null where a value does not apply or is not finite."""
    folds = [
        {
            "fold": result.fold.number,
            "epoch": result.epoch,
            "train_loss": finite(result.train_loss),
            "test_loss": finite(result.test_loss),
            "diverged": bool(result.diverged),
            "metrics": result.metrics,
        }
        for result in results
    ]
    test, baseline = _statistics(results)
    report = {
        "experiment": name,
        "seed": recipe.network.seed,
        "folds": folds,
        "mean": {key: value and value.mean for key, value in test.items()},
        "sd": {key: value and value.deviation for key, value in test.items()},
        "baseline": {key: value and value.mean for key, value in baseline.items()},
    }
    return json.dumps(report, allow_nan=False)
