"""The columns of a data file: which are inputs, and which is the target."""

import pytest

from nn_tui import experiment
from nn_tui.tui.screens.columns import ColumnsScreen
from tests.tui.screen import opened

SIZES = [(160, 45), (120, 36), (80, 24), (40, 12)]


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    rows = [
        f"Person no. {i} of {i * i},{'' if i % 9 == 3 else 20 + i % 40},{'mf'[i % 2]},"
        f"{10 + i % 7}.5,{'yes' if i % 3 else 'no'}"
        for i in range(160)
    ]
    path.write_text("\n".join(["name,age,sex,fare,survived", *rows]))
    return str(path)


def line_of(seen, name):
    return next(line for line in seen.lines if f" {name} " in line)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_every_column_is_listed_with_its_role(people, size):
    async with opened(people, size) as seen:
        await seen.press("1", "c")
        assert isinstance(seen.app.screen, ColumnsScreen)
        for name, mark in zip(("name", "age", "sex", "fare"), "☐▣▣▣", strict=True):
            assert mark in line_of(seen, name)
        assert seen.cells() == seen.painted_anew()
        if size[0] >= 80:
            assert "text" in line_of(seen, "name")
            assert " 2 " in line_of(seen, "sex")
            assert "category" in line_of(seen, "sex")
            assert "left out" in line_of(seen, "name")
        if size[0] >= 120:
            assert "18" in line_of(seen, "age").split()
            assert "missing values filled in" in line_of(seen, "age")


async def test_a_column_is_left_out_and_taken_in_again(people):
    async with opened(people, (120, 36)) as seen:
        before = seen.app.snapshot.dataset
        await seen.press("1", "c", "down", "space", "down", "down", "space", "enter")
        dataset, recipe = seen.app.snapshot.dataset, seen.app.snapshot.recipe
        assert dataset.input_names == ("sex=f", "sex=m")
        assert recipe.data.features == ("-age", "-fare")
        assert recipe.data.target == ("survived",)
        await seen.press("1", "c")
        assert "☐" in line_of(seen, "fare")
        await seen.press("down", "space", "down", "down", "space", "enter")
        assert seen.app.snapshot.dataset.input_names == before.input_names


async def test_another_column_becomes_the_target(people):
    async with opened(people, (80, 24)) as seen:
        await seen.press("1", "c", "down", "down", "down", "y")
        assert "◎" in line_of(seen, "fare")
        assert "▣" in line_of(seen, "survived")
        await seen.press("enter")
        dataset = seen.app.snapshot.dataset
        assert dataset.target_names == ("fare",)
        assert not dataset.classes
        assert "survived=yes" in dataset.input_names
        assert seen.app.snapshot.network.output == "linear"
        await seen.press("u")
        assert seen.app.snapshot.dataset.target_names == ("survived",)


async def test_missing_values_are_dropped_on_request(people):
    async with opened(people, (120, 36)) as seen:
        rows = seen.app.snapshot.dataset.samples
        await seen.press("1", "c", "f")
        while "missing values: drop" not in seen.text:
            await seen.press("f")
        await seen.press("enter")
        assert seen.app.snapshot.recipe.data.missing == "drop"
        assert seen.app.snapshot.dataset.samples < rows


async def test_a_choice_that_cannot_train_says_why(people):
    async with opened(people, (120, 36)) as seen:
        await seen.press("1", "c", "end", "space")
        assert "no target: y makes a column the target" in seen.text
        await seen.press("enter")
        assert isinstance(seen.app.screen, ColumnsScreen)
        await seen.press("y", *["up", "space"] * 3)
        assert "no input: space takes a column in" in seen.text
        await seen.press("escape")
        assert seen.app.snapshot.recipe.data.features == ()


async def test_without_a_change_the_run_stays(people):
    async with opened(people, (120, 36)) as seen:
        await seen.train(5)
        await seen.press("1", "c", "down", "space", "space", "enter")
        assert seen.app.snapshot.epoch == 5


async def test_data_that_are_no_table_have_no_columns_to_choose():
    async with opened("circle", (120, 36)) as seen:
        await seen.press("1", "c")
        assert "these data are no table from a file" in seen.info
        assert "c columns" not in seen.lines[-1]


async def test_opening_a_file_that_raises_a_question_shows_its_columns(people, tmp_path):
    """Enter accepts all suggestions; a file without a question opens straight."""
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join(["a,b,y", *(f"{i}.5,{i % 7}.5,{i % 5}.25" for i in range(60))]))
    async with opened("blog", (120, 36)) as seen:
        seen.app.session.open(str(plain))
        await seen.settled()
        assert not isinstance(seen.app.screen, ColumnsScreen)
        seen.app.session.open(people)
        await seen.settled()
        assert isinstance(seen.app.screen, ColumnsScreen)
        await seen.press("down")
        for text in ("people.csv", "18 of 160 missing", "to beat: 6", "age_missing", "median"):
            assert text in seen.text, text
        await seen.press("enter")
        assert not isinstance(seen.app.screen, ColumnsScreen)
        assert seen.app.snapshot.dataset.input_names[0] == "age"


