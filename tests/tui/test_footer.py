"""The line of keys."""

import pytest

from nn_tui.tui.footer import Hint, fitting
from nn_tui.tui.panes.editor import Editor
from tests.tui.screen import opened

HINTS = [
    Hint("run", ("space",), "run"),
    Hint("loss.log", ("y",), "log axis"),
    Hint("slower", ("comma", "full_stop"), "pace"),
    Hint("help", ("question_mark",), "help"),
    Hint("quit", ("q",), "quit"),
]


def width(hints):
    return len("  ".join(f"{''.join(hint.names)} {hint.word}" for hint in hints))


def test_as_many_as_fit_stay_whole_and_the_way_out_always():
    met = {}
    for room in range(1, 60):
        kept = fitting(HINTS, room)
        assert width(kept) <= room
        assert [*HINTS] == kept or room < width(HINTS)
        met[room] = [hint.id for hint in kept]
    assert met[6] == ["help"]
    assert met[14] == ["help", "quit"]
    assert met[25] == ["run", "help", "quit"]


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (60, 18), (40, 12)])
async def test_no_word_is_cut_off_and_the_panes_own_come_before_the_programs(size):
    async with opened("circle", size, "data.samples=40") as seen:
        await seen.press("4")
        line = seen.lines[-1]
        assert line.startswith(" space run  ")
        assert line.rstrip().endswith("? help  q quit")
        if size[0] >= 60:
            assert line.index("v view") < line.index("s epoch")
        await seen.press("2")
        assert "v view" not in seen.lines[-1]
        assert seen.cells() == seen.painted_anew()


async def test_it_follows_what_a_key_does_now():
    async with opened() as seen:
        assert "space run" in seen.lines[-1]
        seen.app.running = True
        await seen.pilot.pause()
        assert "space pause" in seen.lines[-1]
        seen.app.running = False


async def test_a_click_presses_the_key():
    async with opened() as seen:
        at = seen.lines[-1].index("s epoch")
        await seen.pilot.click("#keys", offset=(at + 3, 0))
        await seen.settled()
        assert seen.app.snapshot.epoch == 1
        at = seen.lines[-1].index(",. pace")
        await seen.pilot.click("#keys", offset=(at, 0))
        await seen.settled()
        assert seen.app.session.recipe.view.pace == 3


async def test_the_hints_of_the_panes_are_whole_in_a_small_window():
    async with opened("blog", (80, 24)) as seen:
        for key in "1345":
            await seen.press(key)
            assert seen.lines[-2].strip() == seen.info
    for experiment in ("sine", "spiral"):
        async with opened(experiment, (80, 24)) as seen:
            await seen.press("1")
            for _ in seen.app.query_one("#data").views:
                assert seen.lines[-2].strip() == seen.info
                await seen.press("v")


@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_while_a_value_is_typed_it_has_the_ways_out(pane):
    async with opened("blog", (80, 24)) as seen:
        await seen.press(pane, "enter", "1")
        assert seen.lines[-1].strip() == "enter set  esc leave"
        await seen.pilot.click("#keys", offset=(4, 0))
        await seen.settled()
        assert not isinstance(seen.app.focused, Editor)
        assert "space run" in seen.lines[-1]
