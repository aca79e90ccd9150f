"""The palette."""

import asyncio
import inspect

import pytest

from nn_tui.recipe.presets import PRESETS
from nn_tui.tui.appearance import THEMES
from tests.tui.screen import opened


def commands(seen):
    return {c.title: c for c in seen.app.get_system_commands(seen.app.screen)}


async def carry_out(seen, title):
    result = commands(seen)[title].callback()
    if inspect.isawaitable(result):
        await result
    await asyncio.wait_for(seen.app.session.settled(), 60)
    await seen.pilot.pause()


async def test_it_lists_every_action_with_its_key_every_preset_and_every_theme():
    async with opened() as seen:
        held = commands(seen)
        for node in (seen.app, *seen.app.query("Pane")):
            where = f"{node.TITLE}: " if node is not seen.app else ""
            for binding in node.BINDINGS:
                what = binding.tooltip or binding.description
                assert f"{where}{what[0].upper()}{what[1:]}" in held
        assert held["Train one epoch"].help == "key s"
        assert all(held[f"Open {name}"].help == PRESETS[name].help for name in PRESETS)
        assert all(f"Theme {name}" in held for name in THEMES)
        assert len(held) == len([*seen.app.get_system_commands(seen.app.screen)])


async def test_actions_of_the_focused_pane_come_first():
    async with opened() as seen:
        await seen.press("5")
        assert next(iter(commands(seen))).startswith("Loss: ")
        await seen.press("2", "ctrl+p")
        await seen.pilot.pause(0.3)
        assert "Hyperparameters: Type or choose a value" in seen.text


async def test_an_action_of_another_pane_moves_the_focus_there():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2", "S")
        await carry_out(seen, "Loss: Logarithmic axis, or linear")
        assert seen.app.focused.id == "loss"
        assert "log axis" in seen.text
        assert seen.cells() == seen.painted_anew()


@pytest.mark.parametrize("title", ["Open moons", "Theme nn-light", "Train one epoch"])
async def test_presets_themes_and_the_programs_actions(title):
    async with opened() as seen:
        await carry_out(seen, title)
        met = (seen.app.session.name, seen.app.theme, seen.app.snapshot.epoch)
        assert (
            met
            == {
                "Open moons": ("moons", "nn-dark", 0),
                "Theme nn-light": ("blog", "nn-light", 0),
                "Train one epoch": ("blog", "nn-dark", 1),
            }[title]
        )


async def test_typing_filters_the_entries():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("ctrl+p", *"theme ansi-l")
        await seen.pilot.pause(0.3)
        await seen.press("enter")
        assert seen.app.theme == "ansi-light"
