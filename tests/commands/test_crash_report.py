"""Crash reports describe the program and the terminal, and contain no user data."""

from pathlib import Path

import pytest

from nn_tui.commands.crash_report import write_crash_file
from tests.homes import without_home


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("NN_TUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def report(error, words=()):
    try:
        raise error
    except Exception as raised:
        return Path(write_crash_file(raised, words)).read_text()


def test_the_terminal_is_described(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-\x1b]0;x\x07")
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setenv("TMUX", "/tmp/socket,1,0")
    text = report(ValueError("x"))
    assert "TERM=xterm-␛]0;x␇" in text
    assert "runs inside: SSH, tmux" in text
    assert "192.0.2.1" not in text


def test_no_user_data_is_recorded(monkeypatch):
    monkeypatch.setenv("HOME", "/home/somebody")
    error = ValueError("could not convert 'my secret' in /home/somebody/patients.csv")
    text = report(error, ("train", "patients.csv", "--set=data.target=illness", "--quiet"))
    assert "nn-tui train --set --quiet\n" in text
    assert "could not convert … in ~/patients.csv" in text
    for private in ("secret", "illness", "somebody"):
        assert private not in text


def test_the_causes_of_the_error_are_recorded():
    try:
        try:
            raise KeyError(1)
        except KeyError as first:
            raise ValueError("second") from first
    except ValueError as error:
        error.add_note("Last events:")
        text = Path(write_crash_file(error, ())).read_text()
    assert text.index("ValueError: second") < text.index("Last events:") < text.index("KeyError: 1")
    assert text.count("test_crash_report.py") == 2


def test_without_a_state_folder_the_temporary_folder_is_used(folder):
    (folder / "state").write_text("in the way")
    kept = write_crash_file(ValueError("x"), ())
    assert Path(kept).parent == folder


def test_without_a_home_the_temporary_folder_is_used(monkeypatch, folder):
    without_home(monkeypatch)
    monkeypatch.delenv("NN_TUI_STATE_DIR")
    monkeypatch.chdir(folder)
    assert Path(write_crash_file(ValueError("x"), ())).parent == folder
    assert not (folder / "~").exists()


@pytest.mark.parametrize("words", [["--state-dir", "{}"], ["spiral", "--state-dir={}"]], ids=str)
def test_the_state_dir_option_is_used(words, folder):
    given = folder / "elsewhere"
    kept = write_crash_file(ValueError("x"), [word.format(given) for word in words])
    assert Path(kept).parent == given / "crashes"
    assert str(given) not in Path(kept).read_text()


def test_a_state_dir_option_without_a_value_is_ignored(folder):
    kept = write_crash_file(ValueError("x"), ["spiral", "--state-dir"])
    assert Path(kept).parent == folder / "state" / "crashes"
