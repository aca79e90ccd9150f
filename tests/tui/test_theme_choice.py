"""A theme chosen in the palette lasts; where it cannot, a sentence says so."""

import threading

from nn_tui.errors import InputError
from tests.tui.screen import opened, until
from tests.tui.test_command_palette import carry_out


async def test_the_chosen_theme_is_stored_for_the_next_start():
    stored = []
    async with opened(store_theme=stored.append) as seen:
        await carry_out(seen, "Theme nn-light")
        await until(lambda: "nn-light" in seen.info)
        assert seen.info == "theme nn-light; the next start has it too"
        assert seen.app.theme == "nn-light"
        assert stored == ["nn-light"]


async def test_a_theme_that_cannot_be_stored_is_used_all_the_same():
    def refuse(theme):
        raise InputError("cannot write config.toml: Permission denied")

    async with opened(store_theme=refuse) as seen:
        await carry_out(seen, "Theme nn-light")
        await until(lambda: "nn-light" in seen.info)
        assert seen.info == (
            "theme nn-light, for this session only: cannot write config.toml: Permission denied"
        )
        assert seen.app.theme == "nn-light"


async def test_of_themes_chosen_while_a_slow_disk_stores_one_the_last_is_stored_last():
    go_on, stored = threading.Event(), []

    def slowly(theme):
        go_on.wait()
        stored.append(theme)

    async with opened(store_theme=slowly) as seen:
        for theme in ("nn-light", "ansi-dark", "dracula"):
            seen.app.choose_theme(theme)
            await seen.pilot.pause()
            assert seen.app.theme == theme
        go_on.set()
        await seen.app.theme_choice.stored()
        assert stored[-1] == "dracula"
        assert "ansi-dark" not in stored


async def test_quitting_waits_until_the_theme_is_stored():
    go_on, stored = threading.Event(), []

    def slowly(theme):
        go_on.wait()
        stored.append(theme)

    async with opened(store_theme=slowly) as seen:
        seen.app.choose_theme("nn-light")
        await seen.pilot.pause()
        threading.Timer(0.2, go_on.set).start()
        await seen.app.action_quit()
        assert stored == ["nn-light"]
