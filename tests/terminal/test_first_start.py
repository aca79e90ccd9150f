"""The very first start, and all others."""

import pytest

from tests.terminal.harness import Terminal, framed

PAGE = "First minute · Four samples"


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


def page(lines):
    """The text of the page, which is in the left column."""
    return " ".join(framed(lines, PAGE))


def leave(terminal):
    terminal.press("q")
    assert terminal.wait_exit() == 0


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
def test_only_the_first_start_begins_with_the_first_minute(start, size):
    terminal = start(*size)
    terminal.wait_for(PAGE)
    terminal.press("enter")
    terminal.wait_for("Two matrices")
    terminal.press("enter")
    terminal.wait_for("One step")
    terminal.press("x")
    terminal.wait_for("line 1 of 9")
    terminal.press("escape")
    terminal.wait_for("done: enter continues")
    terminal.press("enter")
    terminal.wait_for("Fifty epochs")
    terminal.press(".", "space")
    terminal.wait_for(lambda t: t.epoch == 50)
    terminal.wait_for("done: enter continues")
    terminal.press("enter")
    terminal.wait_for("First minute · The loss")
    terminal.press("escape")
    terminal.wait_gone("First minute ·")
    leave(terminal)

    again = start(*size)
    assert "First minute" not in again.text
    leave(again)


@pytest.mark.parametrize("words", [("blog",), ("--set", "network.hidden=8"), ("circle",)])
def test_the_first_start_begins_with_it_whatever_is_asked_for(start, words):
    terminal = start(120, 36, *words)
    terminal.wait_for(PAGE)
    if words == ("circle",):
        terminal.wait_for(
            lambda t: "page is about blog, and circle is open" in " ".join(page(t.lines).split())
        )
    leave(terminal)
    again = start(120, 36, *words)
    assert "First minute" not in again.text
    leave(again)


def test_who_has_settings_is_no_newcomer(start, tmp_path):
    settings = tmp_path / "home" / "config" / "nn-tui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[screen]\ntheme = "nn-light"\n')
    terminal = start(120, 36)
    assert "First minute" not in terminal.text
    leave(terminal)
