"""Proof of a lesson: its naive trials do not reach the goal, its solutions do."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of
from nn_tui.lessons.goal import goal_status
from nn_tui.lessons.lesson import Lesson, ProofTrial, TrialRun
from nn_tui.lessons.measures import LiveRun, PastRun, past_run
from nn_tui.lessons.page_text import format_figure
from nn_tui.lessons.parsing import parse_weight_name
from nn_tui.nn.architecture import Architecture
from nn_tui.recipe.recipe import Data, Recipe
from nn_tui.training.edits import ParameterEdit
from nn_tui.training.trainer import Trainer


class TrialResult(NamedTuple):
    """What a trial came to: the seeds that reached the goal, of all that were tried.

    ``figures`` are the values of the goal's comparisons at the end, as ranges over the seeds.
    ``problem`` is a sentence where it could not be carried out, or where the goal did not work.
    """

    trial: ProofTrial
    is_solution: bool
    reached: tuple[int, ...]
    figures: str = ""
    problem: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether all seeds of a solution reached the goal, or none of a naive trial."""
        wanted = self.trial.seeds if self.is_solution else ()
        return not self.problem and self.reached == tuple(wanted)


def trials_of(lesson: Lesson) -> list[tuple[ProofTrial, bool]]:
    """The trials of a lesson, naive ones first, and whether each is a solution."""
    return [
        *((trial, False) for trial in lesson.naive),
        *((trial, True) for trial in lesson.solutions),
    ]


def prove(lesson: Lesson, trial: ProofTrial, is_solution: bool) -> TrialResult:
    """Train a trial from all of its seeds and evaluate the goal after each of them."""
    reached: list[int] = []
    figures: dict[str, list[Any]] = {}
    datasets: dict[Data, Dataset] = {}
    try:
        for seed in trial.seeds:
            done = False
            for live, done_now in _attempt(lesson, trial, seed, datasets):
                done = done or done_now
                for condition in lesson.check:
                    word = condition.that.comparison and condition.that.comparison.word
                    if word and word != "epoch":
                        figures.setdefault(word, []).append(live.measure(word))
            if done:
                reached.append(seed)
    except InputError as error:
        return TrialResult(trial, is_solution, tuple(reached), problem=str(error))
    shown = ", ".join(f"{word} {_range(values)}" for word, values in figures.items())
    return TrialResult(trial, is_solution, tuple(reached), shown)


def _attempt(
    lesson: Lesson, trial: ProofTrial, seed: int, datasets: dict[Data, Dataset]
) -> Iterator[tuple[LiveRun, bool]]:
    """The runs of a trial at their end, and whether the goal was reached after each."""
    earlier: list[PastRun] = []
    for run in trial.runs:
        recipe = lesson.recipe.with_value("network.seed", seed)
        for key, value in run.values:
            recipe = recipe.with_value(key, value)
        if recipe.data not in datasets:
            datasets[recipe.data] = dataset_of(recipe)
        snapshot = _trained(recipe, datasets[recipe.data], run).snapshot()
        live = LiveRun(snapshot)
        yield live, goal_status(lesson, snapshot, earlier).reached
        earlier.append(past_run(live, lesson.run_words))


def _trained(recipe: Recipe, dataset: Dataset, run: TrialRun) -> Trainer:
    trainer = Trainer(recipe, dataset)
    for name, value in run.weights:
        array, index = parse_weight_name(name)
        for at in _places(trainer.network, array, index):
            trainer.apply(ParameterEdit(trainer.edit_epoch, array, at, value))
    trainer.run_epochs(recipe.training.epochs)
    return trainer


def _places(
    network: Architecture, array: str, index: tuple[int, ...] | None
) -> Iterator[tuple[int, ...]]:
    if index is not None:
        yield index
    else:
        yield from np.ndindex(network.shapes().get(array, ()))


def _range(values: Sequence[Any]) -> str:
    """The smallest and largest value; those of runs that diverged are infinite."""
    known = [value for value in values if value is not None and value == value]
    if not known:
        return format_figure(None)
    low, high = format_figure(min(known)), format_figure(max(known))
    return low if low == high else f"{low} … {high}"
