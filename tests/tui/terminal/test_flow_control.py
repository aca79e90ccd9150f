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


def test_without_blocked_writes_it_is_always_ready(link, clock):
    for _ in range(1000):
        link.took(50_000, clock.now)
        assert link.ready


@pytest.mark.parametrize("size", [300, 17_000, 40_000])
def test_frames_that_nobody_waits_for_stay_within_the_limit(link, clock, size):
    link.limit = 25_000
    link.answered()  # a terminal that answers
    sent = 0
    for _ in range(2000):
        if link.spare:
            link.took(size, clock.now)
            sent += size
        assert link.ready  # for what a key shows
        clock.now += 0.01
    assert min(22_500, size * 45) < sent / 20 < 25_000 * 1.1


def test_after_the_burst_of_a_dialog_frames_follow_soon(link, clock):
    link.limit = 25_000
    link.answered()
    link.took(500_000, clock.now)
    clock.now += 2.1
    assert link.spare


def test_after_a_block_the_rate_is_what_the_terminal_took(link, clock):
    stall(link, clock, 800, 4.0)  # 13 kB in 4 s
    sent, began = 0, clock.now
    while clock.now < began + 10:
        if link.ready:
            link.took(800, clock.now)
            sent += 800
        clock.now += 0.01
    assert 2500 < sent / 10 < 3500


def test_the_backlog_before_a_key_is_short(link, clock):
    stall(link, clock, 800, 4.0)
    for _ in range(100):
        while not link.ready:
            clock.now += 0.01
        before = clock.now
        link.took(300, clock.now)
        while not link.ready:
            clock.now += 0.01
        assert clock.now - before < 0.5


def test_many_short_blocks_reveal_a_slow_connection(link, clock):
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


def test_one_short_block_changes_nothing(link, clock):
    stall(link, clock, 800, 0.06)
    clock.now += 0.01
    assert link.ready


def test_long_after_a_block_the_rate_is_unlimited_again(link, clock):
    stall(link, clock, 800, 10.0)
    link.took(10_000, clock.now)
    assert not link.ready
    clock.now += 300
    link.took(100_000, clock.now)
    assert link.ready


def test_requests_continue_only_if_the_first_one_is_answered(link, clock):
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


def test_at_the_end_no_answer_is_awaited_from_a_silent_terminal(link, clock):
    link.asked()
    clock.now += 2.1
    assert not link.awaits_answer


def test_reports_of_two_threads_are_all_counted(link, clock):
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


def test_no_requests_are_sent_while_paused(link):
    link.answered()
    link.pause_requests()
    assert not link.asks
    link.answered()
    assert not link.asks
    link.resume_requests()
    assert link.asks


def test_an_answer_clears_the_backlog(link, clock):
    stall(link, clock, 800, 10.0)
    assert not link.ready
    link.answered()
    assert link.ready


def test_a_terminal_that_stops_answering_is_no_longer_awaited(link, clock):
    link.asked()
    link.answered()
    for _ in range(3):
        assert link.asks
        link.asked()
        assert not link.ready
        clock.now += 2.1
        assert link.ready
    assert not link.asks


def test_while_the_rate_is_unknown_only_a_slow_connections_share_is_sent(link, clock):
    sent, began = 0, clock.now
    while clock.now < began + 20:
        assert link.ready  # for what a key did there is always room
        if link.spare:
            link.took(500, clock.now)
            sent += 500
        clock.now += 0.01
    assert 2000 < sent / 20 < 3000


def test_after_the_first_answer_the_rate_is_unlimited(link, clock):
    link.asked()
    link.took(20_000, clock.now)
    assert not link.spare
    link.answered()
    assert link.spare
