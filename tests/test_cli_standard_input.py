"""``-`` is standard input, for training, prediction and the screen."""

import gzip
import json
import subprocess
import sys

import pytest

from nn_tui.paths import first_start
from tests.terminal.harness import ROOT, Terminal

TABLE = "a,b,y\n" + "".join(f"{k},{k % 5},{3 * k + 1}\n" for k in range(40))


@pytest.fixture
def piped(tmp_path):
    """Runs a command with bytes as its standard input."""

    def run(content, *words):
        environment = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
        return subprocess.run(
            [sys.executable, "-m", "nn_tui", *map(str, words)],
            input=content,
            capture_output=True,
            env=environment,
            cwd=tmp_path,
            check=False,
        )

    return run


def test_a_piped_table_trains_and_its_rows_are_predicted(piped, tmp_path):
    packed = gzip.compress(TABLE.encode())
    done = piped(packed, "train", "-", "--epochs", 2, "--json", "--save", "m.npz")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["experiment"] == "standard input"
    (tmp_path / "table.csv").write_text(TABLE)
    of_file = piped(b"", "predict", "m.npz", "table.csv").stdout
    assert of_file and piped(packed, "predict", "m.npz", "-").stdout == of_file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "standard input: the file is empty"),
        (b"\x80\x04\x95\x10" + bytes(20), "standard input: it is a Python pickle"),
        (b"a,b\n1\n2\n", "standard input: line 2: there is 1 cell, but the header has 2"),
    ],
)
def test_what_cannot_be_read_is_said_of_standard_input(piped, content, said):
    done = piped(content, "train", "-")
    assert done.returncode == 3 and done.stderr.decode().startswith(f"nn-tui: {said}")


def test_without_a_pipe_the_command_says_how_to_use_it(tmp_path):
    with Terminal(80, 24, ["train", "-"], cwd=tmp_path) as terminal:
        terminal.wait_for("nothing is piped into the program")
        assert terminal.wait_exit() == 3


def test_the_screen_opens_a_piped_table_and_keys_still_work(tmp_path):
    first_start(tmp_path / "s")
    (tmp_path / "t.csv").write_text(TABLE)
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "NN_TUI_STATE_DIR": str(tmp_path / "s")}
    shell = ("sh", "-c", f"cat t.csv | {sys.executable} -m nn_tui -")
    with Terminal(120, 36, env=env, cwd=tmp_path, command=shell) as terminal:
        terminal.wait_for("enter open with this")  # one of its columns numbers the rows
        terminal.press("enter")
        terminal.wait_for(lambda t: t.epoch == 0 and "open with this" not in t.text)
        terminal.press("S")
        terminal.wait_for(lambda t: t.epoch == 10)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.modes_on
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("nn-tui-")] == []
    (run,) = (path.name for path in (tmp_path / "s" / "runs").iterdir() if path.is_dir())
    with Terminal(120, 36, [run], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("standard input cannot be read again; the samples kept")
        assert terminal.epoch == 10
        terminal.press("q")
        assert terminal.wait_exit() == 0
