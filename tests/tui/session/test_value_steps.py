"""Stepped values are allowed values."""

import itertools
from contextlib import suppress

import pytest

from nn_tui.recipe.field_types import ChoiceField, FlagField, IntegerField, LayerSizes, NumberField
from nn_tui.recipe.fields import FIELDS
from nn_tui.tui.session.value_steps import has_steps, next_value, scaled_value

EVERY = list(FIELDS.values())
LADDERS = [f for f in EVERY if isinstance(f.kind, IntegerField | NumberField)]


def values_on_the_way(field, value, direction, count):
    """The values of so many steps, with the first."""
    values = [value]
    for _ in range(count):
        values.append(field.kind.check(next_value(field, values[-1], direction)))
    return values


def starts(field):
    """Allowed values of every kind, including the bounds."""
    kind = field.kind
    match kind:
        case ChoiceField():
            return list(kind.choices)
        case FlagField():
            return [True, False]
        case LayerSizes():
            return [(), (1,), (4, 2), (kind.most_units,), (1,) * kind.most_layers]
        case IntegerField() | NumberField():
            share = (kind.high - kind.low) / 3
            low = kind.low + (1e-9 if getattr(kind, "above", False) else 0)
            between = [low, low + share, kind.high, 0.37, 7, 1e-7, 3.3e-5, 12345]
            words = [kind.word] if kind.word else []
            allowed = []
            for value in [*between, *words]:
                if isinstance(kind, IntegerField) and not isinstance(value, str):
                    value = int(value)
                with suppress(ValueError):
                    allowed.append(kind.parse(kind.show(kind.check(value))))
            return allowed
    return [field.default]


@pytest.mark.parametrize("field", EVERY, ids=lambda f: f.key)
@pytest.mark.parametrize("direction", [-1, 1], ids=["down", "up"])
def test_next_values_are_allowed(field, direction):
    for value in [field.default, *starts(field)]:
        values_on_the_way(field, value, direction, 60)


@pytest.mark.parametrize("field", LADDERS, ids=lambda f: f.key)
def test_next_values_are_monotonic_up_to_the_bounds(field):
    word = field.kind.word
    for start in starts(field):
        up = [v for v in values_on_the_way(field, start, 1, 60) if v != word]
        assert all(a < b for a, b in itertools.pairwise(up) if a != b)
        assert up == sorted(up)
        down = values_on_the_way(field, start, -1, 60)
        numbers = [v for v in down if v != word]
        assert numbers == sorted(numbers, reverse=True)
        assert not word or down[-1] == word


@pytest.mark.parametrize("field", LADDERS, ids=lambda f: f.key)
def test_a_step_down_reverts_a_step_up(field):
    step = values_on_the_way(field, field.default, 1, 1)[-1]
    above = values_on_the_way(field, step, 1, 1)[-1]
    if above != step:
        assert values_on_the_way(field, above, -1, 1)[-1] == step


@pytest.mark.parametrize(
    "field", [f for f in EVERY if isinstance(f.kind, ChoiceField)], ids=lambda f: f.key
)
def test_choices_wrap_around(field):
    names = field.kind.choices
    assert values_on_the_way(field, names[0], 1, len(names)) == [*names, names[0]]
    assert values_on_the_way(field, names[0], -1, 1)[-1] == names[-1]


def test_a_layer_without_units_is_removed():
    hidden = FIELDS["network.hidden"]
    assert values_on_the_way(hidden, (2, 1), -1, 4) == [(2, 1), (2,), (1,), (), ()]
    assert values_on_the_way(hidden, (), 1, 3) == [(), (1,), (2,), (3,)]


@pytest.mark.parametrize("field", EVERY, ids=lambda f: f.key)
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_half_and_double_are_allowed_or_out_of_bounds(field, factor):
    for value in [field.default, *starts(field)]:
        try:
            made = field.kind.check(scaled_value(field, value, factor))
        except ValueError:
            low, high = field.kind.low, field.kind.high
            assert not low <= value * factor <= high or value * factor == 0
            continue
        if isinstance(value, bool | str | tuple):
            assert made == value
        elif isinstance(field.kind, NumberField):
            assert made == pytest.approx(value * factor, rel=1e-11)


def test_half_and_double_of_the_learning_rate_are_exact():
    rate = FIELDS["training.learning_rate"]
    assert scaled_value(rate, 1.0, 0.5) == 0.5
    assert scaled_value(rate, 0.03, 2.0) == 0.06
    assert scaled_value(FIELDS["training.batch_size"], 1, 0.5) == 1
    assert scaled_value(FIELDS["training.batch_size"], "all", 0.5) == "all"


@pytest.mark.parametrize(
    ("key", "steps"),
    [
        ("view.pace", [0, 1, 3, 10, 30, 100]),
        ("training.penalty_rate", [0, 1e-5, 3e-5, 1e-4]),
        ("training.stop_loss", ["none", 1e-6, 3e-6, 1e-5]),
    ],
)
def test_the_first_step_from_zero_is_large_enough_to_matter(key, steps):
    field = FIELDS[key]
    assert values_on_the_way(field, steps[0], 1, len(steps) - 1) == steps
    assert values_on_the_way(field, steps[-1], -1, len(steps) - 1) == steps[::-1]


def test_text_fields_have_no_next_value():
    without = [field.key for field in EVERY if not has_steps(field, field.default)]
    assert without == [
        *("data.source", "data.target", "data.features", "data.categories"),
        "training.class_weights",
    ]
    assert not has_steps(FIELDS["data.seed"], "0.605")
