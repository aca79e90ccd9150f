"""Benchmarks of the screen, and the terminal that they read."""

import random
import sys

import pyte
import pytest

from nn_tui.bench import screen
from nn_tui.bench.measures import MEASURES, SCREEN
from nn_tui.bench.pty_app import PtyApp, TerminalScreen


def test_the_aims_of_the_screen_are_those_of_the_design():
    of_screen = {name: m for name, m in MEASURES.items() if m.group == SCREEN}
    aims = {name: (m.aim, m.at_most) for name, m in of_screen.items()}
    assert aims == {
        "screen-speed": (0.95, False),
        "screen-speed-spiral": (0.95, False),
        "screen-speed-digits": (0.95, False),
        "screen-frames-spiral": (1, False),
        "screen-frames-digits": (1, False),
        "screen-keys": (1.5, True),
        "screen-bytes-80x24": (1, True),
        "screen-bytes-200x60": (1, True),
        "screen-bytes-paused": (1, True),
        "screen-start": (1.5, True),
        "screen-paused": (1, True),
    }


def test_the_terminal_screen_shows_what_a_terminal_shows():
    rng = random.Random(2)
    reference = pyte.Screen(20, 5)
    stream = pyte.ByteStream(reference)
    eye = TerminalScreen(20, 5)
    parts = []
    for _ in range(200):
        y, x = rng.randint(1, 5), rng.randint(1, 12)
        move = rng.choice([f"\x1b[{y};{x}H", f"\x1b[{x}G", "\x1b[H", f"\x1b[{y}H", ""])
        colour = rng.choice(["\x1b[38;2;1;2;3m", "\x1b[m", "\x1b[?2026h", ""])
        parts.append(move + colour + rng.choice(["ab", "ŷ⠿", "7", "  "]))
    data = ("\x1b[?7l" + "".join(parts)).encode()
    while data:
        count = rng.randint(1, 9)
        eye.feed(data[:count])
        stream.feed(data[:count])
        data = data[count:]
    assert eye.lines == reference.display


def test_a_program_receives_keys_and_is_killed_on_exit():
    echo = "import sys; print('ready', flush=True); print('got', sys.stdin.readline())"
    with PtyApp(program=("-c", echo)) as app:
        app.wait_for(lambda shown: "ready" in shown.text)
        assert app.received >= 5
        app.press("abc\n")
        app.wait_for(lambda shown: "got abc" in shown.text)
        process = app._process
    assert process.poll() is not None


def test_a_timeout_is_an_error_with_the_text_on_the_screen(monkeypatch):
    monkeypatch.setattr("nn_tui.bench.pty_app._TIMEOUT", 1.0)
    with (
        PtyApp(program=("-c", "print('something else'); input()")) as app,
        pytest.raises(RuntimeError, match="something else"),
    ):
        app.wait_for(lambda shown: "ready" in shown.text)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_paused_program_uses_no_cpu_and_sends_nothing():
    result = screen.cpu_use()
    assert result.ratio <= 5, result  # percent
    result = screen.bytes_while_paused(0.2)()
    assert result.ours == 0


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_output_during_training_is_limited(size):
    result = screen.bytes_while_training(size, 8 if size == (80, 24) else 25)()
    # The aim is 1, which a busy machine may miss; redrawing whole panes sends ten times that.
    assert 0 < result.ratio <= 1.5, result
