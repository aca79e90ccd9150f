"""``nn-tui train --seeds``: one experiment with several weight seeds, one after the other."""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from nn_tui.commands.console import print_message
from nn_tui.commands.json_values import finite
from nn_tui.commands.options import file_read
from nn_tui.commands.progress import TrainingProgress
from nn_tui.commands.stop_request import StopRequest
from nn_tui.commands.training_run import TrainedRun, train_and_save
from nn_tui.data.sources import SOURCES
from nn_tui.errors import UsageError
from nn_tui.experiment import Experiment
from nn_tui.fileio import check_writable
from nn_tui.files.outputs import Output, check_inputs_kept, check_replaceable
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import replica_recipe, replica_seeds
from nn_tui.training.run import Run
from nn_tui.training.scores import Scores, format_score, score_table
from nn_tui.training.seed_losses import QUANTILES, describe_losses, quantile
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

_DONE, _BAD_INPUT, _DIVERGED = 0, 3, 4
_LABEL, _LOSS, _SCORE = 14, 13, 10
"""Widths of the table's columns."""

Outputs = tuple[Output | None, Output | None]
"""Those of ``--save`` and ``--history``."""


def run_seeds(
    arguments: argparse.Namespace, opened: Experiment, outputs: Outputs, last_epoch: int
) -> int:
    """Train every seed up to ``last_epoch``, print a table or JSON, and return the exit code.

    The seed is added to the names of ``outputs``. Raises InputError before training starts.
    """
    recipe = opened.recipe
    if arguments.seeds is not None:
        recipe = recipe.with_value("training.replicas", arguments.seeds)
    seeds = replica_seeds(recipe)
    if arguments.weights is not None:
        raise UsageError("--weights gives the initial weights, --seeds draws them: use one of them")
    outputs_of = {seed: _of_seed(outputs, seed) for seed in seeds}
    _check(arguments, opened, outputs_of.values())
    trainer = Trainer(replica_recipe(recipe, seeds[0]), opened.dataset)  # raises InputError
    if not arguments.quiet:
        for note in opened.notes:
            print_message(note)

    table = _Table(trainer, shown=not (arguments.quiet or arguments.json))
    results: list[SeedResult] = []
    problems: list[str] = []
    with StopRequest() as interruption:
        for seed in seeds:
            name = f"{opened.name}, seed {seed} of {seeds[0]}-{seeds[-1]}"
            progress = TrainingProgress(name, last_epoch, wanted=not arguments.quiet)
            trained = _train(
                opened, recipe, seed, last_epoch, outputs_of[seed], interruption, progress
            )
            problems += trained.problems
            results.append(_result(seed, trained))
            table.add(results[-1])
            if interruption.signal:
                epoch = f"epoch {trained.ending.epoch:,} of seed {seed}"
                problems.append(f"stopped by {interruption.signal.name} after {epoch}")
                break
    if arguments.json:
        print(_json(opened.name, results))
    table.finish(results, _target(recipe))
    for problem in problems:
        print_message(problem)
    if interruption.signal:
        return 128 + interruption.signal
    if problems:
        return _BAD_INPUT
    return _DIVERGED if all(result.diverged for result in results) else _DONE


class SeedResult(NamedTuple):
    """The end of the run of one seed; ``metrics`` are the scores of each part of the data."""

    seed: int
    epoch: int
    train_loss: float
    test_loss: float | None
    score: float | None
    metrics: dict[str, Scores]
    diverged: str


def _of_seed(outputs: Outputs, seed: int) -> Outputs:
    """The outputs with the seed before the ending of their names: ``out-7.npz``."""
    save, history = (
        None if output is None else replace(output, name=str(_with_seed(output, seed)))
        for output in outputs
    )
    return save, history


def _with_seed(output: Output, seed: int) -> Path:
    if output.standard:
        raise UsageError(f"{output.option} - is one file, and --seeds writes one for every seed")
    path = output.path
    return path.with_name(f"{path.stem}-{seed}{path.suffix}")


def _check(arguments: argparse.Namespace, opened: Experiment, outputs: Iterable[Outputs]) -> None:
    """Raise InputError if an output is an input, or a file that must not be overwritten."""
    read = file_read(arguments.experiment, PRESETS)
    read += file_read(opened.recipe.data.source, SOURCES)
    named = [output for both in outputs for output in both if output is not None]
    check_inputs_kept(named, read)
    check_replaceable(named, arguments.force)
    for output in named:
        if output.binary:
            check_writable(output.path)


