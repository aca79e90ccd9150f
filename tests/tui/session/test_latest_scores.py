"""Scores on the screen: at once where that is fast, else when training pauses."""

import asyncio

from nn_tui.training.scores import score_table
from nn_tui.tui.session import latest_scores
from nn_tui.tui.session.latest_scores import LatestScores
from tests.tui.drawing.drawing import snapshot


def scores(started, shown):
    return LatestScores(started.append, lambda: shown.append(True))


def test_few_samples_are_evaluated_at_once_and_only_once(monkeypatch):
    seen, started = snapshot("hills", epochs=3), []
    latest = scores(started, [])
    found = latest.of(seen, running=True)
    assert found == dict(score_table(seen).test)
    monkeypatch.setattr(latest_scores, "_evaluate", None)
    assert latest.of(seen, running=True) is found
    assert not started


def test_classes_need_no_evaluation():
    assert scores([], []).of(snapshot("circle"), running=False) == {}


async def test_many_samples_wait_for_a_pause(monkeypatch):
    monkeypatch.setattr(latest_scores, "_AT_ONCE", 0)
    seen, started, shown = snapshot("hills", epochs=3), [], []
    latest = scores(started, shown)
    assert latest.of(seen, running=True) == {}
    assert not started
    assert latest.of(seen, running=False) == {}
    assert latest.of(seen, running=False) == {}
    assert len(started) == 1
    await asyncio.wait_for(started[0], 60)
    assert shown
    assert latest.of(seen, running=True)["r2"] == score_table(seen).test["r2"]
