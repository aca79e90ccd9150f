"""A run saved in session and opened by ``o`` in the next, on a real terminal."""

import pytest

from nn_tui.paths import first_start
from tests.terminal.harness import Terminal


@pytest.mark.parametrize(("columns", "rows"), [(160, 45), (80, 24)])
def test_a_named_run_is_opened_in_the_next_session(columns, rows, tmp_path):
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "NN_TUI_STATE_DIR": str(tmp_path / "s")}
    with Terminal(columns, rows, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("S")
        terminal.wait_for(lambda t: t.epoch == 10)
        terminal.press("ctrl+s")
        terminal.wait_for("A name for blog")
        terminal.type("first light")
        terminal.press("enter")
        terminal.wait_for("renamed to first light")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    with Terminal(columns, rows, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("o")
        terminal.wait_for("first light")
        terminal.press("tab", "r")
        terminal.wait_for("A name for first light")
        terminal.type("s")
        terminal.press("enter")
        terminal.wait_for("run renamed")
        terminal.press("enter")
        terminal.wait_for("first lights continues at epoch 10")
        terminal.wait_for(lambda t: t.epoch == 10)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.modes_on


@pytest.mark.parametrize(("columns", "rows"), [(160, 45), (80, 24)])
def test_what_is_unexpected_in_a_file_is_the_first_message(columns, rows, tmp_path):
    first_start(tmp_path / "s")
    rows_of_file = "1,Rome,3\n2,Oslo,0\n0,Rome,1\n3,Oslo,1\n5,Rome,2\n"
    (tmp_path / "mine.csv").write_text(f"a,city,y\n{rows_of_file}")
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path), "NN_TUI_STATE_DIR": str(tmp_path / "s")}
    with Terminal(columns, rows, words=["mine.csv"], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for("the column city")
        terminal.press("q")
        assert terminal.wait_exit() == 0
