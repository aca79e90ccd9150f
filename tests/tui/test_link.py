"""When the terminal is believed to have taken what was sent."""

import sys
import threading

import pytest

from nn_tui.tui.terminal.flow_control import FlowControl


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
    return FlowControl(clock)


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


def test_a_line_whose_buffer_is_full_is_found_out_by_many_short_waits(link, clock):
    """As a terminal behind a slow line takes what does not block: piece by piece."""
    speed, room, held = 3000, 13_000, 0.0
    sent, most = 0, 0.0
    learned = clock.now + 15
    while clock.now < learned + 30:
        if link.ready:
            began = clock.now
            while held + 700 > room:
                clock.now += 0.1
                held -= 0.1 * speed
            held += 700
            link.took(700, began)
            if clock.now > learned:
                sent, most = sent + 700, max(most, held)
        clock.now += 0.05
        held = max(0.0, held - 0.05 * speed)
    assert most / speed < 0.6
    assert sent / 30 > 0.75 * speed


def test_a_short_wait_is_soon_over(link, clock):
    stall(link, clock, 800, 0.06)
    clock.now += 0.01
    assert link.ready


def test_long_after_a_wait_it_is_fast_again(link, clock):
    stall(link, clock, 800, 10.0)
    link.took(10_000, clock.now)
    assert not link.ready
    clock.now += 300
    link.took(100_000, clock.now)
    assert link.ready


def test_it_asks_once_and_goes_on_asking_and_waiting_where_there_was_an_answer(link, clock):
    assert link.asks
    link.asked()
    assert link.ready  # it may be one that never answers
    assert link.awaits_answer  # though if it does, the shell should not get it
    assert not link.asks
    link.answered()
    assert link.asks
    link.took(500, clock.now)
    link.asked()
    clock.now += 1
    assert link.awaits_answer and not link.ready
    link.answered()
    assert link.ready and not link.awaits_answer


def test_one_that_never_answered_is_not_waited_for_at_the_end(link, clock):
    link.asked()
    clock.now += 2.1
    assert not link.awaits_answer


def test_what_two_threads_tell_at_once_is_all_counted(link, clock):
    stall(link, clock, 800, 5.0)
    while not link.ready:
        clock.now += 0.1
    clock.now += 10  # nothing is on the way

    def write():
        for _ in range(10_000):
            link.took(1, clock.now)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        writers = [threading.Thread(target=write) for _ in range(3)]
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            link.spare  # noqa: B018
    finally:
        sys.setswitchinterval(usual)
    rate = 0.9 * 13_000 / 5
    clock.now += 0.98 * (30_000 / rate - 0.25)
    assert not link.ready
    clock.now += 1
    assert link.ready


def test_after_the_last_picture_nothing_is_asked(link):
    link.answered()
    link.pause_requests()
    assert not link.asks
    link.answered()
    assert not link.asks
    link.resume_requests()
    assert link.asks


def test_an_answer_tells_that_nothing_is_on_the_way(link, clock):
    stall(link, clock, 800, 10.0)
    assert not link.ready
    link.answered()
    assert link.ready


def test_a_terminal_that_answers_no_more_is_not_waited_for_any_more(link, clock):
    link.asked()
    link.answered()
    for _ in range(3):
        assert link.asks
        link.asked()
        assert not link.ready
        clock.now += 2.1
        assert link.ready
    assert not link.asks


def test_where_nothing_tells_how_fast_it_is_only_as_much_is_sent_as_a_slow_one_takes(link, clock):
    sent, began = 0, clock.now
    while clock.now < began + 20:
        assert link.ready  # for what a key did there is always room
        if link.spare:
            link.took(500, clock.now)
            sent += 500
        clock.now += 0.01
    assert 2000 < sent / 20 < 3000


def test_after_the_first_answer_it_is_sent_as_much_as_it_takes(link, clock):
    link.asked()
    link.took(20_000, clock.now)
    assert not link.spare
    link.answered()
    assert link.spare
