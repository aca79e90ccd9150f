"""Any keys, in any order, in windows of any size: nothing fails, nothing is left behind."""

import random

from textual.command import CommandPalette
from textual.widgets import Input

from nn_tui.tui.pane_layout import PANES
from tests.tui.screen import opened

KEYS = [
    *"sSRNoz12345vyhjklxfn,.[]?",
    *("up", "down", "left", "right", "tab", "shift+tab", "enter", "escape", "pageup", "end"),
    *"0123456789.,-ab",
    *("backspace", "delete", "ctrl+p", "home"),
]
"""Everything but what runs (its end is another test's matter) and what leaves."""


def harmless(seen, key):
    """The key, but never one that chooses to run or to quit from the palette of all commands."""
    screen = seen.app.screen
    in_palette = isinstance(screen, CommandPalette)
    if key == "enter" and in_palette and "command" in screen.query_one(Input).placeholder:
        return "escape"
    return key


async def home(seen):
    """Out of everything that lies over the panes."""
    for _ in range(4):
        await seen.press("escape")
    assert len(seen.app.screen_stack) == 1


async def test_120_random_keys():
    rng = random.Random(1)
    async with opened("blog", (120, 36), "data.source=circle", "data.samples=30") as seen:
        for _ in range(12):
            for key in rng.choices(KEYS, k=10):
                await seen.press(harmless(seen, key))
            assert seen.cells() == seen.painted_anew()
        await home(seen)
        assert seen.app.focused is not None
        assert seen.app.focused.id in PANES
        assert seen.app.focused.id in seen.panes
        epoch = seen.app.snapshot.epoch
        await seen.press("s")
        assert seen.app.snapshot.epoch == epoch + 1
        assert f"epoch {epoch + 1:,}" in seen.lines[0]
        assert seen.cells() == seen.painted_anew()


async def test_60_random_sizes():
    rng = random.Random(3)
    async with opened("circle", (80, 24), "data.samples=30") as seen:
        for turn in range(60):
            small = (rng.randint(1, 30), rng.randint(1, 10))
            large = (rng.randint(30, 170), rng.randint(5, 50))
            width, height = rng.choice([small, large, large])
            await seen.resize(width, height)
            if turn % 4 == 0:
                await seen.press(rng.choice(["s", "tab", "3", "5", "z", "v"]))
            if turn % 5 == 0:
                assert seen.cells() == seen.painted_anew(), (width, height)
            if width >= 20 and height >= 5:
                assert seen.app.focused.id in seen.panes
        await seen.resize(160, 45)
        await seen.press("escape")
        assert seen.panes == {*PANES}
        assert seen.cells() == seen.painted_anew()
