"""A sweep: a plan, an executor for its trials, and the folder that keeps the outcomes."""

import hashlib
import re
import time
from collections.abc import Callable, Iterator

from nn_tui.data.dataset import Dataset
from nn_tui.data.sources import Readings
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.parsing import to_toml
from nn_tui.trials.executor import Executor
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import SweepPlan, Trial, TrialKey
from nn_tui.trials.runner import TrialRunner
from nn_tui.trials.sweep_folder import SweepFolder


class Sweep:
    """Trains the trials of a plan that the ``folder`` does not have yet.

    ``outcomes`` are those of the plan, with those that were there before; other trials of the
    folder are left alone. ``dataset`` are the samples of the plan's recipe; with ``readings`` of
    what they were read from, the trials read them again, without they are trained with these.
    ``run`` may be iterated in a thread, and again after it was interrupted. Opening raises
    InputError.
    """

    def __init__(
        self,
        plan: SweepPlan,
        dataset: Dataset,
        folder: SweepFolder,
        readings: Readings | None = None,
    ) -> None:
        self.plan = plan
        self.folder = folder
        known = {outcome.key: outcome for outcome in folder.open(plan, dataset.digest)}
        self._trials = [*plan.trials()]
        self.outcomes: dict[TrialKey, Outcome] = {
            trial.key: known[trial.key] for trial in self._trials if trial.key in known
        }
        self.continued = len(self.outcomes)
        """How many trials were there before."""
        self._readings: Readings = {} if readings is None else readings
        self._prepared = (plan.base, dataset) if readings is None else None
        self._began = 0.0
        self._trained = 0

    @property
    def waiting(self) -> list[Trial]:
        """The trials without an outcome, in the order of the plan."""
        return [trial for trial in self._trials if trial.key not in self.outcomes]

    def run(
        self, executor: Executor, interrupted: Callable[[], bool] = lambda: False
    ) -> Iterator[Outcome]:
        """Train the waiting trials; yield each outcome once it is in the folder.

        Ends soon once ``interrupted`` returns true; what is trained until then is kept. Raises
        InputError if the folder cannot be written, or no trial can run any more.
        """
        waiting = self.waiting
        by_key = {trial.key: trial for trial in waiting}
        runner = TrialRunner(self._readings, self._prepared)
        runner.read(waiting)
        self._began, self._trained = time.monotonic(), 0
        for outcome in executor.run(runner, waiting, interrupted):
            kept = self.folder.append(by_key[outcome.key], outcome)
            self.outcomes[outcome.key] = kept
            self._trained += 1
            yield kept

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time that ``run`` still needs; None before the first outcome."""
        if not self._trained:
            return None
        each = (time.monotonic() - self._began) / self._trained
        return each * (self.plan.count - len(self.outcomes))


def folder_name(plan: SweepPlan, digest: str) -> str:
    """Return a name that only the same experiment with the same varied keys and samples has."""
    recipe = plan.base
    for key in plan.keys:
        recipe = recipe.with_value(key, field_of(key).default)
    text = f"{to_toml(recipe)}{plan.keys}{plan.folds}{digest}"
    code = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", plan.name).strip("-.")[:60]
    return f"sweep-{name or 'data'}-{code}"
