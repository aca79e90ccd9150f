"""The very first start, and all others."""

import pytest

from tests.terminal.harness import Terminal


@pytest.fixture
def start(tmp_path):
    """Opens terminals for a person whose folders are empty at first."""
    home = tmp_path / "home"
    home.mkdir()
    env = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "NN_TUI_STATE_DIR": "",
        "TMPDIR": str(tmp_path),
    }
    open_ones = []

    def opened(columns, rows, *words, **more):
        terminal = Terminal(columns, rows, words, env={**env, **more}, cwd=home)
        open_ones.append(terminal)
        terminal.wait_for(lambda t: t.epoch == 0 and "quit" in t.text)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
        assert b"Traceback" not in terminal.received


def leave(terminal):
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_only_the_first_start_begins_with_the_first_minute_and_it_leads_to_lesson_1(start):
    terminal = start(80, 24)
    terminal.wait_for("shows the samples")
    terminal.press("enter")
    terminal.wait_for("16 numbers")
    terminal.press("enter")
    terminal.wait_for("space trains 50 epochs")
    terminal.press(".", "space")
    terminal.wait_for(lambda t: t.epoch == 50)
    terminal.wait_for("the start ✓")
    terminal.press("enter")
    terminal.wait_for("page 4 of 4")
    terminal.press("enter")
    terminal.wait_for("Lesson · 1 The learning rate")
    leave(terminal)

    again = start(80, 24)
    assert "First minute" not in again.text
    leave(again)


def test_the_first_start_begins_with_it_whatever_is_asked_for(start):
    terminal = start(120, 36, "circle", "--set", "network.hidden=8")
    terminal.wait_for("Each has 2 inputs and a target")
    leave(terminal)
    again = start(120, 36, "circle")
    assert "First minute" not in again.text
    leave(again)


def test_who_has_settings_is_no_newcomer(start, tmp_path):
    settings = tmp_path / "home" / "config" / "nn-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[screen]\ntheme = "nn-light"\n')
    terminal = start(120, 36)
    assert "First minute" not in terminal.text
    leave(terminal)
