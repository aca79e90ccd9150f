"""What there is to choose from: data and what the network sees of it."""

import numpy as np
import pytest
from textual.widgets import OptionList

from tests.tui.dialogs.test_choose import listed
from tests.tui.screen import opened
from tests.tui.test_app import move_to


async def test_data_is_a_built_in_set_or_a_typed_path(tmp_path):
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n2,3\n3,5\n")
    async with opened() as seen:
        await move_to(seen, "data.source")
        await seen.press("enter", *"moon", "enter")
        assert seen.app.snapshot.dataset.name == "moons"
        await seen.press("enter", *str(tmp_path / "mine.csv"))
        assert listed(seen) == [str(tmp_path / "mine.csv")]
        await seen.press("enter")
        assert seen.app.snapshot.dataset.samples == 3


async def test_features_are_checked_and_used_at_once():
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
        assert "at least one must stay checked" in seen.text
        await seen.press("escape")
        assert seen.app.session.recipe.data.features == ("x1*x2",)
        assert seen.cells() == seen.painted_anew()


async def test_unchecked_columns_stay_in_the_list():
    async with opened("iris") as seen:
        await move_to(seen, "data.features")
        await seen.press("enter", "enter")
        names = listed(seen)
        assert seen.app.snapshot.dataset.input_names == tuple(names[1:])
        await seen.press("escape", "enter")
        assert listed(seen) == names
        await seen.press("enter")
        assert seen.app.snapshot.dataset.input_names == tuple(names)


async def test_unknown_columns_are_typed():
    async with opened("iris", (160, 45), "data.features=petal_length") as seen:
        await move_to(seen, "data.features")
        await seen.press("enter")
        assert seen.app.query_one("#hyperparameters").editing


TREES = "kind,height,leaf,age\n" + "\n".join(
    f"{'oak' if i % 2 else 'elm'},{i},{i * i % 7},{i % 5}" for i in range(20)
)


@pytest.fixture
def trees(tmp_path):
    path = tmp_path / "trees.csv"
    path.write_text(TREES)
    return str(path)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_the_target_is_one_of_the_files_columns_texts_and_those_left_out_too(trees, size):
    async with opened(trees, size, "data.features=height,leaf") as seen:
        await move_to(seen, "data.target")
        await seen.press("enter")
        assert listed(seen) == ["kind", "height", "leaf", "age"]
        assert seen.app.screen.query_one(OptionList).highlighted_option.id == "age"
        assert " age current target " in " ".join(seen.text.split())
        await seen.press("home", "up", "up", "up", "enter")
        assert seen.app.session.recipe.data.target == ("kind",)
        assert seen.app.snapshot.dataset.classes == ("elm", "oak")
        assert seen.app.query_one("#hyperparameters").has_focus
        assert seen.cells() == seen.painted_anew()


async def test_several_targets_are_typed_with_commas(trees):
    async with opened(trees) as seen:
        await move_to(seen, "data.target")
        await seen.press("enter", *"leaf,height")
        assert "leaf,height column names, separated by commas" in " ".join(seen.text.split())
        await seen.press("enter")
        assert seen.app.snapshot.dataset.target_names == ("leaf", "height")
        await seen.press("enter")
        assert seen.text.count("current target") == 2


async def test_a_column_with_a_comma_in_its_name_is_a_target_too(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text('"a,b",c\n1,2\n2,3\n4,5\n')
    async with opened(str(path)) as seen:
        await move_to(seen, "data.target")
        await seen.press("enter", "up", "enter")
        assert seen.app.session.recipe.data.target == ("a,b",)


async def test_the_columns_of_an_array_are_listed_and_a_built_in_sets_are_not(tmp_path):
    np.save(tmp_path / "mine.npy", np.arange(12.0).reshape(4, 3))
    async with opened(str(tmp_path / "mine.npy")) as seen:
        await move_to(seen, "data.target")
        await seen.press("enter")
        assert listed(seen) == ["x1", "x2", "y"]
    async with opened("iris") as seen:
        await move_to(seen, "data.target")
        await seen.press("enter")
        assert seen.app.query_one("#hyperparameters").editing


async def test_another_target_gets_the_loss_that_suits_it(tmp_path):
    path = tmp_path / "plants.csv"
    path.write_text("x,kind,height\n" + "".join(f"{k},{'ab'[k % 2]},{k}.5\n" for k in range(20)))
    async with opened(str(path)) as seen:
        assert seen.app.session.recipe.training.loss == "half_squared_error"
        for target, loss in (("kind", "binary_cross_entropy"), ("height", "half_squared_error")):
            await move_to(seen, "data.target")
            await seen.press("enter", *target, "enter")
            assert seen.app.snapshot.dataset.target_names == (target,)
            assert seen.app.session.recipe.training.loss == loss
