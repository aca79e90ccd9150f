"""Lists to choose from."""

import pytest
from textual.widgets import OptionList

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.tui.dialogs.choose import Choice, ChoiceDialog
from nn_tui.tui.dialogs.list_dialog import matching
from tests.tui.screen import opened
from tests.tui.test_app import move_to

ENTRIES = [
    Choice("sgd", "the step is the rate times the slope"),
    Choice("momentum", "steps go on like a ball; see nesterov"),
    Choice("nesterov", "momentum that looks ahead"),
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
def test_matches_at_the_start_of_a_name_come_first(typed, names):
    assert [entry.name for entry in matching(ENTRIES, typed)] == names


def listed(seen):
    return [option.id for option in seen.app.screen.query_one(OptionList).options]


@pytest.mark.parametrize("size", [(160, 45), (80, 24), (40, 12)])
async def test_every_choice_shows_its_help(size):
    async with opened("circle", size) as seen:
        await move_to(seen, "network.activation")
        await seen.press("enter")
        assert listed(seen) == [*ACTIVATIONS]
        assert ACTIVATIONS["tanh"].help[:20] in " ".join(seen.text.split()) or size[0] < 80
        assert seen.app.screen.query_one(OptionList).highlighted_option.id == "tanh"
        await seen.press("escape")
        assert seen.app.session.recipe.network.activation == "tanh"
        assert seen.cells() == seen.painted_anew()


async def test_typing_filters_arrows_move_and_enter_chooses():
    async with opened() as seen:
        await move_to(seen, "training.optimizer")
        await seen.press("enter", *"m", "down", "up", *"om", "enter")
        assert seen.app.session.recipe.training.optimizer == "momentum"
        assert not isinstance(seen.app.screen, ChoiceDialog)
        assert seen.info == "optimizer is momentum"


async def test_a_click_chooses():
    async with opened() as seen:
        await move_to(seen, "training.optimizer")
        await seen.press("enter")
        row = next(y for y, line in enumerate(seen.lines) if " nesterov " in line)
        assert await seen.pilot.click(offset=(4, row))
        await seen.settled()
        assert seen.app.session.recipe.training.optimizer == "nesterov"
