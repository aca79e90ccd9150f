"""The walk through the next step, as a person goes through it."""

import re

import numpy as np
import pytest

from nn_tui.nn.explain.expression_tree import significant_digits
from nn_tui.training.trainer import Trainer
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.screens.help import HelpScreen
from tests.tui.screen import opened

SIZES = [(160, 45), (80, 24)]


def place(seen):
    """How many lines are done, the sample, the cell."""
    guide = seen.app.screen.cursor
    return guide.walk.position, guide.sample, guide.index


async def walking(seen, *keys):
    await seen.press("x", *keys)
    assert isinstance(seen.app.screen, ExplainScreen)
    return seen.app.screen.cursor


@pytest.mark.parametrize("size", SIZES)
async def test_the_blogs_step_can_be_followed_line_by_line(size):
    async with opened("blog", size) as seen:
        guide = await walking(seen)
        while True:
            line, text = guide.walk.line, seen.text
            assert f"▸ {line.code}" in text
            assert all(word in text for word in line.explanation.split())
            spelled = guide.arithmetic(32)
            assert f"{spelled.target} = " in text
            assert f"= {spelled.result}" in text
            scalars = dict(guide.view.numbers)
            for name in set(guide.dependencies()) - {line.writes} - set(scalars):
                assert f"input {name}" in text
            assert all(f"inputs {name}" in text for name in list(scalars)[:1])
            assert f"line {guide.walk.position} of 9" in text or "all 9 lines done" in text
            if guide.walk.at_end:
                break
            await seen.press("enter")
        assert seen.cells() == seen.painted_anew()


async def test_a_cell_of_the_first_layer_adds_up_on_the_screen():
    async with opened("blog") as seen:
        await walking(seen, "tab", "down", "right", "right")
        assert "l1[1,2] = sigmoid(l0[1,0]·W0[0,2] + l0[1,1]·W0[1,2] + l0[1,2]·W0[2,2])" in seen.text
        assert "= sigmoid(0·(-1.000) + 1·(-0.627) + 1·(-0.162))" in seen.text
        assert "= 0.312" in seen.text


async def test_leaving_mid_way_does_not_change_the_run():
    async with opened("blog", (80, 24)) as seen:
        await seen.train(3)
        before = seen.app.snapshot
        for key, lines in (("escape", 3), ("x", 8), ("q", 9)):
            await walking(seen)
            seen.app.screen.action_go(lines)
            await seen.press(key)
            assert len(seen.app.screen_stack) == 1
            assert seen.app.snapshot.epoch == 3
            np.testing.assert_array_equal(seen.app.snapshot.parameters, before.parameters)
        await seen.train(5)
        reference = Trainer(before.recipe, before.dataset)
        reference.run_epochs(8)
        untouched = reference.snapshot().parameters
        np.testing.assert_array_equal(seen.app.snapshot.parameters, untouched)


async def test_the_explained_update_is_what_training_does():
    async with opened("blog", (80, 24)) as seen:
        guide = await walking(seen)
        assert "finish" in seen.lines[-1] and "train" not in seen.lines[-1]
        await seen.press("s")
        assert "all 9 lines done" in seen.text
        assert "train epoch" in seen.lines[-1] and "finish" not in seen.lines[-1]
        walked = guide.walk.step.state.parameters.copy()
        await seen.press("s")
        assert len(seen.app.screen_stack) == 1
        assert seen.app.snapshot.epoch == 1
        np.testing.assert_array_equal(seen.app.snapshot.parameters, walked)


@pytest.mark.parametrize("size", SIZES)
async def test_after_the_last_line_the_next_keys_are_shown(size):
    async with opened("blog", size) as seen:
        await walking(seen, *["enter"] * 8)
        assert "all 9 lines done; enter trains, esc leaves" in seen.text
        assert "enter train epoch" in seen.lines[-1]
        await seen.press("up")
        assert "line 8 of 9" in seen.text and "enter trains" not in seen.text
        assert "enter next" in seen.lines[-1]


async def test_after_the_last_line_enter_trains_the_epoch_as_s_does():
    async with opened("blog", (80, 24)) as seen:
        for epoch, key in enumerate(("enter", "s"), 1):
            guide = await walking(seen, "end")
            walked = guide.walk.step.state.parameters.copy()
            await seen.press(key)
            assert len(seen.app.screen_stack) == 1
            assert seen.app.snapshot.epoch == epoch
            np.testing.assert_array_equal(seen.app.snapshot.parameters, walked)


