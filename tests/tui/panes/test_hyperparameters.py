"""The recipe under a person's hands; typing and stepping are tested with the program."""

import asyncio
import re

import pytest

from nn_tui.recipe.field_groups import GROUPS
from nn_tui.recipe.field_types import ChoiceField, FlagField
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS
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


def under_cursor(seen):
    """The key of the field, or the name of the group, under the cursor."""
    pane = seen.app.query_one("#hyperparameters")
    return pane.field.key if pane.field else seen.info.split(":")[0]


def labels(seen):
    """The first words of all visible lines of the list, without marks, and of the last line."""
    lines = visible(seen)
    blank = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    return [_label(line) for line in [*lines[:blank], *lines[max(blank, len(lines) - 1) :]]]


def visible(seen):
    """All lines of the pane."""
    pane = seen.app.query_one("#hyperparameters").content_region
    return [line[pane.x : pane.right] for line in seen.lines[pane.y : pane.bottom]]


def _label(line):
    if "them" in line:
        return line.strip()
    return line[2:10].strip() if line[0] in "▸▾" else line[2:17].strip()


async def show_all(seen):
    """Unfold all groups and show unused fields, with the cursor on the learning rate."""
    await seen.press("2", "v", "home")
    for _ in GROUPS:
        await seen.press("}", "enter")
    await seen.press("home")


@pytest.mark.parametrize("experiment", PRESETS)
async def test_the_cursor_starts_at_the_learning_rate_in_the_first_line(experiment):
    async with opened(experiment, (80, 24)) as seen:
        assert under_cursor(seen) == "training.learning_rate"
        assert labels(seen)[:2] == ["learning rate", "optimizer"]
        assert not {"data.samples", "momentum"} & {*labels(seen)}
        assert labels(seen)[-1].endswith("· v shows them")
        assert not re.search(r"\d more (above|below)", seen.text)


async def test_pages_and_ends():
    async with opened("blog", (80, 24)) as seen:
        await show_all(seen)
        pane = seen.app.query_one("#hyperparameters")
        assert under_cursor(seen) == "training.learning_rate"
        await seen.press("pagedown")
        below = labels(seen)
        assert below[-2 if len(below) > 2 else 0] == pane.field.label
        await seen.press("pageup")
        assert under_cursor(seen) == "training.learning_rate"
        await seen.press("end")
        assert under_cursor(seen) == "training.evaluate_every"
        assert seen.cells() == seen.painted_anew()


async def test_braces_go_from_group_to_group():
    async with opened() as seen:
        await move_to(seen, "network.bias")
        met = []
        for key in ("{", "}", "}", "}", "{", "{", "{", "{", "{"):
            await seen.press(key)
            met.append(under_cursor(seen))
        learning_rate = "training.learning_rate"
        assert met == [
            *("network", "training", "speed", "speed"),
            *("training", "network", "data", learning_rate, learning_rate),
        ]


@pytest.mark.parametrize("keys", [("enter", "enter"), ("right", "left"), ("l", "h")])
async def test_a_group_is_unfolded_and_folded(keys):
    unfold, fold = keys
    async with opened("circle", (80, 24)) as seen:
        before = labels(seen)
        await seen.press("2", "}", "}")
        assert seen.info.endswith("; enter unfolds it")
        assert "enter unfold" in seen.lines[-1]
        await seen.press(unfold)
        at = before.index("network")
        added = ["output", "bias", "initialization", "weight seed", "dropout"]
        assert labels(seen)[: at + 7] == [*before[: at + 1], *added, "training"]
        assert under_cursor(seen) == "network"
        assert seen.info.endswith("; enter folds it")
        assert "enter fold" in seen.lines[-1]
        await seen.press(fold)
        assert labels(seen) == before
        assert seen.cells() == seen.painted_anew()


async def test_a_folded_group_is_not_folded_again_by_left():
    async with opened("circle") as seen:
        before = labels(seen)
        await seen.press("2", "}", "left")
        assert labels(seen) == before
        await seen.press("right", "right")
        assert "samples" in labels(seen)


async def test_a_click_on_a_group_folds_it():
    async with opened("circle") as seen:
        for expected in (True, False):
            pane = seen.app.query_one("#hyperparameters")
            row = next(y for y, line in enumerate(seen.lines) if " network " in line[:20])
            await seen.pilot.click("#hyperparameters", offset=(4, row - pane.region.y))
            await seen.settled()
            assert ("bias" in labels(seen)) == expected
            assert under_cursor(seen) == "network"


async def test_unused_fields_are_hidden_until_asked_for_by_key_or_click():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2")
        assert "momentum" not in labels(seen)
        assert "noise" not in labels(seen)
        await seen.press("v")
        assert labels(seen)[2:7] == ["momentum", "beta 1", "beta 2", "rho", "epsilon"]
        pane = seen.app.query_one("#hyperparameters")
        row = next(y for y, line in enumerate(seen.lines) if "v hides them" in line)
        await seen.pilot.click("#hyperparameters", offset=(4, row - pane.region.y))
        await seen.settled()
        assert "momentum" not in labels(seen)
        assert seen.cells() == seen.painted_anew()


async def test_a_field_appears_in_its_place_as_soon_as_it_is_used_and_goes_again():
    async with opened() as seen:
        await move_to(seen, "training.optimizer")
        await seen.press("right")
        assert labels(seen)[1:3] == ["optimizer", "momentum"]
        assert under_cursor(seen) == "training.optimizer"
        await seen.press("down")
        assert under_cursor(seen) == "training.momentum"
        await seen.press("u")
        assert labels(seen)[1:3] == ["optimizer", "hidden layers"]
        assert under_cursor(seen) == "training.optimizer"
        await seen.press("ctrl+r")
        assert under_cursor(seen) == "training.momentum"
        await move_to(seen, "training.penalty")
        await seen.press("right")
        assert labels(seen)[labels(seen).index("regularization") + 1] == "reg. strength"


