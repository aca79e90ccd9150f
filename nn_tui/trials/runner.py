"""Train a trial, in whichever process: the files are read before, once for all trials."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock
from typing import Any

from nn_tui.data.dataset import Dataset
from nn_tui.data.folds import Fold
from nn_tui.data.sources import Readings
from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of, needs_classes
from nn_tui.recipe.parsing import check_recipe
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import brief
from nn_tui.training.model_builder import blank_lines
from nn_tui.training.run import Run
from nn_tui.training.scores import judged_scores
from nn_tui.training.snapshot import Snapshot
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from nn_tui.trials.outcome import DIVERGED, DONE, FAILED, STOPPED, Outcome
from nn_tui.trials.plan import Trial
from nn_tui.trials.trial_curve import sampled_curve

_SLICE_SECONDS = 0.1
_KEPT_BYTES = 200_000_000
"""The size of the prepared datasets that are kept for further trials."""
_LONGEST = 300

Cancelled = Callable[[], bool]


class TrialRunner:
    """Trains trials. ``readings`` are the built-in sets and files that they need.

    ``prepared`` are a recipe and the samples that all trials with the same data are trained with;
    without it they are read. A copy made by pickling has the readings, but not the datasets that
    were prepared of them. It can be used by several threads.
    """

    def __init__(self, readings: Readings, prepared: tuple[Recipe, Dataset] | None = None) -> None:
        self._readings = readings
        self._prepared = prepared
        self._datasets: OrderedDict[Any, Dataset] = OrderedDict()
        self._lock = Lock()

    def __reduce__(self) -> tuple[type["TrialRunner"], tuple[Any, ...]]:
        return TrialRunner, (dict(self._readings), self._prepared)

    def read(self, trials: Iterable[Trial]) -> None:
        """Read every built-in set and file that the trials need.

        One that cannot be read is left to its trials, which fail with the reason.
        """
        seen = set()
        for trial in trials:
            data = trial.recipe.data
            columns = (data.target, data.features, data.columns, data.categories)
            read = (data.source, *columns, data.missing, data.header)
            if read in seen or self._has_prepared(trial.recipe, trial.fold):
                continue
            seen.add(read)
            with suppress(InputError):
                dataset_of(trial.recipe, fold=trial.fold, readings=self._readings)

    def run(self, trial: Trial, cancelled: Cancelled) -> Outcome | None:
        """Train a trial to its end; None once ``cancelled``. An error is an outcome as well."""
        try:
            return self._train(trial, cancelled)
        except InputError as error:
            message = str(error)
        except MemoryError:
            message = "not enough memory for this network and its data"
        except Exception as error:  # one trial that fails must not end the others
            message = f"internal error, {type(error).__name__}: {error}"
        return Outcome(trial.key, trial.setting, FAILED, message=brief(message, _LONGEST))

    def _train(self, trial: Trial, cancelled: Cancelled) -> Outcome | None:
        recipe = trial.recipe
        check_recipe(recipe)
        if not recipe.training.epochs:
            raise InputError("training.epochs = 0 trains without end; set a number of epochs")
        dataset = self.dataset(recipe, trial.fold)
        if recipe.lines and (blank := blank_lines(recipe, dataset)):
            raise InputError(f"{blank[0]} is blank; the step can be trained once it is written")
        timeline = None
        if recipe.training.restore_best:
            timeline = Timeline(Run(recipe.data.source, recipe, dataset))
        trainer = Trainer(recipe, dataset) if timeline is None else timeline.trainer
        while trainer.epoch < recipe.training.epochs and not (trainer.diverged or trainer.stopped):
            if cancelled():
                return None
            (timeline or trainer).run_for(_SLICE_SECONDS, recipe.training.epochs)
        epochs, stopped = trainer.epoch, trainer.stopped
        if timeline is not None:
            timeline.restore_best()
        return _outcome(trial, trainer.snapshot(), epochs, stopped)

    def dataset(self, recipe: Recipe, fold: Fold | None) -> Dataset:
        """Return the dataset of a recipe, the same one for recipes with the same data.

        Raises InputError.
        """
        if self._prepared is not None and self._has_prepared(recipe, fold):
            return self._prepared[1]
        key = _data_key(recipe, fold)
        with self._lock:
            if key in self._datasets:
                self._datasets.move_to_end(key)
                return self._datasets[key]
            dataset = dataset_of(recipe, fold=fold, readings=self._readings)
            self._datasets[key] = dataset
            while len(self._datasets) > 1 and self._size() > _KEPT_BYTES:
                self._datasets.popitem(last=False)
        return dataset

    def _has_prepared(self, recipe: Recipe, fold: Fold | None) -> bool:
        known = self._prepared
        return known is not None and fold is None and same_samples(known[0], recipe)

    def _size(self) -> int:
        return sum(d.inputs.nbytes + d.raw_inputs.nbytes for d in self._datasets.values())


def same_samples(one: Recipe, other: Recipe) -> bool:
    """Return whether both recipes are trained with the same samples."""
    return _data_key(one, None) == _data_key(other, None)


def _data_key(recipe: Recipe, fold: Fold | None) -> tuple[Any, ...]:
    """What of a recipe and its fold the samples depend on."""
    return recipe.data, fold, needs_classes(recipe), _scales_targets(recipe)


def _scales_targets(recipe: Recipe) -> tuple[str, str]:
    """What of the network and the training decides whether ``auto`` scales the targets."""
    return recipe.network.output, recipe.training.loss


def _outcome(trial: Trial, snapshot: Snapshot, epochs: int, stopped: str) -> Outcome:
    metrics, baseline = judged_scores(snapshot)
    best = snapshot.best
    diverged = snapshot.diverged
    return Outcome(
        trial.key,
        trial.setting,
        DIVERGED if diverged else STOPPED if stopped else DONE,
        epochs,
        {
            "train_loss": math.nan if diverged else snapshot.train_loss,
            "test_loss": None if diverged else snapshot.test_loss,
            "validation_loss": None if diverged else snapshot.validation_loss,
            "best_loss": None if best is None else best.loss,
        },
        None if best is None else best.epoch,
        dict.fromkeys(metrics) if diverged else dict(metrics),
        dict(baseline),
        snapshot.seconds,
        diverged or stopped,
        curve=sampled_curve(snapshot.losses),
    )