async def test_a_small_window_shows_four_lines_of_code_or_the_whole_result():
    async with opened("blog", (80, 24)) as seen:
        guide = await walking(seen)
        codes = [line.code for line in guide.walk.lines]
        assert sum(code in text for code in codes for text in seen.lines[:7]) >= 4
        await seen.press("end", "up", "up")
        assert sum(code in text for code in codes for text in seen.lines[:7]) >= 4
        await seen.press("home", "tab")
        for value in guide.view.after.values.ravel():
            assert significant_digits(float(value)) in seen.text
        await seen.press("tab")
        assert sum(code in text for code in codes for text in seen.lines[:7]) >= 4
        assert seen.cells() == seen.painted_anew()


async def test_a_running_training_pauses():
    async with opened("blog", (120, 36), "training.epochs=0") as seen:
        seen.app.session.toggle()
        await walking(seen)
        assert not seen.app.session.running
        epoch = seen.app.snapshot.epoch
        assert f"the update of epoch {epoch + 1:,}, 4 samples" in seen.text
        await seen.press("space", "S", "R", "]")
        assert seen.app.snapshot.epoch == epoch


async def test_lines_go_forward_and_back_and_to_both_ends():
    async with opened("blog") as seen:
        guide = await walking(seen, "j", "down", "enter")
        assert guide.walk.position == 4
        await seen.press("k", "up")
        assert guide.walk.position == 2
        await seen.press("end")
        assert guide.walk.at_end
        await seen.press("down", "j")
        assert guide.walk.at_end
        await seen.press("home", "up", "k")
        assert guide.walk.position == 1
        assert "▸ l1 = sigmoid(l0 @ W0)" in seen.text


async def test_the_followed_sample_is_the_row_in_every_table():
    async with opened("blog") as seen:
        guide = await walking(seen, "n", "n")
        assert place(seen) == (1, 2, (2, 0))
        assert sum(line.count("▸ 2") for line in seen.lines) == 2  # l0 and l1
        await seen.press("N", "tab", "down", "enter")
        assert place(seen) == (2, 2, (2, 0))
        await seen.press("s", "down")
        assert place(seen) == (9, 2, (1, 0))
        assert "▸ sample #3" in seen.text
        await seen.press("n", "n", "n", "n")
        assert guide.sample == 3


async def test_the_formula_and_its_source():
    async with opened("blog", (80, 24)) as seen:
        await walking(seen, "j", "j", "j", "j", "f")
        assert "f(x) = 1 / (1 + e^-x), f' = a (1 - a)" in seen.text
        assert "Verhulst 1845" in seen.text
        await seen.press("f")
        assert "Verhulst" not in seen.text
        assert "l2_delta[0,0] = " in seen.text


async def test_help_lists_the_keys_of_the_screen():
    async with opened("blog") as seen:
        await walking(seen)
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, HelpScreen)
        assert "leaving changes nothing" in " ".join(seen.text.split())
        await seen.press("escape")
        assert isinstance(seen.app.screen, ExplainScreen)


async def test_a_click_on_a_line_goes_there():
    async with opened("blog") as seen:
        guide = await walking(seen)
        y = next(i for i, line in enumerate(seen.lines) if "l1_error = " in line)
        await seen.pilot.click(offset=(8, y))
        assert guide.walk.line.code == "l1_error = l2_delta @ W1.T"


async def test_a_click_on_a_number_of_the_result_moves_the_cursor_there():
    async with opened("blog") as seen:
        guide = await walking(seen)
        y = next(y for y, line in enumerate(seen.lines) if " 0.627" in line)
        x = seen.lines[y].find(" 0.627") + 1
        await seen.pilot.click(offset=(x, y))
        assert guide.index == (2, 1)
        assert "l1[2,1] = " in seen.text


async def test_small_windows():
    async with opened("iris", (80, 24)) as seen:
        await walking(seen, "tab")
        for size in [(60, 18), (30, 8), (110, 12), (20, 5), (10, 3), (1, 1), (60, 18)]:
            await seen.resize(*size)
            await seen.press("tab", "enter")
            assert seen.cells() == seen.painted_anew()
        assert "= " in seen.text
        await seen.press("escape")
        assert len(seen.app.screen_stack) == 1


async def test_a_large_network_opens_with_what_is_in_sight():
    async with opened("digits", (80, 24)) as seen:
        guide = await walking(seen, "tab", "down", "right", "right")
        assert re.search(r"\[\d\d more: -?\d", seen.text)
        assert guide.index == (1, 2)
        assert f"= {guide.arithmetic(4).result}" in seen.text