def _train(
    opened: Experiment,
    recipe: Recipe,
    seed: int,
    last_epoch: int,
    outputs: Outputs,
    interruption: StopRequest,
    progress: TrainingProgress,
) -> TrainedRun:
    """Train one seed exactly as a run of its own; only the data are shared."""
    own = replica_recipe(recipe, seed)
    timeline = None
    if own.training.restore_best:
        timeline = Timeline(Run(opened.name, own, opened.dataset))
    trainer = Trainer(own, opened.dataset) if timeline is None else timeline.trainer
    trained = train_and_save(timeline, trainer, last_epoch, outputs, interruption, progress)
    if trained.pipe_closed:
        raise BrokenPipeError
    return trained


def _result(seed: int, trained: TrainedRun) -> SeedResult:
    snapshot = trained.snapshot
    scores = score_table(snapshot)
    parts = {part: scores.of(part) for part in ("train", "test", *snapshot.dataset.parts)}
    return SeedResult(
        seed,
        snapshot.epoch,
        math.nan if snapshot.diverged else snapshot.train_loss,
        snapshot.test_loss,
        scores.decisive[_main_score(snapshot.classifies)],
        {**parts, "baseline": scores.baseline},
        snapshot.diverged,
    )


def _main_score(classifies: bool) -> str:
    return "accuracy" if classifies else "r2"


def _target(recipe: Recipe) -> float | None:
    limit = recipe.training.stop_loss
    return None if isinstance(limit, str) else limit


def _json(name: str, results: Sequence[SeedResult]) -> str:
    """One JSON object; null where a value does not apply or is not finite."""
    seeds = [
        {
            "seed": result.seed,
            "epoch": result.epoch,
            "train_loss": finite(result.train_loss),
            "test_loss": finite(result.test_loss),
            "diverged": bool(result.diverged),
            "metrics": result.metrics,
        }
        for result in results
    ]
    losses = [result.train_loss for result in results]
    tests = [math.nan if r.test_loss is None else r.test_loss for r in results]
    quantiles = {
        name.replace(" ", "_"): {
            "train_loss": finite(quantile(losses, share)),
            "test_loss": finite(quantile(tests, share)),
        }
        for name, share in QUANTILES.items()
    }
    return json.dumps({"experiment": name, "seeds": seeds, "quantiles": quantiles}, allow_nan=False)


class _Table:
    """A line for every seed as soon as it is trained, then the quantiles of each column."""

    def __init__(self, trainer: Trainer, shown: bool) -> None:
        self._shown = shown
        self._tests = trainer.dataset.test_count > 0
        snapshot = trainer.snapshot()
        self._score = _main_score(snapshot.classifies)
        heads = ["train loss", *(["test loss"] if self._tests else [])]
        score = "accuracy" if snapshot.classifies else "R²"
        self._print("seed", [head.rjust(_LOSS) for head in heads], score.rjust(_SCORE))

    def add(self, result: SeedResult) -> None:
        """Print the line of a seed."""
        if result.diverged:
            self._print(f"{result.seed}", [f"  ✗ {result.diverged}"], "")
        else:
            score = format_score(self._score, result.score)
            losses = self._losses(result.train_loss, result.test_loss)
            self._print(f"{result.seed}", losses, score.rjust(_SCORE))

    def finish(self, results: Sequence[SeedResult], target: float | None) -> None:
        """Print the quantiles, and what the losses have in common."""
        known = [result for result in results if not result.diverged]
        if len(known) > 1:
            scores = [result.score for result in known if result.score is not None]
            tests = [result.test_loss for result in known if result.test_loss is not None]
            for name, share in QUANTILES.items():
                test = quantile(tests, share) if tests else None
                score = format_score(self._score, quantile(scores, share) if scores else None)
                losses = self._losses(quantile([r.train_loss for r in known], share), test)
                self._print(name, losses, score.rjust(_SCORE))
        common = describe_losses([result.train_loss for result in results], target)
        if common and self._shown:
            print(f"train loss of {len(results)} seeds: {common}")

    def _losses(self, train: float, test: float | None) -> list[str]:
        shown = [train, *([math.nan if test is None else test] if self._tests else [])]
        return [f"{loss:.6g}".rjust(_LOSS) for loss in shown]

    def _print(self, label: str, losses: Sequence[str], score: str) -> None:
        if self._shown:
            print(f"{label.rjust(_LABEL)}{''.join(losses)}{score}".rstrip(), flush=True)
