"""Random keys and random window sizes: no error, and the screen is drawn completely."""

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
"""All keys except those that start training or quit."""


def safe_key(seen, key):
    """``key``, or escape instead of an enter that could run or quit from the command palette."""
    screen = seen.app.screen
    in_palette = isinstance(screen, CommandPalette)
    if key == "enter" and in_palette and "command" in screen.query_one(Input).placeholder:
        return "escape"
    return key


async def close_screens(seen):
    """Close all screens over the panes."""
    for _ in range(4):
        await seen.press("escape")
    assert len(seen.app.screen_stack) == 1


async def test_120_random_keys_cause_no_error():
    rng = random.Random(1)
    async with opened("blog", (120, 36), "data.source=circle", "data.samples=30") as seen:
        for _ in range(12):
            for key in rng.choices(KEYS, k=10):
                await seen.press(safe_key(seen, key))
            assert seen.cells() == seen.painted_anew()
        await close_screens(seen)
        assert seen.app.focused is not None
        assert seen.app.focused.id in PANES
        assert seen.app.focused.id in seen.panes
        epoch = seen.app.snapshot.epoch
        await seen.press("s")
        assert seen.app.snapshot.epoch == epoch + 1
        assert f"epoch {epoch + 1:,}" in seen.lines[0]
        assert seen.cells() == seen.painted_anew()


async def test_60_random_window_sizes_cause_no_error():
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
