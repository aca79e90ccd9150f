"""The palette in windows that have no room for it."""

import pytest

from nn_tui.tui.command_palette import PaletteScreen
from nn_tui.tui.screens.open import OpenScreen
from tests.tui.screen import opened


@pytest.mark.parametrize("size", [(1, 1), (2, 24), (5, 3), (80, 2), (40, 12)], ids=str)
@pytest.mark.parametrize(("opener", "screen"), [("o", OpenScreen), ("ctrl+p", PaletteScreen)])
async def test_it_opens_pages_and_closes(opener, screen, size):
    async with opened("circle", size) as seen:
        await seen.press(opener)
        assert isinstance(seen.app.screen, screen)
        await seen.press("down", "pagedown", "pageup", "up", "t", "pageup", "escape", "escape")
        assert not isinstance(seen.app.screen, screen)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("undo", "Undo the last change key u"),
        ("redo", "Redo the last undone change key ctrl+r"),
        ("explain", "Explain the next step line by line key x"),
        ("pace", "Slower pace key ,"),
    ],
)
async def test_the_words_of_the_line_of_keys_are_found(typed, found):
    async with opened("blog", (80, 24)) as seen:
        await seen.press("ctrl+p", *typed)
        await seen.pilot.pause(0.4)
        assert found in [" ".join(line.split()) for line in seen.lines]


@pytest.mark.parametrize("typed", ["", "curve"])
async def test_a_line_is_a_command_with_its_key(typed):
    async with opened("blog", (80, 24)) as seen:
        await seen.press("5", "ctrl+p", *typed)
        await seen.pilot.pause(0.4)
        lines = [" ".join(line.split()) for line in seen.lines]
        first = next(n for n, line in enumerate(lines) if line.startswith("Loss: "))
        assert all(" key " in line for line in lines[first : first + 3])
        wanted = {"": "Loss: Logarithmic axis, or linear key y", "curve": "Pin this curve key p"}
        assert any(line.startswith(wanted[typed]) for line in lines)
