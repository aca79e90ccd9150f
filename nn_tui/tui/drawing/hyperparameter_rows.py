"""The lines of the list of hyperparameters: fields, groups, and how many fields are hidden."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nn_tui.recipe.field_groups import GROUPS, FieldGroup, fields_in, group_of, unused_fields
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe


class ListView(NamedTuple):
    """What of the list is shown: the names of unfolded groups, and whether unused fields are."""

    unfolded: frozenset[str] = frozenset()
    unused: bool = False

    def toggled(self, group: str) -> "ListView":
        """Return a view in which ``group`` is folded, or unfolded if it was folded."""
        return self._replace(unfolded=self.unfolded ^ {group})

    def revealing(self, field: Field, recipe: Recipe) -> "ListView":
        """Return a view in which ``field`` is shown."""
        groups = {group_of(field)} - {""}
        hidden = bool(field.inactive_reason(recipe))
        return ListView(self.unfolded | groups, self.unused or hidden)


class RecipeRow(NamedTuple):
    """A line of the list: a field, the line of a group, or the number of ``unused`` fields.

    A line that is none of these is blank.
    """

    field: Field | None = None
    group: FieldGroup | None = None
    unused: int = 0

    @property
    def key(self) -> str:
        """The key of the field or the name of the group; empty where the cursor cannot be."""
        return self.field.key if self.field else self.group.name if self.group else ""


@lru_cache(maxsize=4)  # while training, the recipe rarely changes
def recipe_rows(recipe: Recipe, view: ListView) -> tuple[RecipeRow, ...]:
    """Return all lines, from the top."""
    rows = _field_rows("", recipe, view)
    for group in GROUPS.values():
        rows.append(RecipeRow(group=group))
        if group.name in view.unfolded:
            rows += _field_rows(group.name, recipe, view)
    if count := len(unused_fields(recipe)):
        rows.append(RecipeRow(unused=count))
    return tuple(rows)


def _field_rows(group: str, recipe: Recipe, view: ListView) -> list[RecipeRow]:
    return [
        RecipeRow(field)
        for field in fields_in(group)
        if view.unused or not field.inactive_reason(recipe)
    ]


def filled(rows: Sequence[RecipeRow], height: int) -> list[RecipeRow]:
    """Return the lines with the number of unused fields at the bottom of ``height`` lines."""
    if not rows or not rows[-1].unused:
        return [*rows]
    return [*rows[:-1], *[RecipeRow()] * (height - len(rows)), rows[-1]]


def nearest_key(key: str, rows: Sequence[RecipeRow]) -> str:
    """Return ``key`` if it is shown, otherwise the key of the closest line above its place."""
    shown = {row.key for row in rows}
    if key in shown:
        return key
    order = [field.key for field in fields_in("")]
    for name in GROUPS:
        order += [name, *(field.key for field in fields_in(name))]
    above = order[: order.index(key) + 1]
    return next((k for k in reversed(above) if k in shown), next(k for k in order if k in shown))


def changed_keys(recipe: Recipe, preset: Recipe) -> set[str]:
    """Return the keys of the fields that differ from the preset, and the names of their groups."""
    changed = {key for key, _ in preset.differences(recipe) if key in FIELDS}
    return changed | {group_of(FIELDS[key]) for key in changed}
