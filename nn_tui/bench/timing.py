"""Two ways to do the same work, timed in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True)
class Contest:
    """``ours`` and ``peer`` do ``amount`` and ``peer_amount`` units of the same work when called.

    A slow peer may do less, so that both take long enough to be timed and neither too long.
    """

    ours: Work
    peer: Work
    amount: int
    peer_amount: int


@dataclass(frozen=True)
class RaceResult:
    """``ours`` and ``peer`` are in the measure's unit, ``ratio`` is ours over the peer's.

    Of several rounds each is the median, and ``lowest`` and ``highest`` are the ratios of
    the two rounds furthest apart.
    """

    ratio: float
    lowest: float
    highest: float
    ours: float
    peer: float


def race(contest: Contest, rounds: int = 25) -> RaceResult:
    """Time both in turns, so that what slows the machine slows both alike; units per second.

    The first round warms up and does not count; who goes first alternates.
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
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Skipped(Exception):
    """Why a measure cannot be taken here, as a few words."""


def scikit_learn() -> Any:
    """``sklearn.neural_network``. Raises Skipped."""
    return _module("sklearn.neural_network", "scikit-learn")


def pytorch() -> Any:
    """``torch``, working on one thread. Raises Skipped.

    NumPy has one thread where ``apart`` takes the measure, so both have the same.
    """
    torch = _module("torch", "PyTorch")
    torch.set_num_threads(1)
    return torch


def _module(name: str, called: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:  # OSError where its shared libraries do not load
        absent = isinstance(error, ModuleNotFoundError) and name.startswith(error.name or "?")
        raise Skipped(
            f"{called} is not installed" if absent else f"{called} does not load: {error}"
        ) from None
