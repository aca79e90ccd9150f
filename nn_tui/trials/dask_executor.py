"""Trials on a Dask cluster: https://distributed.dask.org."""

import logging
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Event
from typing import Any

from nn_tui.errors import InputError
from nn_tui.text import make_printable
from nn_tui.trials.executor import TaskQueue
from nn_tui.trials.outcome import FAILED, Outcome
from nn_tui.trials.plan import Trial
from nn_tui.trials.runner import TrialRunner
from nn_tui.trials.sweep_folder import versions

_POLL_SECONDS = 0.1
_CONNECT_SECONDS = 10
_RECONNECT_SECONDS = 60
"""How long a scheduler that is gone is waited for."""
_QUEUED = 2
"""Tasks for each thread of a worker."""
_COUNT_SECONDS = 1.0
"""How often the workers are counted: they come and go."""
_LONGEST = 200
_KILLED = "several workers were killed while they trained it"


class _ConnectionLost(Exception):
    """The scheduler is gone, and with it all tasks."""


class DaskExecutor:
    """The workers of the scheduler at ``address``, such as ``tcp://host:8786``.

    ``notes`` say which workers have other versions. Raises InputError if Dask is not
    installed, the scheduler cannot be reached, or nn-tui is missing on a worker.
    """

    def __init__(self, address: str) -> None:
        try:
            import distributed
        except ImportError:
            raise InputError(
                "--dask needs Dask; install it with: pip install 'nn-tui[dask]'"
            ) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        warnings.filterwarnings("ignore", module="distributed")
        self._distributed = distributed
        self._shown = make_printable(address)
        self._address = address
        self._client: Any = None
        self._threads = 0
        self._counted = 0.0
        self.notes: list[str] = []
        try:
            self._connect()
        except (OSError, ValueError) as error:
            raise InputError(
                f"cannot reach a Dask scheduler at {self._shown} "
                f"({type(error).__name__}); start one with: dask scheduler"
            ) from None
        self._compare_versions()

    @property
    def description(self) -> str:
        return f"the Dask cluster at {self._shown}"

    def close(self) -> None:
        """Disconnect; the cluster goes on."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):  # a scheduler that is gone
                client.close(timeout=2)

    def run(
        self, runner: TrialRunner, trials: Sequence[Trial], cancelled: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Yield the outcomes as they come; see ``Executor.run``.

        Trials of a worker that dies are trained by another one. A scheduler that is gone is
        waited for; what it had not returned is trained again.
        """
        queue = TaskQueue(trials)
        while queue and not cancelled():
            running: dict[Any, list[Trial]] = {}
            try:
                yield from self._run(runner, queue, running, cancelled)
            except _ConnectionLost:
                for group in running.values():
                    queue.put_back(group)
                self._reconnect(cancelled)

    def _run(
        self,
        runner: TrialRunner,
        queue: TaskQueue,
        running: dict[Any, list[Trial]],
        cancelled: Callable[[], bool],
    ) -> Iterator[Outcome]:
        client, returned = self._client, Event()
        # A task and not a scattered object: it is computed again if its worker dies.
        sent = client.submit(_unchanged, runner, pure=False)
        while (queue or running) and not cancelled():
            self._count_workers()
            while queue and len(running) < max(1, _QUEUED * self._threads):
                group = queue.next_group(self._threads)
                try:
                    task = client.submit(_run_task, sent, group, pure=False)
                except Exception as error:  # the client is closed
                    queue.put_back(group)
                    raise _ConnectionLost from error
                task.add_done_callback(lambda _: returned.set())
                running[task] = group
            returned.wait(_POLL_SECONDS)
            returned.clear()
            if client.status != "running":
                raise _ConnectionLost
            for task in [task for task in running if task.done()]:
                yield from self._results(task, running, queue)
        done = [task for task in running if task.status == "finished"]
        client.cancel([task for task in running if task not in done])
        for task in done:
            yield from self._results(task, running, queue)

    def _results(
        self, task: Any, running: dict[Any, list[Trial]], queue: TaskQueue
    ) -> Iterator[Outcome]:
        """The outcomes of a finished task, which is no longer running."""
        try:
            seconds, outcomes = task.result(timeout=_RECONNECT_SECONDS)
        except self._distributed.KilledWorker:
            group = running.pop(task)
            if len(group) > 1:
                for trial in reversed(group):  # alone, to find the one
                    queue.put_back([trial])
                queue.took(1.0, 1)
                return
            outcomes = [Outcome(t.key, t.setting, FAILED, message=_KILLED) for t in group]
        except (OSError, CancelledError) as error:
            raise _ConnectionLost from error
        except Exception as error:  # of the task itself: trials are caught, one by one
            raise InputError(
                f"the workers of the Dask cluster at {self._shown} cannot run trials "
                f"({make_printable(f'{type(error).__name__}: {error}')[:_LONGEST]}); install the "
                "same version of nn-tui on each of them"
            ) from None
        else:
            queue.took(seconds, len(running.pop(task)))
        yield from outcomes

    def _connect(self) -> None:
        client: Any = self._distributed.Client  # it has no type hints
        self._client = client(self._address, timeout=_CONNECT_SECONDS, set_as_default=False)
        self._counted = 0.0

    def _reconnect(self, cancelled: Callable[[], bool]) -> None:
        until = time.monotonic() + _RECONNECT_SECONDS
        self.close()
        while not cancelled():
            try:
                self._connect()
                return
            except OSError:
                if time.monotonic() > until:
                    raise InputError(
                        f"the Dask scheduler at {self._shown} is gone; what was trained is kept, "
                        "and the same command continues"
                    ) from None

    def _count_workers(self) -> None:
        if time.monotonic() < self._counted + _COUNT_SECONDS:
            return
        try:
            self._threads = sum(self._client.nthreads().values())
        except OSError as error:
            raise _ConnectionLost from error
        self._counted = time.monotonic()

    def _compare_versions(self) -> None:
        """Note the workers whose results may differ. Raises InputError without nn-tui."""
        try:
            found = self._client.run(versions, on_error="return")
        except OSError as error:
            raise InputError(f"the Dask scheduler at {self._shown} is gone: {error}") from None
        if not found:
            self.notes.append(f"the scheduler at {self._shown} has no workers yet; it waits")
        for worker, answer in found.items():
            if isinstance(answer, BaseException):
                self.close()
                raise InputError(
                    f"the Dask worker at {worker} cannot import nn-tui "
                    f"({type(answer).__name__}: {answer}); install the same version there"
                )
            if tuple(answer) != versions():
                self.notes.append(
                    f"the Dask worker at {worker} has {', '.join(answer)}, this machine "
                    f"{', '.join(versions())}: results may differ in the last digits"
                )


def _unchanged(runner: TrialRunner) -> TrialRunner:
    return runner


def _run_task(runner: TrialRunner, trials: list[Trial]) -> tuple[float, list[Outcome]]:
    """Train trials on a worker, unless their task is cancelled."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def cancelled() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    began = time.perf_counter()
    outcomes = [runner.run(trial, cancelled) for trial in trials]
    return time.perf_counter() - began, [o for o in outcomes if o is not None]
