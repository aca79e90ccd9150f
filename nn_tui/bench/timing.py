"""Timing of two implementations of the same work, in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True)
class Contest:
    """Two functions: ``ours`` does ``amount`` units of work, ``peer`` does ``peer_amount``.

    A slow peer may do less, so that both durations can be measured and neither is too long.
    """

    ours: Work
    peer: Work
    amount: int
    peer_amount: int


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
    for i in range(rounds + 1):
        if i % 2:
            ours, peer = _seconds(contest.ours), _seconds(contest.peer)
        else:
            peer, ours = _seconds(contest.peer), _seconds(contest.ours)
        speeds.append((contest.amount / ours, contest.peer_amount / peer))
    ratios = [ours / peer for ours, peer in speeds[1:]]
    return RaceResult(
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        ours=statistics.median(ours for ours, _ in speeds[1:]),
        peer=statistics.median(peer for _, peer in speeds[1:]),
    )


def _seconds(work: Work) -> float:
    """Seconds of CPU: on a busy machine those of the clock are also other programs'."""
    began = time.process_time()
    work()
    return time.process_time() - began


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


def _module(name: str, title: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:  # OSError: a shared library does not load
        absent = isinstance(error, ModuleNotFoundError) and name.startswith(error.name or "?")
        raise Skipped(
            f"{title} is not installed" if absent else f"{title} does not load: {error}"
        ) from None
