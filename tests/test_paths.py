"""Where the program's own files are."""

import sys

import pytest

from nn_tui import cli, paths
from tests.homes import without_home


def test_the_line_of_each_kind(run_cli, tmp_path):
    done = run_cli("paths", NN_TUI_STATE_DIR=str(tmp_path))
    assert done.returncode == 0
    settings, runs = done.stdout.splitlines()
    assert settings.startswith(f"settings  {paths.settings_file()}")
    assert runs == f"runs      {tmp_path}"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other platforms, other folders")
def test_the_platforms_folders(monkeypatch, tmp_path):
    monkeypatch.delenv(paths.STATE_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert paths.settings_file() == tmp_path / "config" / "nn-tui" / "config.toml"
    assert paths.state_dir() == tmp_path / "state" / "nn-tui"
    assert not (tmp_path / "config").exists()


def test_what_is_asked_for_goes_before_the_variable(monkeypatch, tmp_path):
    monkeypatch.setenv(paths.STATE_VARIABLE, str(tmp_path))
    monkeypatch.setenv("HOME", "/home/somebody")
    assert paths.state_dir() == tmp_path
    assert str(paths.state_dir("~/runs")) == "/home/somebody/runs"
    assert paths.state_dir("runs").is_absolute()


@pytest.mark.parametrize("words", [("paths",), ("runs",)], ids=" ".join)
def test_without_a_home_it_is_said_and_no_folder_called_tilde_is_made(
    monkeypatch, tmp_path, capsys, words
):
    without_home(monkeypatch)
    monkeypatch.delenv(paths.STATE_VARIABLE)
    monkeypatch.chdir(tmp_path)
    assert cli.main(words) == 3
    assert capsys.readouterr().err.startswith("nn-tui: there is no home folder; set HOME")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def own_settings(monkeypatch, tmp_path):
    """Where a person's settings would be; the file is not there."""
    monkeypatch.setattr(paths, "settings_file", lambda: tmp_path / "config.toml")
    return tmp_path / "config.toml"


def test_the_first_start_is_the_first_only_once(own_settings, tmp_path):
    state = tmp_path / "deep" / "state"
    assert paths.first_start(state)
    assert not paths.first_start(state)


def test_who_has_runs_or_settings_is_no_newcomer(own_settings, tmp_path):
    (tmp_path / "runs").mkdir()
    assert not paths.first_start(tmp_path)
    own_settings.touch()
    assert not paths.first_start(tmp_path / "other")


def test_a_folder_that_cannot_be_made_makes_no_newcomer(own_settings, tmp_path):
    (tmp_path / "file").touch()
    assert not paths.first_start(tmp_path / "file" / "state")
