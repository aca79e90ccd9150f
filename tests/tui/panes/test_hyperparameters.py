"""The recipe under a person's hands; typing and stepping are tested with the program."""

import asyncio
import re

import pytest

from nn_tui.recipe.field_types import ChoiceField, FlagField
from nn_tui.recipe.fields import FIELDS
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from tests.tui.screen import PATIENCE, opened
from tests.tui.test_app import move_to


@pytest.mark.parametrize("key", ["=", "backspace"])
async def test_a_value_is_reset_to_the_presets(key):
    async with opened() as seen:
        await seen.press("2", "right_square_bracket")
        assert "(next epoch; = resets to 1): " in help_line(seen)
        await seen.press(key)
        assert seen.app.session.recipe == seen.app.session.preset
        assert seen.info == "learning rate is 1"
        assert "puts" not in help_line(seen)
        await seen.press(key)
        assert seen.info == "learning rate is already 1, the preset's value"


async def test_resetting_a_preset_value_says_that_it_is_unchanged():
    async with opened("circle", (80, 24), "data.samples=20") as seen:
        recipe = seen.app.session.recipe
        await seen.press("2")
        for field in FIELDS.values():
            seen.app.query_one("#hyperparameters").stand_on(field.key)
            await seen.press("=")
            shown = field.kind.show(recipe[field.key])
            told = f"{field.label} is already {shown}, the preset's value"
            assert seen.lines[-2].strip() == told
        assert seen.app.session.recipe == recipe


def help_line(seen):
    seen.app.show_message()
    return seen.info


async def test_pages_and_ends():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2", "home")
        pane = seen.app.query_one("#hyperparameters")
        names = [*FIELDS]
        assert pane.field.key == names[0]
        await seen.press("pagedown")
        page = names.index(pane.field.key)
        assert pane.content_size.height - 3 < page < pane.content_size.height
        assert pane.field.label in seen.text
        await seen.press("pageup")
        assert pane.field.key == names[0]
        await seen.press("end")
        assert pane.field.key == names[-1]
        assert seen.cells() == seen.painted_anew()


async def test_braces_go_from_group_to_group():
    async with opened() as seen:
        await move_to(seen, "network.bias")
        pane = seen.app.query_one("#hyperparameters")
        met = []
        for key in ("}", "}", "}", "{", "{", "{", "{"):
            await seen.press(key)
            met.append(pane.field.key)
        assert met == [
            "training.loss",
            "view.pace",
            "view.pace",
            "training.loss",
            "network.hidden",
            "data.source",
            "data.source",
        ]


async def test_the_wheel_moves_the_cursor():
    async with opened() as seen:
        await move_to(seen, "network.hidden")
        pane = seen.app.query_one("#hyperparameters")
        pane.on_mouse_scroll_down(None)
        assert pane.field.key == "network.bias"
        pane.on_mouse_scroll_up(None)
        assert pane.field.key == "network.hidden"


async def test_a_truncated_value_is_whole_in_the_message_line():
    sizes = ", ".join(["12"] * 12)
    async with opened("circle", (160, 45), f"network.hidden={sizes}", "data.samples=20") as seen:
        await move_to(seen, "network.hidden")
        assert sizes not in seen.text
        assert help_line(seen).startswith(f"{sizes} · network.hidden (restarts")
        await seen.press("down")
        assert help_line(seen).startswith("network.activation (restarts): ")


async def test_a_restart_names_the_key_that_undoes_it():
    async with opened() as seen:
        await seen.press("S")
        await move_to(seen, "network.bias")
        assert "(restarts): " in help_line(seen)
        await seen.press("right")
        assert seen.info == "bias is true: restarted; u undoes it"
        assert seen.app.snapshot.epoch == 0


async def test_the_line_below_tells_of_every_field_to_its_end_in_80_columns():
    async with opened("iris", (80, 24)) as seen:
        await seen.press("2", "home")
        for field in FIELDS.values():
            shown = seen.lines[-2].strip()
            assert shown == help_line(seen)
            assert shown.endswith(field.inactive_reason(seen.app.session.recipe) or field.help)
            await seen.press("down")


