"""What runs trials, and how many of them make a task."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import Trial
from nn_tui.trials.runner import TrialRunner

_TASK_SECONDS = 0.05
"""Trials are grouped to tasks of at least this time, against the cost of sending each."""
_MOST_IN_TASK = 256


class Executor(Protocol):
    """Runs trials at the same time in several processes; ``notes`` are for the user."""

    notes: list[str]

    @property
    def description(self) -> str:
        """Where trials run, for the user: ``2 processes``."""

    def run(
        self, runner: TrialRunner, trials: Sequence[Trial], cancelled: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Yield the outcomes as they come, in any order.

        Once ``cancelled``, end soon; what is finished until then is still yielded. Raises
        InputError if no trial can run any more.
        """

    def close(self) -> None:
        """End the processes that were started, at once."""


class TaskQueue:
    """Trials that wait, handed out in groups that take about ``_TASK_SECONDS``."""

    def __init__(self, trials: Sequence[Trial]) -> None:
        self._waiting = deque(trials)
        self._seconds = math.inf
        """Of a trial, on average; unknown at first, and then one trial is a task."""

    def __len__(self) -> int:
        return len(self._waiting)

    def next_group(self, workers: int) -> list[Trial]:
        """Remove and return the trials of the next task; the last ones are shared out evenly."""
        most = math.ceil(_TASK_SECONDS / self._seconds) if self._seconds > 0 else _MOST_IN_TASK
        share = math.ceil(len(self._waiting) / (2 * max(1, workers)))
        count = max(1, min(most, share, _MOST_IN_TASK))
        return [self._waiting.popleft() for _ in range(min(count, len(self._waiting)))]

    def put_back(self, trials: Sequence[Trial]) -> None:
        """Return trials that were handed out, to be the next."""
        self._waiting.extendleft(reversed(trials))

    def took(self, seconds: float, trials: int) -> None:
        """Record the time that a task took in its worker."""
        each = seconds / max(1, trials)
        known = math.isfinite(self._seconds)
        self._seconds = 0.7 * self._seconds + 0.3 * each if known else each
