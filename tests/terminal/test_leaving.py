"""Every way out, from a terminal that reads, one that does not, and one that is gone."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from nn_tui.files.runs.run_store import RunStore
from tests.terminal.coming_back import ended
from tests.terminal.harness import PATIENCE, Terminal

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
WAYS = {"q": 0, "ctrl+c": 0, **{number.name: 128 + number for number in SIGNALS}}
"""Ways out, and the exit code of each."""

HUNG_UP = 128 + signal.SIGHUP

PROGRAM = (sys.executable, "-m", "nn_tui")
ENDLESS = ("blog-xor", "--set", "training.epochs=0", "--set", "view.pace=0")


@pytest.fixture
def start(tmp_path):
    open_ones = []

    def opened(*words, running=True, **options):
        folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
        options["env"] = {**folders, **options.get("env", {})}
        terminal = Terminal(120, 36, words, cwd=tmp_path, **options)
        open_ones.append(terminal)
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        if running:
            terminal.press("space")
            terminal.wait_for(lambda t: t.epoch > 0)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
    assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


@pytest.fixture(scope="module")
def table():
    """Rows for a person to read with ``pytest -s``."""
    rows = [("terminal", "way out", "saved", "code", "seconds", "modes left on")]
    yield rows
    print()
    for row in rows:
        print("  ".join(str(cell).ljust(9) for cell in row))


def leave(terminal, way):
    if way in ("q", "ctrl+c"):
        terminal.press(way)
    else:
        terminal.send_signal(signal.Signals[way])


def saved(folder):
    """The epoch of the one run that is kept, and whether the next start will offer it."""
    (entry,) = RunStore(folder / "runs").entries()
    return entry.checkpoint.epoch, entry.unfinished


@pytest.mark.parametrize("way", ["q", "ctrl+c", "SIGINT", "SIGTERM", "SIGQUIT"])
def test_a_terminal_that_reads(start, tmp_path, table, way):
    terminal = start(*ENDLESS)
    seen = terminal.epoch
    leave(terminal, way)
    assert terminal.wait_exit() == WAYS[way]
    epoch, unfinished = saved(tmp_path)
    assert epoch >= seen and unfinished == (WAYS[way] != 0)
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    assert f"nn-tui: blog-xor is saved at epoch {epoch:,}; nn-tui" in terminal.after_leaving
    table.append(("live", way, "yes", WAYS[way], f"{terminal.seconds_to_end:.2f}", "none"))


@pytest.mark.parametrize("way", ["q", "ctrl+c", "SIGTERM"])
def test_a_terminal_that_nobody_reads(start, tmp_path, table, way):
    terminal = start(*ENDLESS)
    terminal.stall()
    leave(terminal, way)
    assert terminal.wait_end() == WAYS[way]
    epoch, unfinished = saved(tmp_path)
    assert epoch > 0 and unfinished == (WAYS[way] != 0)
    assert not terminal.settings_changed
    # Whoever reads again finds the terminal in order.
    terminal.read_on()
    assert terminal.modes_on == set()
    assert f"saved at epoch {epoch:,}" in terminal.after_leaving
    table.append(("stalled", way, "yes", WAYS[way], f"{terminal.seconds_to_end:.2f}", "none"))


@pytest.mark.parametrize("way", ["q", "SIGINT", "SIGHUP"])
def test_a_terminal_that_is_gone(start, tmp_path, table, way):
    terminal = start(*ENDLESS)
    terminal.send_signal(signal.SIGSTOP)
    leave(terminal, way)
    terminal.hang_up()
    terminal.send_signal(signal.SIGCONT)
    code = terminal.wait_end()
    assert code in (WAYS[way], HUNG_UP)  # both happened; either may come first
    assert saved(tmp_path)[0] > 0
    table.append(("vanished", way, "yes", code, f"{terminal.seconds_to_end:.2f}", "-"))


@pytest.mark.parametrize("running", [True, False], ids=["running", "paused"])
def test_a_terminal_gone_without_a_signal_ends_the_program(start, tmp_path, running):
    terminal = start(*ENDLESS, running=running, controlling=False)
    terminal.hang_up()
    assert terminal.wait_end() == HUNG_UP
    if running:
        assert saved(tmp_path)[0] > 0


def test_a_hang_up_that_the_parent_ignores_counts_when_the_terminal_is_gone(start, tmp_path):
    ignoring = ("sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *PROGRAM)
    terminal = start(*ENDLESS, command=ignoring)
    terminal.send_signal(signal.SIGHUP)
    epoch = terminal.epoch
    terminal.wait_for(lambda t: t.epoch > epoch)
    terminal.hang_up()
    assert terminal.wait_end() == HUNG_UP
    assert saved(tmp_path)[0] > 0


PATCHED = """
import sys, time
from nn_tui.cli import main
from nn_tui.tui.app import NnTui

