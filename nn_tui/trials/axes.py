"""The varied keys of a sweep and their values: ``KEY=V1,V2,…`` or ``KEY=LOW..HIGH:N[:log]``."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from nn_tui.recipe.field_types import FieldType, IntegerField, NumberField
from nn_tui.recipe.parsing import find_field, parse_value
from nn_tui.recipe.recipe import RecipeError

Setting = tuple[Any, ...]
"""One value for each axis."""

MOST_VALUES = 1000
"""Of one axis."""
_RANGE = re.compile(r"\s*([^\s:|,]+?)\s*\.\.\s*([^\s:|,]+?)\s*(?::\s*(\d{1,9})\s*)?(:\s*log\s*)?")
_DIGITS = 4
_TRIES = 20
"""Draws in vain for each random setting found, after which all are taken to be found."""
FIXED = {
    "view.pace": "it has no effect on the results",
    "training.replicas": "use --seeds",
}


@dataclass(frozen=True)
class Span:
    """A range of numbers, from which ``--random`` draws; uniform in the logarithm if ``log``."""

    low: float
    high: float
    log: bool

    def at(self, share: float) -> float:
        """Return the number at ``share`` (0 … 1) of the way from ``low`` to ``high``."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + (self.high - self.low) * share


@dataclass(frozen=True)
class Axis:
    """A varied key: the values of a grid, and the range they are from, if it is one.

    ``values`` is empty for a range without a number of values, which only ``--random`` can use.
    """

    key: str
    values: tuple[Any, ...]
    span: Span | None = None

    @property
    def kind(self) -> FieldType:
        return find_field(self.key).kind

    @property
    def label(self) -> str:
        return find_field(self.key).label

    @property
    def text(self) -> str:
        """The axis as ``parse_axis`` reads it."""
        if self.span is None:
            return vary_text(self.key, [self.show(value) for value in self.values])
        low, high = (
            self.kind.show(self.kind.check(end)) for end in (self.span.low, self.span.high)
        )
        count = f":{len(self.values)}" if self.values else ""
        return f"{self.key}={low}..{high}{count}{':log' if self.span.log else ''}"

    def show(self, value: Any) -> str:
        """Return a value as the text that ``--set`` takes."""
        return self.kind.show(value)

    def draw(self, random: Random) -> Any:
        """Return a random value: of the range, or one of the values."""
        if self.span is None:
            return random.choice(self.values)
        return _rounded(self.kind, self.key, self.span.at(random.random()), _DIGITS)


def vary_text(key: str, values: Sequence[str]) -> str:
    """Return a key and the texts of its values as ``parse_axis`` reads them."""
    separator = "|" if any("," in value for value in values) else ","
    return f"{key}={separator.join(values)}"


def parse_axis(text: str) -> Axis:
    """Parse ``KEY=V1,V2,…`` or ``KEY=LOW..HIGH:N[:log]``.

    Values that have commas themselves are separated by ``|``. Equal values are one. Raises
    RecipeError for an unknown key, a value that is not allowed, and a range of no numbers.
    """
    key, equals, values = text.partition("=")
    key = key.strip()
    if not equals or not values.strip():
        raise RecipeError(
            f"--vary {text[:60]} has no values; write KEY=V1,V2,… or KEY=LOW..HIGH:N, for example "
            "training.learning_rate=0.1,1"
        )
    kind = find_field(key).kind
    if key in FIXED:
        raise RecipeError(f"{key} cannot be varied: {FIXED[key]}")
    found = _RANGE.fullmatch(values)
    if found and isinstance(kind, NumberField | IntegerField):
        return _range_axis(key, kind, *found.groups())
    parts = values.split("|") if "|" in values else values.split(",")
    return _axis(key, [parse_value(key, part.strip()) for part in parts])


def _axis(key: str, values: Sequence[Any], span: Span | None = None) -> Axis:
    kept = tuple(dict.fromkeys(values))
    if len(kept) > MOST_VALUES:
        raise RecipeError(f"{key} has {len(kept):,} values; at most {MOST_VALUES:,} can be varied")
    return Axis(key, kept, span)


def _range_axis(
    key: str, kind: FieldType, low: str, high: str, count: str | None, log: str | None
) -> Axis:
    first, last = parse_value(key, low), parse_value(key, high)
    if isinstance(first, str) or isinstance(last, str):
        raise RecipeError(f"{key} = {low}..{high} is not a range of numbers")
    if not first < last:
        raise RecipeError(f"{key} = {low}..{high} must go from a smaller to a larger number")
    if log and first <= 0:
        raise RecipeError(f"{key} = {low}..{high}:log must begin above 0; {low} has no logarithm")
    span = Span(first, last, bool(log))
    number = 0 if count is None else int(count)
    if count is not None and not 2 <= number <= MOST_VALUES:
        raise RecipeError(
            f"{key} = {low}..{high}:{count} must have from 2 to {MOST_VALUES:,} values"
        )
    shares = [i / (number - 1) for i in range(number)]
    values = [_rounded(kind, key, span.at(share), _DIGITS) for share in shares]
    if values:
        values[0], values[-1] = first, last
    if len(set(values)) < number and isinstance(kind, NumberField):
        values = [_rounded(kind, key, span.at(share), 12) for share in shares]
    return _axis(key, values, span)


def _rounded(kind: FieldType, key: str, value: float, digits: int) -> Any:
    """Return a number with few digits, so that it can be read and typed, as the field's value."""
    if isinstance(kind, IntegerField):
        return parse_value(key, str(round(value)))
    return parse_value(key, f"{value:.{digits}g}")


def check_axes(axes: Sequence[Axis], random: bool) -> None:
    """Raise RecipeError for a key that is varied twice, and a grid of a range without values."""
    keys = [axis.key for axis in axes]
    for key in keys:
        if keys.count(key) > 1:
            raise RecipeError(f"{key} is varied twice; give all its values in one --vary")
    for axis in axes:
        if not axis.values and not random:
            assert axis.span is not None
            shown = f"{axis.span.low:g}..{axis.span.high:g}"
            raise RecipeError(
                f"{axis.key} = {shown} needs a number of values, as in {shown}:5, or --random N"
            )


def grid(axes: Sequence[Axis]) -> Iterator[Setting]:
    """Yield all combinations; the last axis changes fastest."""
    return product(*(axis.values for axis in axes))


def grid_size(axes: Sequence[Axis]) -> int:
    """Return the number of combinations."""
    return math.prod(len(axis.values) for axis in axes)


def random_settings(axes: Sequence[Axis], count: int) -> list[Setting]:
    """Return ``count`` distinct random settings, fewer if there are not as many.

    They are the same every time, and a larger ``count`` continues them.
    """
    if all(axis.span is None for axis in axes):
        count = min(count, grid_size(axes))
    random = Random(0)
    found: dict[Setting, None] = {}
    in_vain = 0
    while len(found) < count and in_vain < _TRIES * (len(found) + 1):
        setting = tuple(axis.draw(random) for axis in axes)
        in_vain = in_vain + 1 if setting in found else 0
        found[setting] = None
    return list(found)
