"""How often frames are shown and pictures drawn, and how keys come before training."""

import asyncio

import pytest

from nn_tui.tui.session.frame_rate import DrawBudget, FramePacer, KeyPriority


class Clocks:
    """Time, CPU times and readiness of the terminal, set by the test."""

    def __init__(self):
        self.now = self.drawn = self.computed = 10.0
        self.ready = True

    def pacer(self, frames):
        return FramePacer(
            frames,
            lambda: self.ready,
            lambda: self.now,
            lambda: self.drawn,
            lambda: self.computed,
        )

    def frames(self, pacer, seconds, cost, processor=1.0):
        """How many frames are shown in so many seconds if each costs ``cost``.

        Training computes between and beside them; it gets a part of a ``processor``.
        """
        count, end = 0, self.now + seconds
        while self.now < end:
            self.now += 0.005
            self.computed += 0.005 * processor
            if pacer.due():
                count += 1
                self.drawn += cost
                self.computed += cost
        return count


@pytest.fixture
def clocks():
    return Clocks()


def test_cheap_frames_are_shown_at_the_frame_rate(clocks):
    assert 95 <= clocks.frames(clocks.pacer(10), 10, cost=0.001) <= 112


@pytest.mark.parametrize(
    ("cost", "processor", "rate"),
    [
        (0.002, 1, 15),
        (0.005, 1, 9.3),  # a twentieth of the time
        (0.01, 1, 8),
        (0.06, 1, 4.1),  # a fifth
        (0.2, 1, 2),
        (0.01, 0.25, 6.2),  # on a busy machine
        (0.03, 0.25, 2),
    ],
)
def test_dearer_frames_are_shown_less_often(clocks, cost, processor, rate):
    count = clocks.frames(clocks.pacer(15), 20, cost, processor)
    assert count / 20 == pytest.approx(rate, rel=0.2)


def test_a_burst_of_keys_delays_the_next_frame_by_one_second_at_most(clocks):
    pacer = clocks.pacer(10)
    clocks.frames(pacer, 5, cost=0.001)
    clocks.drawn += 30
    assert clocks.frames(pacer, 0.4, cost=0.001) == 0
    assert clocks.frames(pacer, 0.9, cost=0.001) > 0


def test_no_frame_is_due_before_the_terminal_is_ready(clocks):
    pacer = clocks.pacer(10)
    clocks.ready = False
    assert clocks.frames(pacer, 5, cost=0.001) == 0
    clocks.ready = True
    assert clocks.frames(pacer, 0.05, cost=0.001) == 1


def test_a_costly_picture_is_drawn_less_often_than_a_cheap_one(clocks):
    counts = {}
    for cost in (0.005, 0.04):
        budget = DrawBudget(lambda: clocks.now, lambda: clocks.drawn)
        counts[cost] = 0
        for _ in range(100):
            clocks.now += 0.1
            if budget.due():
                counts[cost] += 1
                with budget.drawing():
                    clocks.drawn += cost
    assert counts[0.005] == 100
    assert 20 <= counts[0.04] <= 25


def test_a_picture_that_did_not_change_is_drawn_less_often(clocks):
    budget = DrawBudget(lambda: clocks.now, lambda: clocks.drawn)
    for changed, wanted in ((True, 10), (False, 4)):
        count = 0
        for _ in range(20):
            clocks.now += 0.05
            if budget.due(changed):
                count += 1
                with budget.drawing():
                    clocks.drawn += 0.007
        assert abs(count - wanted) <= 1


def test_a_slice_after_a_costly_frame_is_longer(clocks):
    pacer = clocks.pacer(15)
    clocks.frames(pacer, 5, cost=0.001)
    clocks.now += 1
    assert pacer.slice_seconds == pytest.approx(1 / 15)
    assert pacer.due()
    clocks.drawn += 0.006
    assert 1 / 15 < pacer.slice_seconds < 0.13
    clocks.drawn += 30
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
