"""Timing of two implementations of the same work, in turns."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

Work = Callable[[], object]
Clock = Callable[[], float]


def cpu_of_process() -> float:
    """Seconds of CPU that this process has used."""
    return time.process_time()


@dataclass(frozen=True)
class Contest:
    """Two functions: ``ours`` does ``amount`` units of work, ``peer`` does ``peer_amount``.

    A slow peer may do less, so that both durations can be measured and neither is too long.
    ``peer_clock`` is the CPU that the peer has used, in seconds, if it is another process.
    """

    ours: Work
    peer: Work
    amount: int
    peer_amount: int
    peer_clock: Clock = cpu_of_process


@dataclass(frozen=True)
class RaceResult:
    """``ours`` and ``peer`` in the benchmark's unit, and their ``ratio``.

    Each is the median over the rounds; ``lowest`` and ``highest`` are the extreme ratios.
    """

    ratio: float
    lowest: float
    highest: float
    ours: float
    peer: float


def race(contest: Contest, rounds: int = 25) -> RaceResult:
    """Time both in alternating order, so that load on the machine affects both alike.

    Values are in units of work per second of CPU. The first round warms up and does not count.
    """
    speeds: list[tuple[float, float]] = []

    def time_peer() -> float:
        return time_work(contest.peer, contest.peer_clock)

    for i in range(rounds + 1):
        if i % 2:
            ours, peer = time_work(contest.ours), time_peer()
        else:
            peer, ours = time_peer(), time_work(contest.ours)
        speeds.append((contest.amount / ours, contest.peer_amount / peer))
    ratios = [ours / peer for ours, peer in speeds[1:]]
    return RaceResult(
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        ours=statistics.median(ours for ours, _ in speeds[1:]),
        peer=statistics.median(peer for _, peer in speeds[1:]),
    )


def time_work(work: Work, clock: Clock = cpu_of_process) -> float:
    """Seconds of CPU: on a busy machine those of the wall clock are also other programs'."""
    began = clock()
    work()
    return clock() - began


def fitting_amount(
    run: Callable[[int], object], seconds: float, clock: Clock = cpu_of_process
) -> int:
    """How much ``run`` does in about so many ``seconds`` of CPU, or some more.

    Each amount is run once before it is timed: some loops are compiled for it.
    """
    amount = 1
    while True:
        work = partial(run, amount)
        work()
        took = time_work(work, clock)
        if took >= seconds:
            return amount
        amount *= max(2, min(64, round(1.5 * seconds / max(took, 1e-9))))


class Skipped(Exception):
    """The reason why a benchmark cannot run here."""


def scikit_learn() -> Any:
    """``sklearn.neural_network``. Raises Skipped."""
    return _module("sklearn.neural_network", "scikit-learn")


def pytorch() -> Any:
    """``torch`` with one thread, like NumPy in ``isolated``. Raises Skipped."""
    torch = _module("torch", "PyTorch")
    torch.set_num_threads(1)
    return torch


def numba_library() -> Any:
    """``numba``. Raises Skipped."""
    return _module("numba", "Numba")


def jax_library() -> Any:
    """``jax`` on one thread of the processor, with float64. Raises Skipped."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    jax = _module("jax", "JAX")
    jax.config.update("jax_enable_x64", True)
    return jax


def _module(name: str, title: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:  # OSError: a shared library does not load
        absent = isinstance(error, ModuleNotFoundError) and name.startswith(error.name or "?")
        raise Skipped(
            f"{title} is not installed" if absent else f"{title} does not load: {error}"
        ) from None
