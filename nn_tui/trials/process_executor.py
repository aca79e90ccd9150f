"""Trials in processes of this machine."""

import multiprocessing
import os
import pickle
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, redirect_stderr, suppress
from multiprocessing.connection import Connection

from nn_tui.errors import InputError
from nn_tui.trials import worker
from nn_tui.trials.executor import TaskQueue
from nn_tui.trials.outcome import FAILED, Outcome
from nn_tui.trials.plan import Trial
from nn_tui.trials.runner import TrialRunner

_POLL_SECONDS = 0.1
_QUEUED = 2
"""Tasks for each process: one that runs, and one that waits, so that none is ever idle."""
_KILLED = "its process was killed, probably because it needed too much memory"

_Result = tuple[float, list[Outcome]]
_Tasks = dict["Future[_Result]", list[Trial]]


def default_jobs() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ProcessExecutor:
    """``jobs`` worker processes with one BLAS thread each.

    They are started by ``start``, or by the first ``run``. Before a screen takes the terminal
    is the time to start them. They end with this process, however it ends.
    """

    def __init__(self, jobs: int, niceness: int = 0) -> None:
        """With a ``niceness`` above 0 the processes yield to others, such as this one."""
        self.jobs = jobs
        self._niceness = niceness
        self.notes: list[str] = []
        self._context = multiprocessing.get_context("spawn")
        # Not an Event, whose lock a process that is killed may keep.
        self._cancel = self._context.RawValue("b", 0)
        self._pool: ProcessPoolExecutor | None = None
        self._pipe: tuple[Connection, Connection] | None = None
        self._ready: list[Future[None]] = []
        # The error stream that a screen puts in place has no descriptor to hand on.
        self._null = open(os.devnull, "w")  # noqa: SIM115 (as long as processes are started)

    @property
    def description(self) -> str:
        return "1 process" if self.jobs == 1 else f"{self.jobs} processes"

    def start(self) -> None:
        """Start the processes, unless they are running; return before they are ready."""
        if self._pool is not None:
            return
        watched, _ = self._pipe = self._context.Pipe(duplex=False)
        with signals_blocked(), redirect_stderr(self._null):
            self._pool = ProcessPoolExecutor(
                self.jobs,
                mp_context=self._context,
                initializer=worker.begin,
                initargs=(self._cancel, watched, self._niceness),
            )
            self._ready = [self._pool.submit(worker.warm_up) for _ in range(self.jobs)]

    def close(self) -> None:
        """End the processes at once."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        self._cancel.value = 1
        assert self._pipe is not None
        for end in self._pipe:
            end.close()  # they exit
        pool.shutdown(wait=True, cancel_futures=True)

    def run(
        self, runner: TrialRunner, trials: Sequence[Trial], cancelled: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Yield the outcomes as they come; see ``Executor.run``.

        A trial whose process is killed is tried again alone, and then has failed.
        """
        number, path = tempfile.mkstemp(prefix="nn-tui-sweep-", suffix=".pickle")
        try:
            with os.fdopen(number, "wb") as file:
                pickle.dump(runner, file, pickle.HIGHEST_PROTOCOL)
            self._cancel.value = 0
            yield from self._run(path, TaskQueue(trials), cancelled)
        finally:
            with suppress(OSError):
                os.unlink(path)

    def _run(self, path: str, queue: TaskQueue, cancelled: Callable[[], bool]) -> Iterator[Outcome]:
        running: _Tasks = {}
        suspects: list[Trial] = []
        try:
            while (queue or running or suspects) and not cancelled():
                if suspects and not running:
                    yield from self._run_alone(path, suspects.pop(0), cancelled)
                    continue
                while queue and not suspects and len(running) < _QUEUED * self.jobs:
                    group = queue.next_group(self.jobs)
                    try:
                        running[self._submit(path, group)] = group
                    except BrokenProcessPool:  # noticed before its tasks were
                        queue.put_back(group)
                        break
                done, _ = wait(running, _POLL_SECONDS, FIRST_COMPLETED)
                for task in done:
                    group = running.pop(task)
                    try:
                        seconds, outcomes = task.result()
                    except BrokenProcessPool:
                        suspects += group
                        continue
                    queue.took(seconds, len(group))
                    yield from outcomes
                if not running and (suspects or not done):
                    self.close()
                    self._cancel.value = 0
        finally:
            self._cancel.value = 1
            if running:
                for task in running:
                    task.cancel()
                wait(running)
        for task in running:
            if not task.cancelled() and task.exception() is None:
                yield from task.result()[1]

    def _submit(self, path: str, group: list[Trial]) -> "Future[_Result]":
        self.start()
        assert self._pool is not None
        with signals_blocked(), redirect_stderr(self._null):
            return self._pool.submit(worker.run_task, path, group)

    def _run_alone(
        self, path: str, trial: Trial, cancelled: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Run a trial with no other one, so that its process is killed because of it."""
        task = self._submit(path, [trial])
        while not wait([task], _POLL_SECONDS).done:
            if cancelled():
                self._cancel.value = 1
        try:
            yield from task.result()[1]
        except BrokenProcessPool:
            if not any(ready.done() and ready.exception() is None for ready in self._ready):
                raise InputError("the worker processes end before they train anything") from None
            self.close()
            self._cancel.value = 0
            yield Outcome(trial.key, trial.setting, FAILED, message=_KILLED)


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Block the signals that a process that is started here is to ignore, from its first moment."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, worker.IGNORED_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
