"""The next value of a field up or down, and its half or double."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nn_tui.recipe.field_types import (
    ChoiceField,
    FlagField,
    IntegerField,
    LayerSizes,
    NumberField,
    SeedField,
    Value,
)
from nn_tui.recipe.fields import Field


def next_value(field: Field, value: Value, direction: int) -> Value:
    """Return the allowed value next to ``value``; ``direction`` is -1 or 1.

    At an end of the range it is ``value`` itself.
    """
    kind = field.kind
    match kind:
        case ChoiceField():
            names = kind.choices
            if value not in names:  # a list, or a function of the recipe
                return names[0 if direction > 0 else -1]
            return names[(names.index(value) + direction) % len(names)]
        case FlagField():
            return not value
        case LayerSizes():
            return _next_sizes(value, direction, kind.most_units)
        case SeedField() if isinstance(value, int):
            return max(0, min(kind.most, value + direction))
        case IntegerField():
            whole = [int(step) for step in _powers_of_ten(kind.low, kind.high, (1, 2, 5), 0)]
            return _neighbor(whole, value, direction, kind.word)
        case NumberField():
            steps = _fractions(kind) if kind.high < 1 else _ones_and_threes(kind)
            steps = steps[1:] if kind.above and steps[0] == kind.low else steps
            return _neighbor(steps, value, direction, kind.word)
    return value


def has_steps(field: Field, value: Value) -> bool:
    """Whether ``next_value`` can change ``value``."""
    if isinstance(field.kind, SeedField):
        return isinstance(value, int)
    return isinstance(field.kind, ChoiceField | FlagField | LayerSizes | IntegerField | NumberField)


def scaled_value(field: Field, value: Value, factor: float) -> Value:
    """Return ``value`` times ``factor`` if it is a number, otherwise ``value`` itself.

    The product may be outside the allowed range.
    """
    if not isinstance(field.kind, IntegerField | NumberField) or isinstance(value, str):
        return value
    product = value * factor
    if isinstance(field.kind, IntegerField):
        return max(field.kind.low, round(product))
    return _round(product)


def _next_sizes(sizes: tuple[int, ...], direction: int, most: int) -> tuple[int, ...]:
    """Add a unit to the last layer or remove one; a layer without units is removed."""
    if not sizes:
        return (1,) if direction > 0 else ()
    last = min(most, sizes[-1] + direction)
    return (*sizes[:-1], last) if last else sizes[:-1]


def _powers_of_ten(
    low: float, high: float, digits: tuple[int, ...], lowest_power: int = -9
) -> list[float]:
    """Zero, and ``digits`` times the powers of ten, from ``low`` to ``high``."""
    powers = range(lowest_power, 13)
    steps = [float(f"{digit}e{power}") for power in powers for digit in digits]
    inside = [step for step in steps if low <= step <= high]
    return inside if low > 0 or not low <= 0 <= high else [0.0, *inside]


def _ones_and_threes(kind: NumberField) -> list[float]:
    steps = _powers_of_ten(kind.low, kind.high, (1, 3))
    return [step for step in steps if not 0 < step < kind.finest]


def _fractions(kind: NumberField) -> list[float]:
    tenths = [_round(kind.low + 0.1 * k) for k in range(11)]
    steps = [*tenths, 0.95, 0.99, 0.999, 0.9999]
    return [step for step in steps if step <= kind.high] or [kind.low]


def _neighbor(steps: Sequence[float], value: Value, direction: int, word: str) -> Value:
    """The next step; ``word``, unless empty, is a value below the lowest step."""
    if isinstance(value, str):
        return steps[0] if direction > 0 else word
    if direction > 0:
        at = bisect_right(steps, value * (1 + 1e-12))
        return steps[at] if at < len(steps) else value
    at = bisect_left(steps, value * (1 - 1e-12)) - 1
    if at >= 0:
        return steps[at]
    return word or value


def _round(value: float) -> float:
    """Round to 12 significant digits, as many as are displayed."""
    return float(f"{value:.12g}")
