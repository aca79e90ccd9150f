"""When the terminal is believed to have taken what was sent."""

import pytest

from nn_tui.tui.link import Link


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def link(clock):
    return Link(clock)


def stall(link, clock, size, seconds):
    began = clock.now
    clock.now += seconds
    link.took(size, began)


def test_a_terminal_that_never_makes_one_wait_is_always_ready(link, clock):
    for _ in range(1000):
        link.took(50_000, clock.now)
        assert link.ready


def test_after_a_wait_so_much_is_sent_as_the_terminal_took_meanwhile(link, clock):
    stall(link, clock, 800, 4.0)  # 13 kB in 4 s
    sent, began = 0, clock.now
    while clock.now < began + 10:
        if link.ready:
            link.took(800, clock.now)
            sent += 800
        clock.now += 0.01
    assert 2500 < sent / 10 < 3500


def test_a_key_is_never_far_behind(link, clock):
    stall(link, clock, 800, 4.0)
    for _ in range(100):
        while not link.ready:
            clock.now += 0.01
        before = clock.now
        link.took(300, clock.now)
        while not link.ready:
            clock.now += 0.01
        assert clock.now - before < 0.5


def test_a_short_wait_is_soon_over(link, clock):
    stall(link, clock, 800, 0.06)
    clock.now += 0.01
    assert link.ready


def test_long_after_a_wait_it_is_fast_again(link, clock):
    stall(link, clock, 800, 10.0)
    link.took(10_000, clock.now)
    assert not link.ready
    clock.now += 200
    link.took(100_000, clock.now)
    assert link.ready


def test_it_asks_only_a_terminal_that_has_answered_and_waits_for_the_answer(link, clock):
    assert not link.answers
    link.answered()
    assert link.answers
    link.took(500, clock.now)
    link.asked()
    clock.now += 1
    assert not link.ready
    link.answered()
    assert link.ready


def test_an_answer_tells_that_nothing_is_on_the_way(link, clock):
    stall(link, clock, 800, 10.0)
    assert not link.ready
    link.answered()
    assert link.ready


def test_a_terminal_that_answers_no_more_is_not_waited_for_any_more(link, clock):
    link.answered()
    for _ in range(3):
        assert link.answers
        link.asked()
        assert not link.ready
        clock.now += 2.1
        assert link.ready
    assert not link.answers
