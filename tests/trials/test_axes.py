"""``--vary``: values and ranges of a key, and their combinations."""

import pytest

from nn_tui.errors import InputError
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.trials.axes import parse_axis, random_settings
from nn_tui.trials.plan import SweepPlan


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("training.learning_rate=0.1,1,0.1", (0.1, 1.0)),
        ("training.momentum=0..0.8:5", (0.0, 0.2, 0.4, 0.6, 0.8)),
        ("training.learning_rate=0.001..1:7:log", (0.001, 0.003162, 0.01, 0.03162, 0.1, 0.3162, 1)),
        ("training.learning_rate=1e-3..1e-1:3:log", (0.001, 0.01, 0.1)),
        ("training.learning_rate=1..1.00001:3", (1.0, 1.000005, 1.00001)),
        ("training.epochs=1..4:9", (1, 2, 3, 4)),
        ("network.hidden=2|4|4,2|none", ((2,), (4,), (4, 2), ())),
        ("network.hidden=2,4", ((2,), (4,))),
        ("network.activation=tanh, relu", ("tanh", "relu")),
        ("training.batch_size=all,8", ("all", 8)),
        ("data.source=../a.csv,b.csv", ("../a.csv", "b.csv")),
    ],
)
def test_values_of_a_key(text, values):
    assert parse_axis(text).values == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("training.learning_rate", "has no values"),
        ("training.learning_rate=", "has no values"),
        ("training.learning_rat=1", "did you mean training.learning_rate"),
        ("training.learning_rate=1,x", "learning_rate = x is not allowed"),
        ("training.learning_rate=1,,2", "= nothing is not allowed"),
        ("training.learning_rate=1..0.1:3", "from a smaller to a larger"),
        ("training.momentum=0..0.9:3:log", "must begin above 0"),
        ("training.learning_rate=0.1..1:1", "from 2 to 1,000"),
        ("training.learning_rate=0.1..1e999:3", "1e999 is not allowed"),
        ("training.batch_size=all..9:3", "is not a range of numbers"),
        ("training.epochs=1..1000000:100000", "from 2 to 1,000"),
        ("view.pace=1,2", "no effect on the results"),
        ("training.replicas=1,2", "use --seeds"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_a_sentence(text, expected):
    with pytest.raises(RecipeError, match=expected):
        parse_axis(text)


def plan(*axes, **options):
    return SweepPlan("x", Recipe(), tuple(map(parse_axis, axes)), **options)


def test_a_grid_has_every_combination_seed_and_fold_once():
    made = plan("training.learning_rate=0.1,1", "network.hidden=2|3", seeds=2, folds=3)
    keys = [trial.key for trial in made.trials()]
    assert len({*keys}) == len(keys) == made.count == 2 * 2 * 2 * 3
    assert keys[0] == (("0.1", "2"), "1", 1)
    assert keys[-1] == (("1", "3"), "2", 3)
    last = [*made.trials()][-1].recipe
    assert (last.training.learning_rate, last.network.hidden, last.network.seed) == (1, (3,), 2)


@pytest.mark.parametrize(
    ("axes", "options", "expected"),
    [
        (["training.momentum=0,0.5", "training.momentum=0.9"], {}, "varied twice"),
        (["training.learning_rate=0.1..1"], {}, "needs a number of values"),
        (["network.seed=1,2"], {"seeds": 2}, "both choose the seeds"),
        (
            [f"training.{name}=0..0.9:1000" for name in ("momentum", "beta1", "beta2")],
            {},
            "maximum",
        ),
    ],
)
def test_what_cannot_be_combined_is_refused_in_a_sentence(axes, options, expected):
    with pytest.raises(InputError, match=expected):
        plan(*axes, **options)


def test_random_settings_are_distinct_and_in_range_and_more_of_them_continue():
    axes = [parse_axis("training.learning_rate=0.001..1:log"), parse_axis("training.epochs=5..9")]
    few, many = random_settings(axes, 5), random_settings(axes, 50)
    assert many[:5] == few
    assert len({*many}) == 50
    assert all(0.001 <= rate <= 1 and 5 <= epochs <= 9 for rate, epochs in many)
    assert sum(rate < 0.03 for rate, _ in many) > 15  # half of the decades
    assert len(random_settings([parse_axis("network.hidden=2,3")], 9)) == 2
    # A million are not drawn in vain where there are only a few.
    for axis, count in (("network.hidden=2,3", 2), ("training.epochs=5..9", 5)):
        assert len(random_settings([parse_axis(axis)], 1_000_000)) == count