async def test_the_name_of_a_column_that_cannot_be_used_is_no_markup(tmp_path):
    table = tmp_path / "odd.csv"
    async with opened("blog", (80, 24)) as seen:
        for name in ("[/]", "[@click=app.quit]x[/]"):
            rows = [f"{i}.5,{i % 7}.25,{i % 3 * 1.5}" for i in range(60)]
            table.write_text("\n".join([f"{name},age,y", *rows, "tall,1,0.5"]))
            seen.app.session.open(str(table))
            await seen.settled()
            assert f"The column {name} " in seen.text
            await seen.press("escape")


async def test_a_file_named_on_the_command_line_opens_with_its_columns_as_well(people):
    async with opened(people, (80, 24), asks_columns=True) as seen:
        assert isinstance(seen.app.screen, ColumnsScreen)
        await seen.press("down", "space", "enter")
        assert not isinstance(seen.app.screen, ColumnsScreen)
        assert "age" not in seen.app.snapshot.dataset.input_names


async def test_a_file_with_a_column_that_cannot_be_used_is_no_dead_end(tmp_path):
    """The way on is offered: without the column, as categories, or with another target."""
    odd, one_class = tmp_path / "odd.csv", tmp_path / "one_class.csv"
    rows = [f"{i}.5,{i % 7}.25,{i % 3 * 1.5}" for i in range(60)]
    odd.write_text("\n".join(["size,age,y", *rows[:40], "tall,1,0.5", *rows[40:]]))
    one_class.write_text("\n".join(["a,b,c", *(f"{i}.5,{i % 7}.25,same" for i in range(60))]))
    async with opened("blog", (80, 24)) as seen:
        seen.app.session.open(str(odd))
        await seen.settled()
        assert "odd.csv: line 42, column 1 (size): 'tall' is not a number" in " ".join(
            seen.text.replace("│", " ").split()
        )
        assert "leave the column out" in seen.text and "read it as categories" in seen.text
        assert seen.app.snapshot.dataset.name == "blog"
        assert seen.cells() == seen.painted_anew()
        await seen.press("enter")
        assert seen.app.snapshot.dataset.input_names == ("age",)
        seen.app.session.open(str(one_class), "", ["data.features=-a"])
        await seen.settled()
        await seen.press("down", "enter")
        assert seen.app.snapshot.dataset.target_names == ("b",)
        assert seen.app.snapshot.recipe.data.features == ("-a",)


async def test_what_a_recipe_says_of_columns_holds_for_the_answer_too(tmp_path):
    rows = [f"{i}.5,{i % 7}.25,{i % 5},{i % 3 * 1.5}" for i in range(60)]
    table, recipe = tmp_path / "odd.csv", tmp_path / "odd.toml"
    table.write_text("\n".join(["size,age,secret,y", *rows, "tall,1,1,0.5"]))
    recipe.write_text(f'[data]\nsource = "{table}"\ncolumns = "auto"\nfeatures = ["-secret"]\n')
    async with opened("blog", (80, 24)) as seen:
        for keys, inputs in ((("enter",), ["age"]), (("down", "enter"), ["size", "age"])):
            seen.app.session.open(str(recipe))
            await seen.settled()
            await seen.press(*keys)
            found = seen.app.snapshot.dataset.input_names
            assert [*dict.fromkeys(n.partition("=")[0] for n in found)] == inputs
        seen.app.session.open(str(recipe), "", ["data.features=-secret, -age"])
        await seen.settled()
        assert "read it as categories" in seen.text and "leave the column out" not in seen.text


async def test_numbers_become_categories_and_classes_become_numbers(people):
    async with opened(people, (120, 36)) as seen:
        await seen.press("1", "c", "down", "down", "t")
        assert "read as categories" in seen.text
        await seen.press("down", "t")
        assert "one-hot" in line_of(seen, "fare")
        await seen.press("down", "t")
        assert "learned as classes" in seen.text
        await seen.press("enter")
        assert seen.app.snapshot.recipe.data.categories == ("fare",)
        assert "fare=10.5" in seen.app.snapshot.dataset.input_names


def test_only_what_nobody_has_decided_is_asked(people):
    assert experiment.load_experiment(people).asks_columns
    assert not experiment.load_experiment(people, ["data.features=age"]).asks_columns
    assert not experiment.load_experiment("iris").asks_columns
