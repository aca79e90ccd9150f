"""Any keys and any sizes while it trains: nothing fails, no pane is blank or left behind."""

import random
import re
import time

import pytest

from tests.terminal.frames import check
from tests.terminal.harness import PANE_TITLES, PATIENCE, Terminal

FLAT_OUT = ("circle", "--set", "training.epochs=0", "--set", "view.pace=0")
SIZES = {
    (200, 60): {*PANE_TITLES},
    (160, 45): {*PANE_TITLES},
    (120, 36): {*PANE_TITLES},
    (80, 24): {"2 Hyperparameters", "4 Network", "5 Loss"},
    (60, 18): {"2 Hyperparameters", "4 Network", "5 Loss"},
    (40, 12): {"2 Hyperparameters"},
    (20, 5): {"2 Hyperparameters"},
    (10, 3): set(),
}
OPENERS = ["o", "ctrl+p"]
KEYS = [
    *"    sRN123451234512345vvyyhjklhjklhjkl[]..,zz",
    *("up", "down", "left", "right", "tab", "shift+tab", "pageup", "pagedown", "home", "end"),
]
"""Keys that change what is shown; what is typed into fields is other tests' matter."""


@pytest.fixture
def terminal(tmp_path):
    with Terminal(120, 36, FLAT_OUT, cwd=tmp_path, env={"NN_TUI_STATE_DIR": str(tmp_path)}) as it:
        it.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        yield it
        assert it.process.poll() is None
        assert b"Traceback" not in it.received
    assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


def come_to_rest(terminal):
    """Wait until all keys up to now have done what they do; training pauses at epoch 1."""
    until = time.monotonic() + 5 * PATIENCE  # some hundred keys may wait on a busy machine
    while "esc closes" not in terminal.text:  # keys that came at once with escape are none
        assert time.monotonic() < until, terminal.text
        terminal.press("escape")
        terminal.look_for(0.3)
        terminal.press("?")
        terminal.look_for(0.7)
    while "esc closes" in terminal.text:  # on a busy machine, more than once
        terminal.press("escape")
        terminal.wait_gone("esc closes")
        terminal.look_for(1)
    # What runs might train between the restart and the epoch, so an epoch before pauses it.
    terminal.press("s", "R", "s")
    terminal.wait_for(lambda t: t.epoch == 1 and " running " not in t.lines[0])
    still(terminal)


def still(terminal):
    """Wait until the picture has stayed as it is for a while."""
    seen, since = terminal.text, time.monotonic()

    def nothing_new(terminal):
        nonlocal seen, since
        if terminal.text != seen:
            seen, since = terminal.text, time.monotonic()
        return time.monotonic() - since > 0.4

    terminal.wait_for(nothing_new)


def everything(terminal):
    """Every cell as it shows; nobody sees the ink of a blank."""
    rows = []
    for y, line in enumerate(terminal.lines):
        colours = terminal.colours(y)
        rows.append(
            [
                (" ", paper) if c == " " else (c, ink, paper)
                for c, (ink, paper) in zip(line, colours, strict=True)
            ]
        )
    return rows


def check_against_a_fresh_paint(terminal):
    """Pause; the screen is what a paint of everything shows."""
    come_to_rest(terminal)
    before = everything(terminal)
    sent = len(terminal.received)
    terminal.spoil()
    terminal.wait_for(lambda t: len(t.received) > sent)
    still(terminal)
    after = everything(terminal)
    assert ["".join(c[0] for c in row) for row in after] == [
        "".join(c[0] for c in row) for row in before
    ]
    different = [(y, *both) for y, both in enumerate(zip(before, after, strict=True))]
    assert [row for row in different if row[1] != row[2]] == []


def test_every_size_while_it_trains(terminal):
    terminal.press("space")
    for size, panes in [*SIZES.items(), *reversed(SIZES.items())]:
        terminal.resize(*size)
        terminal.wait_for(lambda t, p=panes: whole(t.lines) == p)
        terminal.wait_for(lambda t: re.search(r"\d", t.lines[0]))


def whole(lines):
    """The titles of the panes; None while a picture is only half there."""
    try:
        return {frame.title for frame in check(lines)}
    except AssertionError:
        return None


def test_sizes_and_keys_at_random_while_it_trains(terminal):
    rng = random.Random(7)
    for burst in range(48):  # of 10 keys and a size
        if burst % 24 == 0:
            terminal.press("space")
            if burst == 0:  # later it depends on what the keys have made of the recipe
                terminal.wait_for(" running ")
            terminal.look_for(0.5)
        if burst % 10 == 9:
            terminal.press(rng.choice(OPENERS), *rng.choices(KEYS, k=8), "escape")
            terminal.look_for(0.15)  # or the next key would be one with alt
        else:
            terminal.press(*rng.choices(KEYS, k=10))
        terminal.resize(rng.randint(1, 130), rng.randint(1, 40))
        terminal.look_for(0.01)
        if burst % 24 == 23:
            terminal.resize(rng.randint(60, 130), rng.randint(18, 40))
            check_against_a_fresh_paint(terminal)
            assert check(terminal.lines)