async def test_the_cursor_stays_on_its_field_when_lines_above_it_go():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2", "v", "}", "enter")
        await move_to(seen, "network.bias")
        await seen.press("v")
        assert under_cursor(seen) == "network.bias"
        await seen.press("{", "{", "enter")
        await move_to(seen, "network.bias")
        assert labels(seen)[labels(seen).index("data") + 1] == "network"


async def test_a_hidden_field_under_the_cursor_gives_it_to_the_line_above():
    async with opened() as seen:
        await move_to(seen, "training.beta1")
        await seen.press("v")
        assert under_cursor(seen) == "training.optimizer"
        await move_to(seen, "network.bias")
        pane = seen.app.query_one("#hyperparameters")
        pane._cursor.toggle("network")
        assert pane._cursor.key == "network"


async def test_folding_and_unused_fields_last_when_another_experiment_is_opened():
    async with opened("blog") as seen:
        await seen.press("2", "v", "}", "}", "enter")
        seen.app.session.open("iris")
        await seen.settled()
        assert "samples" not in labels(seen)
        assert {"bias", "momentum"} <= {*labels(seen)}


async def test_unfolding_scrolls_to_the_fields_of_the_group():
    async with opened("iris", (120, 36)) as seen:
        await seen.press("2", "end", "{", "enter")
        at = labels(seen).index("training")
        fields = ["loss", "reduction", "class weights", "smooth labels", "input noise"]
        assert labels(seen)[at + 1 : at + 6] == fields
        assert re.search(r" \d+ more above, \d+ below ", seen.text)


async def test_on_a_group_keys_of_values_change_none():
    async with opened("circle") as seen:
        recipe = seen.app.session.recipe
        await seen.press("2", "}", "=")
        assert seen.info == "choose a field: its preset's value is restored"
        await seen.press("backspace")
        assert seen.app.session.recipe == recipe
        await seen.press("[")
        assert seen.app.session.recipe.training.learning_rate == recipe.training.learning_rate / 2


@pytest.mark.parametrize("key", ["data", "training.optimizer"])
async def test_actions_of_the_palette_that_do_not_fit_the_line_do_nothing(key):
    async with opened() as seen:
        pane = seen.app.query_one("#hyperparameters")
        pane._cursor.put(key)
        before = labels(seen)
        for action in ("fold", "edit") if key == "data" else ("fold", "unfold"):
            await seen.app.run_action(action, pane)
            await seen.settled()
        assert labels(seen) == before
        assert not pane.editing


async def test_a_changed_field_shows_the_presets_value_until_it_is_restored():
    async with opened() as seen:
        await seen.press("2", "[")
        assert re.search(r"│• learning rate +0\.5 +preset 1 │", seen.text)
        await seen.press("backspace")
        assert "preset 1" not in seen.text.split("╰")[2]
        assert "• learning" not in seen.text


async def test_the_wheel_moves_the_cursor():
    async with opened() as seen:
        await move_to(seen, "network.hidden")
        pane = seen.app.query_one("#hyperparameters")
        pane.on_mouse_scroll_down(None)
        assert pane.field.key == "training.penalty"
        pane.on_mouse_scroll_up(None)
        assert pane.field.key == "network.hidden"


async def test_a_truncated_value_is_whole_in_the_message_line():
    sizes = ", ".join(["12"] * 12)
    async with opened("circle", (160, 45), f"network.hidden={sizes}", "data.samples=20") as seen:
        await move_to(seen, "network.hidden")
        assert sizes not in "\n".join(seen.lines[:-2])
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
        for field in FIELDS.values():
            await move_to(seen, field.key)
            shown = seen.lines[-2].strip()
            assert shown == help_line(seen)
            assert shown.endswith(field.inactive_reason(seen.app.session.recipe) or field.help)


async def test_data_with_missing_values_are_asked_about(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gaps.csv").write_text("a,y\n1,2\n,3\n4,5\n")
    async with opened("sine", (80, 24), "data.samples=20") as seen:
        await move_to(seen, "data.source")
        await seen.press("enter", *"gaps.csv", "enter")
        assert "drop these rows 1 row dropped, 2 remain" in " ".join(seen.text.split())
        assert seen.app.session.name == "sine"
        await seen.press("enter")
        assert seen.info.endswith("1 row with missing values was dropped; u undoes it")
        assert seen.app.snapshot.dataset.samples == 2
        assert seen.app.session.requested_recipe.data.missing == "drop"
        await move_to(seen, "data.missing")
        assert "missing values  ‹drop›" in seen.text
        await seen.press("left")
        assert seen.info.endswith("a value is missing; such values are still dropped")
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
        ("view.pace", "left", "pace: no lower value to step to; enter lets you type one"),
        ("data.noise", "right", "noise: no higher value to step to; enter lets you type one"),
        ("data.source", "right", "data: no other value to step to; enter lets you type one"),
        ("data.features", "left", "features: no other value to step to; enter lets you type one"),
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
        await show_all(seen)
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


async def test_what_is_under_the_cursor_is_explained_below_the_list():
    async with opened("blog", size=(160, 45)) as seen:
        await seen.press("2")
        assert "step size of an update" in " ".join(visible(seen))
        await seen.press("down")
        assert "The rule that turns a gradient into" in " ".join(visible(seen))
        await seen.press("}")
        assert any(line.strip().startswith("data ──") for line in visible(seen))
        await show_all(seen)
        assert not any("──" in line and "learning rate" in line for line in visible(seen))
