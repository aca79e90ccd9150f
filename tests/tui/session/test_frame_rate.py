"""How often frames are shown and pictures drawn, and how keys come before training."""

import asyncio

import pytest

from nn_tui.tui.session.frame_rate import DrawBudget, FramePacer, KeyPriority


class Clocks:
    """Time, CPU time and readiness of the terminal, set by the test."""

    def __init__(self):
        self.now = self.cpu = 10.0
        self.ready = True

    def pacer(self, frames):
        return FramePacer(frames, lambda: self.ready, lambda: self.now, lambda: self.cpu)

    def frames(self, pacer, seconds, cost, beside=0.0):
        """How many frames are shown in so many seconds if each costs ``cost``.

        Training computes during a part ``beside`` of the drawing, and between frames.
        """
        count, end = 0, self.now + seconds
        while self.now < end:
            self.now += 0.005
            pacer.trained(0.005)
            if pacer.due():
                count += 1
                self.now += cost
                self.cpu += cost
                pacer.trained(beside * cost)
        return count


@pytest.fixture
def clocks():
    return Clocks()


def test_cheap_frames_are_shown_at_the_frame_rate(clocks):
    assert 95 <= clocks.frames(clocks.pacer(10), 10, cost=0.001) <= 112


def test_drawing_takes_less_than_a_tenth_of_the_time(clocks):
    before = clocks.cpu
    count = clocks.frames(clocks.pacer(15), 20, cost=0.05)
    assert 15 < count < 30
    assert clocks.cpu - before < 2


def test_drawing_beside_training_takes_half_of_a_processor(clocks):
    before = clocks.cpu
    count = clocks.frames(clocks.pacer(15), 20, cost=0.05, beside=1.0)
    assert 9 < clocks.cpu - before < 11
    assert 180 < count < 220


def test_drawing_that_keeps_training_from_computing_is_charged_for_it(clocks):
    before = clocks.cpu
    clocks.frames(clocks.pacer(15), 20, cost=0.05, beside=0.5)
    assert 0.5 * (clocks.cpu - before) < 0.08 * 20


def test_a_costly_frame_delays_the_next_by_one_second_at_most(clocks):
    pacer = clocks.pacer(10)
    clocks.frames(pacer, 5, cost=0.001)
    clocks.cpu += 30
    clocks.now += 30
    assert clocks.frames(pacer, 0.9, cost=0.001) == 0
    assert clocks.frames(pacer, 0.4, cost=0.001) > 0


def test_no_frame_is_due_before_the_terminal_is_ready(clocks):
    pacer = clocks.pacer(10)
    clocks.ready = False
    assert clocks.frames(pacer, 5, cost=0.001) == 0
    clocks.ready = True
    assert clocks.frames(pacer, 0.05, cost=0.001) == 1


def test_a_costly_picture_is_drawn_less_often_than_a_cheap_one(clocks):
    counts = {}
    for cost, free in ((0.0005, False), (0.015, False), (0.015, True), (0.04, True)):
        budget = DrawBudget(lambda: clocks.now, lambda: clocks.cpu)
        counts[cost, free] = 0
        for _ in range(100):
            clocks.now += 0.1
            if budget.due(free):
                counts[cost, free] += 1
                with budget.drawing():
                    clocks.cpu += cost
    assert counts[0.0005, False] == counts[0.015, True] == 100
    assert 8 <= counts[0.015, False] <= 11
    assert 45 <= counts[0.04, True] <= 50


def test_a_slice_after_a_costly_frame_is_longer(clocks):
    pacer = clocks.pacer(15)
    clocks.frames(pacer, 5, cost=0.001)
    assert pacer.slice_seconds == pytest.approx(1 / 15)
    clocks.cpu += 0.09
    clocks.now += 0.09
    pacer.due()
    assert 1 / 15 < pacer.slice_seconds <= 0.15
    clocks.cpu += 30
    clocks.now += 30
    pacer.due()
    assert pacer.slice_seconds == 0.15


# Keys


async def test_training_waits_until_the_effect_of_a_key_is_shown():
    priority = KeyPriority()
    assert not priority.claimed
    await priority.wait()
    priority.claim()
    assert priority.claimed
    waiting = asyncio.create_task(priority.wait())
    await asyncio.sleep(0)
    priority.frame_sent()  # drawn before the key was handled
    assert priority.claimed and not waiting.done()
    priority.key_handled()
    priority.frame_sent()
    assert not priority.claimed
    await waiting


async def test_a_key_without_a_visible_effect_delays_training_only_briefly():
    priority = KeyPriority()
    priority.claim()
    priority.key_handled()
    await asyncio.wait_for(priority.wait(), 10)
    assert not priority.claimed


async def test_a_key_held_down_leaves_half_of_the_time_for_training(clocks):
    priority = KeyPriority(lambda: clocks.now)
    priority.claim()
    waiting = asyncio.create_task(priority.wait())
    await asyncio.sleep(0)
    clocks.now += 0.03
    priority.key_handled()
    priority.frame_sent()
    await waiting
    clocks.now += 0.02
    priority.claim()
    assert not priority.claimed
    clocks.now += 0.02
    priority.claim()
    assert priority.claimed
