"""Colours, glyphs and keys on terminals of every kind, down to the bytes."""

import re

import pytest

from tests.terminal.harness import Terminal

_COLOURS = re.compile(rb"\x1b\[([\d;]*)m")


@pytest.fixture
def start(tmp_path):
    """Opens terminals whose person has settings of no kind but those in ``settings``."""
    open_ones = []

    def opened(*words, columns=120, rows=36, **env):
        home = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
        home["XDG_CONFIG_HOME"] = str(tmp_path / "config")
        terminal = Terminal(columns, rows, words, env={**home, **env}, cwd=tmp_path)
        open_ones.append(terminal)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
        assert b"Traceback" not in terminal.received


def used(terminal):
    """Every parameter of every change of colour that was sent."""
    return {
        number
        for found in _COLOURS.finditer(bytes(terminal.received))
        for number in found[1].split(b";")
    }


def walk(terminal):
    """See every pane, the help, a list and the palette."""
    terminal.wait_for("space")
    terminal.press("S", "4")
    terminal.wait_for("epoch 10")
    terminal.press("v", "?")
    terminal.wait_for("esc closes")
    terminal.press("escape")
    terminal.wait_gone("esc closes")
    terminal.press("2", "home", "down", "enter")
    terminal.wait_for("enter chooses")
    terminal.press("escape")
    terminal.wait_gone("enter chooses")
    terminal.press("ctrl+p")
    terminal.wait_for("Type or choose a value")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0


def test_without_colours_none_is_sent(start):
    terminal = start("circle", "--set", "data.samples=60", NO_COLOR="1")
    walk(terminal)
    plain = {b"", b"0", b"1", b"2", b"3", b"4", b"7", b"39", b"49"}  # 39, 49: the terminal's own
    assert used(terminal) <= plain
    assert b"7" in used(terminal)  # the cursor shows all the same


def test_a_terminal_of_sixteen_colours_gets_its_own(start):
    terminal = start("circle", "--set", "data.samples=60", TERM="xterm", COLORTERM="")
    walk(terminal)
    assert not {b"38", b"48"} & used(terminal)
    assert {b"33", b"34"} <= used(terminal)


def test_a_terminal_of_256_colours_gets_no_others(start):
    terminal = start("circle", "--set", "data.samples=60", COLORTERM="")
    walk(terminal)
    deep = re.compile(rb"\x1b\[[\d;]*[34]8;2;")
    assert not deep.search(bytes(terminal.received))
    assert b"38" in used(terminal)


def test_in_ascii_no_other_byte_is_sent(start):
    terminal = start("circle", "--set", "data.samples=60", LANG="C")
    terminal.wait_for("+- 1 Data ")
    walk(terminal)
    assert bytes(terminal.received).isascii()


@pytest.mark.parametrize(("words", "env"), [((), {"TERM": "linux"}), (("--ascii",), {})])
def test_the_console_gets_ascii_and_who_asks_for_it(start, words, env):
    terminal = start(*words, **env)
    terminal.wait_for("+- 1 Data ")
    assert bytes(terminal.received).isascii()


def test_settings_give_a_theme_and_keys(start, tmp_path):
    folder = tmp_path / "config" / "nn-tui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(
        '[keys]\nepoch = "E"\nhyperparameters.up = ["up", "i"]\n[screen]\ntheme = "nn-light"\n'
    )
    terminal = start()
    terminal.wait_for("E epoch")
    assert terminal.colours(5)[5][1] == "ffffff"
    terminal.press("s", "E")
    terminal.wait_for("epoch 1/")
    terminal.press("2", "down", "down", "i")
    terminal.wait_for("training.optimizer (next epoch): ")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_theme_chosen_in_the_palette_is_there_at_the_next_start(start, tmp_path):
    terminal = start()
    terminal.wait_for("space run")
    terminal.press("ctrl+p")
    terminal.wait_for("Search")
    terminal.type("theme nn-light")
    terminal.wait_for("Theme nn-light")
    terminal.press("enter")
    terminal.wait_for("theme nn-light; the next start has it too")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    written = (tmp_path / "config" / "nn-tui" / "config.toml").read_text()
    assert written == '[screen]\ntheme = "nn-light"\n'
    again = start()
    again.wait_for("space run")
    assert again.colours(5)[5][1] == "ffffff"


def test_an_unknown_theme_is_told_on_the_screen(start, tmp_path):
    (tmp_path / "mine.toml").write_text('[screen]\ntheme = "nn-ligth"')
    terminal = start("--keys", "mine.toml")
    terminal.wait_for("screen.theme = nn-ligth is not a theme, so nn-dark is used")
    assert "did you mean nn-light?" in terminal.text


def test_wrong_settings_are_one_sentence_and_no_screen(start, tmp_path):
    (tmp_path / "mine.toml").write_text('[keys]\nepoch = "E"\nrun = "E"')
    terminal = start("--keys", "mine.toml")
    assert terminal.wait_exit() == 3
    assert 'nn-tui: keys.run = "E" is already used by epoch' in terminal.text
    assert b"\x1b" not in bytes(terminal.received)
