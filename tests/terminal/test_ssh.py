"""Over SSH with ``ssh -t``, and what becomes of the program when the link drops."""

import shlex
import sys

import pytest

from tests.terminal.coming_back import (
    SHUFFLED,
    accept,
    ended,
    is_as_if_nothing_had_been,
    train_a_while,
    train_to_the_end,
)
from tests.terminal.harness import ROOT, Terminal
from tests.terminal.sshd import MISSING, Sshd
from tests.terminal.test_leaving import ENDLESS, saved

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    server = Sshd(tmp_path_factory.mktemp("sshd"))
    yield server
    server.close()


@pytest.fixture
def connect(sshd, tmp_path):
    """Opens terminals with a client in them that runs the program on the other side."""
    open_ones = []

    def opened(*words, **options):
        program = shlex.join(("env", f"PYTHONPATH={ROOT}", f"NN_TUI_STATE_DIR={tmp_path}", *words))
        there = f"cd {shlex.quote(str(tmp_path))}; echo $$ >pid; exec {program}"
        terminal = Terminal(120, 36, command=sshd.client(there), cwd=tmp_path, **options)
        open_ones.append(terminal)
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()


def test_the_blogs_fifty_epochs_and_the_way_out(connect):
    terminal = connect(sys.executable, "-m", "nn_tui")
    assert "keyboard protocol" not in terminal.modes_on
    terminal.press("space")
    terminal.wait_for("Finished 50 epochs")
    terminal.wait_for("loss 0.012557")
    assert b"\x1b[38;2;" not in terminal.received  # TERM comes over the link, COLORTERM not
    assert b"38;5;" in terminal.received
    terminal.resize(80, 24)
    terminal.wait_for(lambda t: t.panes() == {"2 Hyperparameters", "4 Network", "5 Loss"})
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()
    assert not terminal.settings_changed


def test_without_the_mouse(connect):
    terminal = connect(sys.executable, "-m", "nn_tui", "--no-mouse")
    assert not any("mouse" in mode for mode in terminal.modes_on)
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0


def test_a_link_that_drops_ends_the_program_and_all_is_kept(connect, tmp_path):
    terminal = connect(sys.executable, "-m", "nn_tui", *ENDLESS)
    terminal.press("space")
    terminal.wait_for(lambda t: t.epoch > 1000)
    seen = terminal.epoch
    terminal.process.kill()
    ended((tmp_path / "pid").read_text().strip())
    epoch, unfinished = saved(tmp_path)
    assert epoch >= seen and unfinished


def test_after_a_dropped_link_the_run_ends_where_it_would_have(connect, tmp_path):
    terminal = connect(sys.executable, "-m", "nn_tui", *SHUFFLED)
    seen = train_a_while(terminal)
    terminal.process.kill()
    ended((tmp_path / "pid").read_text().strip())
    again = connect(sys.executable, "-m", "nn_tui")
    assert accept(again) >= seen
    train_to_the_end(again)
    assert again.wait_exit() == 0
    is_as_if_nothing_had_been(tmp_path)
