"""Keys that come all at once, as over a slow line, do what they do one by one."""

import pytest

from tests.terminal.harness import KEYS, Terminal


@pytest.fixture
def terminal(tmp_path):
    folders = dict.fromkeys(("TMPDIR", "HOME", "NN_TUI_STATE_DIR"), str(tmp_path))
    with Terminal(80, 24, env=folders, cwd=tmp_path) as opened:
        opened.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        yield opened
        assert [crash.read_text() for crash in tmp_path.rglob("nn-tui-crash-*")] == []


def at_once(*keys):
    return "".join(KEYS.get(key, key) for key in keys)


AHEAD = [
    (("2", "enter", *"0.5", "enter", *"sss"), "learning rate 0.5", 3),
    (("3", "enter", *"0.25", "enter"), "+0.250", 0),
    (("2", "home", "}", "enter", "down", "enter", *"circle", "enter", "s"), "circle", 1),
    (("o", *"circle", "enter", "s"), "circle 2-4-2-1", 1),
    (("x", "enter", "enter", "s", "s", "s"), "blog", 2),
    (("?", "q", "s", "C", "q", "s"), "blog", 2),
    (("S", "ctrl+s", *"first light", "enter", "s"), "first light", 11),
    (("S", "u", "R", "N", "R", "s"), "blog", 1),
]


@pytest.mark.parametrize(("keys", "wanted", "epoch"), AHEAD, ids=lambda value: str(value)[:40])
def test_each_has_its_turn(terminal, keys, wanted, epoch):
    terminal.type(at_once(*keys))
    terminal.wait_for(lambda t: t.epoch == epoch and wanted in " ".join(t.text.split()))


@pytest.mark.parametrize("keys", ["qqqq", "qjs?x", "q\rq1\r"])
def test_what_is_typed_while_it_ends_does_no_harm(terminal, keys):
    terminal.type(keys)
    assert terminal.wait_exit() == 0
    assert terminal.modes_on == set()
