"""Lines edited in Explain: what fits is an edit of the run, the rest says what is wrong."""

import asyncio
import threading

import numpy as np
import pytest

from nn_tui.tui.screens import explain_check
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.screens.explain_panels import CodePanel
from tests.tui.screen import opened


def editor(seen):
    return seen.app.screen.query_one(CodePanel).editor


async def at_line(seen, name):
    """Open Explain and go to the line that writes ``name``."""
    await seen.press("x")
    screen = seen.app.screen
    assert isinstance(screen, ExplainScreen)
    walk = screen.cursor.walk
    number = next(i for i, line in enumerate(walk.lines) if line.writes == name)
    screen.action_go(number + 1 - walk.position)
    await seen.pilot.pause()
    return screen


async def checked(seen):
    """Wait for the gradient check."""
    checks = [worker for worker in seen.app.workers if worker.group == "gradient check"]
    if checks:  # without any it would wait for all workers
        await seen.app.workers.wait_for_complete(checks)
    await seen.pilot.pause()


async def type_line(seen, text):
    editor(seen).value = text
    editor(seen).cursor_position = len(text)
    await seen.pilot.pause()


@pytest.mark.parametrize("key", ["e", "insert"])
async def test_an_editor_that_is_left_changes_nothing(key):
    async with opened("blog", (80, 24)) as seen:
        await seen.press("x", "s")
        screen = seen.app.screen
        walk, weights = screen.cursor.walk, screen.cursor.walk.step.arrays["W0"].copy()
        await seen.press(key)
        await type_line(seen, "W0 = W0 + 1")
        await seen.press("escape")
        assert screen.cursor.walk is walk and walk.at_end
        np.testing.assert_array_equal(walk.step.arrays["W0"], weights)
        await seen.press("up", "up", "e")
        assert editor(seen).value == walk.line.code


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_line_is_edited_checked_and_restored(size):
    async with opened("blog", size) as seen:
        screen = await at_line(seen, "l1_delta")
        await seen.press("e")
        assert editor(seen).value == "l1_delta = l1_error * (l1 * (1 - l1))"
        await type_line(seen, "l1_delta = l1_error * (l2_delta @ W1)")
        assert "columns 1 ≠ rows 4. Did you mean W1.T?" in " ".join(seen.text.split())
        await seen.press("enter")  # refused: the text stays
        assert editor(seen).display and seen.app.session.requested_recipe.lines == ()
        await type_line(seen, "l1_delta = l1_er")
        await seen.press("tab")
        assert editor(seen).value == "l1_delta = l1_error"
        assert "It fits" in seen.text
        await seen.press("enter")
        await seen.app.session.requests_done()
        assert seen.app.session.recipe.lines == (("l1_delta", "l1_error"),)
        values = screen.cursor.walk.step.arrays
        np.testing.assert_array_equal(values["l1_delta"], values["l1_error"])
        await checked(seen)  # at once, without a key
        assert "✗" in seen.text and "derivative of sigmoid is missing" in " ".join(
            seen.text.split()
        )
        await seen.press("g")
        assert "~▸ l1_delta = l1_error.copy()" in seen.text
        await seen.press("backspace")
        await seen.app.session.requests_done()
        assert seen.app.session.recipe.lines == ()
        assert "▸ l1_delta = l1_error * (l1 * (1 - l1))" in seen.text
        await checked(seen)
        assert "✓ all gradients agree" in seen.text
        await seen.press("g")
        await checked(seen)
        assert "All gradients agree" in seen.text
        assert seen.cells() == seen.painted_anew()


async def test_lines_are_added_below_left_out_and_undone_in_the_run():
    async with opened("blog") as seen:
        await at_line(seen, "l1_error")
        await seen.press("insert")
        await type_line(seen, "l1_error *= 0.5")
        await seen.press("enter")
        await seen.app.session.requests_done()
        assert seen.app.session.recipe.lines == (("after l1_error", ("l1_error *= 0.5",)),)
        await checked(seen)
        await seen.press("g")
        assert "~▸ l1_error *= 0.5" in seen.text
        await seen.press("delete")
        await seen.app.session.requests_done()
        assert seen.app.session.recipe.lines == ()
        await seen.press("e", "escape", "escape")
        assert len(seen.app.screen_stack) == 1
        await seen.press("u")
        await seen.app.session.requests_done()
        assert seen.app.session.recipe.lines == (("after l1_error", ("l1_error *= 0.5",)),)


async def test_the_run_waits_for_a_blank_and_explain_leads_to_it():
    async with opened("blog", (160, 45), "lines.l1_delta=?") as seen:
        await seen.press("s")
        await seen.app.session.requests_done()
        assert seen.app.session.trainer.epoch == 0
        assert "l1_delta is blank" in seen.text
        await seen.press("x")
        assert "?▸ l1_delta = ?" in seen.text
        assert "It must be 4 × 4" in " ".join(seen.text.split())
        await seen.press("enter")
        assert "?▸ l1_delta = ?" in seen.text  # nothing after a blank is executed
        await seen.press("e")
        assert editor(seen).value == "l1_delta = "
        await type_line(seen, "l1_delta = l1_error * (l1 * (1 - l1))")
        await seen.press("enter", "escape", "s")
        await seen.app.session.requests_done()
        assert seen.app.session.trainer.epoch == 1


async def test_names_are_chosen_clicks_and_another_size_leave_the_editor_as_it_is():
    async with opened("blog", (100, 30)) as seen:
        screen = await at_line(seen, "l1_delta")
        await seen.press("e")
        await type_line(seen, "l1_delta = l1")
        await seen.press("down", "down", "up")
        assert editor(seen).value == "l1_delta = l1_error"
        await type_line(seen, "l1_delta = l1_error * l1_")
        await seen.press("up")
        assert editor(seen).value == "l1_delta = l1_error * l1_error"
        await seen.pilot.click(CodePanel, offset=(4, 2))
        await seen.pilot.click("#arrays", offset=(9, 4))
        await seen.pilot.pause()
        assert seen.app.focused is editor(seen) and screen.cursor.walk.line.writes == "l1_delta"
        await seen.pilot.resize_terminal(80, 24)
        await seen.pilot.pause()
        line = seen.app.screen.query_one(CodePanel)
        assert line.region.contains_region(editor(seen).region)
        assert editor(seen).value in seen.text
        await seen.press("escape")
        assert screen.cursor.walk.line.code == "l1_delta = l1_error * (l1 * (1 - l1))"
        assert len(seen.app.screen_stack) == 2


async def test_a_key_ends_a_gradient_check(monkeypatch):
    began, ended = threading.Event(), []

    def check(step, interrupted):
        began.set()
        while not interrupted():
            began.wait(0.001)
        ended.append(True)

    monkeypatch.setattr(explain_check, "check_gradients", check)
    async with opened("blog", (100, 30)) as seen:
        screen = await at_line(seen, "l1_delta")
        await seen.press("g")
        await asyncio.to_thread(began.wait)
        await seen.pilot.pause()
        assert "any key stops it" in seen.text
        await seen.press("up")
        await checked(seen)
        assert ended and screen.cursor.walk.line.writes == "l1_error"
        assert "any key stops it" not in seen.text
