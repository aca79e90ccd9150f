"""What a person may type for a value, and what is said about the rest."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.recipe.field_types import (
    ChoiceField,
    FlagField,
    IntegerField,
    LayerSizes,
    NameList,
    NumberField,
    TextField,
)
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import check_value
from nn_tui.recipe.recipe import RecipeError

RATE = NumberField(0, 1e6, above=True)
NOISE = NumberField(0, 0.8)
COUNT = IntegerField(1, 10_000, word="all")
NAMES = ChoiceField(lambda: ("sigmoid", "tanh"))
HIDDEN = LayerSizes(3, 100)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (RATE, "0.3", 0.3),
        (RATE, " 1e-3 ", 0.001),
        (NOISE, "0", 0.0),
        (NumberField(0, 1, word="auto"), "Auto", "auto"),
        (COUNT, "12", 12),
        (COUNT, "1,000", 1000),
        (COUNT, "1_000", 1000),
        (COUNT, "+5", 5),
        (COUNT, "ALL", "all"),
        (NAMES, " tanh ", "tanh"),
        (FlagField(), "Yes", True),
        (FlagField(), "false", False),
        (HIDDEN, "4", (4,)),
        (HIDDEN, "4, 2", (4, 2)),
        (HIDDEN, "[4, 2]", (4, 2)),
        (HIDDEN, "", ()),
        (HIDDEN, "[]", ()),
        (HIDDEN, "none", ()),
        (TextField(), " blog ", "blog"),
    ],
)
def test_what_may_be_typed(kind, text, value):
    parsed = kind.parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (RATE, ["", "fast", "0", "-1", "nan", "inf", "1e400", "1e7", "0,5", "1 2"]),
        (NOISE, ["-0.001", "0.9", "auto"]),
        (COUNT, ["", "0", "-1", "1.5", "1e3", "10001", "+-3", "--3", "²", "٣", "9" * 30, "none"]),
        (NAMES, ["", "Tanh", "relu"]),
        (FlagField(), ["", "maybe", "2"]),
        (HIDDEN, ["4,,2", ",", "4,", "0", "-4", "101", "1,1,1,1", "4 2", "four", "²", "9" * 30]),
        (TextField(), ["", "  "]),
    ],
)
def test_what_may_not_be_typed(kind, texts):
    for text in texts:
        with pytest.raises(ValueError, match=r"^it must be ") as caught:
            kind.parse(text)
        assert kind.allowed in str(caught.value), text


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (RATE, [True, "0.1", None, [1.0], math.nan, 10**400]),
        (COUNT, [True, 1.0, "12", None, 10**400]),
        (NAMES, [1, None, ["tanh"], {}]),
        (FlagField(), [1, 0, "true", None]),
        (HIDDEN, [4, "4", [True], [4.0], [[4]], [0], [101], [1, 1, 1, 1], None]),
        (TextField(), [1, None, [], ""]),
    ],
)
def test_what_may_not_stand_in_a_file(kind, values):
    for value in values:
        with pytest.raises(ValueError, match=r"^it must be "):
            kind.check(value)


def test_a_near_miss_is_pointed_out():
    with pytest.raises(ValueError, match=r"did you mean sigmoid\?"):
        NAMES.parse("sigmiod")


def test_the_bounds_are_told():
    assert RATE.allowed == "a number above 0 and at most 1e+06"
    assert NOISE.allowed == "a number from 0 to 0.8"
    assert COUNT.allowed == "'all' or a whole number from 1 to 10,000"
    assert NAMES.allowed == "one of sigmoid, tanh"


@given(st.floats(1e-12, 1e6))
def test_a_number_survives_being_shown_to_twelve_digits(value):
    assert RATE.parse(RATE.show(value)) == pytest.approx(value, rel=1e-11)


@given(st.lists(st.integers(1, 100), max_size=3))
def test_sizes_survive_being_shown(sizes):
    assert HIDDEN.parse(HIDDEN.show(tuple(sizes))) == tuple(sizes)


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_sentence(text):
    for kind in (RATE, COUNT, NAMES, FlagField(), HIDDEN, TextField()):
        try:
            value = kind.parse(text)
        except ValueError as error:
            assert str(error).startswith("it must be ")
        else:
            assert kind.check(value) == value


def test_names_with_commas_and_quotes_are_read_as_they_are_shown():
    kind = NameList("columns", "all")
    names = ("plain", "size, in cm", 'a "quoted" one', "x1*x2")
    assert kind.parse(kind.show(names)) == names


def test_choices_have_the_registrys_help():
    described = ChoiceField(lambda: {"a": "the first", "b": "the second"})
    assert described.choices == ("a", "b")
    assert described.help_of("b") == "the second"
    assert ChoiceField(lambda: ("a", "b")).help_of("a") == ""
    assert "squared" in FIELDS["training.loss"].kind.help_of("half_squared_error")


def test_a_function_has_no_number_for_each_pair_of_samples():
    with pytest.raises(RecipeError, match="too many"):
        check_value("functions.own", "x @ x.T @ x")
