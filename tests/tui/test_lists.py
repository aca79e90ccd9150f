"""What there is to choose from: data and what the network sees of it."""

from tests.tui.screen import opened
from tests.tui.screens.test_choose import listed
from tests.tui.test_app import move_to


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
