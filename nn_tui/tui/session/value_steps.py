"""The next sensible value of a field, up or down, for people who do not want to type."""

from bisect import bisect_left, bisect_right

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


def stepped(field: Field, value: Value, direction: int) -> str:
    """What to type for the value next to ``value``; ``direction`` is -1 or 1.

    At an end of the range it is ``value`` itself.
    """
    kind = field.kind
    match kind:
        case ChoiceField():
            names = kind.choices
            return names[(names.index(value) + direction) % len(names)]
        case FlagField():
            return kind.show(not value)
        case LayerSizes():
            return kind.show(_sizes(value, direction, kind.most_units))
        case SeedField() if isinstance(value, int):
            return str(max(0, min(kind.most, value + direction)))
        case IntegerField():
            rungs = _ladder(kind.low, kind.high, (1, 2, 5), lowest=0)
            return _along(rungs, value, direction, kind.word)
        case NumberField():
            rungs = _fractions(kind) if kind.high < 1 else _thirds(kind)
            rungs = rungs[1:] if kind.above and rungs[0] == kind.low else rungs
            return _along(rungs, value, direction, kind.word)
    return kind.show(value)


def in_order(field: Field, value: Value) -> bool:
    """Whether there are values next to ``value``, so that one can step at all."""
    if isinstance(field.kind, SeedField):
        return isinstance(value, int)
    return isinstance(field.kind, ChoiceField | FlagField | LayerSizes | IntegerField | NumberField)


def halved_or_doubled(field: Field, value: Value, factor: float) -> str:
    """What to type for ``value`` times ``factor``, if that is a thing to do with it."""
    if not isinstance(field.kind, IntegerField | NumberField) or isinstance(value, str):
        return field.kind.show(value)
    product = value * factor
    if isinstance(field.kind, IntegerField):
        return str(max(field.kind.low, round(product)))
    return f"{product:.12g}"


def _sizes(sizes: tuple[int, ...], direction: int, most: int) -> tuple[int, ...]:
    """One unit more or less in the last layer; a layer that loses its last unit goes."""
    if not sizes:
        return (1,) if direction > 0 else ()
    last = min(most, sizes[-1] + direction)
    return (*sizes[:-1], last) if last else sizes[:-1]


def _ladder(low: float, high: float, digits: tuple[int, ...], lowest: int = -9) -> list[float]:
    powers = range(lowest, 13)
    rungs = [float(f"{digit}e{power}") for power in powers for digit in digits]
    inside = [rung for rung in rungs if low <= rung <= high]
    return inside if low > 0 or not low <= 0 <= high else [0.0, *inside]


def _thirds(kind: NumberField) -> list[float]:
    rungs = _ladder(kind.low, kind.high, (1, 3))
    return [rung for rung in rungs if not 0 < rung < kind.finest]


def _fractions(kind: NumberField) -> list[float]:
    tenths = [kind.low + round(0.1 * k, 1) for k in range(11)]
    fine = [0.95, 0.99, 0.999, 0.9999]
    return [value for value in [*tenths, *fine] if value <= kind.high] or [kind.low]


def _along(rungs: list[float], value: Value, direction: int, word: str) -> str:
    """The next rung; ``word``, where there is one, lies below the lowest."""
    if isinstance(value, str):
        return _text(rungs[0]) if direction > 0 else word
    if direction > 0:
        at = bisect_right(rungs, value * (1 + 1e-12))
        return _text(rungs[at]) if at < len(rungs) else _text(value)
    at = bisect_left(rungs, value * (1 - 1e-12)) - 1
    if at >= 0:
        return _text(rungs[at])
    return word or _text(value)


def _text(value: float) -> str:
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else f"{value:.12g}"
