"""The order of the fields on the screen, their groups, and which of them have no effect."""

from itertools import chain

import pytest

from nn_tui.data.labels import TASKS
from nn_tui.data.sources import ORDERS, SOURCES
from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.recipe.field_groups import GROUPS, fields_in, group_of, unused_fields
from nn_tui.recipe.field_types import FlagField
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.presets import PRESETS, recipe_for_file
from nn_tui.recipe.recipe import Recipe

RECIPES = {name: preset.recipe for name, preset in PRESETS.items()} | {
    "file": recipe_for_file("some/houses.csv"),
    "piped": recipe_for_file("-"),
}


def changed(recipe, **values):
    for key, value in values.items():
        recipe = recipe.with_value(key.replace("__", "."), value)
    return recipe


def test_every_field_is_in_exactly_one_group():
    shown = [field.key for group in ("", *GROUPS) for field in fields_in(group)]
    assert sorted(shown) == sorted(FIELDS)


@pytest.mark.parametrize("section", sorted({field.section for field in FIELDS.values()}))
def test_a_new_field_of_any_section_falls_into_a_group(section):
    new = Field(f"{section}.invented", "invented", FlagField(), "a field added later")
    assert group_of(new) in GROUPS
    assert new in fields_in(group_of(new), [*FIELDS.values(), new])


def test_a_new_number_of_an_optimizer_is_shown_beneath_it():
    new = Field(
        "training.invented", "invented", FlagField(), "added later", beneath="training.optimizer"
    )
    keys = [field.key for field in fields_in("", [*FIELDS.values(), new])]
    between = keys[keys.index("training.optimizer") : keys.index("network.hidden")]
    assert between[-1] == "training.invented"


def test_a_field_is_beneath_a_field_that_is_beneath_none():
    for field in FIELDS.values():
        assert not field.beneath or not FIELDS[field.beneath].beneath


def test_the_numbers_of_every_optimizer_are_beneath_it():
    for name in chain.from_iterable(entry.scalars for entry in OPTIMIZERS.values()):
        assert FIELDS[f"training.{name}"].beneath == "training.optimizer"


def test_what_people_change_comes_first():
    assert [f.label for f in fields_in("") if not f.beneath] == [
        "learning rate",
        "optimizer",
        "hidden layers",
        "activation",
        "batch size",
        "regularization",
        "epochs",
        "noise",
    ]


@pytest.mark.parametrize(
    ("name", "group", "summary"),
    [
        ("circle", "data", "circle · 500 samples · 50 % train"),
        ("hills", "data", "hills · 1,200 samples · 50 % train"),
        ("blog", "data", "blog · 100 % train"),
        ("iris", "data", "iris · 80 % train · standard"),
        ("file", "data", "houses.csv · 80 % train · standard"),
        ("piped", "data", "standard input · 80 % train · standard"),
        ("blog", "network", "sigmoid output · no bias · uniform"),
        ("file", "network", "auto output · bias · xavier"),
        ("blog", "training", "half squared error · sum"),
        ("iris", "training", "cross entropy · mean · shuffled"),
        ("blog", "speed", "10 epochs/s"),
        ("iris", "speed", "full speed"),
    ],
)
def test_a_summary_has_the_values_of_its_group(name, group, summary):
    assert " · ".join(GROUPS[group].summary(RECIPES[name])) == summary


def test_a_summary_leaves_out_what_has_no_effect():
    recipe = changed(Recipe(), training__shuffle=True, data__samples=30)
    assert "shuffled" not in " ".join(GROUPS["training"].summary(recipe))
    assert "30" not in " ".join(GROUPS["data"].summary(recipe))


def test_a_summary_has_what_is_set_rarely():
    recipe = changed(
        RECIPES["circle"],
        data__features=("x1",),
        data__test_fraction=0.999,
        training__stop_loss=0.01,
        training__evaluate_every=10,
        network__dtype="float32",
        view__pace=1.0,
    )
    told = {name: [*group.summary(recipe)] for name, group in GROUPS.items()}
    assert told["data"][2:] == ["0.1 % train", "1 feature"]
    assert told["training"][-1] == "until 0.01"
    assert told["speed"] == ["1 epoch/s", "loss every 10", "float32"]


def test_a_summary_of_a_file_with_a_hostile_name_is_printable():
    recipe = recipe_for_file("folder/\x1b]52;c;x\x07.csv")
    assert " ".join(GROUPS["data"].summary(recipe)).isprintable()


@pytest.mark.parametrize("name", RECIPES)
def test_unused_fields_are_those_with_a_reason(name):
    recipe = RECIPES[name]
    unused = {field.key for field in unused_fields(recipe)}
    assert unused == {key for key, field in FIELDS.items() if field.inactive_reason(recipe)}
    assert "training.learning_rate" not in unused


def points(recipe, seed):
    dataset = dataset_of(recipe.with_value("data.seed", seed))
    return dataset.inputs.tolist(), dataset.targets.tolist()


@pytest.mark.parametrize("source", [*SOURCES, "file"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("fraction", ["auto", 0, 0.5])
def test_the_data_seed_changes_the_data_where_it_is_said_to_be_used(
    source, order, fraction, tmp_path
):
    if source == "file":
        (tmp_path / "sorted.csv").write_text("a,y\n" + "".join(f"{i},{i}\n" for i in range(20)))
        source = str(tmp_path / "sorted.csv")
    recipe = changed(
        Recipe(),
        data__source=source,
        data__order=order,
        data__test_fraction=fraction,
        data__samples=20,
    )
    first, *others = (points(recipe, seed) for seed in range(4))
    used = any(other != first for other in others)
    assert used == (FIELDS["data.seed"].inactive_reason(recipe) == "")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("loss", ["half_squared_error", "cross_entropy"])
def test_targets_are_scaled_where_the_scaling_is_said_to_be_used(source, task, loss):
    recipe = changed(
        Recipe(),
        data__source=source,
        data__task=task,
        data__samples=20,
        training__loss=loss,
        network__output="softmax" if loss == "cross_entropy" else "linear",
    )
    try:
        scaled, plain = (
            dataset_of(recipe.with_value("data.target_scale", scale)).target_scaling
            for scale in ("standard", "none")
        )
    except InputError:
        return  # the source has no such targets
    used = FIELDS["data.target_scale"].inactive_reason(recipe) == ""
    assert (scaled != plain) <= used
    assert used <= (scaled != plain or source in ("iris", "digits"))  # only their data tell


def test_the_weight_seed_has_no_effect_on_zeros_unless_samples_are_shuffled():
    reason = FIELDS["network.seed"].inactive_reason
    zeros = changed(Recipe(), network__init="zeros")
    assert reason(Recipe()) == ""
    assert reason(zeros) == "zeros are not random, and nothing is shuffled"
    assert reason(changed(zeros, training__shuffle=True)) != ""
    assert reason(changed(zeros, training__shuffle=True, training__batch_size=2)) == ""
