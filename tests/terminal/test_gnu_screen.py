"""The program inside GNU screen, which has no more than 256 colours."""

import os
import shutil
import subprocess
import sys

import pytest

from nn_tui.paths import first_start
from tests.terminal.harness import ROOT, Terminal

pytestmark = pytest.mark.skipif(not shutil.which("screen"), reason="GNU screen is not installed")


@pytest.fixture
def terminal(tmp_path):
    (tmp_path / "runs").mkdir()
    first_start(tmp_path / "runs")  # no first minute
    program = (sys.executable, "-m", "nn_tui", "circle", "--set", "training.epochs=0")
    surroundings = {
        "SCREENDIR": str(tmp_path / "sockets"),
        "NN_TUI_STATE_DIR": str(tmp_path / "runs"),
        "COLORTERM": "truecolor",
    }
    with Terminal(100, 30, program, surroundings, command=("screen",), cwd=ROOT) as opened:
        opened.wait_for(lambda t: "5 Loss" in t.text and t.epoch == 0)
        yield opened
        # Without its terminal, the session would go on for ever.
        subprocess.run(["screen", "-X", "quit"], env={**os.environ, **surroundings}, check=False)


def test_it_trains_there_and_leaves(terminal):
    terminal.press("space")
    terminal.wait_for(lambda t: t.epoch > 20)
    terminal.press("space")
    terminal.wait_for("paused")
    terminal.press("q")
    terminal.wait_for("circle is saved at epoch")
    assert terminal.wait_exit() == 0


def test_its_colours_are_those_that_screen_has(terminal):
    terminal.press("4", "v", "z")
    terminal.wait_for("zoom")
    assert b"[38;5;" in terminal.received.replace(b"\x1b", b"")
    assert b"8;2;" not in terminal.received
