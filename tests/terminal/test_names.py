"""Files of odd names on a real terminal: listed, opened, exported beside, saved, opened again."""

import os

import pytest

from nn_tui.paths import first_start
from tests.terminal.harness import Terminal

CSV = b"a,city,y\n1,Rome,3\n2,Oslo,0\n0,Rome,1\n3,Oslo,1\n5,Rome,2\n"
NAMES = {
    "not utf-8": (b"caf\xe9.csv", "caf�.csv"),
    "long": (b"n" * 246 + b".csv", "nnnnnnnnnnnnnnnnnn"),
}


@pytest.mark.parametrize(("name", "columns", "rows"), [("not utf-8", 160, 45), ("long", 80, 24)])
def test_a_file_of_an_odd_name_is_opened_exported_and_saved(name, columns, rows, tmp_path):
    raw, shown = NAMES[name]
    folder = tmp_path / "work"
    folder.mkdir()
    try:
        (folder / os.fsdecode(raw)).write_bytes(CSV)
    except OSError:
        pytest.skip("this file system has no such names")
    first_start(tmp_path / "s")
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "NN_TUI_STATE_DIR": str(tmp_path / "s")}
    with Terminal(columns, rows, env=env, cwd=folder) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("o")
        terminal.type(raw[:3].decode())
        terminal.wait_for(shown[:12])
        terminal.press("enter")
        terminal.wait_for("5 rows; inputs a, city")  # the first message says what was read
        terminal.press("S")
        terminal.wait_for(lambda t: t.epoch == 10)
        for down in range(4):
            terminal.press("w")
            terminal.wait_for("esc leaves")
            terminal.press(*["down"] * down, "enter")
            terminal.wait_for("type another name")
            terminal.press("enter")
            terminal.wait_for(lambda t: "esc leaves" not in t.text)
            terminal.wait_for(lambda t, n=down: len(os.listdir(folder)) == n + 2)
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert len(os.listdir(folder)) == 5
    (run,) = (tmp_path / "s" / "runs").iterdir()
    (folder / os.fsdecode(raw)).unlink()
    with Terminal(columns, rows, words=[run.name], env=env, cwd=folder) as terminal:
        terminal.wait_for(lambda t: t.epoch == 10)
        terminal.press("q")
        assert terminal.wait_exit() == 0
