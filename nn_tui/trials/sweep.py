"""A sweep: a plan, an executor for its trials, and the folder that keeps the outcomes."""

import threading
import time
from collections.abc import Callable, Iterator

from nn_tui.data.sources import Readings
from nn_tui.trials.executor import Executor
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import SweepPlan, Trial, TrialKey
from nn_tui.trials.runner import TrialRunner, read_all
from nn_tui.trials.sweep_folder import SweepFolder


class Sweep:
    """Trains the trials of a plan that the ``folder`` does not have yet.

    ``outcomes`` are those of the plan, with those that were there before; other trials of the
    folder are left alone. ``run`` may be iterated in a thread, and ``cancel`` called from any.
    Opening raises InputError.
    """

    def __init__(
        self, plan: SweepPlan, digest: str, folder: SweepFolder, readings: Readings | None = None
    ) -> None:
        self.plan = plan
        self.folder = folder
        known = {outcome.key: outcome for outcome in folder.open(plan, digest)}
        self._trials = [*plan.trials()]
        self.outcomes: dict[TrialKey, Outcome] = {
            trial.key: known[trial.key] for trial in self._trials if trial.key in known
        }
        self.continued = len(self.outcomes)
        """How many trials were there before."""
        self._readings: Readings = {} if readings is None else readings
        self._cancelled = threading.Event()
        self._began = 0.0

    @property
    def waiting(self) -> list[Trial]:
        """The trials without an outcome, in the order of the plan."""
        return [trial for trial in self._trials if trial.key not in self.outcomes]

    def cancel(self) -> None:
        """Let ``run`` end soon. What is trained until then is kept."""
        self._cancelled.set()

    def run(
        self, executor: Executor, interrupted: Callable[[], bool] = lambda: False
    ) -> Iterator[Outcome]:
        """Train the waiting trials; yield each outcome once it is in the folder.

        Ends soon after ``cancel``, and once ``interrupted`` returns true. Raises InputError if
        the folder cannot be written, or no trial can run any more.
        """
        waiting = self.waiting
        by_key = {trial.key: trial for trial in waiting}
        read_all(waiting, self._readings)
        self._began = time.monotonic()
        runner = TrialRunner(self._readings)
        for outcome in executor.run(
            runner, waiting, lambda: self._cancelled.is_set() or interrupted()
        ):
            self.folder.append(by_key[outcome.key], outcome)
            self.outcomes[outcome.key] = outcome
            yield outcome

    @property
    def seconds_left(self) -> float | None:
        """An estimate of the time that ``run`` still needs; None before the first outcome."""
        trained = len(self.outcomes) - self.continued
        if not trained or not self._began:
            return None
        each = (time.monotonic() - self._began) / trained
        return each * (self.plan.count - len(self.outcomes))
