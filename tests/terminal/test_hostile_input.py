"""Nothing that a terminal sends ends the program but Ctrl+C, which does it within a second.

``python -m tests.terminal.test_hostile_input 20000`` sends as many sequences and prints figures.
"""

import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.terminal.harness import Terminal
from tests.terminal.hostile_input import sequences

QUIET = '[keys]\nquit = "f20"\nsuspend = "f19"\nwrite = "f18"\n'
"""Settings with which no single letter ends the program, or writes files."""
MOST_GROWTH = 100_000
"""kB of memory that the program may take beyond what it has after its start."""
A_SITTING = 1000
"""Sequences after which the program is left by Ctrl+C and started again."""


def started(folder, *words, command=(sys.executable, "-m", "nn_tui")):
    settings = folder / "quiet.toml"
    settings.write_text(QUIET)
    folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(folder))
    terminal = Terminal(
        100, 30, [*words, "--keys", str(settings)], env=folders, command=command, cwd=folder
    )
    terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
    return terminal


def memory(terminal):
    """Resident kB now, and at most so far."""
    status = Path(f"/proc/{terminal.process.pid}/status").read_text()
    return tuple(int(status.split(name)[1].split()[0]) for name in ("VmRSS:", "VmHWM:"))


def interrupted(terminal, key="\x03"):
    """Seconds to the end of the program, which is in order."""
    began = time.monotonic()
    terminal.type(key)
    assert terminal.wait_exit() == 0
    seconds = time.monotonic() - began
    assert terminal.modes_on == set() and not terminal.settings_changed
    assert b"Traceback" not in terminal.received
    assert "internal error" not in terminal.after_leaving
    return seconds


def attacked(folder, seed, count):
    """A session of ``count`` sequences: kB of growth, and seconds that Ctrl+C takes."""
    with started(folder, "blog-xor") as terminal:
        before, _ = memory(terminal)
        for number, sequence in enumerate(sequences(seed, count)):
            if number % 3 == 0:  # byte by byte
                for at in range(min(len(sequence), 40)):
                    terminal.type_bytes(sequence[at : at + 1])
                terminal.type_bytes(sequence[40:])
            else:
                terminal.type_bytes(sequence)
            if number % 50 == 0:
                terminal.look_for(0.02)
            assert terminal.process.poll() is None, (seed, number, sequence, terminal.after_leaving)
            assert b"Traceback" not in terminal.received
        terminal.look_for(0.6)  # then Ctrl+C is not part of a paste that was begun
        growth = memory(terminal)[1] - before
        seconds = interrupted(terminal)
    assert [crash.read_text() for crash in folder.rglob("nn-tui-crash-*")] == []
    return growth, seconds


def test_any_input_leaves_the_program_running(tmp_path):
    growth, _ = attacked(tmp_path, 1, 400)
    assert growth < MOST_GROWTH


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[1114112u",
        "\x1b[48;100000;100000;0;0t",
        "\x1b[48;0;0;0;0t\x1b[<0;3;3M",
        "\x1b[98:66:;1:1u\x1b[:;:u",
        "\x1b[<0;99999;99999M\x1b[<0;99999;99999m",
        "\x1b]52;c;" + "QUJD" * 500_000,
        "\x1b[200~" + "x" * 2_000_000,
        "\x1b[" + "1;" * 1_000_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_one_sequence_does_no_harm(text, tmp_path):
    with started(tmp_path) as terminal:
        before, _ = memory(terminal)
        terminal.type(text)
        terminal.look_for(0.6)
        if "200~" in text:
            terminal.type("\x1b[201~")
        terminal.press("s")
        terminal.wait_for(lambda t: t.epoch == 1)
        assert memory(terminal)[1] - before < MOST_GROWTH
        interrupted(terminal)


STUCK = """
import sys, time
from nn_tui.cli import main
from nn_tui.tui.app import NnTui

NnTui.action_restart = lambda app: time.sleep(600)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("key", ["\x03", "\x1b[99;5u"], ids=["a byte", "kitty"])
def test_ctrl_c_overtakes_300_000_keys(key, tmp_path):
    with started(tmp_path) as terminal:
        before, _ = memory(terminal)
        terminal.type("sRuSN" * 60_000)
        interrupted(terminal, key)
    with started(tmp_path) as terminal:
        terminal.type("jk" * 150_000)
        assert memory(terminal)[1] - before < MOST_GROWTH
        interrupted(terminal, key)


def test_ctrl_c_needs_no_loop(tmp_path):
    with started(tmp_path, command=(sys.executable, "-c", STUCK)) as terminal:
        terminal.press("s", "R")
        interrupted(terminal)


def test_ctrl_c_is_a_key_like_others_where_settings_give_quitting_another(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[keys]\nquit-at-once = "f17"\n')
    folders = dict.fromkeys(("HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
    with Terminal(100, 30, ["--keys", str(own)], env=folders, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0)
        terminal.press("ctrl+c")
        terminal.press("s")
        terminal.wait_for(lambda t: t.epoch == 1)
        terminal.look_for(1.5)  # within which it would have ended
        terminal.press("q")
        assert terminal.wait_exit() == 0


if __name__ == "__main__":
    grown, waits = [], []
    for seed in range(int(sys.argv[1]) // A_SITTING):
        with tempfile.TemporaryDirectory() as folder:
            growth, seconds = attacked(Path(folder), seed, A_SITTING)
        grown.append(growth)
        waits.append(seconds)
        print(f"{A_SITTING * len(grown):,}: +{growth:,} kB, Ctrl+C {seconds:.2f} s", flush=True)
    print(f"most: +{max(grown):,} kB, Ctrl+C {max(waits):.2f} s")
