"""Races are timed correctly, with a simulated clock."""

import pytest

from nn_tui.bench import timing
from nn_tui.bench.timing import Contest, race


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 0.0

        def process_time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(timing, "time", clock)
    return clock


def test_the_result_is_the_median_of_alternating_rounds_after_the_first(clock):
    order = []
    ours_seconds = iter([100.0, 1.0, 1.0, 2.0])
    peer_seconds = iter([1.0, 3.0, 2.0, 8.0])

    def ours():
        order.append("ours")
        clock.now += next(ours_seconds)

    def peer():
        order.append("peer")
        clock.now += next(peer_seconds)

    outcome = race(Contest(ours, peer, amount=20, peer_amount=10), rounds=3)
    assert outcome.ratio == pytest.approx(6.0)
    assert (outcome.lowest, outcome.highest) == (pytest.approx(4.0), pytest.approx(8.0))
    assert outcome.ours == 20.0
    assert outcome.peer == pytest.approx(10 / 3)
    assert order == ["peer", "ours", "ours", "peer", "peer", "ours", "ours", "peer"]
