"""Undo and going back in time in a real terminal."""

import pytest

from tests.terminal.harness import Terminal


@pytest.mark.parametrize("size", [(160, 45), (80, 24)], ids=lambda size: "x".join(map(str, size)))
def test_a_change_is_undone_and_time_goes_back_and_forward(size, tmp_path):
    with Terminal(*size, ["blog"], cwd=tmp_path) as terminal:
        terminal.wait_for("epoch 0")
        terminal.press("S")
        terminal.wait_for("loss 0.085661")
        terminal.press("]")
        terminal.wait_for("learning rate is 2")
        terminal.press("S")
        terminal.wait_for("epoch 20")
        after = terminal.find(r"loss ([\d.]+)")
        terminal.press("u")
        terminal.wait_for("undone: learning rate 2 → 1; epoch 10")
        terminal.wait_for("loss 0.085661")
        terminal.press("\x12")  # ctrl+r
        terminal.wait_for("redone: learning rate 1 → 2; epoch 20")
        terminal.wait_for(f"loss {after}")
        terminal.press("<")
        terminal.wait_for("epoch 19 of 20; space continues from here, a change starts a new branch")
        terminal.wait_for(lambda t: t.epoch == 19)
        terminal.press(">")
        terminal.wait_for(lambda t: t.epoch == 20)
        terminal.wait_for(f"loss {after}")
        terminal.press("q")
        assert terminal.wait_exit() == 0
