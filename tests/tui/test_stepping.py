"""Values that one steps to are always values that one may have."""

import itertools
from contextlib import suppress

import pytest

from nn_tui.recipe.field_types import ChoiceField, FlagField, IntegerField, LayerSizes, NumberField
from nn_tui.recipe.fields import FIELDS
from nn_tui.tui.session.value_steps import has_steps, next_value, scaled_value

EVERY = list(FIELDS.values())
LADDERS = [f for f in EVERY if isinstance(f.kind, IntegerField | NumberField)]


def walk(field, value, direction, steps):
    """The values met on the way, the first included."""
    met = [value]
    for _ in range(steps):
        met.append(field.kind.check(next_value(field, met[-1], direction)))
    return met


def starts(field):
    """Values of every sort that the field may have."""
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
def test_every_step_from_any_value_is_allowed(field, direction):
    for value in [field.default, *starts(field)]:
        walk(field, value, direction, 60)


@pytest.mark.parametrize("field", LADDERS, ids=lambda f: f.key)
def test_numbers_move_in_the_direction_asked_for_until_the_end(field):
    word = field.kind.word
    for start in starts(field):
        up = [v for v in walk(field, start, 1, 60) if v != word]
        assert all(a < b for a, b in itertools.pairwise(up) if a != b)
        assert up == sorted(up)
        down = walk(field, start, -1, 60)
        numbers = [v for v in down if v != word]
        assert numbers == sorted(numbers, reverse=True)
        # Below the lowest number stands the word, if there is one.
        assert not word or down[-1] == word


@pytest.mark.parametrize("field", LADDERS, ids=lambda f: f.key)
def test_a_step_up_and_one_down_come_back_from_a_rung(field):
    rung = walk(field, field.default, 1, 1)[-1]
    above = walk(field, rung, 1, 1)[-1]
    if above != rung:
        assert walk(field, above, -1, 1)[-1] == rung


@pytest.mark.parametrize(
    "field", [f for f in EVERY if isinstance(f.kind, ChoiceField)], ids=lambda f: f.key
)
def test_choices_go_round(field):
    names = field.kind.choices
    assert walk(field, names[0], 1, len(names)) == [*names, names[0]]
    assert walk(field, names[0], -1, 1)[-1] == names[-1]


def test_a_layer_that_loses_its_last_unit_goes():
    hidden = FIELDS["network.hidden"]
    assert walk(hidden, (2, 1), -1, 4) == [(2, 1), (2,), (1,), (), ()]
    assert walk(hidden, (), 1, 3) == [(), (1,), (2,), (3,)]


@pytest.mark.parametrize("field", EVERY, ids=lambda f: f.key)
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_halving_and_doubling_is_allowed_or_said_to_be_too_much(field, factor):
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


def test_the_learning_rate_is_halved_and_doubled_exactly():
    rate = FIELDS["training.learning_rate"]
    assert scaled_value(rate, 1.0, 0.5) == 0.5
    assert scaled_value(rate, 0.03, 2.0) == 0.06
    assert scaled_value(FIELDS["training.batch_size"], 1, 0.5) == 1
    assert scaled_value(FIELDS["training.batch_size"], "all", 0.5) == "all"


@pytest.mark.parametrize(
    ("key", "rungs"),
    [
        ("view.pace", [0, 1, 3, 10, 30, 100]),
        ("training.penalty_rate", [0, 1e-5, 3e-5, 1e-4]),
        ("training.stop_loss", ["none", 1e-6, 3e-6, 1e-5]),
    ],
)
def test_from_nothing_the_first_step_is_one_that_can_be_noticed(key, rungs):
    field = FIELDS[key]
    assert walk(field, rungs[0], 1, len(rungs) - 1) == rungs
    assert walk(field, rungs[-1], -1, len(rungs) - 1) == rungs[::-1]


def test_what_can_only_be_typed_or_chosen_has_no_next_value():
    without = [field.key for field in EVERY if not has_steps(field, field.default)]
    assert without == ["data.source", "data.target", "data.features"]
    assert not has_steps(FIELDS["data.seed"], "0.605")
