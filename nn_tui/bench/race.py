"""Two ways to do the same work, timed in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Contest:
    """``ours`` and ``peer`` each do ``amount`` units of the same work when called."""

    ours: Work
    peer: Work
    amount: int


@dataclass(frozen=True)
class Outcome:
    """``ratio`` is our speed over the peer's, the median over the rounds; speeds in units/s."""

    ratio: float
    lowest: float
    highest: float
    ours_per_second: float
    peer_per_second: float


def race(contest: Contest, rounds: int = 15) -> Outcome:
    """Time both in turns, so that what slows the machine slows both alike.

    The first round warms up and does not count; who goes first alternates.
    """
    times: list[tuple[float, float]] = []
    for i in range(rounds + 1):
        if i % 2:
            ours, peer = _seconds(contest.ours), _seconds(contest.peer)
        else:
            peer, ours = _seconds(contest.peer), _seconds(contest.ours)
        times.append((ours, peer))
    ratios = [peer / ours for ours, peer in times[1:]]
    return Outcome(
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        ours_per_second=contest.amount / statistics.median(ours for ours, _ in times[1:]),
        peer_per_second=contest.amount / statistics.median(peer for _, peer in times[1:]),
    )


def _seconds(work: Work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
