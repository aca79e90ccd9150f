"""The measures of the screen: what they read, and that they come to an end."""

import random
import sys

import pyte
import pytest

from nn_tui.bench import screen
from nn_tui.bench.measures import MEASURES, SCREEN
from nn_tui.bench.pty_app import PtyApp, TerminalScreen


def test_every_screen_line_of_the_design_has_its_aim():
    of_screen = {name: m for name, m in MEASURES.items() if m.group == SCREEN}
    aims = {name: (m.aim, m.at_most) for name, m in of_screen.items()}
    assert aims == {
        "screen-speed": (0.9, False),
        "screen-keys": (1.5, True),
        "screen-bytes-80x24": (1, True),
        "screen-bytes-200x60": (1, True),
        "screen-bytes-paused": (1, True),
        "screen-start": (1.5, True),
        "screen-paused": (1, True),
    }


def test_the_eye_reads_what_a_terminal_shows():
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


def test_a_program_is_read_typed_to_and_ended():
    echo = "import sys; print('ready', flush=True); print('got', sys.stdin.readline())"
    with PtyApp(program=("-c", echo)) as shown:
        shown.wait_for(lambda eye: "ready" in eye.text)
        assert shown.received >= 5
        shown.press("abc\n")
        shown.wait_for(lambda eye: "got abc" in eye.text)
        process = shown._process
    assert process.poll() is not None


def test_what_is_never_seen_is_an_error_that_shows_the_screen(monkeypatch):
    monkeypatch.setattr("nn_tui.bench.pty_app._PATIENCE", 1.0)
    with (
        PtyApp(program=("-c", "print('something else'); input()")) as shown,
        pytest.raises(RuntimeError, match="something else"),
    ):
        shown.wait_for(lambda eye: "ready" in eye.text)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say how busy it is")
def test_pausing_costs_nothing():
    outcome = screen.processor()
    assert outcome.ratio <= 5, outcome  # of a hundredth
    outcome = screen.bytes_while_paused(0.2)()
    assert outcome.ours == 0


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_training_sends_few_bytes(size):
    outcome = screen.bytes_while_training(size, 8 if size == (80, 24) else 25)()
    # The aim is 1, which a busy machine may miss by little; panes sent whole make ten times that.
    assert 0 < outcome.ratio <= 1.5, outcome
