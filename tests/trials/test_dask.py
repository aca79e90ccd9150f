"""Sweeps on a Dask cluster on this machine: real schedulers and workers, which are killed."""

import os
import signal
import socket
import subprocess
import sys

import distributed
import pytest

from nn_tui.cli import main
from nn_tui.errors import InputError
from nn_tui.trials import dask_executor
from nn_tui.trials.dask_executor import DaskExecutor
from nn_tui.trials.executor import TaskQueue
from nn_tui.trials.runner import TrialRunner
from tests.conftest import ROOT
from tests.trials.test_sweep_folder import facts, plan


class Cluster:
    """``dask scheduler`` and ``dask worker`` processes on a free port."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.folder = folder
        self.scheduler = None
        self.workers = []

    def _start(self, *words):
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def start(self, workers):
        words = ["--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        self.scheduler = self._start("scheduler", *words)
        for _ in range(workers):
            words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60"]
            self.workers.append(self._start("worker", self.address, *words))

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.workers = []


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    made.start(2)
    yield made
    made.stop()


def connected(cluster):
    """An executor of the cluster, as soon as it can be reached."""
    while True:
        try:
            return DaskExecutor(cluster.address)
        except InputError:
            assert cluster.scheduler.poll() is None


def test_a_killed_worker_and_a_restarted_scheduler_lose_no_trial(cluster, capsys):
    base = plan().base.with_value("training.epochs", 3000)
    rates = "training.learning_rate=" + ",".join(f"{0.1 * i:g}" for i in range(1, 31))
    trials = [*plan(rates, base=base, seeds=2).trials()]
    executor = connected(cluster)
    outcomes = []
    for outcome in executor.run(TrialRunner({}), trials, lambda: False):
        outcomes.append(outcome)
        if len(outcomes) == 5:
            cluster.workers[0].kill()
        if len(outcomes) == 20:
            cluster.stop()
            cluster.start(2)
    executor.close()
    alone = TrialRunner({})
    assert len(outcomes) == len(trials)
    assert facts(outcomes) == facts(alone.run(trial, lambda: False) for trial in trials)

    words = ["blog", "--vary", "training.learning_rate=1,2", "--output", f"{cluster.folder}/s"]
    assert main(["sweep", *words, "--dask", cluster.address]) == 0
    assert "blog: 2 trials" in capsys.readouterr().out


def test_a_cancelled_sweep_ends_soon_and_keeps_what_is_trained(cluster):
    base = plan().base.with_value("training.epochs", 100_000_000)
    trials = [*plan("training.epochs=2,100000000", base=base).trials()]
    executor = connected(cluster)
    outcomes = []
    for outcome in executor.run(TrialRunner({}), trials, lambda: bool(outcomes)):
        outcomes.append(outcome)
    assert [outcome.epochs for outcome in outcomes] == [2]
    again = [*plan("training.epochs=3,4", base=base).trials()]  # the workers are free again
    assert len([*executor.run(TrialRunner({}), again, lambda: False)]) == 2
    executor.close()


def test_an_address_without_a_scheduler_is_refused_in_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(dask_executor, "_CONNECT_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        assert main(["sweep", "blog", "--seeds", "2", "--dask", address]) == 3
        assert "cannot reach a Dask scheduler at" in capsys.readouterr().err


def test_workers_that_cannot_run_a_task_are_named_in_a_sentence():
    class Task:
        def result(self, timeout):
            raise ModuleNotFoundError("No module named 'nn_tui.trials'")

    executor = object.__new__(DaskExecutor)  # without a scheduler
    executor._distributed, executor._shown = distributed, "tcp://there:8786"
    with pytest.raises(InputError, match=r"cannot run trials .*install the same version"):
        next(executor._results(Task(), {}, TaskQueue([])))
