"""The try row on a real terminal: inputs are typed, and the prediction is read."""

import re

import pytest

from tests.terminal.harness import Terminal


def price_of(terminal):
    """The predicted price in the pane's border, as a number."""
    found = re.search(r"your own · price = (-?[\d,.]+)", terminal.text)
    return float(found[1].replace(",", "")) if found else None


@pytest.mark.parametrize(("columns", "rows"), [(160, 45), (80, 24)])
def test_inputs_are_typed_and_the_prediction_follows_the_training(columns, rows, tmp_path):
    lines = [f"{i % 5 + 1},{20 + i},{20_000 + 1000 * i}" for i in range(60)]
    (tmp_path / "houses.csv").write_text("\n".join(["rooms,area,price", *lines]))
    env = {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    with Terminal(columns, rows, ["houses.csv"], env=env, cwd=tmp_path) as terminal:
        terminal.wait_for(lambda t: t.epoch == 0 and "space" in t.text)
        terminal.press("1", "e")
        terminal.wait_for(price_of)
        terminal.press("down", "enter")
        terminal.wait_for("area is a number")
        terminal.press(*["backspace"] * 4)
        terminal.type("70")
        terminal.press("enter")
        terminal.wait_for("‹70›")
        before = price_of(terminal)
        terminal.press("space")
        terminal.wait_for(lambda t: t.epoch == 200)
        terminal.wait_for(lambda t: abs(price_of(t) - 70_000) < 5_000)
        assert price_of(terminal) != before
        terminal.press("x")
        terminal.wait_for("the prediction for your row")
        terminal.press("escape")
        terminal.wait_for(price_of)
        terminal.press("escape")
        terminal.wait_for(lambda t: price_of(t) is None)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not terminal.modes_on
