"""A thread that trains the trials of a sweep in worker processes, beside the laboratory."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple

from nn_tui.errors import InputError
from nn_tui.trials.executor import Executor
from nn_tui.trials.sweep import Sweep
from nn_tui.trials.sweep_results import SweepResults

_INTERVAL = 0.25
"""Seconds between two reports at least."""
_SHARE = 0.1
"""Of its time the thread compares settings, at most."""
_PATIENCE = 0.5
"""Seconds to wait for the thread's end."""


class SweepProgress(NamedTuple):
    """How far the sweep is; ``error`` is why its thread ended, if it did so by itself."""

    results: SweepResults
    running: bool
    seconds_left: float | None = None
    error: Exception | None = None


class SweepThread:
    """Trains the waiting trials of a ``sweep``; ``report`` is called in the event loop.

    ``measure`` returns what settings are compared by; empty for the usual measure.
    """

    def __init__(
        self,
        sweep: Sweep,
        executor: Executor,
        measure: Callable[[], str],
        report: Callable[[SweepProgress], None],
    ) -> None:
        self._sweep, self._executor = sweep, executor
        self._measure, self._report = measure, report
        self._loop = asyncio.get_running_loop()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._train, name="sweep", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Let it end soon; what is trained until then is kept."""
        self._stop.set()

    def join(self) -> None:
        """Stop it and wait, but not for long."""
        self.stop()
        self._thread.join(_PATIENCE)

    def _train(self) -> None:
        error: Exception | None = None
        due = 0.0
        try:
            for _ in self._sweep.run(self._executor, self._stop.is_set):
                began = time.monotonic()
                if began >= due:
                    self._post(running=True)
                    spent = time.monotonic() - began
                    due = began + max(_INTERVAL, spent / _SHARE)
            if not self._sweep.waiting:
                self._executor.close()  # processes that wait take memory
        except Exception as found:
            error = None if self._stop.is_set() and not isinstance(found, InputError) else found
        self._post(running=False, error=error)

    def _post(self, running: bool, error: Exception | None = None) -> None:
        sweep = self._sweep
        outcomes = tuple(sweep.outcomes.values())
        results = SweepResults(sweep.plan, outcomes, self._measure()).worked_out()
        found = SweepProgress(results, running, sweep.seconds_left, error)
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._report, found)