async def test_data_with_missing_values_are_asked_about(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gaps.csv").write_text("a,y\n1,2\n,3\n4,5\n")
    async with opened("sine", (80, 24), "data.samples=20") as seen:
        await move_to(seen, "data.source")
        await seen.press("enter", *"gaps.csv", "enter")
        assert "drop these rows  1 row dropped, 2 remain" in seen.text
        assert seen.app.session.name == "sine"
        await seen.press("enter")
        assert seen.info.endswith("1 row with missing values was dropped; u undoes it")
        assert seen.app.snapshot.dataset.samples == 2
        assert seen.app.session.requested_recipe.data.missing == "drop"
        await move_to(seen, "data.missing")
        assert "missing values ‹drop›" in seen.text
        await seen.press("right")
        assert seen.info.endswith("a value is missing; rows are still dropped")
        assert seen.app.session.requested_recipe.data.missing == "drop"
        assert seen.app.session.name == "gaps.csv"
        await move_to(seen, "data.scale")
        await seen.press("right")
        assert seen.info == "scaling is standard: restarted; u undoes it"
        await seen.press("u", "u")
        assert seen.app.session.name == "sine"
        assert seen.app.session.recipe.data.source == "sine"
        assert seen.app.session.recipe.data.missing == "refuse"


async def test_the_data_files_of_the_folder_are_in_the_list_of_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("a,y\n1,2\n2,3\n4,5\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    async with opened("sine", (80, 24), "data.samples=20") as seen:
        await move_to(seen, "data.source")
        await seen.press("enter")
        async with asyncio.timeout(PATIENCE):
            while "mine.csv" not in seen.text:
                await seen.pilot.pause(0.01)
        assert "in this folder, 16 bytes" in seen.text
        assert "pyproject" not in seen.text
        await seen.press("escape", "enter", *"mine", "enter")
        assert seen.app.session.recipe.data.source == "mine.csv"


async def test_the_allowed_values_are_shown_while_editing():
    async with opened("circle", (80, 24), "data.samples=20") as seen:
        for field in FIELDS.values():
            if isinstance(field.kind, ChoiceField | FlagField) or field.key in (
                "data.source",
                "data.features",
            ):
                continue
            await move_to(seen, field.key)
            await seen.press("enter")
            assert seen.lines[-2].strip() == f"allowed: {field.kind.allowed}"
            await seen.press("escape")


@pytest.mark.parametrize(
    ("key", "arrow", "told"),
    [
        ("view.pace", "left", "pace: no lower value to step to; enter sets another"),
        ("data.noise", "right", "noise: no higher value to step to; enter sets another"),
        ("data.source", "right", "data: no other value to step to; enter sets another"),
        ("data.features", "left", "features: no other value to step to; enter sets another"),
    ],
)
async def test_an_arrow_at_the_end_of_a_range_names_the_edit_key(key, arrow, told):
    async with opened("moons", (80, 24), "view.pace=0", "data.noise=0.8") as seen:
        await move_to(seen, key)
        before = seen.app.session.recipe
        await seen.press(arrow)
        assert seen.info == told
        assert seen.app.session.recipe == before


async def test_an_arrow_on_an_inactive_field_keeps_its_reason():
    async with opened("moons", (80, 24)) as seen:
        await move_to(seen, "data.target")
        await seen.press("right")
        assert "has no effect: only for data files" in seen.info


async def test_the_border_counts_the_rows_out_of_sight():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2", "home")
        total = int(re.search(r" (\d+) more below ", seen.text)[1])
        await seen.press(*["down"] * 25)
        above, below = re.search(r" (\d+) more above, (\d+) below ", seen.text).groups()
        assert int(above) + int(below) == total
        await seen.press("end")
        assert f" {total} more above " in seen.text


async def test_an_editor_does_not_come_to_a_pane_that_is_not_on_the_screen():
    async with opened():
        pane = HyperparametersPane()
        pane._mount_editor()  # as where the program is quit right after its first picture
        assert not pane.editing
