"""A disk that fills up, or was never there, under the program on a real terminal."""

import resource
import signal
import sys

import pytest

from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import reopened, replayed, same
from tests.terminal.harness import Terminal
from tests.terminal.test_leaving import ENDLESS

MOONS = ("moons", *ENDLESS[1:])


@pytest.fixture
def start(tmp_path):
    """Opens the program; runs are kept in ``tmp_path``, a crash file fails the test."""
    open_ones = []

    def opened(*words, env=None, **options):
        folders = {"TMPDIR": str(tmp_path), "NN_TUI_STATE_DIR": str(tmp_path / "state")}
        terminal = Terminal(100, 30, words, env={**folders, **(env or {})}, **options)
        open_ones.append(terminal)
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("space")
        terminal.wait_for(lambda t: t.epoch > 0)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
    assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


def limit(terminal, most):
    """Let the program write no file of more than ``most`` bytes, as a disk that is full."""
    resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def trains_on(terminal):
    epoch = terminal.epoch
    terminal.wait_for(lambda t: t.epoch > epoch)


def is_whole(folder):
    """Whether the one run that is kept is a moment that was really there; its epoch."""
    (entry,) = RunStore(folder / "runs").entries()
    return entry.checkpoint.epoch


def test_a_disk_that_fills_up_in_the_middle_of_a_save_and_has_room_again(start, tmp_path):
    terminal = start(*MOONS)
    state = tmp_path / "state"
    terminal.wait_for(lambda _: RunStore(state / "runs").entries())
    limit(terminal, 2000)  # a checkpoint is larger: writing it breaks off half-way
    terminal.wait_for("not saved: File too large")
    kept = is_whole(state)
    trains_on(terminal)
    terminal.press("space")
    terminal.wait_for("paused")
    assert "free disk space" in terminal.text
    assert is_whole(state) == kept
    limit(terminal, resource.RLIM_INFINITY)
    terminal.wait_gone("not saved")  # by itself, though nothing is done
    epoch = terminal.epoch
    assert is_whole(state) == epoch
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert f"saved at epoch {epoch:,}" in terminal.after_leaving
    assert not list(state.rglob(".nn-tui*"))


def test_left_while_the_disk_is_full_it_says_what_there_is(start, tmp_path):
    terminal = start(*MOONS)
    state = tmp_path / "state"
    terminal.wait_for(lambda _: RunStore(state / "runs").entries())
    limit(terminal, 2000)
    terminal.wait_for("not saved: File too large")
    kept = is_whole(state)
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert "not saved: File too large" in terminal.after_leaving
    assert f"moons is saved at epoch {kept:,}; nn-tui" in terminal.after_leaving
    (entry,) = RunStore(state / "runs").entries()
    again = reopened(entry.folder).timeline
    again.trainer.run_epochs(1)  # it may have been saved within an epoch
    same(again.trainer, replayed(again.run, kept + 1))


NO_HOME = """
import os, pwd, sys
def unknown(_): raise KeyError
pwd.getpwuid = unknown
for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "NN_TUI_STATE_DIR"):
    os.environ.pop(name, None)
from nn_tui.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_without_a_home_it_starts_and_says_that_nothing_is_kept(start, tmp_path):
    terminal = start(*MOONS, command=(sys.executable, "-c", NO_HOME), cwd=tmp_path)
    terminal.wait_for("not saved: there is no home folder")
    trains_on(terminal)
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.after_leaving.startswith("nn-tui: not saved: there is no home folder; set HOME")
    assert not (tmp_path / "~").exists()


def test_a_file_in_the_place_of_the_folder_is_said_and_its_going_is_noticed(start, tmp_path):
    state = tmp_path / "state"
    state.write_text("in the way")
    terminal = start(*MOONS)
    terminal.wait_for("not saved: Not a directory")
    trains_on(terminal)
    assert state.read_text() == "in the way"
    state.unlink()
    terminal.wait_gone("not saved")
    assert is_whole(state) > 0


def test_a_folder_that_may_not_be_written_to_is_said(start):
    terminal = start(*MOONS, env={"NN_TUI_STATE_DIR": "/sys/nn-tui"})  # not even by root
    terminal.wait_for("not saved: ")
    terminal.wait_for("--state-dir FOLDER")
    trains_on(terminal)
