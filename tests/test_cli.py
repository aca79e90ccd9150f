"""The command line as a whole: what every command has in common."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nn_tui import cli
from nn_tui.commands import COMMANDS
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS


def test_version_is_one_line_with_the_kernels_and_wakes_no_screen(run_cli):
    code = (
        "import sys; from nn_tui.cli import main; assert main(['--version']) == 0; "
        "print([m for m in ('textual', 'plotext') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    version, heavy = done.stdout.splitlines()
    assert re.fullmatch(r"nn-tui \S+, kernels: (compiled|Python \(.+\))", version)
    assert heavy == "[]"


def test_help_names_every_command_and_option(run_cli):
    done = run_cli("--help")
    assert done.returncode == 0
    assert all(f"nn-tui {name}" in done.stdout for name in COMMANDS)
    train = run_cli("train", "--help")
    for option in ("--set", "--epochs", "--weights", "--save", "--history", "--json", "--quiet"):
        assert option in train.stdout


@pytest.mark.parametrize(
    "words",
    [("--nonsense",), ("train", "--nonsense"), ("train", "--epochs"), ("list", "extra")],
)
def test_usage_errors_are_one_line_and_exit_2(run_cli, words):
    done = run_cli(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("nn-tui: ")
    assert done.stderr.count("\n") == 1


def test_list_has_every_entry_with_a_line_of_help(run_cli):
    done = run_cli("list")
    assert done.returncode == 0
    assert done.stderr == ""
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    helped = {words[0]: words[1] for words in lines if len(words) == 2}
    for registry in (PRESETS, ACTIVATIONS, LOSSES, OPTIMIZERS, INITIALIZERS):
        for name in registry:
            assert len(helped[name]) > 5, name
    for key in FIELDS:
        assert key in done.stdout


def test_list_where_the_locale_has_few_letters(run_cli):
    done = run_cli("list", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "?(6 / (fan_in + fan_out))" in done.stdout


@pytest.mark.parametrize("word", ["--version", "list"])
def test_a_reader_who_left_is_no_failure_to_look_at(word):
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", word],
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    os.close(write_end)
    assert done.returncode == 128 + 13
    assert done.stderr == ""


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("word", ["--version", "list"])
def test_a_full_disk_is_said(word):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "nn_tui", word],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert done.returncode == 3
    assert done.stderr == "nn-tui: cannot write the output: No space left on device\n"


def test_an_internal_error_leaves_a_crash_file_and_no_traceback(monkeypatch, tmp_path, capsys):
    def fail(arguments):
        raise ZeroDivisionError("a defect\x1b[31m")

    monkeypatch.setenv("NN_TUI_STATE_DIR", str(tmp_path))
    monkeypatch.setattr("nn_tui.commands.list.run", fail)
    assert cli.main(["list"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "\x1b" not in said.err
    (crash,) = tmp_path.glob("crashes/nn-tui-crash-*.txt")
    assert said.err.count("\n") == 1
    assert str(crash) in said.err
    text = crash.read_text()
    assert "in fail" in text and "a defect" in text and "\x1b" not in text
    assert "nn-tui list" in text and "numpy " in text and "Python " in text


def test_an_internal_error_where_no_file_can_be_written(monkeypatch, tmp_path, capsys):
    def fail(arguments):
        raise ZeroDivisionError("a defect")

    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NN_TUI_STATE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    monkeypatch.setattr("nn_tui.commands.list.run", fail)
    assert cli.main(["list"]) == 1
    assert capsys.readouterr().err == (
        "nn-tui: internal error, ZeroDivisionError: a defect; its details could not be written "
        "anywhere\n"
    )


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 3), (BrokenPipeError(), 141)]
)
def test_ends_that_are_no_defects(monkeypatch, capsys, error, code):
    def fail(arguments):
        raise error

    monkeypatch.setattr("nn_tui.commands.list.run", fail)
    monkeypatch.setattr("nn_tui.cli.silence", lambda stream: None)
    assert cli.main(["list"]) == code
    assert "internal" not in capsys.readouterr().err


def test_bench_command_works_from_a_wheel_as_from_the_tree(run_cli):
    """The commands are found by name, so a module that is missing would show only here."""
    for name in COMMANDS:
        assert run_cli(name, "--help").returncode == 0
    assert Path(cli.__file__).parent.name == "nn_tui"
