"""Outputs never destroy inputs, each other, or files that are nobody's earlier output."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from nn_tui.recipe.parsing import from_toml
from nn_tui.recipe.presets import PRESETS
from tests.conftest import ROOT

CSV = "a,b,y\n1,2,3\n2,1,0\n0,1,1\n3,2,1\n5,1,2\n"
_SCORES = ("accuracy", "balanced_accuracy", "f1_macro", "log_loss", "roc_auc")
HEADER = ",".join(
    [
        "epoch,train_loss,test_loss",
        *(f"{of}_{name}" for of in ("train", "baseline") for name in _SCORES),
    ]
)
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(CSV)
    return path


@pytest.fixture
def shell(tmp_path, state_dir):
    """Runs a command line of ``sh``, in which ``nn-tui`` is the program."""

    def run(line):
        program = f"{sys.executable} -m nn_tui"
        return subprocess.run(
            ["sh", "-c", line.replace("nn-tui", program)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )

    return run


def one_sentence(done):
    """What was said in one line on stderr."""
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("nn-tui: "), done.stderr
    return done.stderr


NAMES = ("mine.csv", "./mine.csv", "hard.csv", "soft.csv", "sub/../mine.csv")


@pytest.mark.parametrize("option", ["--history", "--save"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", [("mine.csv",), ("--set", "data.source=mine.csv")])
def test_training_never_overwrites_its_data(run_cli, mine, tmp_path, option, name, words):
    os.link(mine, tmp_path / "hard.csv")
    os.symlink("mine.csv", tmp_path / "soft.csv")
    (tmp_path / "sub").mkdir()
    done = run_cli("train", *words, option, name, "--force", "--epochs", "1")
    assert done.returncode == 2
    assert f"{option} would overwrite mine.csv, which is an input" in one_sentence(done)
    assert mine.read_text() == CSV


def test_training_never_overwrites_its_recipe_or_initial_weights(run_cli, tmp_path):
    assert run_cli("export", "--recipe", "r.toml").returncode == 0
    assert run_cli("train", "--epochs", "1", "--save", "w.npz").returncode == 0
    before = [(tmp_path / name).read_bytes() for name in ("r.toml", "w.npz")]
    for option, name in (("--history", "r.toml"), ("--save", "r.toml"), ("--save", "w.npz")):
        done = run_cli("train", "r.toml", "--weights", "w.npz", option, name, "--force")
        assert done.returncode == 2 and f"would overwrite {name}" in one_sentence(done)
    assert [(tmp_path / name).read_bytes() for name in ("r.toml", "w.npz")] == before


@pytest.mark.parametrize("option", ["--script", "--recipe"])
def test_export_never_overwrites_what_it_reads(run_cli, mine, option):
    words = ("export", "--set", "data.source=mine.csv", "--epochs", "1")
    for chosen in (("export", "mine.csv", "--epochs", "1"), words):
        done = run_cli(*chosen, option, "mine.csv", "--force")
        said = done.stderr.splitlines()
        assert done.returncode == 2 and "which is an input" in said[-1]
        assert len(said) <= 2  # the other one tells what was read
    assert mine.read_text() == CSV


def test_the_name_of_a_preset_does_not_refer_to_a_file(run_cli, tmp_path):
    (tmp_path / "blog").write_text("x")
    assert run_cli("train", "blog", "--history", "blog", "--force").returncode == 0


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (("train", "--save", "x", "--history", "./x"), None),
        (("train", "--save", "link", "--history", "x"), None),
        (("train", "--save", "hard", "--history", "x", "--force"), "x"),
        (("export", "--script", "x", "--recipe", "sub/../x", "--force"), None),
    ],
)
def test_two_outputs_must_be_two_files(run_cli, tmp_path, words, there):
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("x")
    if there:
        (tmp_path / there).write_text("mine")
        os.link(tmp_path / there, tmp_path / "hard")
    done = run_cli(*words)
    assert done.returncode == 2 and "name the same file; give each its own" in one_sentence(done)
    assert not (tmp_path / "x").exists() or (tmp_path / "x").read_text() == "mine"


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--history"),
        ("train", "--save"),
        ("export", "--script"),
        ("export", "--recipe"),
    ],
)
def test_a_file_of_another_kind_is_overwritten_only_with_force(run_cli, mine, words):
    refused = run_cli(*words, "mine.csv")
    assert refused.returncode == 3
    assert "mine.csv exists" in one_sentence(refused) and "--force overwrites it" in refused.stderr
    assert mine.read_text() == CSV
    assert run_cli(*words, "mine.csv", "--force").returncode == 0
    assert mine.read_text(errors="replace") != CSV


def test_training_overwrites_what_training_wrote(run_cli, tmp_path):
    words = ("train", "--history", "h.csv", "--save", "w.npz", "--epochs")
    assert run_cli(*words, "1").returncode == 0
    assert run_cli(*words, "3").returncode == 0
    assert len((tmp_path / "h.csv").read_text().splitlines()) == 5
    np.savez(tmp_path / "w.npz", X=np.zeros((2, 2)), W0=np.zeros(2))
    assert run_cli(*words, "3").returncode == 3


def test_a_refused_output_leaves_the_other_unwritten(run_cli, mine, tmp_path):
    assert run_cli("export", "--script", "s.py", "--recipe", "mine.csv").returncode == 3
    assert run_cli("export", "iris", "--recipe", "r.toml", "--link").returncode == 3
    assert run_cli("export", "--script", "s.py", "--recipe", "no/r.toml").returncode == 3
    assert os.listdir(tmp_path) == ["mine.csv"]


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_holds_a_history_and_nothing_else(shell, name):
    done = shell(f"nn-tui train --epochs 3 --history {name}")
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == HEADER and [line.split(",")[0] for line in lines[1:]] == [*"0123"]
    assert b"3 epochs in" in done.stderr


@pytest.mark.parametrize("way", ["| cat", "> w.npz; cat w.npz"])
def test_standard_output_holds_weights_and_nothing_else(shell, way):
    done = shell(f"nn-tui train --epochs 3 --save - {way}")
    with np.load(io.BytesIO(done.stdout)) as archive:
        assert sorted(archive) == ["W0", "W1", "model"]


def test_standard_output_holds_a_recipe_or_a_script_and_nothing_else(shell):
    done = shell("nn-tui export spiral --recipe -")
    assert from_toml(done.stdout.decode()) == PRESETS["spiral"].recipe
    done = shell(f"nn-tui export --script /dev/stdout | {sys.executable} -")
    assert done.stdout.count(b"epoch") > 5 and done.stderr == b""


@pytest.mark.parametrize(
    "words",
    [
        "train --history - --save -",
        "train --history - --json",
        "train --save - --json",
        "export --script - --recipe -",
        "export --script /dev/stdout --recipe -",
        "export '#seed=1&dataset=xor' --recipe - --link",
    ],
)
def test_only_one_output_can_be_standard_output(shell, words):
    done = shell(f"nn-tui {words}")
    assert done.returncode == 2 and done.stdout == b""
    assert b"cannot share standard output" in done.stderr


def test_a_file_named_dash_is_never_made(shell, tmp_path):
    shell("nn-tui export --script - ; nn-tui train --epochs 1 --history -")
    assert os.listdir(tmp_path) == []


def test_weights_are_not_printed_on_a_terminal(tmp_path):
    leader, follower = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", "train", "--save", "-"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    os.close(follower)
    os.close(leader)
    assert done.returncode == 2 and b"--save - writes a binary file" in done.stderr


def test_standard_output_into_an_input_or_an_output_is_refused(shell, mine, tmp_path):
    done = shell("nn-tui train mine.csv --epochs 1 >> mine.csv")
    assert done.returncode == 2 and b"standard output is redirected to mine.csv" in done.stderr
    assert mine.read_text() == CSV
    done = shell("nn-tui train --epochs 1 --history h.csv > h.csv")
    assert (
        done.returncode == 2 and b"--history and standard output are the same file" in done.stderr
    )


def test_a_reader_that_leaves_ends_the_command_silently(shell):
    done = shell("(nn-tui train --epochs 1000000000 --history -; echo $? >&2) | head -3")
    assert done.stdout.decode().splitlines()[0] == HEADER
    assert done.stderr == b"141\n"


def test_a_pipe_without_a_reader_is_refused_without_blocking(shell, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    done = shell("nn-tui train --epochs 2 --history fifo")
    assert (
        done.returncode == 3 and b"cannot write fifo: nothing reads from this pipe" in done.stderr
    )
    done = shell(
        "cat fifo & exec 3>fifo; nn-tui train --epochs 2 --history fifo --quiet; exec 3>&-; wait"
    )
    assert done.stdout.decode().splitlines()[0] == HEADER and done.stderr == b""
    for words in ("train --save fifo", "export --script fifo", "export --recipe fifo"):
        done = shell(f"nn-tui {words}")
        assert done.returncode == 3 and b"it is a pipe or a device" in done.stderr


@pytest.mark.parametrize("words", ["fifo", "--weights fifo", "fifo.toml", "--set data.source=fifo"])
def test_a_pipe_as_an_input_is_refused_without_blocking(shell, tmp_path, words):
    os.mkfifo(tmp_path / "fifo")
    os.mkfifo(tmp_path / "fifo.toml")
    done = shell(f"nn-tui train {words}")
    assert done.returncode == 3 and b"a pipe" in done.stderr


@pytest.mark.skipif(not os.path.exists("/proc/kmsg"), reason="needs /proc/kmsg")
@pytest.mark.parametrize("words", ["/proc/kmsg", "--weights /proc/kmsg"])
def test_an_endless_file_is_refused_without_blocking(shell, words):
    done = shell(f"nn-tui train {words}")
    assert done.returncode == 3 and done.stderr.count(b"\n") == 1


@needs_full
@pytest.mark.parametrize(
    "words",
    [
        "train --epochs 1",
        "train --epochs 1 --json",
        "train --epochs 1 --history -",
        "train --epochs 1 --save - --quiet",
        "export --script -",
        "list",
        "--help",
    ],
)
def test_a_full_disk_behind_standard_output_is_one_sentence(shell, words):
    done = shell(f"nn-tui {words} > /dev/full")
    assert done.returncode in (1, 3)
    assert done.stderr.count(b"nn-tui: ") == 1 and b"No space left on device" in done.stderr


@needs_full
def test_a_full_disk_behind_standard_error_changes_nothing(shell):
    done = shell("nn-tui train --epochs 1 --json --set training.momentum=0.5 2> /dev/full")
    assert done.returncode == 0 and json.loads(done.stdout)["epoch"] == 1
    assert shell("nn-tui train nothing.csv 2> /dev/full").returncode == 3
    assert shell("nn-tui train --nothing 2> /dev/full").returncode == 2
    assert shell("nn-tui train --epochs 1 --history - 2> /dev/full").returncode == 0


@pytest.mark.parametrize("cells", ["1.7e308,2,3 -1.7e308,1,0", "1,2,1e308 1,1,-1e308", "1e200,2,3"])
@pytest.mark.parametrize("scale", ["none", "standard", "minmax"])
def test_no_python_warning_reaches_standard_error(shell, tmp_path, cells, scale):
    rows = cells.replace(" ", "\n")
    (tmp_path / "big.csv").write_text(f"a,b,y\n{rows}\n0,1,1\n3,2,1\n5,1,2\n")
    said = shell(f"nn-tui train big.csv --epochs 2 --set data.scale={scale}").stderr.decode()
    assert all(line.startswith("nn-tui: ") for line in said.splitlines())
    assert "Warning" not in said and ".py" not in said
