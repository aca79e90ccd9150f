"""The walk through a step on a real terminal."""

import pytest

from tests.terminal.harness import Terminal


@pytest.mark.parametrize(("columns", "rows"), [(160, 45), (80, 24)])
def test_the_blogs_step_from_the_first_line_to_the_trained_epoch(columns, rows, tmp_path):
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    with Terminal(columns, rows, env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("x")
        terminal.wait_for("▸ l1 = sigmoid(l0 @ W0)")
        terminal.wait_for("= 0.449")
        terminal.press("tab", "right", "down")
        terminal.wait_for("l1[1,1] = ")
        terminal.press("enter")
        terminal.wait_for("▸ l2 = sigmoid(l1 @ W1)")
        terminal.press("tab", "up")
        terminal.wait_for("▸ l1 = sigmoid(l0 @ W0)")
        terminal.press("s")
        terminal.wait_for("all 9 lines done")
        terminal.press("escape")
        terminal.wait_for(lambda t: t.epoch == 0)
        terminal.press("x")
        terminal.wait_for("line 1 of 9")
        terminal.press("s")
        terminal.wait_for("train epoch")
        terminal.press("s")
        terminal.wait_for(lambda t: t.epoch == 1)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.modes_on
