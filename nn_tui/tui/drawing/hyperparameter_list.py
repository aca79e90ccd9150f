"""The recipe as a list of fields, grouped by section."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.recipe.field_types import ChoiceField, FlagField
from nn_tui.recipe.fields import FIELDS, Field
from nn_tui.recipe.recipe import Recipe
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text
from nn_tui.tui.theme import Palette

_LABEL_WIDTH = max(len(field.label) for field in FIELDS.values())
_LEAST_VALUE = 6
_REASON_GAP = 2
_TITLES = {"data": "data", "network": "network", "training": "training", "view": "view"}


class RecipeRow(NamedTuple):
    """A line of the list: a section title or a field."""

    title: str = ""
    field: Field | None = None


def recipe_rows() -> list[RecipeRow]:
    """Return all lines, from the top."""
    rows: list[RecipeRow] = []
    section = ""
    for field in FIELDS.values():
        if field.section != section:
            section = field.section
            rows.append(RecipeRow(title=_TITLES.get(section, section)))
        rows.append(RecipeRow(field=field))
    return rows


@lru_cache(maxsize=2)  # while training, the list rarely changes
def draw_hyperparameters(
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    first: int,
    area: DrawArea,
) -> tuple[Strip, ...]:
    """Return the lines from ``first`` on; ``cursor`` is the key of a field.

    A dot marks values that differ from ``preset``; fields without effect are faint.
    """
    width, height, palette = area
    strips = []
    for row in recipe_rows()[first : first + height]:
        if row.field is None:
            line = RowBuilder(palette.faint).add(f"{row.title} ", palette.accented)
            line.add("─" * (width - line.width - 1))
        else:
            line = _field(row.field, recipe, preset, cursor, focused, width, palette)
        strips.append(line.strip(width))
    return tuple(strips)


def _field(
    field: Field,
    recipe: Recipe,
    preset: Recipe,
    cursor: str,
    focused: bool,
    width: int,
    palette: Palette,
) -> RowBuilder:
    selected = field.key == cursor
    reason = field.inactive_reason(recipe)
    base = palette.cursor if selected and focused else palette.text
    label = base if selected and focused else palette.faint if reason else palette.muted
    value = base if selected and focused else palette.faint if reason else palette.strong
    line = RowBuilder(base)
    changed = recipe[field.key] != preset[field.key]
    line.add("•" if changed else " ", palette.accented if changed else base)
    line.left(field.label, label_width(width), label)
    opening, closing = ("‹", "›") if isinstance(field.kind, ChoiceField | FlagField) else (" ", " ")
    shown, room = field.kind.show(recipe[field.key]), _room(width)
    shown = shown if cell_len(shown) <= room else fit_text(shown, room)
    line.add(f" {opening}", label).add(shown, value).add(closing, label)
    if reason and line.width + _REASON_GAP + cell_len(reason) < width:
        line.to(width - 1 - cell_len(reason)).add(reason, label)
    return line


def label_width(width: int) -> int:
    """Return the width of the labels in a pane of ``width``: values take precedence."""
    return max(1, min(_LABEL_WIDTH, width - 4 - _LEAST_VALUE))


def _room(width: int) -> int:
    return max(1, width - label_width(width) - 4)


def truncated_value(field: Field, recipe: Recipe, width: int) -> str:
    """Return the full value as the start of a sentence if a pane of ``width`` truncates it."""
    shown = field.kind.show(recipe[field.key])
    return f"{shown} · " if cell_len(shown) > _room(width) else ""


def field_help(
    field: Field, recipe: Recipe, preset: Recipe, back: str, value_prefix: str, room: int
) -> str:
    """Return help for the field under the cursor, in ``room`` cells if possible.

    ``value_prefix`` is its value if that is truncated in the list, ``back`` the key that
    resets it to the preset. What the list shows anyway is left out first.
    """
    reason = field.inactive_reason(recipe)
    if reason:
        why = f"has no effect: {reason}"
        return _fitting((f"{value_prefix}{field.key}: {why}", f"{value_prefix}{why}"), room)
    effect = "next epoch" if field.live else "restarts"
    differs = recipe[field.key] != preset[field.key]
    back = f"; {back} resets to {field.kind.show(preset[field.key])}" if differs else ""
    forms = (
        f"{value_prefix}{field.key} ({effect}{back}): {field.help}",
        f"{value_prefix}{effect}{back}: {field.help}",
        f"{value_prefix}{effect}: {field.help}",
        f"{value_prefix}{effect}{back}",
        f"{value_prefix}{effect}",
    )
    return _fitting(forms, room)


def _fitting(forms: Sequence[str], room: int) -> str:
    """Return the first form that fits, else the last."""
    return next((form for form in forms if cell_len(form) <= room), forms[-1])
