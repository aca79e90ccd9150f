"""The palette in windows that have no room for it."""

import pytest

from nn_tui.tui.screens.open import OpenScreen
from nn_tui.tui.screens.palette import PaletteScreen
from tests.tui.screen import opened


@pytest.mark.parametrize("size", [(1, 1), (2, 24), (5, 3), (80, 2), (40, 12)], ids=str)
@pytest.mark.parametrize(("opener", "screen"), [("o", OpenScreen), ("ctrl+p", PaletteScreen)])
async def test_it_can_be_opened_paged_through_and_left(opener, screen, size):
    async with opened("circle", size) as seen:
        await seen.press(opener)
        assert isinstance(seen.app.screen, screen)
        await seen.press("down", "pagedown", "pageup", "up", "t", "pageup", "escape", "escape")
        assert not isinstance(seen.app.screen, screen)
