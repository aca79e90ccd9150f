"""Values to vary a hyperparameter over, proposed around its present value."""

from collections.abc import Sequence
from typing import Any

from nn_tui.errors import InputError
from nn_tui.recipe.field_types import ChoiceField, FlagField, LayerSizes
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.parsing import check_recipe
from nn_tui.recipe.recipe import Recipe
from nn_tui.trials.axes import FIXED, Axis
from nn_tui.tui.session.value_steps import has_steps, next_value

_USUAL, _FEWEST, _MOST = 5, 2, 30
"""Numbers of values."""
_DOUBLING = 8
"""Layers of as many units or more are doubled and halved."""


def can_vary(key: str, recipe: Recipe) -> bool:
    """Whether values can be proposed for a key, and have an effect."""
    field = FIELDS.get(key)
    return (
        field is not None
        and key not in FIXED
        and not field.inactive_reason(recipe)
        and has_steps(field, recipe[key])
    )


def propose_axis(key: str, recipe: Recipe, count: int = _USUAL) -> Axis:
    """Return a varied key with ``count`` values around that of the recipe, all if they are few.

    Choices that the recipe does not allow are left out.
    """
    field, value = FIELDS[key], recipe[key]
    if isinstance(field.kind, ChoiceField):
        return Axis(key, tuple(c for c in field.kind.choices if _fits(recipe, key, c)) or (value,))
    if isinstance(field.kind, FlagField):
        return Axis(key, (False, True))
    axis = Axis(key, (value,))
    while len(axis.values) < count:
        below = axis.values.index(value)
        first = -1 if below < len(axis.values) - 1 - below else 1
        longer = extended(axis, first) or extended(axis, -first)
        if longer is None:
            break
        axis = longer
    return axis


def extended(axis: Axis, direction: int) -> Axis | None:
    """Return the axis with one value more at its lower (-1) or upper end (1).

    None for no values, or for too many.
    """
    field = FIELDS.get(axis.key)
    if field is None or not _is_ordered(field) or not 0 < len(axis.values) < _MOST:
        return None
    end = axis.values[-1] if direction > 0 else axis.values[0]
    value = _next(field, axis.values, end, direction)
    if value is None or value in axis.values:
        return None
    return Axis(axis.key, (*axis.values, value) if direction > 0 else (value, *axis.values))


def resized(axis: Axis, change: int) -> Axis:
    """Return the axis with one value more (1) or less (-1), if that is possible."""
    values = axis.values
    field = FIELDS.get(axis.key)
    if change < 0:
        return Axis(axis.key, values[:-1]) if len(values) > _FEWEST else axis
    if field is not None and isinstance(field.kind, ChoiceField):
        others = [choice for choice in field.kind.choices if choice not in values]
        return Axis(axis.key, (*values, *others[:1]))
    return extended(axis, 1) or extended(axis, -1) or axis


def shifted(axis: Axis, direction: int) -> Axis:
    """Return the axis with its range one value lower (-1) or higher (1), if that is possible."""
    longer = extended(axis, direction)
    if longer is None:
        return axis
    return Axis(axis.key, longer.values[1:] if direction > 0 else longer.values[:-1])


def _is_ordered(field: Field) -> bool:
    return not isinstance(field.kind, ChoiceField | FlagField)


def _next(field: Field, values: Sequence[Any], end: Any, direction: int) -> Any:
    """The value after ``end``, or None."""
    if isinstance(field.kind, LayerSizes):
        if _doubles(values):
            sizes = tuple(size * 2 if direction > 0 else size // 2 for size in end)
            allowed = all(1 <= size <= field.kind.most_units for size in sizes)
            return sizes if allowed else None
        return next_value(field, end, direction) or None  # not the network without a layer
    found = next_value(field, end, direction)
    if field.key == "training.epochs" and not found:
        return None  # which trains without end
    return None if found == end or isinstance(found, str) else found


def _doubles(values: Sequence[tuple[int, ...]]) -> bool:
    """Whether layers are doubled and halved; others have one unit more or less."""
    if len(values) == 1:
        return max((*values[0], 0)) >= _DOUBLING
    before, last = values[-2:]
    return max((*before, 0)) > 1 and last == tuple(2 * size for size in before)


def _fits(recipe: Recipe, key: str, value: Any) -> bool:
    try:
        check_recipe(recipe.with_value(key, value))
    except InputError:
        return False
    return True
