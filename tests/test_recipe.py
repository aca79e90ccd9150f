"""Recipes: the table of keys, TOML in and out, assignments, and what is said of mistakes."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.errors import InputError
from nn_tui.recipe.field_types import (
    ChoiceField,
    ClassWeightsField,
    FlagField,
    IntegerField,
    LayerSizes,
    NameList,
    NumberField,
    SeedField,
    TextField,
)
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import (
    check_recipe,
    from_toml,
    looks_like_recipe,
    to_toml,
    with_assignment,
    with_typed_value,
)
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.text import make_printable
from nn_tui.training.model_builder import scalar_values

BLOG = Recipe()


def test_the_default_is_the_blog():
    assert PRESETS["blog"].recipe == BLOG
    assert BLOG["data.source"] == "blog"
    assert BLOG["network.hidden"] == (4,)
    assert (BLOG["network.activation"], BLOG["network.output"]) == ("sigmoid", "sigmoid")
    assert BLOG["network.bias"] is False
    assert BLOG["training.loss"] == "half_squared_error"
    assert BLOG["training.learning_rate"] == 1.0
    assert BLOG["training.epochs"] == 50


def test_every_value_of_a_recipe_is_a_field_and_every_default_is_allowed():
    keys = {
        f"{section}.{name}"
        for section, values in tomllib.loads(to_toml(BLOG)).items()
        for name in values
    }
    inside = {
        f"{section}.{name}"
        for section in ("data", "network", "training", "view")
        for name in getattr(BLOG, section).__dataclass_fields__
    }
    assert keys == inside == set(FIELDS)
    for entry in FIELDS.values():
        assert entry.kind.check(entry.default) == entry.default
        assert entry.label and entry.help


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda p: p.name)
def test_presets_are_allowed_and_survive_toml(preset):
    check_recipe(preset.recipe)
    assert from_toml(to_toml(preset.recipe)) == preset.recipe
    assert preset.help


def values_of(kind):
    if isinstance(kind, NumberField):
        plain = st.floats(kind.low, kind.high, exclude_min=kind.above)
        return st.one_of(plain, st.just(kind.word)) if kind.word else plain
    if isinstance(kind, IntegerField):
        plain = st.integers(kind.low, kind.high)
        return st.one_of(plain, st.just(kind.word)) if kind.word else plain
    if isinstance(kind, ChoiceField):
        return st.sampled_from(kind.choices)
    if isinstance(kind, FlagField):
        return st.booleans()
    if isinstance(kind, LayerSizes):
        return st.lists(st.integers(1, kind.most_units), max_size=kind.most_layers).map(tuple)
    if isinstance(kind, SeedField):
        texts = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=100)
        return st.one_of(st.integers(0, kind.most), texts)
    if isinstance(kind, NameList):
        name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(make_printable)
        return st.lists(name, max_size=4).map(tuple)
    if isinstance(kind, ClassWeightsField):
        weights = st.floats(0, 1e6, exclude_min=True)
        name = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
        named = st.builds("{}:{}".format, name.filter(str.strip), st.integers(1, 9))
        several = st.one_of(
            st.lists(weights, min_size=1, max_size=4), st.lists(named, min_size=1, max_size=4)
        )
        return st.one_of(st.sampled_from(["none", "balanced"]), several.map(kind.check))
    assert isinstance(kind, TextField)
    return st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@st.composite
def recipes(draw):
    recipe = BLOG
    for key, entry in FIELDS.items():
        recipe = recipe.with_value(key, draw(values_of(entry.kind)))
    return recipe


@given(recipes())
def test_any_recipe_survives_toml_to_the_last_bit(recipe):
    text = to_toml(recipe)
    try:
        check_recipe(recipe)
    except RecipeError:
        with pytest.raises(RecipeError):
            from_toml(text)
    else:
        assert from_toml(text) == recipe


def test_a_file_that_says_nothing_is_the_blog():
    assert from_toml("") == BLOG


def test_a_file_says_what_it_says():
    recipe = from_toml("[network]\nhidden = []\nbias = true\n[training]\nlearning_rate = 2\n")
    assert recipe.network.hidden == ()
    assert recipe.network.bias is True
    assert recipe.training.learning_rate == 2.0
    assert recipe.data == BLOG.data


@pytest.mark.parametrize(
    ("assignment", "key", "value"),
    [
        ("training.learning_rate=0.3", "training.learning_rate", 0.3),
        (" network.hidden = 4,2", "network.hidden", (4, 2)),
        ("training.batch_size=all", "training.batch_size", "all"),
        ("network.bias=on", "network.bias", True),
    ],
)
def test_assignments(assignment, key, value):
    changed = with_assignment(BLOG, assignment)
    assert changed[key] == value
    assert changed.with_value(key, BLOG[key]) == BLOG


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ("training.learning_rate=-1", ["training.learning_rate = -1", "a number above 0"]),
        ("training.learning_rate=", ["training.learning_rate = nothing"]),
        ("network.hidden=4,x", ["network.hidden = 4,x", "comma-separated layer sizes"]),
        ("network.hiden=4", ["network.hiden", "did you mean network.hidden?"]),
        ("learning_rate=1", ["did you mean training.learning_rate?"]),
        ("network.learning_rate=1", ["did you mean training.learning_rate?"]),
        ("training.lr=1", ["did you mean training.learning_rate?"]),
        ("lr=1", ["did you mean training.learning_rate?"]),
        ("eta=1", ["did you mean training.learning_rate?"]),
        ("alpha=1", ["did you mean training.learning_rate or training.penalty_rate?"]),
        ("wd=1", ["did you mean training.penalty_rate?"]),
        ("reg=l2", ["did you mean training.penalty?"]),
        ("layers=4", ["did you mean network.hidden?"]),
        ("model.layers=4", ["did you mean network.hidden?"]),
        ("epoch=4", ["did you mean training.epochs?"]),
        ("seed=4", ["did you mean data.seed or network.seed?"]),
        ("network.Seed=4", ["did you mean network.seed?"]),
        ("training.loss=mse", ["(did you mean half_squared_error?)"]),
        ("zzz=1", ["nn-tui list shows all keys"]),
        ("training.epochs", ["KEY=VALUE"]),
        ("network.activation=" + "x" * 500, ["network.activation = xxx", "..."]),
    ],
)
def test_a_mistake_names_key_value_and_what_is_allowed(assignment, said):
    with pytest.raises(RecipeError) as caught:
        with_assignment(BLOG, assignment)
    for words in said:
        assert words in str(caught.value)
    assert len(str(caught.value)) < 600
    assert isinstance(caught.value, InputError)


def test_fields_that_do_not_fit_together_are_refused_together():
    recipe = with_typed_value(BLOG, "training.loss", "binary_cross_entropy")
    check_recipe(recipe)
    with pytest.raises(RecipeError, match=r"network\.output = tanh is not compatible"):
        check_recipe(with_typed_value(recipe, "network.output", "tanh"))
    with pytest.raises(RecipeError, match="is not compatible"):
        from_toml('[training]\nloss = "binary_cross_entropy"\n[network]\noutput = "linear"')


def test_a_field_says_why_it_does_nothing():
    assert "not used by sgd" in FIELDS["training.momentum"].inactive_reason(BLOG)
    rolling = with_typed_value(BLOG, "training.optimizer", "momentum")
    assert FIELDS["training.momentum"].inactive_reason(rolling) == ""
    assert FIELDS["data.samples"].inactive_reason(BLOG) != ""
    assert FIELDS["data.samples"].inactive_reason(PRESETS["circle"].recipe) == ""


@given(st.text(max_size=80))
def test_any_text_is_a_recipe_or_a_sentence(text):
    try:
        from_toml(text)
    except RecipeError as error:
        assert str(error)


@pytest.mark.parametrize(
    "text",
    [
        to_toml(BLOG),
        "network.hidden = [3]",
        "# ours\r\n[ data ]\r\nsource = 'x.csv'",
        "view = {pace = 3}",
        "[trainig]\n[training]\nlearning_rat = 3",
    ],
)
def test_what_is_meant_as_a_recipe_is_told_also_where_it_is_wrong(text):
    assert looks_like_recipe(text)


@pytest.mark.parametrize(
    "text", ["", "[project]\nname = 'x'\n[tool.data]\nx = 3", "[database]", "datab = 3"]
)
def test_other_toml_is_no_recipe(text):
    assert not looks_like_recipe(text)


def test_rmsprop_of_earlier_recipes_keeps_its_decay_rate():
    earlier = from_toml('[training]\noptimizer = "rmsprop"\nbeta2 = 0.95\n')
    assert scalar_values(earlier)["rho"] == 0.95
    assert scalar_values(earlier.with_value("training.beta2", 0.5))["rho"] == 0.5
    assert from_toml(to_toml(earlier)) == earlier
    assert scalar_values(from_toml('[training]\noptimizer = "rmsprop"\n'))["rho"] == 0.999
    assert scalar_values(from_toml('[training]\noptimizer = "rmsprop"\nrho = 0.8\n'))["rho"] == 0.8
    assert Recipe().training.rho == 0.9