NnTui.{method} = lambda app, *rest: {does}
sys.exit(main(sys.argv[1:]))
"""


def patched(method, does):
    return (sys.executable, "-c", PATCHED.format(method=method, does=does))


@pytest.mark.parametrize("does", ["time.sleep(600)", "1 / 0"])
def test_saving_that_hangs_or_fails_holds_nobody_up(start, does):
    terminal = start(*ENDLESS, command=patched("save_and_report", does))
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    if does == "1 / 0":
        assert "unsaved changes are lost: division by zero" in terminal.after_leaving


def test_a_loop_that_is_stuck_hears_a_signal(start, tmp_path):
    terminal = start(*ENDLESS, command=patched("action_restart", "time.sleep(600)"))
    terminal.press("R")
    terminal.send_signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.modes_on == set()
    assert saved(tmp_path)[0] > 0


def test_quitting_that_hangs_ends_all_the_same(start):
    terminal = start(*ENDLESS, command=patched("exit", "time.sleep(600)"))
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()


# Put aside and taken up again

JOB = """
set -m
"$@"
echo it is put aside
read answer
fg
echo it ended with $?
"""


def in_a_shell(start, **options):
    """The program as a job of bash, and its process number."""
    if not os.access("/bin/bash", os.X_OK):
        pytest.skip("bash is not installed")
    terminal = start(*ENDLESS, command=("bash", "-c", JOB, "bash", *PROGRAM), **options)
    shell = terminal.process.pid
    return terminal, int(Path(f"/proc/{shell}/task/{shell}/children").read_text())


def is_stopped(process):
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def take_up_and_quit(terminal):
    """What one does who comes back to it, and that all of it works."""
    terminal.wait_for("it is put aside")
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    terminal.resize(80, 24)
    terminal.press("enter")
    terminal.wait_for(
        lambda t: t.modes_on >= {"alternate screen", "cursor hidden", "bracketed paste"}
    )
    epoch = terminal.epoch
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch > epoch)
    terminal.press("q")
    terminal.wait_for("it ended with 0")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()
    assert not terminal.settings_changed


@pytest.mark.parametrize("how", ["ctrl+z", "SIGTSTP"])
def test_put_aside_in_a_shell_and_taken_up_again(start, table, how):
    terminal, process = in_a_shell(start, running=False)
    if how == "ctrl+z":
        terminal.press("ctrl+z")
    else:
        os.kill(process, signal.SIGTSTP)
    take_up_and_quit(terminal)
    table.append(("live", how, "goes on", "fg: 0", "-", "none"))


def test_put_aside_from_a_terminal_that_nobody_reads(start, table):
    terminal, process = in_a_shell(start)
    terminal.stall()
    os.kill(process, signal.SIGTSTP)
    until = time.monotonic() + PATIENCE
    while not is_stopped(process):
        assert time.monotonic() < until, "it does not stop"
        time.sleep(0.01)
    assert not terminal.settings_changed
    take_up_and_quit(terminal)
    table.append(("stalled", "SIGTSTP", "goes on", "fg: 0", "-", "none"))


def test_put_aside_and_the_terminal_gone(start, tmp_path, table):
    terminal, process = in_a_shell(start)
    os.kill(process, signal.SIGTSTP)
    terminal.wait_for("it is put aside")
    terminal.hang_up()  # which a shell tells its jobs
    ended(process)
    assert saved(tmp_path)[0] > 0
    table.append(("vanished", "SIGTSTP", "yes", "-", "-", "-"))


def test_stopped_for_a_while_it_repaints_and_still_leaves_in_order(start, tmp_path, table):
    terminal = start(*ENDLESS)
    terminal.send_signal(signal.SIGSTOP)
    terminal.send_signal(signal.SIGCONT)
    terminal.send_signal(signal.SIGTSTP)  # nobody could resume it, so it does not stop
    epoch = terminal.epoch
    terminal.wait_for(lambda t: t.epoch > epoch)
    terminal.press("space")
    terminal.wait_for("paused")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert saved(tmp_path)[0] >= epoch
    assert terminal.modes_on == set()
    assert not terminal.settings_changed
    table.append(("live", "SIGCONT", "yes", "q: 0", f"{terminal.seconds_to_end:.2f}", "none"))


def test_stopped_for_a_while_on_a_terminal_that_nobody_reads(start, tmp_path, table):
    terminal = start(*ENDLESS)
    terminal.stall()
    terminal.send_signal(signal.SIGSTOP)
    terminal.send_signal(signal.SIGCONT)
    terminal.send_signal(signal.SIGTSTP)
    terminal.press("q")
    assert terminal.wait_end() == 0
    assert saved(tmp_path)[0] > 0
    assert not terminal.settings_changed
    terminal.read_on()
    assert terminal.modes_on == set()
    table.append(("stalled", "SIGCONT", "yes", "q: 0", f"{terminal.seconds_to_end:.2f}", "none"))


# A slow terminal


def test_a_slow_terminal_gets_fewer_pictures_and_lets_go_at_once(start):
    terminal = start(*ENDLESS)
    terminal.bytes_a_second = 20_000
    epoch = terminal.epoch
    terminal.wait_for(lambda t: t.epoch > epoch)
    terminal.press("space")
    terminal.wait_for("paused", PATIENCE)
    terminal.press("q")
    assert terminal.wait_end() == 0
    terminal.read_on()
    assert terminal.modes_on == set()
