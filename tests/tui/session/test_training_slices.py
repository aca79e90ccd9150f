"""Slices with a pace: epochs are trained when they are due."""

import asyncio

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.runs import new_timeline
from nn_tui.tui.session.training_slices import SliceRunner


class Paced:
    """A run of ten epochs per second; its clock advances only in ``sleep``."""

    def __init__(self, monkeypatch):
        self.now, self.waits, self.woken_after = 100.0, [], None
        self.timeline = new_timeline(
            experiment.load_experiment("blog", ["view.pace=10", "training.epochs=0"])
        )
        self.slices = SliceRunner(10, None, lambda: True, self.sleep)
        monkeypatch.setattr(asyncio, "get_running_loop", lambda: self)

    def time(self):
        return self.now

    async def sleep(self, seconds):
        self.waits.append(seconds)
        self.now += seconds if self.woken_after is None else self.woken_after
        return self.woken_after is None

    async def slice(self, goal=None):
        await self.slices.run_paced(self.timeline, goal, lambda: False, 10)

    @property
    def epoch(self):
        return self.timeline.trainer.epoch


@pytest.fixture
def paced(monkeypatch):
    with monkeypatch.context() as patch:
        yield Paced(patch)


async def test_drawing_does_not_delay_a_paced_run(paced):
    for drawing in (0.0, 0.03, 0.07, 5.0):  # the last is a rest
        paced.now += drawing
        await paced.slice()
    np.testing.assert_allclose(paced.waits, [0.1, 0.07, 0.03, 0.1])
    assert paced.epoch == 4


async def test_requests_do_not_speed_up_a_paced_run(paced):
    began = paced.now
    await paced.slice()
    for paced.woken_after in (0.03, 0.03, 0.03, None, None):
        await paced.slice()
    assert paced.epoch == round(10 * (paced.now - began))


async def test_there_is_no_wait_after_the_last_epoch(paced):
    for _ in range(3):
        await paced.slice(goal=2)
    assert paced.epoch == 2
    assert len(paced.waits) == 1
