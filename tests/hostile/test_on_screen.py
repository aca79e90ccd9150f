"""Nothing from outside reaches the terminal raw while the program is used."""

import pytest

from nn_tui.paths import first_start
from tests.hostile.payload import EVIL, MARKUP, as_toml, raw_in
from tests.terminal.harness import Terminal

NAME = f"{EVIL}\n.csv"


@pytest.fixture
def start(tmp_path):
    open_ones = []

    def opened(*words, tour=False, **env):
        folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
        if not tour:
            first_start(tmp_path)
        terminal = Terminal(120, 36, words, cwd=tmp_path, env={**folders, **env})
        open_ones.append(terminal)
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        return terminal

    yield opened
    for terminal in open_ones:
        terminal.close()
        assert raw_in(bytes(terminal.received)) == ""
    assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


@pytest.fixture
def samples(tmp_path):
    rows = "".join(f'{i},{i % 3},"k{EVIL}{i % 2}"\n' for i in range(20))
    (tmp_path / NAME).write_text(f'"a{EVIL}","b{MARKUP}","y\nnew"\n{rows}')
    return NAME


def leave(terminal):
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()


def test_a_file_with_hostile_names_headers_and_classes_is_printable(start, samples):
    terminal = start(samples)
    terminal.wait_for("␛]52")
    terminal.wait_for("enter open with this")
    terminal.press("enter")
    terminal.wait_for(lambda t: len(t.panes()) > 1)
    for key in "1345":
        terminal.press(key, "z")
        terminal.wait_for(lambda t: len(t.panes()) == 1)
        terminal.press("v", "j", "l", "z")
        terminal.wait_for(lambda t: len(t.panes()) > 1)
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    # What the fields say, their lists and editor, and the sentence that the mouse points at.
    terminal.press("2", "home", "}", "enter", "down")
    terminal.wait_for("· data.source")
    y = next(y for y, line in enumerate(terminal.lines) if "· data.source" in line) + 1
    terminal.type(f"\x1b[<35;20;{y}M")
    terminal.press("enter")
    terminal.wait_for("type to filter")
    terminal.press("escape")
    terminal.wait_gone("type to filter")
    terminal.press("down", "down", "enter")
    terminal.wait_for("current target")
    terminal.press("escape")
    terminal.wait_gone("current target")
    terminal.press("home", "enter")
    terminal.wait_for("allowed: ")
    terminal.press("escape")
    terminal.wait_gone("allowed: ")
    leave(terminal)


def test_a_recipe_with_hostile_values_is_printable(start, samples, tmp_path):
    (tmp_path / f"{EVIL}.toml").write_text(
        f"[data]\nsource = {as_toml(samples)}\nfeatures = [{as_toml('a' + EVIL)}]\n"
        f"target = [{as_toml('b' + MARKUP)}]\n[network]\nseed = {as_toml(MARKUP)}\n"
    )
    terminal = start(f"{EVIL}.toml", "--set", "network.output=linear", tour=True)
    terminal.wait_for("␛]52")
    terminal.wait_for("shows the samples")
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    leave(terminal)


def test_a_paste_is_made_printable_and_may_have_ten_megabytes(start):
    terminal = start("blog")
    terminal.press("2", "home", "enter")
    terminal.wait_for("allowed: ")
    terminal.type(f"\x1b[200~7{EVIL}\x1b[201~")
    terminal.wait_for("bell]x[red]")  # its end; the rest is to the left
    terminal.type("\x1b[200~" + "8" * 10_000_000 + "\x1b[201~")
    terminal.press("escape")
    terminal.wait_gone("allowed: ")
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    leave(terminal)


@pytest.mark.parametrize(
    "env",
    [
        {"COLUMNS": "100000", "LINES": "100000"},
        {"COLUMNS": "-5", "LINES": EVIL, "TERM": f"../../{EVIL}", "COLORTERM": EVIL},
        {"LC_ALL": "C", "NO_COLOR": "1", "HOME": "", "TMPDIR": "/nowhere", "XDG_CONFIG_HOME": EVIL},
    ],
    ids=["a huge window", "nonsense", "nowhere"],
)
def test_invalid_environment_variables_do_no_harm(start, env):
    terminal = start("blog", tour=True, **env)
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    assert "5 Loss" in terminal.text
    leave(terminal)


def test_invalid_utf8_input_is_ignored(start):
    terminal = start("blog")
    terminal.type_bytes(b"\xff\xfe\xc3\x28\x80")
    terminal.press("s")
    terminal.wait_for(lambda t: t.epoch == 1)
    leave(terminal)
