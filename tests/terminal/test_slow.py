"""A terminal that takes few bytes a second makes the picture slower, and nothing else."""

import statistics
import time
from contextlib import contextmanager

import pytest

from tests.terminal.harness import Terminal

FLAT_OUT = ("blog-xor", "--set", "training.epochs=0", "--set", "view.pace=0")


@contextmanager
def opened(folder, answering):
    """80 x 24 with a network that trains flat out."""
    with Terminal(80, 24, FLAT_OUT, cwd=folder, answering=answering) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("space")
        terminal.wait_for(lambda t: t.epoch > 1000)
        yield terminal


@pytest.fixture
def terminal(tmp_path):
    with opened(tmp_path, answering=False) as found:
        yield found


def watch(terminal, seconds):
    """Let the picture run."""
    until = time.monotonic() + seconds
    terminal.wait_for(lambda _: time.monotonic() > until)


def answer_time(terminal, key):
    """Seconds until the information line says something else."""
    before = terminal.lines[-2]
    began = time.monotonic()
    terminal.press(key)
    terminal.wait_for(lambda t: t.lines[-2] != before)
    return time.monotonic() - began


def usual_answer_time(terminal, keys):
    """What the machine needs for a key, busy with whatever else it is."""
    return statistics.median(answer_time(terminal, key) for key in keys)


def epochs_per_second(terminal, seconds):
    """From one picture to another."""
    first, began = next_picture(terminal), time.monotonic()
    watch(terminal, seconds)
    return (next_picture(terminal) - first) / (time.monotonic() - began)


def next_picture(terminal):
    epoch = terminal.epoch
    terminal.wait_for(lambda t: t.epoch != epoch)
    return terminal.epoch


@pytest.mark.parametrize(
    ("answering", "speed"),
    [(True, 10_000), (False, 3_000)],
)
def test_keys_work_training_keeps_its_speed_and_quitting_ends(answering, speed, tmp_path):
    with opened(tmp_path, answering) as terminal:
        use(terminal, speed)


def use(terminal, speed):
    usual = usual_answer_time(terminal, "jkj")  # at full speed
    fast = epochs_per_second(terminal, 1)
    terminal.bytes_a_second = speed
    watch(terminal, 1)
    taken = []
    for key in "kjkjkjk":
        watch(terminal, 0.1)
        taken.append(answer_time(terminal, key))
    assert statistics.median(taken) < 1 + usual, (taken, usual)
    # Others use the processor too, and a picture tells of an epoch some time ago.
    assert epochs_per_second(terminal, 2) > fast / 20
    began = time.monotonic()
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert time.monotonic() - began < 2 + 5 * usual
    assert terminal.modes_on == set()


def test_what_it_shows_in_the_end_is_what_it_shows_to_a_fast_one(terminal):
    terminal.bytes_a_second = 3_000
    watch(terminal, 1)
    for key in "312534":
        terminal.press(key)
    terminal.press("space")
    terminal.wait_for("paused")
    terminal.press("5")
    terminal.wait_for("c reads values off")
    shown = None
    while shown != terminal.lines:  # more of the picture may be on its way
        shown = terminal.lines
        watch(terminal, 2)
    terminal.bytes_a_second = 0
    terminal.resize(81, 24)
    terminal.wait_for(lambda t: t.lines[0].rstrip() != shown[0].rstrip())
    terminal.resize(80, 24)
    terminal.wait_for(lambda t: t.lines == shown)
