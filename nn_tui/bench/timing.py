"""Two ways to do the same work, timed in turns."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

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
