"""Lists to choose from."""

import pytest
from textual.widgets import OptionList

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.tui.screens.choose import ChooseScreen, Entry
from nn_tui.tui.screens.find import matching
from tests.tui.screen import opened
from tests.tui.test_app import move_to

ENTRIES = [
    Entry("sgd", "the step is the rate times the slope"),
    Entry("momentum", "steps go on like a ball; see nesterov"),
    Entry("nesterov", "momentum that looks ahead"),
]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", ["sgd", "momentum", "nesterov"]),
        ("ne", ["nesterov", "momentum"]),
        ("MENT", ["momentum", "nesterov"]),
        ("step rate", ["sgd"]),
        ("zebra", []),
    ],
)
def test_names_that_begin_so_come_before_names_and_help_that_have_it(typed, names):
    assert [entry.name for entry in matching(ENTRIES, typed)] == names


def listed(seen):
    return [option.id for option in seen.app.screen.query_one(OptionList).options]


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
async def test_every_choice_says_what_it_is(size):
    async with opened("circle", size) as seen:
        await move_to(seen, "network.activation")
        await seen.press("enter")
        assert listed(seen) == [*ACTIVATIONS]
        assert ACTIVATIONS["tanh"].help[:20] in " ".join(seen.text.split()) or size[0] < 80
        assert seen.app.screen.query_one(OptionList).highlighted_option.id == "tanh"
        await seen.press("escape")
        assert seen.app.session.recipe.network.activation == "tanh"
        assert seen.cells() == seen.painted_anew()


async def test_typing_finds_arrows_move_and_enter_takes_at_once():
    async with opened() as seen:
        await move_to(seen, "training.optimizer")
        await seen.press("enter", *"m", "down", "up", *"om", "enter")
        assert seen.app.session.recipe.training.optimizer == "momentum"
        assert not isinstance(seen.app.screen, ChooseScreen)
        assert seen.info == "optimizer is momentum"


async def test_a_click_takes_too():
    async with opened() as seen:
        await move_to(seen, "training.optimizer")
        await seen.press("enter")
        row = next(y for y, line in enumerate(seen.lines) if " nesterov " in line)
        assert await seen.pilot.click(offset=(4, row))
        await seen.settled()
        assert seen.app.session.recipe.training.optimizer == "nesterov"


async def test_data_is_a_built_in_set_or_the_path_that_one_types(tmp_path):
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    async with opened() as seen:
        await move_to(seen, "data.source")
        await seen.press("enter", *"moon", "enter")
        assert seen.app.snapshot.dataset.name == "moons"
        await seen.press("enter", *str(tmp_path / "mine.csv"))
        assert listed(seen) == [str(tmp_path / "mine.csv")]
        await seen.press("enter")
        assert seen.app.snapshot.dataset.samples == 3


async def test_features_are_ticked_and_the_network_sees_them_at_once():
    async with opened("circle", (160, 45), "data.samples=60") as seen:
        await move_to(seen, "data.features")
        await seen.press("enter")
        assert "[x] x2 " in seen.text
        assert "[ ] x1*x2 " in seen.text
        await seen.press(*"x1*", "enter")
        assert seen.app.snapshot.dataset.input_names == ("x1", "x2", "x1*x2")
        assert "[x] x1*x2 " in seen.text
        await seen.press(*["backspace"] * 3, "home")
        await seen.press("up", "up", "up", "up", "up", "enter", "down", "enter", "down", "down")
        assert seen.app.snapshot.dataset.input_names == ("x1*x2",)
        await seen.press("down", "enter")
        assert "the last one stays" in seen.text
        await seen.press("escape")
        assert seen.app.session.recipe.data.features == ("x1*x2",)
        assert seen.cells() == seen.painted_anew()


async def test_columns_come_back_that_were_switched_off():
    async with opened("iris") as seen:
        await move_to(seen, "data.features")
        await seen.press("enter", "enter")
        names = listed(seen)
        assert seen.app.snapshot.dataset.input_names == tuple(names[1:])
        await seen.press("escape", "enter")
        assert listed(seen) == names
        await seen.press("enter")
        assert seen.app.snapshot.dataset.input_names == tuple(names)


async def test_columns_that_were_never_read_are_typed():
    async with opened("iris", (160, 45), "data.features=petal_length") as seen:
        await move_to(seen, "data.features")
        await seen.press("enter")
        assert seen.app.query_one("#hyperparameters").editing
